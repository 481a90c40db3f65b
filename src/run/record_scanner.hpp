// SPDX-License-Identifier: Apache-2.0
// Reads JSON text of a known shape from the front, without a parser. It refuses text that is not UTF-8 and
// all but the simplest escapes. Then the real parser decides.
#pragma once
#include <sys/types.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/escape.hpp"

namespace sigmund::run {

class Scanner {
  public:
    explicit Scanner(std::string_view text) : text_(text) {}

    // The compiler knows the length, so that the comparison is inlined.
    template <std::size_t N>
    bool literal(const char (&expected)[N]) {
        return take<N - 1>(expected);
    }
    template <std::size_t Length>
    bool take(const char* expected) {
        if (text_.size() < Length || __builtin_memcmp(text_.data(), expected, Length) != 0) return false;
        text_.remove_prefix(Length);
        return true;
    }

    // Reads a string and appends its content to `out`.
    bool string(std::string& out) {
        if (text_.empty() || text_[0] != '"') return false;
        bool ascii = true;
        for (std::size_t i = 1, from = 1;; ++i) {
            if (i >= text_.size()) return false;
            if (plain(text_[i])) continue;
            if (static_cast<unsigned char>(text_[i]) >= 0x80) {
                ascii = false;
                continue;
            }
            if (text_[i] == '"') {
                out.append(text_, from, i - from);
                text_.remove_prefix(i + 1);
                return ascii || text::valid_utf8(out);
            }
            if (text_[i] != '\\' || i + 1 >= text_.size()) return false;
            out.append(text_, from, i - from);
            if (!unescape(text_[i + 1], out)) return false;
            ++i;
            from = i + 1;
        }
    }
    bool string_or_null(std::string& out) { return literal("null") || string(out); }
    // Skips a string without escapes.
    bool skip_string() {
        std::size_t i = 1;
        while (i < text_.size() && plain(text_[i])) ++i;
        if (i >= text_.size() || text_[0] != '"' || text_[i] != '"') return false;
        text_.remove_prefix(i + 1);
        return true;
    }

    // Goes to the next place of a text.
    template <std::size_t N>
    bool skip_to(const std::array<char, N>& wanted) {
        const auto at = text_.find(std::string_view(wanted.data(), N));
        if (at == text_.npos) return false;
        text_.remove_prefix(at);
        return true;
    }

    bool number(std::int64_t& out) {
        std::size_t digits = 0;
        std::int64_t value = 0;
        while (digits < text_.size() && digits < 18 && text_[digits] >= '0' && text_[digits] <= '9')
            value = value * 10 + (text_[digits++] - '0');
        if (digits == 0 || (digits > 1 && text_[0] == '0')) return false;
        text_.remove_prefix(digits);
        out = value;
        return true;
    }
    bool strings(std::vector<std::string>& out) {
        if (!literal("[")) return false;
        if (literal("]")) return true;
        out.reserve(4);
        do {
            out.emplace_back();
            if (!string(out.back())) return false;
        } while (literal(","));
        return literal("]");
    }

  private:
    static bool plain(char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }
    static bool unescape(char c, std::string& out) {
        const char meant = c == 'n' ? '\n' : c == 't' ? '\t' : c;
        if (meant == c && c != '"' && c != '\\') return false;
        out += meant;
        return true;
    }
    std::string_view text_;
};

}  // namespace sigmund::run
