// SPDX-License-Identifier: Apache-2.0
#include "cli/complete_line.hpp"

#include <algorithm>

namespace sigmund::cli {
namespace {

// The metavar of a companion tool's option says what its value is; these tools know nothing of run/.
run::Choices choices_of(const kin::ToolOption& option) {
    const std::string_view value = option.value ? option.value : "";
    if (value == "SIG") return {run::Kind::signal};
    if (value == "PATH") return {run::Kind::file};
    return {};
}

std::vector<run::Choices> places_of(const Verb& verb) {
    if (!verb.places.empty()) return {verb.places.begin(), verb.places.end()};
    switch (verb.takes) {
        case Takes::live:
            return {{run::Kind::live_target}};
        case Takes::finished:
            return {{run::Kind::finished_target}};
        case Takes::adoptable:
            return {{run::Kind::adoptable_target}};
        case Takes::any_run:
            return {{run::Kind::any_target}};
        case Takes::nothing:
        case Takes::command:
            break;
    }
    return {};
}

// Returns whether this is an operator such as `>`, `2>>` or `&>`, typed without quotes.
bool is_redirection(std::string_view typed) {
    return typed.find_first_of("<>") != std::string_view::npos &&
           typed.find_first_not_of("0123456789<>&|") == std::string_view::npos;
}

bool is_option(std::string_view word) {
    return word.size() > 1 && word[0] == '-';
}

// Notes the options in a word. Returns the one whose value is the next word.
std::optional<Option> note_options(const Grammar& grammar, std::string_view word,
                                   std::set<std::string, std::less<>>& used) {
    const auto needs_next = [](const Option* option) {
        return option && option->value == Value::required ? std::optional(*option) : std::nullopt;
    };
    if (word.starts_with("--")) {
        const auto equals = word.find('=');
        const Option* option = grammar.by_name(word.substr(2, equals - 2));
        if (option) used.emplace(option->name);
        return equals == std::string_view::npos ? needs_next(option) : std::nullopt;
    }
    for (std::size_t i = 1; i < word.size(); ++i) {
        const Option* option = grammar.by_letter(word[i]);
        if (!option) continue;
        used.emplace(option->name);
        // The rest of the word is the value of an option that takes one.
        if (option->value != Value::none) return i + 1 == word.size() ? needs_next(option) : std::nullopt;
    }
    return std::nullopt;
}

std::string_view base_name(std::string_view path) {
    return path.substr(path.find_last_of('/') + 1);  // npos + 1 is 0
}

// Finds the verb or the companion tool of the line. Returns the number of the first word after it.
std::size_t read_verb(std::span<const std::string> plain, std::size_t at, Line& line) {
    if (const kin::Tool* tool = at > 0 ? kin::find_tool(base_name(plain[0])) : nullptr) {
        line.grammar = grammar_of(*tool);
        return 1;
    }
    if (at > 1) {
        if (const kin::Tool* tool = kin::find_tool(plain[1])) {
            line.grammar = grammar_of(*tool);
            return 2;
        }
        if (plain[1] == "help") {
            line.grammar = grammar_of_help();
            return 2;
        }
        if (const Verb* verb = find_verb(plain[1])) {
            line.grammar = grammar_of(*verb);
            return 2;
        }
    }
    line.grammar = grammar_of(launch_verb());
    line.first = at == 1;
    return 1;
}

// Reads the words from `from` on, until a command line begins.
void read_words(std::span<const std::string> plain, std::span<const std::string> typed, std::size_t from,
                Line& line) {
    for (std::size_t i = from; i < plain.size() && !line.command_at; ++i) {
        const std::string& word = plain[i];
        if (is_redirection(typed[i])) {
            line.redirected = ++i == plain.size();
        } else if (line.open) {
            if (line.open->name == "project") line.present.project = word;
            line.open.reset();
        } else if (!line.options_over && word == "--") {
            line.options_over = true;
            if (line.grammar.command || line.grammar.command_behind) line.command_at = i + 1;
        } else if (!line.options_over && is_option(word)) {
            line.open = note_options(line.grammar, word, line.present.options);
            constexpr std::string_view project = "--project=";
            if (word.starts_with(project) && line.grammar.by_name("project"))
                line.present.project = word.substr(project.size());
        } else if (line.grammar.command) {
            line.command_at = i;
        } else {
            line.present.positionals.push_back(word);
        }
    }
}

// What of the line is present with the words behind the cursor, in front of which one word is still being typed.
Present read_behind(std::span<const std::string> plain, std::span<const std::string> typed, std::size_t at,
                    Line line) {
    const bool begins_command =
        line.grammar.command && !line.open && !line.redirected && !is_option(plain[at]) && !plain[at].empty();
    line.open.reset();
    if (!begins_command) read_words(plain, typed, at + 1, line);
    return line.present;
}

}  // namespace

const Option* Grammar::by_name(std::string_view name) const {
    const auto found =
        std::find_if(options.begin(), options.end(), [&](const Option& o) { return o.name == name; });
    return found == options.end() ? nullptr : &*found;
}

const Option* Grammar::by_letter(char letter) const {
    const auto found = std::find_if(options.begin(), options.end(),
                                    [&](const Option& o) { return o.letter != 0 && o.letter == letter; });
    return found == options.end() ? nullptr : &*found;
}

Grammar grammar_of(const Verb& verb) {
    Grammar out;
    out.options.assign(verb.options.begin(), verb.options.end());
    out.places = places_of(verb);
    out.command = verb.takes == Takes::command;
    out.command_behind = verb.command_behind;
    out.stages = verb.name == "pipe";
    return out;
}

Grammar grammar_of(const kin::Tool& tool) {
    Grammar out;
    for (const kin::ToolOption& option : tool.options)
        out.options.push_back({option.name, option.letter, option.value ? Value::required : Value::none,
                               option.value ? option.value : "", option.help, option.value != nullptr,
                               choices_of(option)});
    out.command = tool.takes == "command";
    if (tool.takes == "file") out.places = {{run::Kind::file}};
    return out;
}

Grammar grammar_of_help() {
    Grammar out;
    out.places = {{run::Kind::verb}, {}};
    return out;
}

Line read_line(std::span<const std::string> plain, std::span<const std::string> typed, std::size_t at) {
    Line line;
    read_words(plain.first(at), typed, read_verb(plain, at, line), line);
    line.place = line.present.positionals.size();
    if (line.command_at && line.grammar.stages)
        for (std::size_t i = *line.command_at; i < at; ++i)
            if (plain[i] == "|") line.command_at = i + 1;
    // Behind a verb that is still being typed nothing is known of the words.
    const bool is_known = !line.command_at && (!line.first || is_option(plain[at]));
    if (is_known) line.present = read_behind(plain, typed, at, line);
    return line;
}

}  // namespace sigmund::cli
