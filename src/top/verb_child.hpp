// SPDX-License-Identifier: Apache-2.0
// Another verb of this program as a child, so that the screen never waits: what a key does is exactly what that verb does on
// the command line, with its messages.
#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

#include "sys/fd.hpp"

namespace sigmund::top {

class VerbChild {
  public:
    // Starts `sigmund WORDS...` without input, in a process group of its own. Throws std::system_error.
    explicit VerbChild(std::vector<std::string> words);
    VerbChild(VerbChild&&) noexcept = default;
    VerbChild& operator=(VerbChild&&) noexcept = default;

    int descriptor() const { return output_.get(); }
    // Reads what it has written. Returns whether it has ended.
    bool read();
    bool ended() const { return status_ >= 0; }
    bool ok() const { return status_ == 0; }
    const std::vector<std::string>& words() const { return words_; }
    const std::string& text() const { return text_; }
    // Returns the last line that it has written, without "sigmund: "; empty when it has written nothing.
    std::string last_line() const;

  private:
    std::vector<std::string> words_;
    sys::Fd output_;
    pid_t pid_ = -1;
    int status_ = -1;
    std::string text_;
};

// Runs `sigmund WORDS...` in this terminal, and waits for its end. When it is stopped, this process stops, too. Returns its
// status.
int run_in_terminal(const std::vector<std::string>& words);

}  // namespace sigmund::top
