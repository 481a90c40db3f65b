// SPDX-License-Identifier: Apache-2.0
// What a terminal gets of a log: nothing but text, some control characters, SGR and the erasing of a line, in
// whatever pieces the log comes, and the same when it is sanitized once more.
#include "fuzz.hpp"
#include "text/escape.hpp"
#include "text/terminal_sanitizer.hpp"

using namespace sigmund::text;

namespace {

std::string sanitized(std::string_view bytes, std::size_t piece) {
    TerminalSanitizer sanitizer;
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += piece) sanitizer.feed(bytes.substr(at, piece), out);
    sanitizer.finish(out);
    return out;
}

// Returns the length of a harmless sequence that follows ESC; 0: it is none.
std::size_t harmless(std::string_view rest) {
    if (!rest.starts_with('[')) return 0;
    const std::size_t end = rest.find_first_not_of("0123456789;:", 1);
    if (end == rest.npos) return 0;
    return rest[end] == 'm' || (rest[end] == 'K' && end <= 2) ? end + 1 : 0;
}

}  // namespace

SIGMUND_FUZZ_TARGET(sanitizer) {
    const std::string out = sanitized(input, input.size() + 1);
    for (const std::size_t piece : {1, 2, 7}) must(sanitized(input, piece) == out);
    must(valid_utf8(out));
    for (std::size_t at = 0; at < out.size(); ++at) {
        const auto c = static_cast<unsigned char>(out[at]);
        if (c == 0x1b) {
            const std::size_t length = harmless(std::string_view(out).substr(at + 1));
            must(length > 0);
            at += length;
            continue;
        }
        must(c >= 0x20 || c == '\t' || c == '\n' || c == '\r' || c == '\b');
        must(c != 0x7f);
        if (c == 0xc2) must(static_cast<unsigned char>(out[at + 1]) >= 0xa0);  // C1
    }
    must(sanitized(out, 5) == out);
}
