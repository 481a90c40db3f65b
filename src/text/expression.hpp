// SPDX-License-Identifier: Apache-2.0
// An extended regular expression (regex(7)) that is looked for in lines.
#pragma once
#include <regex.h>

#include <cstddef>
#include <string>

namespace sigmund::text {

class Expression {
  public:
    explicit Expression(const std::string& text)
        : valid_(::regcomp(&compiled_, text.c_str(), REG_EXTENDED) == 0) {}
    ~Expression() {
        if (valid_) ::regfree(&compiled_);
    }
    Expression(const Expression&) = delete;
    Expression& operator=(const Expression&) = delete;

    // Returns whether it could be compiled. Without that nothing matches it.
    bool valid() const { return valid_; }
    bool matches(const std::string& line) const {
        return valid_ && ::regexec(&compiled_, line.c_str(), 0, nullptr, 0) == 0;
    }
    // Returns where the match in a matching line begins.
    std::size_t position(const std::string& line) const {
        regmatch_t match{};
        return valid_ && ::regexec(&compiled_, line.c_str(), 1, &match, 0) == 0
                   ? static_cast<std::size_t>(match.rm_so)
                   : 0;
    }

  private:
    regex_t compiled_{};
    bool valid_;
};

}  // namespace sigmund::text
