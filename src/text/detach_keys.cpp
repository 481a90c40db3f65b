// SPDX-License-Identifier: Apache-2.0
#include "text/detach_keys.hpp"

#include <algorithm>
#include <charconv>

namespace sigmund::text {
namespace {

constexpr std::int64_t time_for_all = 1'000;
constexpr std::size_t most_keys = 8;

constexpr bool may_detach(char key) {
    return (key >= 'a' && key <= 'z') || key == ']' || key == '\\' || key == '^' || key == '_';
}

// Returns the key that sends this character when Ctrl is held, or NUL.
char key_of_control(char byte) {
    if (byte >= 1 && byte <= 26) return static_cast<char>('a' + byte - 1);
    return byte >= 28 && byte <= 31 ? static_cast<char>(byte + '@') : '\0';
}

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

// Returns the key that was pressed with Ctrl alone, or NUL.
char with_control(const Key& key) {
    constexpr int control = 4, locks = 64 | 128;
    const bool ascii = key.code > 0 && key.code < 128 && (key.modifiers & ~locks) == control;
    return ascii && may_detach(static_cast<char>(key.code)) ? static_cast<char>(key.code) : '\0';
}

}  // namespace

std::optional<DetachKeys> DetachKeys::parse(std::string_view text) {
    DetachKeys out;
    out.keys_.clear();
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(" ,"), text.size());
        const std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (word.empty()) continue;
        if (!word.starts_with("ctrl-") || word.size() != 6 || !may_detach(word[5]) ||
            out.keys_.size() == most_keys)
            return std::nullopt;
        out.keys_ += word[5];
    }
    return out.keys_.empty() ? std::nullopt : std::optional(std::move(out));
}

std::string DetachKeys::instruction() const {
    const auto name = [](char key) {
        return std::string("Ctrl-") + static_cast<char>(key >= 'a' && key <= 'z' ? key - 'a' + 'A' : key);
    };
    if (keys_ == std::string(3, keys_[0])) return "press " + name(keys_[0]) + " three times";
    std::string out = "press";
    for (const char key : keys_) out += ' ' + name(key);
    return out;
}

bool DetachKeys::press(char key, std::int64_t now) {
    if (keys_.find(key) == std::string::npos) {
        pressed_.clear();
        return false;
    }
    pressed_.push_back({key, now});
    if (pressed_.size() > keys_.size()) pressed_.erase(pressed_.begin());
    return pressed_.size() == keys_.size() && now - pressed_[0].at <= time_for_all &&
           std::equal(keys_.begin(), keys_.end(), pressed_.begin(),
                      [](char wanted, const Press& each) { return wanted == each.key; });
}

std::optional<std::size_t> DetachKeys::feed(std::string_view bytes, std::int64_t now) {
    for (const InputPiece& piece : input_.feed(bytes)) {
        const auto before = static_cast<std::size_t>(piece.bytes.data() - bytes.data());
        if (piece.kind == InputKind::text && !piece.pasted) {
            for (std::size_t i = 0; i < piece.bytes.size(); ++i)
                if (press(key_of_control(piece.bytes[i]), now)) return before + i;
        } else if (piece.pasted) {
            pressed_.clear();
        } else if (piece.kind == InputKind::key && piece.whole) {
            const Key key = key_of(piece);
            const bool released = key.event == 3;
            if (released || is_modifier(key.code)) continue;
            if (press(with_control(key), now)) return before;
        }
    }
    return std::nullopt;
}

}  // namespace sigmund::text
