// SPDX-License-Identifier: Apache-2.0
#include "run/known_words.hpp"

#include <charconv>
#include <vector>

#include "run/failure.hpp"
#include "sys/signals.hpp"
#include "text/duration.hpp"
#include "text/suggest.hpp"

namespace sigmund::run {
namespace {

std::string hint_of_signal(const std::string& word) {
    std::string name;
    for (const char c : word) name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (name.starts_with("SIG")) name.erase(0, 3);
    std::vector<std::string_view> known;
    for (const sys::NamedSignal& each : sys::named_signals) known.emplace_back(each.name);
    known.insert(known.end(), {"RTMIN", "RTMAX"});
    if (const auto near = text::suggest(name, known)) return "did you mean " + *near + "?";
    return "a name as in HUP or SIGHUP, or a number from 1 to 64; sigmund nosig --list shows them";
}

std::string quoted(std::string_view word) {
    return '"' + std::string(word) + '"';
}

}  // namespace

std::string hint_of_words(std::string_view word, std::span<const std::string_view> known) {
    if (const auto near = text::suggest(word, known)) return "did you mean " + *near + "?";
    std::string out;
    for (const std::string_view each : known) out += (out.empty() ? "one of " : ", ") + std::string(each);
    return out;
}

int signal_word(const std::string& option, const std::string& word) {
    if (const auto signal = sys::parse_signal(word)) return *signal;
    const std::string complaint = quoted(word) + " is not a signal";
    if (option.empty()) throw Failure(Exit::usage, "usage", complaint, hint_of_signal(word));
    throw Failure::of_option(option, complaint, hint_of_signal(word));
}

std::int64_t duration_word(std::string_view option, std::string_view word) {
    if (const auto ms = text::parse_duration(word)) return *ms;
    throw Failure::of_option(std::string(option), quoted(word) + " is not a duration",
                             "500ms, 5s, 2m, 1h30m; a bare number is seconds");
}

long long number_word(std::string_view option, std::string_view word, long long least) {
    long long value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error == std::errc{} && end == word.data() + word.size() && value >= least) return value;
    throw Failure::of_option(std::string(option),
                             quoted(word) + " is not a number of at least " + std::to_string(least));
}

}  // namespace sigmund::run
