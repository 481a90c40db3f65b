// SPDX-License-Identifier: Apache-2.0
#include "cli/known_words.hpp"

#include <vector>

#include "run/failure.hpp"
#include "sys/signals.hpp"
#include "text/suggest.hpp"

namespace sigmund::cli {
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

}  // namespace

std::string hint_of_words(std::string_view word, std::span<const std::string_view> known) {
    if (const auto near = text::suggest(word, known)) return "did you mean " + *near + "?";
    std::string out;
    for (const std::string_view each : known) out += (out.empty() ? "one of " : ", ") + std::string(each);
    return out;
}

int signal_word(const std::string& where, const std::string& word) {
    if (const auto signal = sys::parse_signal(word)) return *signal;
    throw run::Failure(run::Exit::usage, "usage",
                       (where.empty() ? "" : "--" + where + ": ") + '"' + word + "\" is not a signal",
                       hint_of_signal(word));
}

}  // namespace sigmund::cli
