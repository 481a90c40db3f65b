// SPDX-License-Identifier: Apache-2.0
// The placeholders in the texts of a template: {port}, {NAME.port} and {project}, where NAME is a valid name
// of a run (run::is_name).
//
// Exactly these forms are placeholders. After a `$` each of them stays as it is (${port}). The same form in
// double braces stands for itself: {{port}} writes {port}. Every other brace stays as it is, so that shell,
// awk, JSON and format templates need no escape: `awk '{print $1}'`, {{.State}}, {}, { port }.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::stack {

struct Placeholder {
    enum class Kind : std::uint8_t {
        port,     // {port}: the port of the template itself
        port_of,  // {NAME.port}: the port of another template, or of the template itself by its name
        project
    };
    Kind kind = Kind::port;
    std::string name = {};  // port_of: NAME. It may contain dots: in {a.port.port} it is a.port.

    // Returns the placeholder as it is written in a text.
    std::string text() const;
    bool operator==(const Placeholder&) const = default;
};

// Returns the placeholders of a text in their order, each as often as it occurs.
std::vector<Placeholder> placeholders_in(std::string_view text);

// A form in braces that is no placeholder, and was perhaps meant as one.
struct Misspelt {
    std::string written;  // {prt}
    std::string meant;    // {port}
    bool operator==(const Misspelt&) const = default;
};

// Returns those of a text. `names` are the templates that have a port, and `has_port` says whether the template of the
// text has one. Only a form of letters, digits and `._-` that begins with a letter counts. For {port} and {project} one
// letter may be missing, additional or swapped with its neighbour, and capitals do not matter; another letter makes
// another word, such as {post} or {product}. For {NAME.port}, text::suggest() decides.
std::vector<Misspelt> misspelt_in(std::string_view text, const std::vector<std::string>& names,
                                  bool has_port);

// Returns the text with the value of each placeholder in its place. `value` is called once for each of
// placeholders_in(), in the same order, and may throw. Its result is not searched for placeholders.
std::string fill_placeholders(std::string_view text,
                              const std::function<std::string(const Placeholder&)>& value);

}  // namespace sigmund::stack
