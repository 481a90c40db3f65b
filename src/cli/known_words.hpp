// SPDX-License-Identifier: Apache-2.0
// Words that must be one of a known set: signals, states, orders. An unknown one gets a hint that is true:
// the nearest word, if it may be a typing error, else how to find them all.
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace sigmund::cli {

// "did you mean X?", or "one of A, B, C".
std::string hint_of_words(std::string_view word, std::span<const std::string_view> known);

// The signal's number. Throws run::Failure (usage); `where` is the option, or empty.
int signal_word(const std::string& where, const std::string& word);

}  // namespace sigmund::cli
