// SPDX-License-Identifier: Apache-2.0
// What a template stated, as it is read from a record: what is read is written and read again as the same.
#include "fuzz.hpp"
#include "stack/differences.hpp"

using namespace sigmund::stack;

SIGMUND_FUZZ_TARGET(stated) {
    if (const auto stated = Stated::from_json(input)) {
        must(Stated::from_json(stated->json()) == *stated);
        must(differences(*stated, *stated).empty());
        must(differences({}, *stated).empty() == (stated->json() == "{}"));
        must(differences({}, *stated).size() == differences(*stated, {}).size());
    }
    // Any bytes can be stated.
    const auto middle = input.size() / 2;
    Stated one, other;
    one.state("key", input.substr(0, middle));
    one.state(input, input.substr(middle));
    one.state_variable(input.substr(0, middle), input);
    one.state_contents(input.substr(middle), input);
    other.state("key", input.substr(middle));
    must(Stated::from_json(one.json()) == one);
    must((one == other) == differences(one, other).empty());
}
