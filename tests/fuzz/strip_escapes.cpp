// SPDX-License-Identifier: Apache-2.0
// Lines of output: whatever a program prints.
#include "text/strip_escapes.hpp"
#include "fuzz.hpp"

using namespace sigmund::text;

SIGMUND_FUZZ_TARGET(strip_escapes) {
    const std::string plain = strip_escapes(input);
    for (const char c : plain) must(c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
    must(strip_escapes(plain) == plain);
}
