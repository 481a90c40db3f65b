// SPDX-License-Identifier: Apache-2.0
#include "text/env_file.hpp"

namespace sigmund::text {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

bool begins_name(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

// Shell variables have no dots and hyphens in their names, but Java programs and docker use them.
bool is_name(std::string_view text) {
    if (text.empty() || !begins_name(text[0])) return false;
    for (const char c : text)
        if (!begins_name(c) && !(c >= '0' && c <= '9') && c != '.' && c != '-') return false;
    return true;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

class Parser {
  public:
    explicit Parser(std::string_view content) : rest_(content) {
        if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
    }

    EnvFile parse() {
        while (!rest_.empty() && out_.bad_line == 0) {
            ++line_;
            parse_line();
        }
        return std::move(out_);
    }

  private:
    // Takes the rest of this line with its end (LF, CR LF) and returns it without the end.
    std::string_view take_line() {
        const auto end = rest_.find('\n');
        std::string_view line = rest_.substr(0, end);
        rest_.remove_prefix(end == rest_.npos ? rest_.size() : end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        return line;
    }

    void fail(int line, std::string problem) {
        if (out_.bad_line != 0) return;
        out_.bad_line = line;
        out_.problem = std::move(problem);
    }

    void parse_line() {
        const std::string_view whole = rest_.substr(0, rest_.find('\n'));
        if (whole.find('\0') != whole.npos) return fail(line_, "holds a NUL byte");
        const std::string_view text =
            trimmed(whole.ends_with('\r') ? whole.substr(0, whole.size() - 1) : whole);
        if (text.empty() || text[0] == '#' || text[0] == ';') {
            take_line();
            return;
        }
        std::size_t at = static_cast<std::size_t>(text.data() - rest_.data());
        if (text.starts_with("export") && text.size() > 6 && is_blank(text[6])) at += 6;
        const auto equals = whole.find('=', at);
        const std::string_view name = trimmed(
            equals == whole.npos ? text.substr(at - static_cast<std::size_t>(text.data() - rest_.data()))
                                 : whole.substr(at, equals - at));
        if (!is_name(name)) {
            if (equals == whole.npos) return fail(line_, "not NAME=VALUE");
            return fail(line_, '"' + std::string(name) + "\" is not the name of a variable");
        }
        EnvEntry entry{std::string(name), {}};
        if (equals == whole.npos) {
            take_line();
        } else {
            rest_.remove_prefix(equals + 1);
            entry.value = take_value();
        }
        out_.entries.push_back(std::move(entry));
    }

    // Takes everything between the '=' and the end of the value's last line.
    std::string take_value() {
        while (!rest_.empty() && is_blank(rest_[0])) rest_.remove_prefix(1);
        if (rest_.empty() || (rest_[0] != '"' && rest_[0] != '\'')) return take_plain();
        std::string value;
        // Adjacent quoted parts form one value.
        while (!rest_.empty() && (rest_[0] == '"' || rest_[0] == '\'')) take_quoted(value);
        const std::string_view after = take_line();
        const std::string_view tail = trimmed(after);
        if (!tail.empty() && !(tail[0] == '#' && is_blank(after[0])))
            fail(line_, "there is text after the closing quote");
        return value;
    }

    // Takes the text up to the end of the line, or to a '#' that follows a blank.
    std::string take_plain() {
        const std::string_view line = take_line();
        std::size_t end = 0;
        while (end < line.size() && !(line[end] == '#' && (end == 0 || is_blank(line[end - 1])))) ++end;
        return std::string(trimmed(line.substr(0, end)));
    }

    void take_quoted(std::string& value) {
        const char quote = rest_[0];
        const int begin = line_;
        rest_.remove_prefix(1);
        while (!rest_.empty() && rest_[0] != quote) {
            char c = rest_[0];
            rest_.remove_prefix(1);
            if (c == '\0') return fail(line_, "holds a NUL byte");
            if (c == '\r' && rest_.starts_with('\n')) continue;  // every end of a line becomes a newline
            if (c == '\n') ++line_;
            if (c == '\\' && quote == '"' && !rest_.empty()) {
                take_escape(value);
                continue;
            }
            value += c;
        }
        if (rest_.empty()) return fail(begin, "a quote is not closed");
        rest_.remove_prefix(1);
    }

    // Takes what follows a backslash in double quotes. An unknown escape keeps its backslash.
    void take_escape(std::string& value) {
        if (rest_.starts_with("\r\n")) rest_.remove_prefix(1);
        const char c = rest_[0];
        if (c == '\0') return;  // the caller reports it
        rest_.remove_prefix(1);
        switch (c) {
            case 'n':
                value += '\n';
                break;
            case 'r':
                value += '\r';
                break;
            case 't':
                value += '\t';
                break;
            case '\n':  // the value continues on the next line
                ++line_;
                break;
            case '"':
            case '\\':
            case '$':
            case '`':
                value += c;
                break;
            default:
                value += '\\';
                value += c;
        }
    }

    std::string_view rest_;
    int line_ = 0;
    EnvFile out_;
};

}  // namespace

EnvFile parse_env_file(std::string_view content) {
    return Parser(content).parse();
}

}  // namespace sigmund::text
