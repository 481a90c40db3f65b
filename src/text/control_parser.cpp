// SPDX-License-Identifier: Apache-2.0
#include "text/control_parser.hpp"

#include <algorithm>

#include "text/utf8.hpp"

namespace sigmund::text {
namespace {

constexpr std::size_t most_parameters = 256;
constexpr char esc = 0x1b, cancel = 0x18, substitute = 0x1a, del = 0x7f;

bool is_between(char c, char first, char last) {
    return c >= first && c <= last;
}

bool is_ascii(char c) {
    return static_cast<unsigned char>(c) < 0x80;
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20;
}

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

// Returns how long a character is that begins with this byte; 0: none does.
std::size_t length_by_lead(char c) {
    const auto lead = static_cast<unsigned char>(c);
    return lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
}

bool begins_string(char c) {
    return std::string_view("]PX^_k").find(c) != std::string_view::npos;
}

}  // namespace

void ControlParser::feed(std::string_view bytes, ControlHandler& to) {
    const auto printable = [](char c) { return is_between(c, 0x20, 0x7e); };
    while (!begun_ && !bytes.empty() && is_continuation(bytes[0])) bytes.remove_prefix(1);
    begun_ = begun_ || !bytes.empty();
    for (std::size_t at = 0; at < bytes.size();) {
        if (state_ != State::ground || !pending_.empty() || !printable(bytes[at])) {
            step(bytes[at++], to);
            continue;
        }
        const auto* const end = std::find_if_not(bytes.begin() + at, bytes.end(), printable);
        const auto length = static_cast<std::size_t>(end - (bytes.begin() + at));
        to.ascii(bytes.substr(at, length));
        at += length;
    }
}

void ControlParser::finish(ControlHandler& to) {
    for (; !pending_.empty(); pending_.pop_back()) to.invalid_byte();
}

void ControlParser::step(char c, ControlHandler& to) {
    if (c == esc) {
        finish(to);
        state_ = State::escape;
    } else if (c == cancel || c == substitute) {
        finish(to);
        state_ = State::ground;
    } else if (state_ == State::string) {
        step_string(c, to);
    } else if (state_ == State::ground || is_control(c) || !is_ascii(c)) {
        state_ = State::ground;
        step_ground(c, to);
    } else if (state_ == State::sequence) {
        step_sequence(c, to);
    } else {
        step_escape(c, to);
    }
}

void ControlParser::step_escape(char c, ControlHandler& to) {
    if (is_between(c, 0x20, 0x2f)) {
        state_ = State::intermediate;
    } else if (state_ == State::intermediate || c == del) {
        state_ = State::ground;
    } else if (c == '[') {
        state_ = State::sequence;
        parameters_.clear();
    } else if (begins_string(c)) {
        state_ = State::string;
        after_c2_ = false;
    } else {
        state_ = State::ground;
        to.escape(c);
    }
}

void ControlParser::step_sequence(char c, ControlHandler& to) {
    if (is_between(c, 0x20, 0x3f)) {
        if (parameters_.size() <= most_parameters) parameters_ += c;
        return;
    }
    state_ = State::ground;
    if (c != del && parameters_.size() <= most_parameters) to.sequence(parameters_, c);
}

void ControlParser::step_string(char c, ControlHandler& to) {
    const bool ends = c == '\a' || (after_c2_ && c == '\x9c');
    after_c2_ = c == '\xc2';
    if (ends) state_ = State::ground;
    if (c != '\n' && c != '\r') return;
    state_ = State::ground;
    to.control(c);
}

void ControlParser::step_ground(char c, ControlHandler& to) {
    if (!is_ascii(c)) return step_character(c, to);
    finish(to);
    if (is_control(c)) return to.control(c);
    if (c != del) to.ascii({&c, 1});
}

void ControlParser::step_character(char c, ControlHandler& to) {
    if (!is_continuation(c)) finish(to);
    pending_ += c;
    const std::size_t length = length_by_lead(pending_[0]);
    if (pending_.size() < length) return;
    const Utf8Character whole = decode_utf8(pending_, 0);
    if (length == 0 || whole.length != length) return finish(to);
    if (whole.code < 0xa0) {  // C1: U+0080 to U+009F mean ESC and the character 0x40 below
        state_ = State::escape;
        pending_.clear();
        return step_escape(static_cast<char>(whole.code - 0x40), to);
    }
    to.character(pending_, whole.code);
    pending_.clear();
}

}  // namespace sigmund::text
