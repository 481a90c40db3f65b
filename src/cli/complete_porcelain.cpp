// SPDX-License-Identifier: Apache-2.0
#include "cli/complete_porcelain.hpp"

#include "text/escape.hpp"

namespace sigmund::cli {
namespace {

constexpr std::size_t description_columns = 160;  // wider than most terminals, which cut it again
// A character takes at most 4 bytes, so no more of a command is read, however long it is.
constexpr std::size_t description_bytes = 4 * description_columns;

std::string kind_of(const Candidate& candidate) {
    switch (candidate.offer) {
        case Offer::word:
            return "word";
        case Offer::nospace:
            return "nospace";
        case Offer::file:
            return "file";
        case Offer::folder:
            return "folder";
        case Offer::command_at:
            return "command-at-" + std::to_string(candidate.at);
        case Offer::none:
            break;
    }
    return "none";
}

std::string shown(std::string_view text) {
    std::string out;
    text::append_for_display(out, text);
    return out;
}

// Returns whether nothing in the word needs to be escaped, for a program or for a terminal.
bool is_plain(const std::string& word) {
    return text::escape(word) == word && shown(word) == word;
}

void append_field(std::string& out, std::string_view text) {
    out += '\t';
    out += text.empty() ? "-" : text;
}

}  // namespace

std::string porcelain_candidates(std::span<const Candidate> candidates) {
    std::string out;
    for (const Candidate& each : candidates) {
        if (!is_plain(each.word)) continue;
        out += kind_of(each);
        append_field(out, each.word);
        const std::string_view description = std::string_view(each.description).substr(0, description_bytes);
        append_field(out, text::truncate(shown(description), description_columns));
        append_field(out, each.state);
        append_field(out, each.group);
        out += '\n';
    }
    return out;
}

}  // namespace sigmund::cli
