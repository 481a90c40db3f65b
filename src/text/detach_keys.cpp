// SPDX-License-Identifier: Apache-2.0
#include "text/detach_keys.hpp"

#include <charconv>

namespace sigmund::text {
namespace {

constexpr char detach_byte = 0x1d;
constexpr int detach_code = ']', time_for_all = 1'000;

// Returns the number at the beginning of the text, or `otherwise`.
int number_at(std::string_view text, int otherwise) {
    int out = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

// Removes the next part of "a;b;c".
std::string_view take_part(std::string_view& text) {
    const auto end = std::min(text.find(';'), text.size());
    const std::string_view out = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return out;
}

struct Key {
    int code = 0, modifiers = 0, event = 1;
};

// Reads CODE[:..];MODIFIERS[:EVENT];.. u (kitty) and 27;MODIFIERS;CODE ~ (xterm).
Key key_of(const InputPiece& piece) {
    std::string_view rest = piece.sequence;
    Key key;
    const std::string_view first = take_part(rest), second = take_part(rest);
    key.code = number_at(first, 0);
    key.modifiers = number_at(second, 1) - 1;
    if (const auto colon = second.find(':'); colon != std::string_view::npos)
        key.event = number_at(second.substr(colon + 1), 1);
    if (piece.final == 'u') return key;
    key.code = piece.final == '~' && key.code == 27 ? number_at(take_part(rest), 0) : 0;
    return key;
}

bool is_modifier(int code) {
    return code >= 57'441 && code <= 57'454;
}

bool is_detach_key(const Key& key) {
    constexpr int control = 4, locks = 64 | 128;
    return key.code == detach_code && (key.modifiers & ~locks) == control;
}

}  // namespace

void DetachKeys::forget() {
    earlier_[0] = earlier_[1] = never;
}

bool DetachKeys::press(std::int64_t now) {
    if (now - earlier_[1] <= time_for_all) return true;
    earlier_[1] = earlier_[0];
    earlier_[0] = now;
    return false;
}

std::optional<std::size_t> DetachKeys::feed(std::string_view bytes, std::int64_t now) {
    for (const InputPiece& piece : input_.feed(bytes)) {
        const auto before = static_cast<std::size_t>(piece.bytes.data() - bytes.data());
        if (piece.kind == InputKind::text && !piece.pasted) {
            for (std::size_t i = 0; i < piece.bytes.size(); ++i)
                if (piece.bytes[i] != detach_byte)
                    forget();
                else if (press(now))
                    return before + i;
        } else if (piece.pasted) {
            forget();
        } else if (piece.kind == InputKind::key && piece.whole) {
            const Key key = key_of(piece);
            const bool released = key.event == 3;
            if (released || is_modifier(key.code)) continue;
            if (!is_detach_key(key))
                forget();
            else if (press(now))
                return before;
        }
    }
    return std::nullopt;
}

}  // namespace sigmund::text
