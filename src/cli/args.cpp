// SPDX-License-Identifier: Apache-2.0
// The only file that includes cxxopts, which reads the options of every verb. cxxopts cannot stop at the
// first positional, and reads a value in the word of its letter only if it consists of letters and digits
// (not -C/tmp). So the command is cut off before, and such a word is split in two.
#include "cli/args.hpp"

#include <algorithm>
#include <cxxopts.hpp>

#include "cli/first_words.hpp"
#include "run/failure.hpp"
#include "sys/signals.hpp"
#include "text/suggest.hpp"

namespace sigmund::cli {
namespace {

// The value that cxxopts gives to a flag that was typed without one, so that `--flag=` can be told from it.
constexpr char no_value[] = "\x01";

[[noreturn]] void usage(const Verb& verb, const std::string& message, std::string hint = {}) {
    if (hint.empty()) hint = "sigmund help " + std::string(verb.name);
    throw run::Failure(run::Exit::usage, "usage", message, hint);
}

bool is_option(std::string_view word) {
    return word.size() > 1 && word[0] == '-';
}

// The last option in a word of options, the only one that can have a value.
struct LastOption {
    const Option* option = nullptr;         // nullptr: unknown
    std::size_t value = std::string::npos;  // where its value begins in the word; npos: the word has none
    std::vector<const Option*> with_it;     // this option and the flags before it
};

LastOption last_option(std::span<const Option> options, std::string_view word) {
    LastOption last;
    if (word.starts_with("--")) {
        const auto equals = word.find('=');
        last.option = run::find_option(options, word.substr(2, equals - 2));
        if (last.option) last.with_it = {last.option};
        if (equals != std::string_view::npos) last.value = equals + 1;
        return last;
    }
    for (std::size_t at = 1; at < word.size(); ++at) {
        last.option = run::find_option(options, word[at]);
        if (!last.option) return last;
        last.with_it.push_back(last.option);
        if (last.option->value == Value::none) continue;
        if (at + 1 < word.size()) last.value = at + 1;
        return last;
    }
    return last;
}

bool takes_next_word(const LastOption& last) {
    return last.option && last.option->value == Value::required && last.value == std::string::npos;
}

// Sigmund's own words, and those after them.
struct Cut {
    std::vector<std::string> own;
    std::vector<std::string> rest;         // a command, or the words after --
    std::vector<const Option*> mentioned;  // cxxopts is given only these, since each costs 3 us
};

void mention(std::vector<const Option*>& mentioned, const std::vector<const Option*>& more) {
    for (const Option* option : more)
        if (std::find(mentioned.begin(), mentioned.end(), option) == mentioned.end())
            mentioned.push_back(option);
}

// Returns the option as this verb has it: `logs --tail N` is `logs --lines N`.
std::string own_word(const Verb& verb, const std::string& word) {
    const bool tail = word == "--tail" || word.starts_with("--tail=");
    if (!tail || run::find_option(verb.options, "tail") || !run::find_option(verb.options, "lines"))
        return word;
    return "--lines" + word.substr(6);
}

Cut cut(const Verb& verb, const std::vector<std::string>& words) {
    Cut out;
    const auto rest_from = [&](std::size_t at) {
        out.rest.assign(words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
        return out;
    };
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (word == "--") return rest_from(i + 1);
        if (!is_option(word)) {
            if (verb.takes == Takes::command) return rest_from(i);
            out.own.push_back(word);
            continue;
        }
        const std::string typed = own_word(verb, words[i]);
        const LastOption last = last_option(verb.options, typed);
        mention(out.mentioned, last.with_it);
        if (typed[1] != '-' && last.value != std::string::npos) {
            out.own.push_back(typed.substr(0, last.value));
            out.own.push_back(typed.substr(last.value));
            continue;
        }
        out.own.push_back(typed);
        if (takes_next_word(last) && i + 1 < words.size()) out.own.push_back(words[++i]);
    }
    return out;
}

// Reports `word`, which cxxopts does not know. When several letters are in one word, it is only the unknown
// letter.
[[noreturn]] void unknown(const Verb& verb, std::string word, const std::vector<std::string>& own) {
    for (const std::string& typed : own)
        if (word.size() == 2 && typed.size() > 2 && typed.starts_with(word)) word = typed;
    std::vector<std::string_view> names;
    for (const Option& option : verb.options) names.push_back(option.name);
    const auto letters = std::min(word.find_first_not_of('-'), word.size());
    const std::string bare = word.substr(letters, word.find('=') - letters);
    std::string hint = habit_of_option(verb, word.substr(0, word.find('=')));
    if (!hint.empty()) usage(verb, "unknown option " + word.substr(0, word.find('=')), hint);
    if (word.starts_with("--") || (word.size() > 3 && run::find_option(verb.options, bare)))
        if (const auto near = text::suggest(bare, names)) hint = "did you mean --" + *near + "?";
    // A number or signal as kill(1) takes it. `run` does not get here: the options of its command are not
    // read.
    const std::string_view does = verb.name;
    if (hint.empty() && (does == "kill" || does == "stop" || does == "signal") && sys::parse_signal(bare))
        hint = "sigmund signal " + bare + " TARGET sends a signal; sigmund kill TARGET ends all of the run";
    usage(verb, "unknown option " + word.substr(0, word.find('=')), hint);
}

cxxopts::Options parser_of(const std::vector<const Option*>& options) {
    cxxopts::Options parser("sigmund");
    auto add = parser.add_options();
    for (const Option* option : options) {
        const std::string letter = option->letter ? std::string(1, option->letter) + ',' : "";
        const auto value = cxxopts::value<std::string>();
        if (option->value == Value::none) value->implicit_value(no_value);
        if (option->value == Value::optional) value->implicit_value("");
        add(letter + std::string(option->name), "", value);
    }
    parser.allow_unrecognised_options();  // a positional counts as one
    return parser;
}

void read_options(Args& out, const Cut& parts) {
    const Verb& verb = *out.verb;
    std::vector<const char*> argv{"sigmund"};
    for (const std::string& word : parts.own) argv.push_back(word.c_str());
    try {
        const auto result = parser_of(parts.mentioned).parse(static_cast<int>(argv.size()), argv.data());
        for (const std::string& word : result.unmatched()) {
            if (is_option(word)) unknown(verb, word, parts.own);
            out.words.push_back(word);
        }
        for (const auto& pair : result.arguments()) {  // in the order given
            const Option& option = *run::find_option(verb.options, pair.key());
            const bool flag = option.value == Value::none;
            if (flag && pair.value() != no_value) usage(verb, "--" + pair.key() + " does not take a value");
            std::vector<std::string> values = out.all(pair.key());
            values.push_back(flag ? "" : pair.value());
            out.set(pair.key(), std::move(values));
        }
    } catch (const cxxopts::exceptions::missing_argument&) {
        const LastOption last = last_option(verb.options, parts.own.back());
        usage(verb,
              "--" + std::string(last.option->name) + " needs a value: " + std::string(last.option->metavar));
    } catch (const cxxopts::exceptions::exception& error) {
        usage(verb, error.what());
    }
}

}  // namespace

const Args::Entry* Args::find(std::string_view option) const {
    for (const Entry& entry : entries_)
        if (entry.option->name == option) return &entry;
    return nullptr;
}

bool Args::has(std::string_view option) const {
    const Entry* entry = find(option);
    return entry && !entry->values.empty();
}

std::optional<std::string> Args::value(std::string_view option) const {
    return has(option) ? std::optional(find(option)->values.back()) : std::nullopt;
}

std::vector<std::string> Args::all(std::string_view option) const {
    const Entry* entry = find(option);
    return entry ? entry->values : std::vector<std::string>{};
}

bool Args::settled(std::string_view option) const {
    return find(option) != nullptr;
}

void Args::set(std::string_view option, std::vector<std::string> values, std::string origin) {
    std::erase_if(entries_, [&](const Entry& entry) { return entry.option->name == option; });
    entries_.push_back({run::find_option(verb->options, option), std::move(values), std::move(origin)});
}

std::string Args::origin(std::string_view option) const {
    const Entry* entry = find(option);
    return entry ? entry->origin : "";
}

std::vector<run::GivenOption> Args::given() const {
    std::vector<run::GivenOption> out;
    for (const Entry& entry : entries_)
        if (!entry.values.empty()) out.push_back({entry.option, entry.values});
    return out;
}

Args parse_args(const Verb& verb, const std::vector<std::string>& words) {
    Cut parts = cut(verb, words);
    Args out;
    out.verb = &verb;
    if (!parts.own.empty()) read_options(out, parts);
    if (verb.takes == Takes::command || verb.command_behind)
        out.command = std::move(parts.rest);
    else
        out.words.insert(out.words.end(), parts.rest.begin(), parts.rest.end());
    return out;
}

bool asks_for_json(const std::vector<std::string>& words) {
    const Verb* named = words.empty() ? nullptr : find_verb(words[0]);
    const Verb& verb = named ? *named : launch_verb();
    for (std::size_t i = named ? 1 : 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (word == "--" || (verb.takes == Takes::command && !is_option(word))) return false;
        if (word == "--json" || word.starts_with("--json=") || word == "--jsonl") return true;
        if (is_option(word) && takes_next_word(last_option(verb.options, word))) ++i;
    }
    return false;
}

}  // namespace sigmund::cli
