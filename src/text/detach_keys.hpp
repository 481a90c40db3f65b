// SPDX-License-Identifier: Apache-2.0
// The keys that end the stay at an attached terminal: Ctrl-] three times within a second.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "text/terminal_input.hpp"

namespace sigmund::text {

class DetachKeys {
  public:
    // Reads what the terminal sends, which may be cut anywhere; `now` is monotonic, in ms. Returns nothing
    // when all of it is to be passed on, as is usual. When the keys are complete, returns how many bytes were
    // before the last of them.
    //
    // The key counts as a control character, in the encoding of kitty and as modifyOtherKeys of xterm has it,
    // but not inside a paste. Any other key between begins the count again; what the mouse reports, what the
    // terminal answers, and keys that are released do not.
    std::optional<std::size_t> feed(std::string_view bytes, std::int64_t now);

  private:
    // Returns whether this press is the third within the time.
    bool press(std::int64_t now);
    void forget();

    TerminalInput input_;
    std::int64_t earlier_[2] = {never, never};  // when the key was pressed before, the last one first
    static constexpr std::int64_t never = -1'000'000;
};

}  // namespace sigmund::text
