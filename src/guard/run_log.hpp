// SPDX-License-Identifier: Apache-2.0
// The log files of a run in its guardian's hands: sigmund's own lines, the place where a life's output
// begins, logs that somebody has removed, and the pump where the guardian carries the lines over.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "guard/log_pump.hpp"
#include "run/record.hpp"
#include "run/store.hpp"
#include "sys/spawn.hpp"

namespace sigmund::guard {

struct LogPlan {
    sys::Fd log, errors;           // errors: only of a split log
    std::vector<sys::Fd> workers;  // only of a split pool
    // Where the guardian carries the lines over: the folder of the log, its name there, and its rotation.
    sys::Fd folder;
    std::string name;
    std::int64_t max_size = 0;
    int keep = 0;
};

class RunLog {
  public:
    // `record` and `store` tell where the files are; both outlive this.
    RunLog(const run::Record& record, const run::Store& store, LogPlan plan);

    // Where the log is pumped: makes the streams of the workers and one for `commands`, and leaves an heir.
    void open_streams(int workers, const std::vector<std::unique_ptr<sys::SpawnPlan>>& commands);
    // Where a worker of a pool writes; -1: where the others write.
    int worker_fd(int worker) const;
    std::size_t descriptors() const { return worker_logs_.size(); }
    LogPump* pump() { return pump_.get(); }

    // Writes a line of sigmund's own, on a fresh line, so that the output of one life can be told from that of
    // the next.
    void note(const std::string& line);
    // Nobody writes any more; of a pool: the worker of this number. -1: all.
    void end_output(int worker);
    // Remembers that a life's output begins here: sigmund's own lines before it do not belong to it.
    void mark_starts();
    const std::vector<LogStart>& starts() const { return starts_; }
    // Makes logs that somebody has removed or moved away again, under the same descriptors, which the plans
    // of the commands name. Where that is not possible, the command goes on with the removed one.
    void make_again();
    // Empties the logs that are in the store. A log elsewhere is its owner's.
    void empty();
    // Removes the logs of the workers after a start that failed.
    void remove_worker_logs();

  private:
    const run::Record& record_;
    const run::Store& store_;
    sys::Fd log_, error_log_;
    std::vector<sys::Fd> worker_logs_;  // of a pool: files of their own, or streams of the pump
    sys::Fd pump_folder_;
    std::unique_ptr<LogPump> pump_;  // only where the log is capped or its lines get a prefix
    std::vector<LogStart> starts_;
};

}  // namespace sigmund::guard
