// SPDX-License-Identifier: Apache-2.0
// Signals by name or number: every valid one has a name with the same meaning.
#include "fuzz.hpp"
#include "sys/signals.hpp"

using namespace sigmund::sys;

SIGMUND_FUZZ_TARGET(signal) {
    const auto number = parse_signal(input);
    if (!number) return;
    must(*number >= 0 && *number <= 64);
    if (*number > 0) must(parse_signal(signal_name(*number)) == number);
}
