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

    // Skips a string exactly as the writer of JSON gives it: escapes are used only where they are needed, and in
    // their shortest form. `content` is the text between the quotes. Whether it is UTF-8 is not checked.
    bool skip_written_string(std::string_view* content = nullptr) {
        if (text_.empty() || text_[0] != '"') return false;
        std::size_t i = 1;
        for (;; ++i) {
            if (i >= text_.size() || static_cast<unsigned char>(text_[i]) < 0x20) return false;
            if (text_[i] == '"') break;
            if (text_[i] != '\\') continue;
            const std::size_t length = written_escape(text_.substr(i));
            if (length == 0) return false;
            i += length - 1;
        }
        if (content) *content = text_.substr(1, i - 1);
        text_.remove_prefix(i + 1);
        return true;
    }
    // Skips any value of JSON without blanks and fractions. Returns false for a value that is nested deeper than
    // `depth`.
    bool skip_value(int depth) {
        if (text_.empty() || depth < 0) return false;
        std::int64_t digits = 0;
        switch (text_[0]) {
            case '"':
                return skip_written_string();
            case '{':
                return skip_entries<'}'>(
                    [&] { return skip_written_string() && literal(":") && skip_value(depth - 1); });
            case '[':
                return skip_entries<']'>([&] { return skip_value(depth - 1); });
            default:
                return literal("null") || literal("true") || literal("false") || number(digits);
        }
    }
    // Skips a list of such strings, all of which `accepts`.
    template <typename Accepts>
    bool skip_strings(Accepts accepts) {
        if (!text_.starts_with('[')) return false;
        return skip_entries<']'>([&] {
            std::string_view content;
            return skip_written_string(&content) && accepts(content);
        });
    }
    // What has not been read yet.
    std::string_view rest() const { return text_; }

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
    static bool plain(char c) {
        static constexpr auto table = [] {
            std::array<bool, 256> out{};
            for (int i = 0x20; i < 0x7f; ++i) out[static_cast<std::size_t>(i)] = i != '"' && i != '\\';
            return out;
        }();
        return table[static_cast<unsigned char>(c)];
    }
    // Returns the length of the escape at the beginning of `text`, or 0 when the writer would not write it.
    static std::size_t written_escape(std::string_view text) {
        if (text.size() < 2) return 0;
        if (std::string_view("\"\\bfnrt").find(text[1]) != text.npos) return 2;
        if (text.size() < 6 || !text.starts_with("\\u00") || (text[4] != '0' && text[4] != '1')) return 0;
        const bool hex = (text[5] >= '0' && text[5] <= '9') || (text[5] >= 'a' && text[5] <= 'f');
        const bool shorter = text[4] == '0' && std::string_view("89acd").find(text[5]) != text.npos;
        return hex && !shorter ? 6 : 0;
    }
    template <char End, typename Skip>
    bool skip_entries(Skip skip) {
        text_.remove_prefix(1);
        const auto end = [&] { return literal({End, '\0'}); };
        if (end()) return true;
        do
            if (!skip()) return false;
        while (literal(","));
        return end();
    }
    static bool unescape(char c, std::string& out) {
        const char meant = c == 'n' ? '\n' : c == 't' ? '\t' : c;
        if (meant == c && c != '"' && c != '\\') return false;
        out += meant;
        return true;
    }
    std::string_view text_;
};

}  // namespace sigmund::run
