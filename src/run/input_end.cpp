// SPDX-License-Identifier: Apache-2.0
#include "run/input_end.hpp"

#include <algorithm>
#include <string_view>

#include "run/spec.hpp"

namespace sigmund::run {
namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Finds the words in "--watch", "npm run dev" and "watch:css", and not those in "/dev/null" and "device".
bool says_so(std::string_view text) {
    for (const std::string_view word : {"watch", "watcher", "dev"})
        for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
            const auto end = at + word.size();
            const bool begins = at == 0 || (!is_letter(text[at - 1]) && text[at - 1] != '/');
            if (begins && (end == text.size() || (!is_letter(text[end]) && text[end] != '/'))) return true;
        }
    return false;
}

}  // namespace

bool may_have_ended_with_its_input(const Record& record) {
    if (!record.status.known || !record.status.success()) return false;
    if (!record.ended_by.empty() && record.ended_by != EndedBy::itself) return false;
    const Spec spec = read_spec(record);
    if (!spec.stdin_path.empty() || !spec.tty.empty()) return false;
    return says_so(record.name) || std::any_of(record.argv.begin(), record.argv.end(), says_so);
}

}  // namespace sigmund::run
