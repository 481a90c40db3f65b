// SPDX-License-Identifier: Apache-2.0
// What an `up` that is at work still waits to start, so that a `stop` from elsewhere can strike a run out before it has
// started. Each `up` has a file stacks/HASH.PID.START with a line for each of its runs, and holds its lock. A line has
// two signs and the words by which a stop means the run: its name, tag=TAG, shell=ID. The first sign is set by the `up`: `w` while
// the run waits. The second is set by who strikes it out: `x`. So neither overwrites what the other one has written.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "run/store.hpp"

namespace sigmund::run {

class WaitingList {
  public:
    struct Entry {
        std::vector<std::string> words;  // the name first
        bool waits = false;
    };
    // A run that was struck out, and the process of the `up` in which it waited.
    struct Struck {
        std::string name;
        pid_t pid = 0;
    };

    WaitingList() = default;
    WaitingList(const WaitingList&) = delete;
    WaitingList& operator=(const WaitingList&) = delete;
    ~WaitingList();

    // Makes the list of this process, which is `self` (PID.START). A list that cannot be made is an error of require().
    void make(const Store& store, const std::string& project, const std::string& self,
              const std::vector<Entry>& entries);
    // Throws Failure when the list could not be made. Without it nothing may be started that a stop could mean.
    void require() const;

    // Says whether a run waits. Its number is that of its entry.
    void set_waits(std::size_t entry, bool waits);
    // Returns whether a stop has struck it out.
    bool is_struck(std::size_t entry) const;
    // Returns a descriptor that is readable once somebody has changed the list, or -1 where the kernel does not tell.
    // drain() makes it wait for the next change.
    int descriptor() const { return notes_.get(); }
    void drain() const;

    // Strikes these runs out of each `up` that is at work: those of the project with one of these names, and those of
    // all projects with one of the tags or shells. A stop calls this before it looks which runs live: a run is struck
    // out, or it lives. Throws as ProjectGate::lock() does.
    static std::vector<Struck> strike(const Store& store, const std::string& project,
                                      const std::vector<std::string>& words);

    // Calls `use` for each line of a list's text that waits and has one of the words, with its first word and the place
    // of the sign that strikes it out.
    using Use = std::function<void(const std::string& name, off_t sign)>;
    static void each_meant(std::string_view text, const std::vector<std::string>& words, const Use& use);

  private:
    int dir_ = -1;
    std::string file_;
    sys::Fd file_fd_;
    sys::Fd notes_;
    std::vector<std::size_t> at_;  // where the line of each entry begins
    int error_ = 0;                // why there is no list
};

}  // namespace sigmund::run
