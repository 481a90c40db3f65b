// SPDX-License-Identifier: Apache-2.0
// Requests at a guardian's socket. A request that was read can be written, and is then read as the same.
#include "fuzz.hpp"
#include "run/protocol.hpp"

using namespace sigmund::run;

SIGMUND_FUZZ_TARGET(request) {
    const Request request = parse_request(input);
    must(request.signal >= 0 && request.signal <= 64);
    must(request.grace >= -1);
    must(request.value.find(' ') == std::string::npos);
    if (request.kind == Request::Kind::unknown) return;
    // A newline that was inside a word may now be at the end, where it is removed.
    const auto ends_line = [](const std::string& word) {
        return word.find_first_of({"\n\0", 2}) != word.npos;
    };
    if (!ends_line(request.value) && !ends_line(request.owner) && !ends_line(request.reason.str()))
        must(parse_request(format(request)) == request);
}
