// SPDX-License-Identifier: Apache-2.0
// Logs as a person sees them: the lines are plain text within the limits, whatever pieces the log comes in, and
// stay unchanged when they are the input.
#include "text/plain.hpp"

#include <algorithm>

#include "fuzz.hpp"
#include "text/escape.hpp"

using namespace sigmund::text;

namespace {

struct Result {
    std::string text;  // the lines, and the unfinished one
    std::string states;
};

Result shown(std::string_view bytes, std::size_t piece) {
    Result out;
    PlainText plain(
        [&](std::string_view text, PlainText::Part part) {
            must(text.size() <= 2 * TerminalLine::limit);
            if (part == PlainText::Part::state) return void(out.states.append(text) += '\n');
            out.text += text;
            if (part == PlainText::Part::line) out.text += '\n';
        },
        {.tabs_as_blanks = false, .states = true});
    for (std::size_t at = 0; at < bytes.size(); at += piece) plain.feed(bytes.substr(at, piece));
    plain.finish();
    out.text += plain.unfinished();
    return out;
}

bool is_plain(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto c = static_cast<unsigned char>(text[at]);
        if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7f) return false;
        if (c == 0xc2 && static_cast<unsigned char>(text[at + 1]) < 0xa0) return false;  // C1
    }
    return valid_utf8(text);
}

}  // namespace

SIGMUND_FUZZ_TARGET(plain) {
    const Result whole = shown(input, input.size() + 1);
    for (const std::size_t piece : {1, 2, 7}) {
        const Result again = shown(input, piece);
        must(again.text == whole.text);
        must(again.states == whole.states);
    }
    must(is_plain(whole.text));
    must(is_plain(whole.states));
    // The most that comes out is a tab stop, a gap or the states for each byte.
    must(whole.text.size() <= 4 + input.size() * (TerminalLine::gap_limit + 8));
    must(whole.states.size() <= 4 + input.size() * 257 * 4);
    must(shown(whole.text, 3).text == whole.text);

    const PlainLimits limits{.columns = 40, .lines = 10};
    const auto lines = plain_lines(input, limits);
    must(lines.size() <= limits.lines);
    for (const std::string& line : lines) {
        must(is_plain(line) && line.find_first_of("\t\n") == line.npos);
        must(display_width(line) <= limits.columns);
        must(line.empty() || line.back() != ' ');
    }
    must(lines.empty() || !lines.back().empty());
}
