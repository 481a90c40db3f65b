// SPDX-License-Identifier: Apache-2.0
// The log files of a run as its guardian uses them: sigmund's own lines, the place where a life's output
// begins, logs that were removed, and the pump for logs that the guardian writes.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "guard/console.hpp"
#include "run/record.hpp"
#include "run/store.hpp"
#include "sys/spawn.hpp"

namespace sigmund::guard {

// The terminal of a command, and the stream of the viewer that is there from the beginning, if any.
struct TerminalPlan {
    sys::TerminalSize size;
    sys::Fd viewer;
};

struct LogPlan {
    sys::Fd log, errors;           // errors: only of a split log
    std::vector<sys::Fd> workers;  // only of a split pool
    // For a log that the guardian writes: its folder, its name there, and its rotation.
    sys::Fd folder;
    std::string name;
    std::int64_t max_size = 0;
    int keep = 0;
    std::optional<TerminalPlan> terminal;  // of a command that writes to a terminal
};

class RunLog {
  public:
    // `record` and `store` tell where the files are. Both outlive this object.
    RunLog(const run::Record& record, const run::Store& store, LogPlan plan);

    // When the guardian writes the log: makes the streams of the workers and one for `commands`, and leaves
    // an heir.
    void open_streams(int workers, const std::vector<std::unique_ptr<sys::SpawnPlan>>& commands);
    // Returns where a worker of a pool writes, or -1 when it shares the log of the others.
    int worker_fd(int worker) const;
    std::size_t descriptors() const {
        return worker_logs_.size() + (console_ ? console_->viewers().count() : 0);
    }
    Console* console() { return console_.get(); }

    // For the guardian's loop, as those of a Source.
    void watch(std::vector<pollfd>& set) const;
    Millis deadline() const { return console_ ? console_->deadline() : -1; }
    void fire(std::span<const pollfd> polled, Millis now, Host& host);

    // Writes a line of sigmund's own on a fresh line, so that the output of one life can be told from that of
    // the next.
    void note(const std::string& line);
    // Called when no process writes any more, or only no process of the worker of this number (-1: all).
    void end_output(int worker);
    // Remembers that a life's output begins here. Sigmund's own lines before this place do not belong to it.
    void mark_starts();
    const std::vector<LogStart>& starts() const { return starts_; }
    // Creates logs again that were removed or moved away, under the same descriptors, which the plans of the
    // commands name. If that is not possible, the command continues with the removed log.
    void make_again();
    // Empties the logs in the store. A log elsewhere belongs to its owner.
    void empty();
    // Removes the logs of the workers after a start that failed.
    void remove_worker_logs();

  private:
    const run::Record& record_;
    const run::Store& store_;
    sys::Fd log_, error_log_;
    std::vector<sys::Fd> worker_logs_;  // of a pool: separate files, or streams of the pump
    sys::Fd pump_folder_;
    std::unique_ptr<LogPump> pump_;  // only when the guardian writes the log
    std::unique_ptr<Console> console_;
    std::optional<TerminalPlan> terminal_;
    std::vector<LogStart> starts_;
};

}  // namespace sigmund::guard
