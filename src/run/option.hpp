// SPDX-License-Identifier: Apache-2.0
// An option as people see it: what help, the manual and the completion say of it, and how it is typed.
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
    char letter;            // 0: none
    Value value;
    std::string_view metavar;  // what help calls the value
    std::string_view help;
    bool repeatable = false;
    Choices choices = {};  // what its value may be; of a flag: nothing
};

// Returns nullptr when no option has this name, or this letter.
const Option* find_option(std::span<const Option> options, std::string_view name);
const Option* find_option(std::span<const Option> options, char letter);

// A value of `option` as it is meant in `folder`: a relative path begins there. A pattern is a path only where
// it has a slash before its end; the folder is then no part of the pattern.
std::string place_value(const Option& option, const std::string& value, const std::string& folder);

}  // namespace sigmund::run
