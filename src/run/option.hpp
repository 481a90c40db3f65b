// SPDX-License-Identifier: Apache-2.0
// An option as people see it: what help, the manual and the completion say about it, and how it is typed.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "run/choices.hpp"

namespace sigmund::run {

enum class Value : unsigned char {
    none,      // a flag
    required,  // --opt VALUE, --opt=VALUE
    optional,  // --opt or --opt=VALUE
};

struct Option {
    std::string_view name;  // long, without dashes
    char letter;            // 0: it has none
    Value value;
    std::string_view metavar;  // what help calls the value
    std::string_view help;
    bool repeatable = false;
    Choices choices = {};  // what its value may be; a flag has none
};

// Return nullptr when no option has this name or this letter.
const Option* find_option(std::span<const Option> options, std::string_view name);
const Option* find_option(std::span<const Option> options, char letter);

// Returns a value of `option` as it is meant in `folder`, where a relative path begins. A pattern is a path
// only if it has a slash before its end. The folder does not become part of the pattern.
std::string place_value(const Option& option, const std::string& value, const std::string& folder);

}  // namespace sigmund::run
