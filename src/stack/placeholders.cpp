// SPDX-License-Identifier: Apache-2.0
#include "stack/placeholders.hpp"

#include <optional>

#include "run/id.hpp"

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
