// SPDX-License-Identifier: Apache-2.0
// This file implements the patterns of a .gitignore file, by the rules of gitignore(5), and their globs.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::text {

// Returns whether the glob matches the whole text. `*`, `?` and `[...]` match no slash; two asterisks that
// are a whole component match any number of components; a backslash makes the next character literal. The
// time is bounded by the product of the two lengths, whatever the pattern is.
bool glob_match(std::string_view glob, std::string_view text);

// Returns whether the text has a character that glob_match() does not take literally.
bool is_glob(std::string_view text);

// Returns a glob that matches exactly this text.
std::string escape_glob(std::string_view text);

class IgnoreRules {
  public:
    enum class Answer : unsigned char { nothing, ignored, kept };

    IgnoreRules() = default;
    // `content` is the content of the file.
    explicit IgnoreRules(std::string_view content);

    bool empty() const { return rules_.empty(); }
    // Returns the answer of the last rule that matches. `path` is relative to the folder of the file. Ignored
    // folders above the path are not considered: the caller descends from there and has asked about them
    // already.
    Answer ask(std::string_view path, bool folder) const;

  private:
    struct Rule {
        std::string glob;
        bool kept;         // the pattern begins with an exclamation mark
        bool folder_only;  // the pattern ends with a slash
        bool name_only;    // the pattern has no slash, so it matches the last component
    };
    void add(std::string_view line);

    std::vector<Rule> rules_;
};

}  // namespace sigmund::text
