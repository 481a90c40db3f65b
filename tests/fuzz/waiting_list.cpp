// SPDX-License-Identifier: Apache-2.0
// The list of the runs that wait in a `sigmund up`: only a line that waits and has one of the words is struck out, in its
// own place.
#include "run/waiting_list.hpp"

#include "fuzz.hpp"

using namespace sigmund;

SIGMUND_FUZZ_TARGET(waiting_list) {
    off_t last = 0;
    run::WaitingList::each_meant(input, {"web", "tag=x", ""}, [&](const std::string& name, off_t sign) {
        must(sign > last && static_cast<std::size_t>(sign) < input.size());
        const auto begin = static_cast<std::size_t>(sign - 1);
        must(input[begin] == 'w' && (begin == 0 || input[begin - 1] == '\n'));
        must(input.substr(begin + 2).starts_with(name) && name.find(' ') == name.npos);
        last = sign;
    });
}
