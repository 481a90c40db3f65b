// SPDX-License-Identifier: Apache-2.0
#include "text/terminal_sanitizer.hpp"

#include <utility>

namespace sigmund::text {

void TerminalSanitizer::feed(std::string_view bytes, std::string& out) {
    out_ = &out;
    parser_.feed(bytes, *this);
}

void TerminalSanitizer::finish(std::string& out) {
    out_ = &out;
    parser_.finish(*this);
    if (std::exchange(attributes_on_, false)) out += attributes_off;
}

void TerminalSanitizer::ascii(std::string_view run) {
    *out_ += run;
    line_open_ = true;
}

void TerminalSanitizer::character(std::string_view character, char32_t /*code*/) {
    *out_ += character;
    line_open_ = true;
}

void TerminalSanitizer::invalid_byte() {
    *out_ += "\xef\xbf\xbd";
    line_open_ = true;
}

void TerminalSanitizer::control(char c) {
    if (c == '\n' || c == '\r' || c == '\t' || c == '\b') *out_ += c;
    if (c == '\n') line_open_ = false;
}

// A private marker or an intermediate character makes another function of the same final character: "CSI > 4 m"
// sets a mode of the keyboard, and "CSI ? 4 m" asks for it.
bool sets_attributes(std::string_view parameters, char final) {
    return final == 'm' && parameters.find_first_not_of("0123456789;:") == std::string_view::npos;
}

bool erases_in_line(std::string_view parameters, char final) {
    return final == 'K' &&
           (parameters.empty() || parameters == "0" || parameters == "1" || parameters == "2");
}

void TerminalSanitizer::sequence(std::string_view parameters, char final) {
    const bool attributes = sets_attributes(parameters, final);
    if (!attributes && !erases_in_line(parameters, final)) return;
    if (attributes) attributes_on_ = parameters.find_first_not_of('0') != std::string_view::npos;
    (*out_ += "\x1b[").append(parameters) += final;
}

void TerminalSanitizer::escape(char /*final*/) {}

}  // namespace sigmund::text
