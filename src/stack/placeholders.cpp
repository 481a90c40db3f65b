// SPDX-License-Identifier: Apache-2.0
#include "stack/placeholders.hpp"

#include <algorithm>
#include <optional>

#include "run/id.hpp"
#include "text/lower.hpp"
#include "text/suggest.hpp"

namespace sigmund::stack {
namespace {

using Kind = Placeholder::Kind;

constexpr std::string_view port = "port", project = "project", dot_port = ".port";

// Reads what is between the braces of a form.
std::optional<Placeholder> read(std::string_view inside) {
    if (inside == port) return Placeholder{Kind::port};
    if (inside == project) return Placeholder{Kind::project};
    if (!inside.ends_with(dot_port)) return std::nullopt;
    const std::string_view name = inside.substr(0, inside.size() - dot_port.size());
    if (!run::is_name(name)) return std::nullopt;
    return Placeholder{Kind::port_of, std::string(name)};
}

// A part of a text: `before` as it is, then a form, if there is one.
struct Part {
    std::string_view before;
    std::string_view form;  // with its braces; empty at the end of the text
    std::optional<Placeholder> placeholder;
    bool stands_for_itself = false;  // the form has double braces
};

// Returns the form that begins with the brace at `at`, if any. `part.before` is left to the caller.
Part form_at(std::string_view text, std::size_t at) {
    Part part;
    const bool is_double = text.substr(at).starts_with("{{");
    const std::size_t begin = at + (is_double ? 2 : 1);
    const std::size_t end = text.find_first_of("{}", begin);
    if (end == text.npos || text[end] != '}') return part;
    if (is_double && !text.substr(end).starts_with("}}")) return part;
    part.placeholder = read(text.substr(begin, end - begin));
    if (!part.placeholder) return part;
    part.form = text.substr(at, end + (is_double ? 2 : 1) - at);
    part.stands_for_itself = is_double;
    return part;
}

// Takes the next part from the beginning of the text.
Part take(std::string_view& text) {
    for (std::size_t at = text.find('{'); at != text.npos; at = text.find('{', at + 1)) {
        Part part = form_at(text, at);
        if (part.form.empty()) continue;
        if (at > 0 && text[at - 1] == '$') {
            at += part.form.size() - 1;
            continue;
        }
        part.before = text.substr(0, at);
        text.remove_prefix(at + part.form.size());
        return part;
    }
    Part rest;
    rest.before = text;
    text = {};
    return rest;
}

// Returns whether this is `wanted`, with at most one letter missing, additional, or swapped with its neighbour.
bool is_near(std::string_view word, std::string_view wanted) {
    const std::string_view longer =
        std::max(word, wanted, [](auto a, auto b) { return a.size() < b.size(); });
    const std::string_view shorter = longer.data() == word.data() ? wanted : word;
    const auto [in_longer, in_shorter] =
        std::mismatch(longer.begin(), longer.end(), shorter.begin(), shorter.end());
    if (in_longer == longer.end()) return true;
    std::string_view rest = longer.substr(static_cast<std::size_t>(in_longer - longer.begin()));
    const std::string_view other = shorter.substr(static_cast<std::size_t>(in_shorter - shorter.begin()));
    if (longer.size() == shorter.size() + 1) return rest.substr(1) == other;
    return longer.size() == shorter.size() && rest.size() > 1 && rest[0] == other[1] && rest[1] == other[0] &&
           rest.substr(2) == other.substr(2);
}

// Returns what a form with this inside was perhaps meant to be.
std::optional<std::string> meant_by(const std::string& word, const std::vector<std::string>& names,
                                    bool has_port) {
    if (has_port && is_near(word, port)) return std::string(port);
    if (is_near(word, project)) return std::string(project);
    if (word.find('.') == word.npos) return std::nullopt;
    std::vector<std::string> texts;
    for (const std::string& name : names) texts.push_back(name + std::string(dot_port));
    return text::suggest(word, std::vector<std::string_view>(texts.begin(), texts.end()));
}

}  // namespace

std::string Placeholder::text() const {
    std::string inside(kind == Kind::project ? project : port);
    if (kind == Kind::port_of) inside = name + std::string(dot_port);
    return '{' + inside + '}';
}

std::vector<Placeholder> placeholders_in(std::string_view text) {
    std::vector<Placeholder> out;
    while (!text.empty()) {
        const Part part = take(text);
        if (part.placeholder && !part.stands_for_itself) out.push_back(*part.placeholder);
    }
    return out;
}

std::vector<Misspelt> misspelt_in(std::string_view text, const std::vector<std::string>& names,
                                  bool has_port) {
    std::vector<Misspelt> out;
    for (std::size_t at = text.find('{'); at != text.npos; at = text.find('{', at + 1)) {
        const std::size_t end = text.find_first_of("{}", at + 1);
        if (end == text.npos || text[end] == '{') continue;
        const bool other = at > 0 && (text[at - 1] == '$' || text[at - 1] == '{');
        const std::string_view inside = text.substr(at + 1, end - at - 1);
        if (other || !run::is_name(std::string(inside)) || read(inside)) continue;
        if (auto meant = meant_by(text::lower(std::string(inside)), names, has_port))
            out.push_back({'{' + std::string(inside) + '}', '{' + std::move(*meant) + '}'});
    }
    return out;
}

std::string fill_placeholders(std::string_view text,
                              const std::function<std::string(const Placeholder&)>& value) {
    std::string out;
    while (!text.empty()) {
        const Part part = take(text);
        out += part.before;
        if (!part.placeholder) continue;
        out += part.stands_for_itself ? part.placeholder->text() : value(*part.placeholder);
    }
    return out;
}

}  // namespace sigmund::stack
