// SPDX-License-Identifier: Apache-2.0
// The record of a run whose leader does not exist yet. The leader itself writes it, with its own identity,
// before it executes the command: so the record and the exec are two steps of one process, and no other
// process must be waited for in between.
#pragma once
#include <string>

#include "run/record.hpp"
#include "sys/file.hpp"
#include "text/blanks.hpp"

namespace sigmund::run {

class LeaderDraft {
  public:
    // `record` is complete except for the identity of the leader. The names are those of the record and of its
    // temporary file in the folder `dir`.
    LeaderDraft(Record record, int dir, std::string name, std::string temporary);
    LeaderDraft(const LeaderDraft&) = delete;  // because `form_` points into `text_`
    LeaderDraft& operator=(const LeaderDraft&) = delete;

    // Returns how many bytes the record has at most.
    std::size_t size() const { return form_.size; }
    // Writes the record with that identity. Returns 0 or errno. Async-signal-safe.
    int write(const sys::Birth& leader, sys::Durable durable) const noexcept;

  private:
    int dir_;
    std::string name_, temporary_;
    text::Blanks text_;
    text::Blanks::Form form_;
};

}  // namespace sigmund::run
