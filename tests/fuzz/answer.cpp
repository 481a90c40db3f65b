// SPDX-License-Identifier: Apache-2.0
// Lines of a guardian's answers. A line that was read can be written, and is then read as the same.
#include "fuzz.hpp"
#include "run/protocol.hpp"

using namespace sigmund::run;

SIGMUND_FUZZ_TARGET(answer) {
    const Answer answer = parse_answer(input);
    for (const pid_t pid : answer.pids) must(pid > 0);
    if (answer.kind == Answer::Kind::hello) must(answer.number > 0);
    must(answer.signal >= 0 && answer.signal <= 64);
    if (answer.kind == Answer::Kind::other || input.size() > changes_limit / 8) return;
    must(parse_answer(format(answer)) == answer);
}
