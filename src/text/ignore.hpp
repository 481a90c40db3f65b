// SPDX-License-Identifier: Apache-2.0
// The patterns of a .gitignore file, with the rules of gitignore(5), and the globs that they are made of.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::text {

// Whether the whole text matches the glob. `*`, `?` and `[...]` match no slash; two asterisks that are a
// whole component match any number of components; a backslash takes the next character literally. The time
// is bounded by the product of the two lengths, whatever the pattern is.
bool glob_match(std::string_view glob, std::string_view text);

// Whether it has a character that glob_match() does not take literally.
bool is_glob(std::string_view text);

// A glob that matches exactly this text.
std::string escape_glob(std::string_view text);

class IgnoreRules {
  public:
    enum class Answer : unsigned char { nothing, ignored, kept };

    IgnoreRules() = default;
    // `content` is that of the file.
    explicit IgnoreRules(std::string_view content);

    bool empty() const { return rules_.empty(); }
    // What the last rule that matches says. `path` is relative to the folder of the file. That a folder above
    // the path is ignored is not looked at: the caller comes from there.
    Answer ask(std::string_view path, bool folder) const;

  private:
    struct Rule {
        std::string glob;
        bool kept;         // it began with an exclamation mark
        bool folder_only;  // it ended with a slash
        bool name_only;    // it has no slash: it is about the last component
    };
    void add(std::string_view line);

    std::vector<Rule> rules_;
};

}  // namespace sigmund::text
