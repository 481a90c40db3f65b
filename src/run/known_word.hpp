// SPDX-License-Identifier: Apache-2.0
// A word of a fixed vocabulary that later versions may extend. A word that this version does not know keeps
// its text, so that a record is rewritten, and an answer is printed, as it was read.
#pragma once
#include <string>
#include <string_view>

#include "text/named.hpp"

namespace sigmund::run {

// `Table` is an array of text::Named<Kind>. `Kind` has two values without a row: `none` for no word, and
// `other` for a word of another version.
template <typename Kind, const auto& Table>
class KnownWord {
  public:
    KnownWord() = default;
    KnownWord(Kind kind) : kind_(kind) {}
    explicit KnownWord(std::string_view word) {
        if (word.empty()) return;
        kind_ = text::find_word(Table, word).value_or(Kind::other);
        if (kind_ == Kind::other) other_ = word;
    }

    Kind kind() const { return kind_; }
    bool empty() const { return kind_ == Kind::none; }
    std::string str() const {
        return kind_ == Kind::other ? other_ : std::string(text::word_of(Table, kind_));
    }
    bool operator==(const KnownWord&) const = default;
    bool operator==(Kind kind) const { return kind_ == kind; }

  private:
    Kind kind_ = Kind::none;
    std::string other_;
};

}  // namespace sigmund::run
