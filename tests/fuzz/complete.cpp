// SPDX-License-Identifier: Apache-2.0
// A command line, its words separated by newlines, completed at each of its words.
#include "cli/complete.hpp"

#include <algorithm>

#include "../unit/cli/fake_source.hpp"
#include "cli/complete_porcelain.hpp"
#include "fuzz.hpp"
#include "text/quote.hpp"

using namespace sigmund;

namespace {

std::vector<std::string> words_of(std::string_view input) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at <= input.size();) {
        const auto end = std::min(input.find('\n', at), input.size());
        out.emplace_back(input.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

void check_lines(const std::string& lines) {
    std::size_t fields = 1;
    for (const char c : lines) {
        must(c == '\t' || c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
        if (c == '\t') ++fields;
        if (c != '\n') continue;
        must(fields == 5);
        fields = 1;
    }
    must(lines.empty() || lines.back() == '\n');
}

bool offers(const std::vector<cli::Candidate>& candidates, const std::string& word) {
    return std::any_of(candidates.begin(), candidates.end(),
                       [&](const cli::Candidate& each) { return each.word == word; });
}

}  // namespace

SIGMUND_FUZZ_TARGET(complete) {
    const cli::FakeSource source;
    std::vector<std::string> words = words_of(input.substr(0, 2048));
    if (words.size() > 16) words.resize(16);
    for (std::size_t at = 0; at <= words.size(); ++at) {
        const auto candidates = cli::complete(words, at, source);
        check_lines(cli::porcelain_candidates(candidates));
        for (const cli::Candidate& each : candidates)
            must(each.offer != cli::Offer::command_at || (each.at > 0 && each.at <= at));
        // A word that was offered is offered again after it has been typed.
        if (candidates.empty() || candidates[0].offer != cli::Offer::word) continue;
        std::vector<std::string> chosen(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(at));
        chosen.push_back(text::quote(candidates[0].word));
        must(offers(cli::complete(chosen, at, source), candidates[0].word));
    }
}
