// SPDX-License-Identifier: Apache-2.0
#include "text/terminal_modes.hpp"

#include <algorithm>
#include <charconv>

namespace sigmund::text {
namespace {

constexpr std::size_t longest_sequence = 256, deepest_stack = 16;

// The private modes that outlive the program, and which of them are on usually.
struct Mode {
    int number;
    bool usual = false;
};
constexpr Mode known_modes[] = {
    {1049},     {1047}, {47},                    // the alternate screen
    {1},                                         // cursor keys
    {25, true},                                  // the cursor is visible
    {7, true},                                   // lines wrap
    {9},        {1000}, {1001}, {1002}, {1003},  // the mouse
    {1005},     {1006}, {1015}, {1016},          // how it is reported
    {1004},                                      // focus
    {2004},                                      // bracketed paste
    {66},                                        // keypad
};

const Mode* known(int number) {
    const auto* found = std::find_if(std::begin(known_modes), std::end(known_modes),
                                     [&](const Mode& mode) { return mode.number == number; });
    return found == std::end(known_modes) ? nullptr : found;
}

bool is_alternate(int number) {
    return number == 1049 || number == 1047 || number == 47;
}

std::string private_mode(int number, bool on) {
    return "\x1b[?" + std::to_string(number) + (on ? 'h' : 'l');
}

// Calls `each` with each number of "1;2;3".
template <typename Each>
void each_number(std::string_view text, Each each) {
    for (;;) {
        const auto end = std::min(text.find(';'), text.size());
        int number = 0;
        std::from_chars(text.data(), text.data() + end, number);
        each(number);
        if (end == text.size()) return;
        text.remove_prefix(end + 1);
    }
}

int first_number(std::string_view text, int otherwise) {
    int number = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

}  // namespace

bool TerminalModes::alternate_screen() const {
    return std::any_of(modes_.begin(), modes_.end(), is_alternate);
}

bool TerminalModes::cursor_keys() const {
    return std::find(modes_.begin(), modes_.end(), 1) != modes_.end();
}

std::string TerminalModes::set() const {
    std::string out;
    for (const int mode : modes_) out += private_mode(mode, !known(mode)->usual);
    if (keypad_) out += "\x1b=";
    if (modify_other_keys_ != 0) out += "\x1b[>4;" + std::to_string(modify_other_keys_) + 'm';
    for (const int flags : kitty_) out += "\x1b[>" + std::to_string(flags) + 'u';
    return out;
}

// The screen comes last: the flags of the keyboard belong to it.
std::string TerminalModes::reset() const {
    std::string out;
    if (!kitty_.empty()) out += "\x1b[<" + std::to_string(kitty_.size()) + 'u';
    if (modify_other_keys_ != 0) out += "\x1b[>4m";
    if (keypad_) out += "\x1b>";
    for (auto mode = modes_.rbegin(); mode != modes_.rend(); ++mode)
        if (!is_alternate(*mode)) out += private_mode(*mode, known(*mode)->usual);
    for (const int mode : modes_)
        if (is_alternate(mode)) out += private_mode(mode, false);
    return out;
}

std::string TerminalModes::unfinished() const {
    switch (state_) {
        case State::ground:
            break;
        case State::escape:
            return "\x1b";
        case State::control:
            return "\x1b[" + sequence_;
        case State::string:
            return {'\x1b', string_};
        case State::string_escape:
            return {'\x1b', string_, '\x1b'};
    }
    // The first byte of a character of UTF-8 tells its length. The bytes behind it are 0x80 to 0xbf.
    for (std::size_t back = 1; back <= last_.size(); ++back) {
        const auto byte = static_cast<unsigned char>(last_[last_.size() - back]);
        if (byte >= 0x80 && byte < 0xc0) continue;
        const std::size_t length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
        return length > back ? last_.substr(last_.size() - back) : "";
    }
    return "";
}

std::string TerminalModes::take_answers() {
    std::string out;
    out.swap(answers_);
    return out;
}

void TerminalModes::forget_modes() {
    modes_.clear();
    kitty_.clear();
    modify_other_keys_ = 0;
    keypad_ = false;
}

void TerminalModes::private_modes(bool on) {
    each_number(std::string_view(sequence_).substr(1), [&](int number) {
        const Mode* mode = known(number);
        if (!mode) return;
        std::erase(modes_, number);
        if (on != mode->usual) modes_.push_back(number);
    });
}

void TerminalModes::kitty_keys() {
    const std::string_view rest = std::string_view(sequence_).substr(1);
    switch (sequence_[0]) {
        case '>':
            if (kitty_.size() == deepest_stack) kitty_.erase(kitty_.begin());
            kitty_.push_back(first_number(rest, 0));
            break;
        case '<': {
            const int count = std::max(1, first_number(rest, 1));
            kitty_.resize(kitty_.size() - std::min(kitty_.size(), static_cast<std::size_t>(count)));
            break;
        }
        case '=':
            if (kitty_.empty()) kitty_.push_back(0);
            kitty_.back() = first_number(rest, 0);
            break;
        default:
            break;
    }
}

void TerminalModes::final_of_control(char final) {
    const bool has_prefix = !sequence_.empty() && sequence_[0] >= '<' && sequence_[0] <= '?';
    const char prefix = has_prefix ? sequence_[0] : '\0';
    if (prefix == '?' && (final == 'h' || final == 'l')) return private_modes(final == 'h');
    if (final == 'u' && has_prefix) return kitty_keys();
    if (prefix == '>' && final == 'm' && sequence_.starts_with(">4"))
        modify_other_keys_ =
            sequence_.size() > 3 ? first_number(std::string_view(sequence_).substr(3), 0) : 0;
    if (final == 'p' && sequence_ == "!") forget_modes();
    if (final == 'c' && (sequence_.empty() || sequence_ == "0")) answers_ += "\x1b[?1;2c";
    if (final != 'n') return;
    if (sequence_ == "5") answers_ += "\x1b[0n";
    if (sequence_ == "6") answers_ += "\x1b[1;1R";
    if (sequence_ == "?6") answers_ += "\x1b[?1;1R";
}

void TerminalModes::feed(std::string_view output) {
    while (!output.empty()) {
        if (state_ == State::ground) {
            const auto escape = output.find('\x1b');
            if (escape == std::string_view::npos) {
                last_ += output.substr(output.size() - std::min<std::size_t>(output.size(), 3));
                if (last_.size() > 3) last_.erase(0, last_.size() - 3);
                return;
            }
            last_.clear();
            output.remove_prefix(escape + 1);
            state_ = State::escape;
            continue;
        }
        const char c = output.front();
        output.remove_prefix(1);
        const auto byte = static_cast<unsigned char>(c);
        switch (state_) {
            case State::escape:
                sequence_.clear();
                state_ = State::ground;
                if (c == '[') state_ = State::control;
                if (c == ']' || c == 'P' || c == '_' || c == '^' || c == 'X') {
                    state_ = State::string;
                    string_ = c;
                }
                if (c == '\x1b') state_ = State::escape;
                if (c == '=') keypad_ = true;
                if (c == '>') keypad_ = false;
                if (c == 'c') forget_modes();
                break;
            case State::control:
                if (c == '\x1b') {
                    state_ = State::escape;
                } else if (byte >= 0x40 && byte <= 0x7e) {
                    state_ = State::ground;
                    final_of_control(c);
                } else if (byte == 0x18 || byte == 0x1a || sequence_.size() == longest_sequence) {
                    state_ = State::ground;
                } else if (byte >= 0x20) {
                    sequence_ += c;
                }
                break;
            case State::string:
                if (c == '\x1b') state_ = State::string_escape;
                if (byte == 0x07 || byte == 0x18 || byte == 0x1a) state_ = State::ground;
                break;
            case State::string_escape:
                // ESC \ ends the string, and any other ESC begins a new sequence.
                state_ = State::ground;
                if (c != '\\') {
                    state_ = State::escape;
                    output = {output.data() - 1, output.size() + 1};
                }
                break;
            case State::ground:
                break;
        }
    }
}

}  // namespace sigmund::text
