// SPDX-License-Identifier: Apache-2.0
// The only includer of cxxopts. It cannot stop at the first positional, so argv is cut first and it gets only
// sigmund's own words; these were checked against the table, so that errors are worded here.
#include "cli/args.hpp"

#define CXXOPTS_VECTOR_DELIMITER '\0'  // a value may hold commas
#include <cxxopts.hpp>
#include <set>

#include "run/failure.hpp"
#include "sys/signals.hpp"
#include "text/suggest.hpp"

namespace sigmund::cli {
namespace {

[[noreturn]] void usage(const Verb& verb, const std::string& message, std::string hint = {}) {
    if (hint.empty()) hint = "sigmund help " + std::string(verb.name);
    throw run::Failure(run::Exit::usage, "usage", message, hint);
}

const Option* by_name(const Verb& verb, std::string_view name) {
    for (const Option& option : verb.options)
        if (option.name == name) return &option;
    return nullptr;
}

const Option* by_letter(const Verb& verb, char letter) {
    for (const Option& option : verb.options)
        if (option.letter == letter && letter != 0) return &option;
    return nullptr;
}

[[noreturn]] void unknown(const Verb& verb, const std::string& word) {
    std::vector<std::string_view> names;
    for (const Option& option : verb.options) names.push_back(option.name);
    const std::string bare =
        word.substr(word.find_first_not_of('-'), word.find('=') - word.find_first_not_of('-'));
    std::string hint;
    const std::string_view does = verb.name;
    if (word.starts_with("--") || (word.size() > 3 && by_name(verb, bare)))
        if (const auto near = text::suggest(bare, names)) hint = "did you mean --" + *near + "?";
    // As kill(1) has it. A command's options are not looked at, so a launch has none of these.
    if (hint.empty() && (does == "kill" || does == "stop" || does == "signal") && sys::parse_signal(bare))
        hint = "sigmund signal " + bare + " TARGET sends a signal; sigmund kill TARGET ends all of the run";
    usage(verb, "unknown option " + word.substr(0, word.find('=')), hint);
}

// How many of sigmund's own words there are, checked one by one. A launch is cut at its first positional.
struct Cut {
    std::vector<std::string> own;
    std::vector<std::string> rest;  // behind --, or a launch's command
    std::set<const Option*> used;   // cxxopts is told of these only: fifty more cost a start 150 us
};

Cut cut(const Verb& verb, const std::vector<std::string>& words) {
    Cut out;
    const bool launch = verb.takes == Takes::command;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (word == "--") {
            out.rest.assign(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
            break;
        }
        if (word.size() < 2 || word[0] != '-') {
            if (launch) {
                out.rest.assign(words.begin() + static_cast<std::ptrdiff_t>(i), words.end());
                break;
            }
            out.own.push_back(word);
            continue;
        }
        const Option* needs_value = nullptr;
        if (word[1] == '-') {
            const auto equals = word.find('=');
            const Option* option = by_name(verb, std::string_view(word).substr(2, equals - 2));
            if (!option) unknown(verb, word);
            if (equals != std::string::npos && option->value == Value::none)
                usage(verb, "--" + std::string(option->name) + " takes no value");
            out.used.insert(option);
            if (equals == std::string::npos && option->value == Value::required) needs_value = option;
        } else {
            for (std::size_t at = 1; at < word.size(); ++at) {
                const Option* option = by_letter(verb, word[at]);
                if (!option) unknown(verb, at == 1 ? word : "-" + word.substr(at, 1));
                out.used.insert(option);
                if (option->value == Value::none) continue;
                if (at + 1 == word.size()) needs_value = option;
                break;  // the rest of the word is its value
            }
        }
        out.own.push_back(word);
        if (!needs_value) continue;
        if (i + 1 == words.size())
            usage(verb, "--" + std::string(needs_value->name) +
                            " needs a value: " + std::string(needs_value->metavar));
        // Joined, so that a value with a leading dash stays a value.
        out.own.back() = "--" + std::string(needs_value->name) + '=' + words[++i];
        if (word[1] != '-' && word.size() > 2)
            out.own.insert(out.own.end() - 1, word.substr(0, word.size() - 1));
    }
    return out;
}

}  // namespace

std::optional<std::string> Args::value(std::string_view name) const {
    const auto found = values.find(name);
    if (found == values.end()) return std::nullopt;
    return found->second.back();
}

std::vector<std::string> Args::all(std::string_view name) const {
    const auto found = values.find(name);
    return found == values.end() ? std::vector<std::string>{} : found->second;
}

Args parse_args(const Verb& verb, const std::vector<std::string>& words) {
    Cut parts = cut(verb, words);
    Args out;
    out.verb = &verb;
    if (verb.takes == Takes::command || verb.command_behind)
        out.command = std::move(parts.rest);
    else
        out.words = std::move(parts.rest);
    if (parts.own.empty()) return out;

    cxxopts::Options parser("sigmund");
    auto add = parser.add_options();
    for (const Option* option : parts.used) {
        std::string names(option->name);
        if (option->letter) names = std::string(1, option->letter) + ',' + names;
        if (option->value == Value::none)
            add(names, "");
        else if (option->value == Value::optional)
            add(names, "", cxxopts::value<std::vector<std::string>>()->implicit_value(""));
        else
            add(names, "", cxxopts::value<std::vector<std::string>>());
    }
    std::vector<const char*> argv{"sigmund"};
    for (const std::string& word : parts.own) argv.push_back(word.c_str());
    parser.allow_unrecognised_options();
    try {
        const auto result = parser.parse(static_cast<int>(argv.size()), argv.data());
        // In the order given, so that a later one wins.
        for (const auto& pair : result.arguments()) {
            auto& list = out.values[pair.key()];
            const Option* option = by_name(verb, pair.key());
            list.push_back(option && option->value == Value::none ? "" : pair.value());
        }
        std::vector<std::string> positionals = result.unmatched();
        out.words.insert(out.words.begin(), positionals.begin(), positionals.end());
    } catch (const cxxopts::exceptions::exception& error) {
        usage(verb, error.what());
    }
    return out;
}

}  // namespace sigmund::cli
