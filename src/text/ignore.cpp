// SPDX-License-Identifier: Apache-2.0
#include "text/ignore.hpp"

#include <algorithm>
#include <cctype>

namespace sigmund::text {
namespace {

constexpr std::string_view specials = "*?[\\";

bool in_named_class(std::string_view name, unsigned char c, bool& known) {
    struct Named {
        std::string_view name;
        int (*test)(int);
    };
    static constexpr Named classes[] = {{"alnum", ::isalnum}, {"alpha", ::isalpha}, {"blank", ::isblank},
                                        {"cntrl", ::iscntrl}, {"digit", ::isdigit}, {"graph", ::isgraph},
                                        {"lower", ::islower}, {"print", ::isprint}, {"punct", ::ispunct},
                                        {"space", ::isspace}, {"upper", ::isupper}, {"xdigit", ::isxdigit}};
    for (const Named& each : classes)
        if (each.name == name) return each.test(c) != 0;
    known = false;
    return false;
}

// A bracket expression.
struct Brackets {
    std::string_view body;  // the text between the brackets, without the negation
    std::size_t end = 0;    // the position after the closing bracket
    bool negated = false;
    bool valid = false;
};

Brackets find_brackets(std::string_view glob, std::size_t at) {
    Brackets out;
    std::size_t i = at + 1;
    if (i < glob.size() && (glob[i] == '!' || glob[i] == '^')) {
        out.negated = true;
        ++i;
    }
    const std::size_t first = i;
    for (; i < glob.size(); ++i) {
        if (glob[i] == ']' && i > first) {
            out.body = glob.substr(first, i - first);
            out.end = i + 1;
            out.valid = true;
            return out;
        }
        if (glob[i] == '\\') {
            ++i;
        } else if (glob[i] == '[' && i + 1 < glob.size() && glob[i + 1] == ':') {
            // A named class ends at the next bracket. Without a colon before that bracket it is not a class.
            const auto end = glob.find(']', i + 2);
            if (end == std::string_view::npos) return out;
            if (end > i + 2 && glob[end - 1] == ':') i = end;
        }
    }
    return out;
}

bool in_brackets(const Brackets& brackets, unsigned char c) {
    const std::string_view body = brackets.body;
    bool found = false, known = true;
    int before = -1;  // the character with which a range could begin
    for (std::size_t i = 0; i < body.size(); ++i) {
        unsigned char low = static_cast<unsigned char>(body[i]);
        if (low == '[' && i + 1 < body.size() && body[i + 1] == ':') {
            const auto end = body.find(']', i + 2);
            if (end != std::string_view::npos && end > i + 2 && body[end - 1] == ':') {
                found = in_named_class(body.substr(i + 2, end - i - 3), c, known) || found;
                if (!known) return false;
                i = end;
                before = -1;
                continue;
            }
        }
        if (low == '-' && before >= 0 && i + 1 < body.size()) {
            unsigned char high = static_cast<unsigned char>(body[++i]);
            if (high == '\\' && i + 1 < body.size()) high = static_cast<unsigned char>(body[++i]);
            found = found || (before <= c && c <= high);
            before = -1;
            continue;
        }
        if (low == '\\' && i + 1 < body.size()) low = static_cast<unsigned char>(body[++i]);
        found = found || low == c;
        before = low;
    }
    return found != brackets.negated;
}

// The set of all positions of the text that the glob can have reached so far. Each part of the glob advances
// them.
class Positions {
  public:
    explicit Positions(std::string_view text) : text_(text), here_(text.size() + 1, 0) { here_[0] = 1; }

