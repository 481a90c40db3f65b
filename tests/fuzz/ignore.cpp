// SPDX-License-Identifier: Apache-2.0
// A .gitignore file and a path, divided by a NUL byte. Any rules give an answer soon.
#include "text/ignore.hpp"

#include "fuzz.hpp"

using namespace sigmund;

SIGMUND_FUZZ_TARGET(ignore) {
    const auto cut = std::min(input.find('\0'), input.size());
    const std::string_view path = input.substr(std::min(cut + 1, input.size()));
    const text::IgnoreRules rules(input.substr(0, cut));
    using Answer = text::IgnoreRules::Answer;
    const Answer as_file = rules.ask(path, false), as_folder = rules.ask(path, true);
    if (rules.empty()) must(as_file == Answer::nothing && as_folder == Answer::nothing);
    must(text::glob_match(text::escape_glob(path), path));
    if (!text::is_glob(input)) must(text::glob_match(input, input));
}
