// SPDX-License-Identifier: Apache-2.0
// This file decides whose answer a probe got. A connection to this machine is judged by the holder of the
// listening socket:
//
//   1. A process of this run, perhaps beside others: the run is ready.
//   2. A process that listened before this life began: this proves nothing (ready_look.hpp refuses
//      most such starts).
//   3. Another run, or a process of this user outside a container engine: the run fails at once.
//   4. Anything else (docker-proxy, another user's process, nothing visible): the run is ready, with a note.
//
// It runs in an aide.
#pragma once
#include <string>
#include <vector>

#include "guard/ready_look.hpp"
#include "run/record.hpp"
#include "sys/address.hpp"
#include "sys/clock.hpp"

namespace sigmund::guard {

struct Finding {
    enum class Answer : std::uint8_t { no, ready, foreign };
    Answer answer = Answer::no;
    std::string text;  // no: the reason; ready: a note or nothing; foreign: the process that answers
};

class Proof {
  public:
    // With `shared` every answer counts (--ready-shared).
    Proof(const run::Store& store, const run::Record& record, const ReadyLook& before, pid_t guardian,
          bool shared)
        : store_(store), record_(record), before_(before), guardian_(guardian), shared_(shared) {}

    // Judge an established connection to a TCP endpoint or to a unix socket.
    Finding of_tcp(const sys::Endpoint& peer);
    Finding of_unix(int fd, const std::string& path);
    // Judges an existing file, for the probe of number `number`.
    Finding of_file(const std::string& path, std::size_t number) const;
    // The connection was refused: forgets what was found out about it.
    void refused() { unseen_since_ = -1; }

  private:
    Finding judge(const std::string& what, const std::vector<std::uint64_t>& sockets, pid_t listener,
                  std::optional<uid_t> owner);
    bool held_by_run(const std::vector<std::uint64_t>& sockets) const;
    Finding not_seen(const std::string& note);

    const run::Store& store_;
    const run::Record& record_;
    const ReadyLook& before_;
    pid_t guardian_;
    bool shared_;
    sys::Procfs proc_;
    sys::Millis unseen_since_ = -1;
    int unseen_ = 0;
};

}  // namespace sigmund::guard
