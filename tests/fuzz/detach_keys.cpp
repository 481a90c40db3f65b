// SPDX-License-Identifier: Apache-2.0
// What a terminal sends: nothing is lost or held back, and how it is cut changes neither what is passed on nor
// whether the detach keys are seen.
#include "text/detach_keys.hpp"

#include "fuzz.hpp"

using namespace sigmund::text;

namespace {

// Returns how many bytes are passed on before the keys detach; all of them if they do not.
std::size_t passed(std::string_view input, std::size_t piece) {
    DetachKeys keys;
    for (std::size_t at = 0; at < input.size(); at += piece)
        if (const auto end = keys.feed(input.substr(at, piece), 0)) return at + *end;
    return input.size();
}

}  // namespace

SIGMUND_FUZZ_TARGET(detach_keys) {
    if (const auto chosen = DetachKeys::parse(input)) must(chosen->instruction().starts_with("press Ctrl-"));
    TerminalInput whole;
    std::string joined;
    for (const InputPiece& piece : whole.feed(input)) {
        must(!piece.bytes.empty());
        joined += piece.bytes;
    }
    must(joined == input);
    const std::size_t end = passed(input, input.size() + 1);
    must(end <= input.size());
    if (end < input.size()) {
        // There are three of them, in whatever encoding.
        must(input.size() >= 3);
        must(passed(input.substr(0, end), input.size()) == end);
    }
    // A single control character counts wherever the input is cut.
    if (input.find('\x1b') == std::string_view::npos) must(passed(input, 1) == end);
}
