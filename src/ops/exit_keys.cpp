// SPDX-License-Identifier: Apache-2.0
#include "ops/exit_keys.hpp"

namespace sigmund::ops {

bool ExitKeys::feed(unsigned char byte, sys::Millis now) {
    const sys::Millis gap = now - last_;
    const bool quiet = gap >= quiet_before && now - shown_ >= swallowed;
    last_ = now;
    pending_.reset();
    if (in_sequence(gap)) {
        advance(byte);
        return false;
    }
    sequence_ = {byte == escape ? Part::begun : Part::none, 0, false};
    if (quiet) pending_ = byte;
    return byte != escape;
}

std::optional<unsigned char> ExitKeys::answer(sys::Millis now) {
    const auto at = due();
    if (!at || now < *at) return std::nullopt;
    const auto key = pending_;
    pending_.reset();
    return key;
}

std::optional<sys::Millis> ExitKeys::due() const {
    if (!pending_) return std::nullopt;
    return last_ + (*pending_ == escape ? quiet_after_escape : quiet_after);
}

// A sequence that is never completed must not swallow all later keys, so it ends when nothing follows.
bool ExitKeys::in_sequence(sys::Millis gap) const {
    if (sequence_.pasting) return gap < paste_patience;
    if (sequence_.part == Part::begun) return gap < quiet_after_escape;
    return sequence_.part != Part::none && gap < quiet_before;
}

void ExitKeys::advance(unsigned char byte) {
    switch (sequence_.part) {
        case Part::begun:
            if (byte == '[')
                sequence_.part = Part::control;
            else if (byte == 'O')
                sequence_.part = Part::single;
            else if (byte == ']' || byte == 'P' || byte == '_' || byte == '^' || byte == 'X')
                sequence_.part = sequence_.pasting ? Part::paste : Part::text;
            else if (byte != escape)  // a second Esc begins a sequence, too
                end_sequence();
            return;
        case Part::control:
            return control(byte);
        case Part::mouse:
            if (--sequence_.number == 0) end_sequence();
            return;
        case Part::text:
        case Part::text_escape:
            if (byte == 7 || sequence_.part == Part::text_escape)
                end_sequence();
            else if (byte == escape)
                sequence_.part = Part::text_escape;
            return;
        case Part::paste:
            if (byte == escape) sequence_.part = Part::begun;
            return;
        case Part::console:
        case Part::single:
        case Part::none:
            return end_sequence();
    }
}

void ExitKeys::control(unsigned char byte) {
    constexpr int paste_begin = 200, paste_end = 201, highest = 10'000;
    if (byte >= '0' && byte <= '9') {
        if (sequence_.number < highest) sequence_.number = sequence_.number * 10 + (byte - '0');
    } else if (byte == '[' && sequence_.number == 0) {
        sequence_.part = Part::console;
    } else if (byte == 'M' && sequence_.number == 0 && !sequence_.pasting) {
        sequence_.part = Part::mouse;
        sequence_.number = 3;
    } else if (byte == escape) {
        sequence_.part = Part::begun;  // the sequence was cut off by another one
        sequence_.number = 0;
    } else if (byte >= '@' && byte <= '~') {
        if (byte == '~' && sequence_.number == paste_begin) sequence_.pasting = true;
        if (byte == '~' && sequence_.number == paste_end) sequence_.pasting = false;
        end_sequence();
    } else if (sequence_.number == 0) {
        sequence_.number =
            highest;  // as in Esc [ < 0 ; 5 ; 5 M, a mouse report that is not followed by bytes
    }
}

}  // namespace sigmund::ops
