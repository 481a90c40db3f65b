// SPDX-License-Identifier: Apache-2.0
// What is written down about a run. record_rows.hpp has the keys of its file: those of the machine output,
// and some more. It never contains values of environment variables, except for the key that marks the run's
// processes.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "run/ended_by.hpp"
#include "run/result.hpp"
#include "run/sent_signal.hpp"
#include "run/spec.hpp"
#include "run/used.hpp"
#include "sys/clock.hpp"
#include "sys/process.hpp"

namespace sigmund::run {

enum class State : std::uint8_t {
    starting,
    running,
    paused,
    backoff,
    watching,  // the command has ended, and the next change on disk starts it again
    stopping,
    exited,
    failed,
    lost,
    stale
};
// Turn a state into its word, and back. parse_state() returns nothing for another word.
std::string_view state_name(State state);
std::optional<State> parse_state(std::string_view name);
// Returns whether the run is over, so that nothing about it can change any more.
constexpr bool is_final(State state) {
    return state == State::exited || state == State::failed;
}
// Returns whether the run lives, also when it waits between two lives.
constexpr bool is_live(State state) {
    return state <= State::stopping;
}

inline constexpr int record_version = 2;  // version 1 is that of the original program in C

// The longest record in bytes, for writers and readers alike. The longest command line that execve(2) accepts
// (6 MiB), given as a pipe and in the worst encoding, takes less than half of it.
inline constexpr std::size_t record_limit = 64 * 1024 * 1024;
// The part of it that a start, a new name and new tags must leave free, so that the guardian can add what
// happens to the run: results, callers, the state of 1,000 workers.
inline constexpr std::size_t record_growth = 1024 * 1024;

// A stage of a pipe, or a worker of a pool.
struct Part {
    std::vector<std::string> argv;  // of a stage only
    pid_t pid = 0;
    State state = State::starting;  // of a worker only
    int restarts = 0;               // of a worker only
    sys::ExitStatus status;
    int port = 0;    // of a worker only; 0: it has none
    Used used = {};  // by a worker, until the run has ended
};

// An earlier life of the command: another life followed it.
struct Life {
    Result result;
    EndedBy ended_by;
    std::optional<bool> leader_first;           // as in Record
    int worker = -1;                            // its number in a pool
    sys::Millis restarted_ms = 0;               // when the next life began
    std::optional<sys::Millis> lasted_ms = {};  // from its start until none of its processes was left
    Used used = {};
    SentSignal last_signal = {};
};

// A process that asked for something to be done to the run.
struct Call {
    sys::Millis at_ms = 0;
    std::string verb;
    pid_t pid = 0;
    uid_t uid = 0;
    std::string command;  // the beginning of its command line
};
// How many calls and lives a record keeps. They are the last ones.
inline constexpr std::size_t calls_kept = 8;
inline constexpr std::size_t lives_kept = 8;

struct Record {
    int version = record_version;
    std::string id;
    std::string name;
    std::vector<std::string> tags;
    State state = State::starting;
    Result result;
    pid_t pid = 0;  // of the leader: the first process of the run
    pid_t pgid = 0;
    pid_t sid = 0;
    std::vector<std::string> argv;
    std::string cmd_display;  // in version 1, which may lack argv: the command as one line
    sys::Millis started_ms = 0;
    std::optional<sys::Millis> ended_ms;
    sys::ExitStatus status;  // of the leader, once it has ended
    std::string shell;
    int port = 0;  // what the command finds in PORT; of a pool the first one; 0: there is none
    int restarts = 0;
    std::optional<bool> ready;  // empty: the run has no readiness probe
    std::string health;
    int workers_wanted = 0;  // 0: the run is not a pool
    int workers_alive = 0;
    sys::Identity identity;  // of the leader
    std::string key;
    std::string host;
    pid_t guardian_pid = 0;
    std::uint64_t guardian_ticks = 0;  // its start time, which together with the pid proves its identity
    bool keep = false;
    // A reader that only lists runs may stop here (Depth::head).
    std::string cwd;
    std::string project;      // as in Project::folder
    bool in_project = false;  // its name is one of that project's names; otherwise it is in the shared scope
    std::string log;          // an absolute path
    bool log_external = false;
    bool split_log = false;
    std::string survive;
    std::vector<Part> stages, workers;
    std::vector<Result> results;               // of earlier lives, the newest last
    std::optional<sys::Millis> next_start_ms;  // in state backoff
    std::vector<Call> calls;                   // the newest last
    std::string status_text;                   // what the command reports about itself (sd_notify)
    FromTemplate from;
    std::string ready_detail;  // why the run is not ready, or whose answer to the probe was accepted
    uid_t uid = 0;
    gid_t gid = 0;
    int stop_signal = 0;                      // 0: SIGTERM
    std::optional<sys::Millis> stop_timeout;  // empty: usual_grace
    EndedBy ended_by;                         // what ended the run or, in a pause, the previous life
    std::optional<bool> leader_first;         // whether the leader had ended before sigmund sent it anything
    Used used;                                // by all lives, once the run has ended
    SentSignal last_signal;                   // to the last life, once the run has ended
    std::vector<Life> lives;                  // earlier lives, the oldest first
    std::string options_json;                 // the launch options needed to start it again, as a JSON object
    std::string extra_json;  // keys of another version, as a JSON object; they are written back
};

// How much of a record is read: what a list shows, or everything.
enum class Depth { head, full };

// Parses the text of a record, of this format or of version 1. Returns nothing when it is not a JSON object,
// is nested deeper than 64, has no pid, or belongs to another id than `id`. Unknown keys are kept at
// Depth::full.
std::optional<Record> parse_record(std::string_view text, const std::string& id, Depth depth);

// Reads what a list needs from a finished record without a full parse. Returns false when the text is not
// exactly as write_record() writes it. Then `record` is half filled, and parse_record() must read it.
bool scan_finished_head(std::string_view text, const std::string& id, Record& record);

// Returns the text of the record's file.
std::string write_record(const Record& record);

// Returns the record as a JSON object in the machine output's order and types, without the key.
nlohmann::ordered_json to_json(const Record& record);

// Returns the launch options that a record keeps, as a JSON object.
std::string write_options(const Spec& spec);
// Writes what was asked for, with its options, into a record. The name is left out, since a run has it only
// once it has claimed it.
void keep_spec(Record& record, const Spec& spec);
// Returns what was asked for, as far as a record has it. lost_options() says what is missing.
Spec read_spec(const Record& record);

// Remembers the process that asks. Its command line is read from /proc.
void note_call(Record& record, std::string_view verb, pid_t pid, uid_t uid);

// Returns whether a run that is over did not end well: with a status other than 0, by a signal, or failed. A
// run that was stopped counts as ended well.
bool has_failed(const Record& record);
// Returns the ports of the run: its own, or one for each worker.
PortRange ports_of(const Record& record);
// Returns the command, quoted for a shell. In version 1 it may be the line that was meant for people.
std::string command_text(const Record& record);

}  // namespace sigmund::run