    bool none() const { return std::find(here_.begin(), here_.end(), 1) == here_.end(); }
    bool at_end() const { return here_.back() != 0; }
    template <typename Test>
    void one(Test test) {
        for (std::size_t i = text_.size(); i > 0; --i)
            here_[i] = here_[i - 1] != 0 && test(static_cast<unsigned char>(text_[i - 1])) ? 1 : 0;
        here_[0] = 0;
    }
    // Matches any number of characters.
    void any(bool slashes) {
        for (std::size_t i = 0; i < text_.size(); ++i)
            if (here_[i] != 0 && (slashes || text_[i] != '/')) here_[i + 1] = 1;
    }
    // Matches any number of components, each with the slash that follows it.
    void components() {
        bool reached = false;
        for (std::size_t i = 0; i < text_.size(); ++i) {
            reached = reached || here_[i] != 0;
            if (reached && text_[i] == '/') here_[i + 1] = 1;
        }
    }

  private:
    std::string_view text_;
    std::vector<char> here_;
};

}  // namespace

bool is_glob(std::string_view text) {
    return text.find_first_of(specials) != std::string_view::npos;
}

std::string escape_glob(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (specials.find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

bool glob_match(std::string_view glob, std::string_view text) {
    Positions positions(text);
    for (std::size_t i = 0; i < glob.size() && !positions.none();) {
        const char c = glob[i];
        if (c == '*') {
            const std::size_t first = i;
            while (i < glob.size() && glob[i] == '*') ++i;
            const std::string_view rest = glob.substr(i);
            const bool component = i - first > 1 && (first == 0 || glob[first - 1] == '/') &&
                                   (rest.empty() || rest[0] == '/' || rest.starts_with("\\/"));
            if (component && rest.starts_with('/')) {
                positions.components();
                ++i;
            } else {
                positions.any(component);
            }
        } else if (c == '?') {
            positions.one([](unsigned char each) { return each != '/'; });
            ++i;
        } else if (c == '[') {
            const Brackets brackets = find_brackets(glob, i);
            if (!brackets.valid) return false;
            positions.one([&](unsigned char each) { return each != '/' && in_brackets(brackets, each); });
            i = brackets.end;
        } else {
            if (c == '\\' && ++i == glob.size()) return false;
            const auto wanted = static_cast<unsigned char>(glob[i++]);
            positions.one([&](unsigned char each) { return each == wanted; });
        }
    }
    return positions.at_end();
}

IgnoreRules::IgnoreRules(std::string_view content) {
    if (content.starts_with("\xef\xbb\xbf")) content.remove_prefix(3);
    while (!content.empty()) {
        const auto end = std::min(content.find('\n'), content.size());
        std::string_view line = content.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        add(line.substr(0, line.find('\0')));
        content.remove_prefix(std::min(end + 1, content.size()));
    }
}

void IgnoreRules::add(std::string_view line) {
    if (line.starts_with('#')) return;
    // Trailing blanks do not belong to the pattern, unless a backslash precedes the first of them.
    std::size_t size = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\\')
            i = std::min(i + 1, line.size() - 1);
        else if (line[i] == ' ')
            continue;
        size = i + 1;
    }
    line = line.substr(0, size);
    Rule rule{"", false, false, false};
    if (line.starts_with('!')) {
        rule.kept = true;
        line.remove_prefix(1);
    }
    if (line.ends_with('/')) {
        rule.folder_only = true;
        line.remove_suffix(1);
    }
    rule.name_only = line.find('/') == std::string_view::npos;
    if (!rule.name_only && line.starts_with('/')) line.remove_prefix(1);
    if (line.empty()) return;
    rule.glob = line;
    rules_.push_back(std::move(rule));
}

IgnoreRules::Answer IgnoreRules::ask(std::string_view path, bool folder) const {
    const std::string_view name = path.substr(path.rfind('/') + 1);
    for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
        if (rule->folder_only && !folder) continue;
        // Everything before the first special character is literal. Asterisks after it are treated as at the
        // beginning of a pattern, as git does.
        const std::string_view glob = rule->glob;
        const std::string_view literal = glob.substr(0, std::min(glob.find_first_of(specials), glob.size()));
        const std::string_view about = rule->name_only ? name : path;
        const bool matches = about.starts_with(literal) &&
                             glob_match(glob.substr(literal.size()), about.substr(literal.size()));
        if (matches) return rule->kept ? Answer::kept : Answer::ignored;
    }
    return Answer::nothing;
}

}  // namespace sigmund::text
