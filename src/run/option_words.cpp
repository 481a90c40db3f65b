// SPDX-License-Identifier: Apache-2.0
#include "run/option_words.hpp"

#include <algorithm>

#include "run/options.hpp"

namespace sigmund::run {

std::string options_as_keys(std::string_view text) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz-";
    std::string out;
    while (!text.empty()) {
        const std::size_t at = std::min(text.find("--"), text.size());
        out += text.substr(0, at);
        text.remove_prefix(at);
        if (text.empty()) break;
        const std::size_t end = std::min(text.find_first_not_of(letters), text.size());
        const bool begins = out.empty() || out.back() == ' ' || out.back() == '(';
        const Option* option =
            begins ? find_option(configurable_options(), text.substr(2, end - 2)) : nullptr;
        if (option)
            out += '`' + std::string(option->name) + (option->value == Value::none ? " = true`" : "`");
        else
            out += text.substr(0, end);
        text.remove_prefix(end);
    }
    return out;
}

}  // namespace sigmund::run
