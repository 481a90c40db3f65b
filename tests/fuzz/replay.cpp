// SPDX-License-Identifier: Apache-2.0
// The end of a log that a terminal shows again: no sequence other than colours and the erasing of a line is left,
// and showing what was shown changes nothing.
#include "text/replay.hpp"

#include <algorithm>

#include "fuzz.hpp"

using namespace sigmund::text;

SIGMUND_FUZZ_TARGET(replay) {
    const std::string shown = replay(input, 10, true);
    must(std::count(shown.begin(), shown.end(), '\n') <= 10);
    for (std::size_t at = shown.find('\x1b'); at != std::string::npos; at = shown.find('\x1b', at + 1)) {
        must(shown[at + 1] == '[');
        const auto end = shown.find_first_not_of("0123456789;:", at + 2);
        must(end != std::string::npos && (shown[end] == 'm' || shown[end] == 'K'));
    }
    for (const char c : shown)
        must(c == '\n' || c == '\r' || c == '\t' || c == '\b' || c == '\x1b' ||
             (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
    // A byte that is not UTF-8 becomes three.
    must(replay(input, 10, false).size() <= shown.size() + 3 * input.size() + 8);
}
