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
    must(!sigmund::text::word_of(sigmund::run::reach_words, request.reach).empty());
    must(!sigmund::text::word_of(sigmund::run::until_words, request.until).empty());
    must(request.word.find(' ') == std::string::npos);
}
