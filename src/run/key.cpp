// SPDX-License-Identifier: Apache-2.0
#include "run/key.hpp"

namespace sigmund::run {
namespace {

struct Key {
    std::string_view name, bytes;
};
constexpr Key keys[] = {
    {"enter", "\r"},          {"tab", "\t"},           {"escape", "\x1b"},    {"space", " "},
    {"backspace", "\x7f"},    {"delete", "\x1b[3~"},   {"insert", "\x1b[2~"}, {"page-up", "\x1b[5~"},
    {"page-down", "\x1b[6~"}, {"f1", "\x1bOP"},        {"f2", "\x1bOQ"},      {"f3", "\x1bOR"},
    {"f4", "\x1bOS"},         {"f5", "\x1b[15~"},      {"f6", "\x1b[17~"},    {"f7", "\x1b[18~"},
    {"f8", "\x1b[19~"},       {"f9", "\x1b[20~"},      {"f10", "\x1b[21~"},   {"f11", "\x1b[23~"},
    {"f12", "\x1b[24~"},      {"shift-tab", "\x1b[Z"},
};
// The final byte of each, behind ESC [ or, in application mode, ESC O.
struct CursorKey {
    std::string_view name;
    char final;
};
constexpr CursorKey cursor_keys[] = {{"up", 'A'},   {"down", 'B'}, {"right", 'C'},
                                     {"left", 'D'}, {"home", 'H'}, {"end", 'F'}};

std::optional<std::string> control(std::string_view key) {
    if (key == "space") return std::string(1, '\0');
    if (key.size() != 1) return std::nullopt;
    char c = key[0];
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c < '@' || c > '_') return std::nullopt;
    return std::string(1, static_cast<char>(c - '@'));
}

}  // namespace

std::optional<std::string> key_bytes(std::string_view name, bool application) {
    for (const Key& key : keys)
        if (key.name == name) return std::string(key.bytes);
    for (const CursorKey& key : cursor_keys)
        if (key.name == name) return std::string("\x1b") + (application ? 'O' : '[') + key.final;
    if (name.starts_with("ctrl-")) return control(name.substr(5));
    if (!name.starts_with("alt-")) return std::nullopt;
    const std::string_view rest = name.substr(4);
    if (rest.size() == 1 && rest[0] > ' ' && rest[0] < '\x7f') return "\x1b" + std::string(rest);
    if (rest.starts_with("alt-")) return std::nullopt;
    const auto bytes = key_bytes(rest, application);
    return bytes ? std::optional("\x1b" + *bytes) : std::nullopt;
}

}  // namespace sigmund::run
