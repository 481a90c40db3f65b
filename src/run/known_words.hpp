// SPDX-License-Identifier: Apache-2.0
// Readers for the kinds of option values that several commands take. A wrong value is refused with a hint:
// the nearest known word if the value may be a typing error, otherwise the way to find all words.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sigmund::run {

// Returns "did you mean X?" or "one of A, B, C".
std::string hint_of_words(std::string_view word, std::span<const std::string_view> known);

// These functions throw Failure (usage), which names the option. `option` may be empty for a signal, which
// then is a word of its own on the command line. A number must be at least `least`.
int signal_word(const std::string& option, const std::string& word);
std::int64_t duration_word(std::string_view option, std::string_view word);  // milliseconds
long long number_word(std::string_view option, std::string_view word, long long least);

}  // namespace sigmund::run
