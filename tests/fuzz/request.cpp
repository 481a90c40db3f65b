// SPDX-License-Identifier: Apache-2.0
// Requests at a guardian's socket.
#include "fuzz.hpp"
#include "guard/control.hpp"

using namespace sigmund::guard;

SIGMUND_FUZZ_TARGET(request) {
    const Request request = parse_request(input);
    using Kind = Request::Kind;
    if (request.kind == Kind::stop || request.kind == Kind::signal)
        must(request.signal >= 0 && request.signal <= 64);
    if (request.kind == Kind::stop || request.kind == Kind::restart) must(request.grace >= -1);
    if (request.kind == Kind::signal)
        must(request.word == "leader" || request.word == "group" || request.word == "every");
    if (request.kind == Kind::wait)
        must(request.word == "leader" || request.word == "gone" || request.word == "ready");
    must(request.word.find(' ') == std::string::npos);
}
