// SPDX-License-Identifier: Apache-2.0
// The keys that end the stay at an attached terminal: Ctrl-] three times within a second, or others that a user has
// chosen.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/terminal_input.hpp"

namespace sigmund::text {

class DetachKeys {
  public:
    DetachKeys() = default;
    // Reads one to eight keys, each as ctrl-LETTER or ctrl- and one of ] \ ^ _, with blanks or commas between them.
    // Returns nothing for another text.
    static std::optional<DetachKeys> parse(std::string_view text);
    // Returns "press Ctrl-] three times", or "press Ctrl-P Ctrl-Q".
    std::string instruction() const;

    // Reads what the terminal sends, which may be cut anywhere; `now` is monotonic, in ms. Returns nothing
    // when all of it is to be passed on, as is usual. When the keys are complete, returns how many bytes were
    // before the last of them.
    //
    // A key counts as a control character, in the encoding of kitty and as modifyOtherKeys of xterm has it,
    // but not inside a paste. Any other key between begins the count again; what the mouse reports, what the
    // terminal answers, and keys that are released do not.
    std::optional<std::size_t> feed(std::string_view bytes, std::int64_t now);

  private:
    struct Press {
        char key;  // small letters
        std::int64_t at;
    };
    // Returns whether this press of a key with Ctrl is the last of those that detach, and all of them came in time.
    bool press(char key, std::int64_t now);

    TerminalInput input_;
    std::string keys_ = "]]]";    // small letters
    std::vector<Press> pressed_;  // at most as many as there are keys
};

}  // namespace sigmund::text
