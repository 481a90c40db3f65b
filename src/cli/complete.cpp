// SPDX-License-Identifier: Apache-2.0
#include "cli/complete.hpp"

#include <algorithm>
#include <cstdlib>

#include "cli/complete_line.hpp"
#include "cli/complete_values.hpp"
#include "text/unquote.hpp"

namespace sigmund::cli {
namespace {

// Returns the text that a person reads where nothing can be offered: the name of the value, and what the
// option does.
std::string expectation_of(const Option& option) {
    return option.metavar.empty() ? std::string(option.help)
                                  : std::string(option.metavar) + ": " + std::string(option.help);
}

Partial value_of(const Option& option, std::string kept, std::string value, std::size_t at) {
    return {std::move(kept), std::move(value), at, expectation_of(option)};
}

std::vector<Candidate> long_options(const Line& line) {
    std::vector<Candidate> out;
    for (const Option& option : line.grammar.options)
        if (option.repeatable || !line.present.options.contains(option.name))
            out.push_back({Offer::word, "--" + std::string(option.name), std::string(option.help), "option"});
    return out;
}

std::vector<Candidate> behind_equals(const Line& line, const std::string& word, std::size_t equals,
                                     std::size_t at, const Source& source) {
    const Option* option = line.grammar.by_name(std::string_view(word).substr(2, equals - 2));
    if (!option || option->value == Value::none) return {};
    return value_candidates(
        option->choices, value_of(*option, word.substr(0, equals + 1), word.substr(equals + 1), at), source);
}

// Completes letters that are written together: the value of the last one, if one has begun; else the word as
// it is, and the word with each flag that may follow.
std::vector<Candidate> cluster(const Line& line, const std::string& word, std::size_t at,
                               const Source& source) {
    const Option* last = nullptr;
    for (std::size_t i = 1; i < word.size(); ++i) {
        last = line.grammar.by_letter(word[i]);
        if (!last) return {};
        if (last->value != Value::none && i + 1 < word.size())
            return value_candidates(last->choices,
                                    value_of(*last, word.substr(0, i + 1), word.substr(i + 1), at), source);
    }
    if (!last) return {};
    std::vector<Candidate> out{{Offer::word, word, std::string(last->help), "option"}};
    if (last->value != Value::none) return out;
    for (const Option& option : line.grammar.options)
        if (option.letter != 0 && word.find(option.letter) == std::string::npos &&
            !line.present.options.contains(option.name))
            out.push_back({Offer::word, word + option.letter, std::string(option.help), "option"});
    return out;
}

std::vector<Candidate> options(const Line& line, const std::string& word, std::size_t at,
                               const Source& source) {
    if (word.size() > 1 && word[1] != '-') return cluster(line, word, at, source);
    const auto equals = word.find('=');
    return equals == std::string::npos ? long_options(line) : behind_equals(line, word, equals, at, source);
}

std::vector<Candidate> positionals(const Line& line, const std::string& word, std::size_t at,
                                   const Source& source) {
    if (line.first) {
        std::vector<Candidate> out = verb_candidates();
        if (!word.empty()) out.push_back({Offer::command_at, "", "", "command", "", at});
        return out;
    }
    if (line.grammar.command) return {{Offer::command_at, "", "", "command", "", at}};
    if (line.grammar.places.empty()) return {};
    const std::size_t place = std::min(line.place, line.grammar.places.size() - 1);
    run::Choices choices = line.grammar.places[place];
    // With --force a run of another open shell can be adopted, too.
    if (choices.kind == run::Kind::adoptable_target && line.present.options.contains("force"))
        choices.kind = run::Kind::live_target;
    return value_candidates(choices, {"", word, at, ""}, source);
}

std::vector<Candidate> all_candidates(const Line& line, const std::string& word, std::size_t at,
                                      const Source& source) {
    if (line.redirected) return {{Offer::file, "", "", "file"}};
    if (line.command_at) return {{Offer::command_at, "", "", "command", "", *line.command_at}};
    if (line.open) return value_candidates(line.open->choices, value_of(*line.open, "", word, at), source);
    if (!line.options_over && word.starts_with('-')) return options(line, word, at, source);
    std::vector<Candidate> out = positionals(line, word, at, source);
    const std::vector<std::string>& present = line.present.positionals;
    std::erase_if(out, [&](const Candidate& each) {
        return std::find(present.begin(), present.end(), each.word) != present.end();
    });
    return out;
}

bool is_word(const Candidate& candidate) {
    return candidate.offer == Offer::word || candidate.offer == Offer::nospace;
}

// Returns whether a candidate begins with what was typed. The case of signals does not matter.
bool begins(const Candidate& candidate, std::string_view typed) {
    if (candidate.group != "signal") return candidate.word.starts_with(typed);
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return candidate.word.size() >= typed.size() &&
           std::equal(typed.begin(), typed.end(), candidate.word.begin(),
                      [&](char a, char b) { return lower(a) == lower(b); });
}

// Removes the candidates that do not begin with what was typed, unless that would remove all of them.
void keep_matching(std::vector<Candidate>& candidates, std::string_view typed) {
    const auto fits = [&](const Candidate& each) { return is_word(each) && begins(each, typed); };
    if (std::none_of(candidates.begin(), candidates.end(), fits)) return;
    std::erase_if(candidates, [&](const Candidate& each) { return is_word(each) && !fits(each); });
}

}  // namespace

namespace {

// A line as it was typed, and without its quotes. The word at `at` exists.
struct Words {
    Words(std::span<const std::string> typed, std::size_t at) : raw(typed.begin(), typed.end()) {
        if (at == raw.size()) raw.emplace_back();
        plain.reserve(raw.size());
        for (const std::string& word : raw) plain.push_back(text::unquote(word));
    }
    std::vector<std::string> raw, plain;
};

}  // namespace

std::string project_on_line(std::span<const std::string> typed, std::size_t at) {
    if (at == 0 || at > typed.size()) return {};
    const Words words(typed, at);
    std::string folder = read_line(words.plain, words.raw, at).present.project;
    const char* home = std::getenv("HOME");
    if (home && (folder == "~" || folder.starts_with("~/"))) folder.replace(0, 1, home);
    return folder;
}

std::vector<Candidate> complete(std::span<const std::string> typed, std::size_t at, const Source& source) {
    if (at == 0 || at > typed.size()) return {};
    const Words words(typed, at);
    const Line line = read_line(words.plain, words.raw, at);
    std::vector<Candidate> out = all_candidates(line, words.plain[at], at, source);
    keep_matching(out, words.plain[at]);
    return out;
}

}  // namespace sigmund::cli
