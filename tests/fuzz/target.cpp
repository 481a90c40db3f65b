// SPDX-License-Identifier: Apache-2.0
// The words by which people name runs.
#include "run/target.hpp"

#include "fuzz.hpp"
#include "run/failure.hpp"

using namespace sigmund::run;

SIGMUND_FUZZ_TARGET(target) {
    try {
        const Selector selector = parse_selector(std::string(input));
        must(selector.text == input);
        if (selector.kind == Selector::Kind::port) must(selector.port > 0 && selector.port <= 65535);
        if (selector.kind == Selector::Kind::id_or_name) must(!selector.word.empty());
    } catch (const Failure& failure) {
        must(failure.what()[0] != '\0');
    }
}
