// SPDX-License-Identifier: Apache-2.0
#include "text/replay.hpp"

#include <algorithm>

namespace sigmund::text {
namespace {

constexpr std::string_view sgr_end = "\x1b[0m";

// Returns the length of the escape sequence at the beginning, as far as it goes.
std::size_t length_of_sequence(std::string_view bytes) {
    if (bytes.size() < 2) return bytes.size();
    std::size_t at = 2;
    if (bytes[1] == '[') {
        while (at < bytes.size() && bytes[at] >= 0x20 && bytes[at] <= 0x3f) ++at;
        return at < bytes.size() && bytes[at] >= 0x40 && bytes[at] <= 0x7e ? at + 1 : at;
    }
    if (std::string_view("]PX^_").find(bytes[1]) != std::string_view::npos) {
        // A string ends at a newline, too, so that a broken one loses nothing behind its line.
        const auto end = bytes.find_first_of("\x07\x1b\n\x18\x1a", at);
        if (end == std::string_view::npos) return bytes.size();
        if (bytes[end] == '\x1b') return bytes.substr(end).starts_with("\x1b\\") ? end + 2 : end;
        return bytes[end] == '\n' ? end : end + 1;
    }
    while (at < bytes.size() && bytes[at - 1] >= 0x20 && bytes[at - 1] <= 0x2f) ++at;
    return at;
}

bool turns_alternate(std::string_view sequence, char final) {
    if (!sequence.starts_with("\x1b[?") || sequence.back() != final) return false;
    const std::string_view mode = sequence.substr(3, sequence.size() - 4);
    return mode == "1049" || mode == "1047" || mode == "47";
}

bool may_pass(std::string_view sequence) {
    if (!sequence.starts_with("\x1b[")) return false;
    const char final = sequence.back();
    return (final == 'm' || final == 'K') &&
           sequence.find_first_not_of("0123456789;:", 2) == sequence.size() - 1;
}

// Returns whether the character at the beginning is a control character.
bool is_control(std::string_view bytes) {
    const auto byte = static_cast<unsigned char>(bytes[0]);
    if (byte < 0x20) return byte != '\t' && byte != '\r';
    if (byte == 0xc2 && bytes.size() > 1)
        return static_cast<unsigned char>(bytes[1]) >= 0x80 && static_cast<unsigned char>(bytes[1]) < 0xa0;
    return byte == 0x7f;
}

// Removes all but the last lines.
void keep_last(std::string& text, std::size_t rows) {
    std::size_t at = text.size();
    for (std::size_t i = 0; i < rows; ++i) {
        if (at == 0) return;
        at = text.rfind('\n', at - 1);
        if (at == std::string::npos) return;
    }
    text.erase(0, at + 1);
}

}  // namespace

std::string replay(std::string_view bytes, std::size_t rows, bool from_start) {
    if (!from_start) bytes.remove_prefix(std::min(bytes.find('\n'), bytes.size() - 1) + 1);
    std::string out;
    bool alternate = false;
    while (!bytes.empty()) {
        if (bytes[0] == '\x1b') {
            const std::string_view sequence = bytes.substr(0, length_of_sequence(bytes));
            bytes.remove_prefix(sequence.size());
            if (turns_alternate(sequence, 'h')) alternate = true;
            if (turns_alternate(sequence, 'l')) {
                if (!alternate) out.clear();  // it was turned on before these bytes
                alternate = false;
            }
            if (!alternate && may_pass(sequence)) out += sequence;
            continue;
        }
        const char c = bytes[0];
        if (c == '\n' && !alternate) out += out.ends_with('\r') ? "\n" : "\r\n";
        if (is_control(bytes)) {
            bytes.remove_prefix(c == '\xc2' ? 2 : 1);
            continue;
        }
        if (!alternate) out += c;
        bytes.remove_prefix(1);
    }
    keep_last(out, std::max<std::size_t>(rows, 1));
    if (out.find('\x1b') != std::string::npos) out += sgr_end;
    return out;
}

}  // namespace sigmund::text
