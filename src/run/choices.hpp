// SPDX-License-Identifier: Apache-2.0
// The values that an option or a positional takes, as data. The tables of options carry it, and the
// completion offers these values. It describes values for people who type; it does not check them.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

namespace sigmund::run {

// A word that can be typed, and a short description of it. A word that ends in `:` or `=` is the beginning of
// a value: no blank follows it.
struct Choice {
    std::string_view word;
    std::string_view help = {};
};

enum class Kind : std::uint8_t {
    text,   // any text, for which nothing can be offered (a regular expression, a pattern, a mask)
    words,  // one of Choices::words
    number,
    duration,  // as in 5s
    size,      // as in 10M
    file,
    folder,
    command,           // the name of a program
    signal,            // a signal's name, with or without SIG
    variable,          // the name of an environment variable
    assignment,        // NAME=VALUE of an environment variable
    rlimit,            // NAME=SOFT[:HARD] of a resource limit
    column,            // a column of the porcelain lines
    name,              // the name of a run
    tag,               // a tag of a run
    template_name,     // a template of the configuration
    up_target,         // the same, or a group of templates
    down_target,       // the same, or a template from which a live run of this project was started
    shell_session,     // the id of a shell session
    live_target,       // a target among the runs that live,
    finished_target,   // among those that are over,
    adoptable_target,  // among those that live and that no open shell owns,
    any_target,        // among all
    port_target,       // among those that live and were given a port
    terminal_target,   // among those that live and have a terminal of their own
    input_target,      // the same, or whose input is open
    verb,
};

struct Choices {
    Kind kind;
    std::span<const Choice> words;  // Kind::words only
    bool list;                      // several values, separated by commas

    // In most rows a kind alone is enough.
    constexpr Choices(Kind kind = Kind::text, std::span<const Choice> words = {}, bool list = false)
        : kind(kind), words(words), list(list) {}
    // Returns the same values, several of them separated by commas.
    constexpr Choices separated_by_commas() const { return {kind, words, true}; }
};

// Returns a choice of these words. The array must live as long as the table that refers to it.
constexpr Choices one_of(std::span<const Choice> words) {
    return {Kind::words, words, false};
}

}  // namespace sigmund::run
