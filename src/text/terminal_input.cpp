// SPDX-License-Identifier: Apache-2.0
#include "text/terminal_input.hpp"

#include <algorithm>

namespace sigmund::text {
namespace {

constexpr std::size_t longest_sequence = 256, longest_string = 64 * 1024;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_report(std::string_view sequence, char final) {
    if (sequence.empty()) return final == 'I' || final == 'O';  // the focus
    return final == 'M' || (final == 'm' && sequence[0] == '<');
}

bool is_answer(std::string_view sequence, char final) {
    const char first = sequence.empty() ? '\0' : sequence[0];
    switch (final) {
        case 'c':
        case 'u':
        case 'S':
            return first == '?' || first == '>' || first == '=';
        case 'R':  // F3 with a modifier looks the same
        case 'n':
        case 't':
        case 'x':
            return first == '?' || is_digit(first);
        case 'y':
            return sequence.ends_with('$');
        default:
            return false;
    }
}

}  // namespace

bool TerminalInput::takes(unsigned char byte) const {
    switch (state_) {
        case State::escape:
            return byte >= 0x20 || byte == '\r' || byte == '\b' || byte == '\t';  // keys with Alt
        case State::control:
            return byte >= 0x20 && byte <= 0x7e && length_ < longest_sequence;
        case State::string:
            // ESC ] may also be a key with Alt. An answer has a number behind it.
            if (length_ == 2 && sequence_ == "]" && !is_digit(static_cast<char>(byte))) return false;
            return (byte >= 0x20 || byte == 0x07 || byte == 0x1b) && length_ < longest_string;
        case State::string_escape:
            return byte == '\\';
        case State::single_shift:
            return byte >= 0x20;
        default:
            return true;
    }
}

void TerminalInput::end_control(char final, InputPiece& piece) {
    piece.kind = is_report(sequence_, final)   ? InputKind::report
                 : is_answer(sequence_, final) ? InputKind::answer
                                               : InputKind::key;
    piece.final = final;
    piece.sequence = sequence_;
}

bool TerminalInput::step(char c, InputPiece& piece) {
    ++length_;
    switch (state_) {
        case State::escape:
            piece.kind = InputKind::key;
            if (c == '[') state_ = State::control;
            if (c == 'O') state_ = State::single_shift;
            if (c == ']' || c == 'P' || c == '_') state_ = State::string;
            if (c == ']') sequence_ = c;
            return state_ == State::escape;
        case State::control: {
            const auto byte = static_cast<unsigned char>(c);
            if (byte < 0x40) {
                sequence_ += c;
                return false;
            }
            if (c == 'M' && sequence_.empty()) {
                state_ = State::mouse;
                return false;
            }
            end_control(c, piece);
            return true;
        }
        case State::single_shift:
            piece.kind = InputKind::key;
            return true;
        case State::mouse:
            piece.kind = InputKind::report;
            return length_ == 6;  // ESC [ M, the button, the column and the row
        case State::string:
            piece.kind = InputKind::answer;
            if (c == '\x1b') state_ = State::string_escape;
            return c == '\x07';
        case State::string_escape:
            piece.kind = InputKind::answer;
            return true;
        case State::ground:
            break;
    }
    return true;
}

// One or two bytes may also be the key Escape, or a key with Alt.
InputKind TerminalInput::kind_cut_off() const {
    if (length_ <= 2) return InputKind::key;
    return state_ == State::mouse ? InputKind::report : InputKind::answer;
}

std::vector<InputPiece> TerminalInput::feed(std::string_view bytes) {
    std::vector<InputPiece> out;
    std::size_t begin = 0, at = 0;
    const auto add = [&](InputPiece piece) {
        piece.bytes = bytes.substr(begin, at - begin);
        begin = at;
        const bool marks_paste = piece.final == '~' && (piece.sequence == "200" || piece.sequence == "201");
        piece.pasted = pasting_ && !marks_paste;
        if (piece.pasted) piece.kind = InputKind::text;
        if (marks_paste) pasting_ = piece.sequence == "200";
        if (!piece.bytes.empty()) out.push_back(std::move(piece));
    };
    while (at < bytes.size()) {
        if (state_ == State::ground) {
            at = std::min(bytes.find('\x1b', at), bytes.size());
            add({});
            if (at == bytes.size()) break;
            state_ = State::escape;
            sequence_.clear();
            length_ = 1;
            ++at;
        } else if (!takes(static_cast<unsigned char>(bytes[at]))) {
            // The sequence is broken off, and this byte begins something new.
            state_ = State::ground;
            add({.kind = InputKind::key, .bytes = {}});
        } else {
            InputPiece piece;
            const bool ends = step(bytes[at++], piece);
            if (!ends) continue;
            state_ = State::ground;
            add(std::move(piece));
        }
    }
    if (state_ == State::ground) return out;
    add({.kind = kind_cut_off(), .bytes = {}, .whole = false});
    // A person types one of these with Alt and then other keys. The terminal sends all of an answer at once.
    if (state_ == State::string && length_ == 2) state_ = State::ground;
    return out;
}

}  // namespace sigmund::text
