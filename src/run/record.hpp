// SPDX-License-Identifier: Apache-2.0
// What is written down of a run, and its JSON both ways. The file's fields are those of the machine output,
// plus version, uid, gid, boot_id, host, key and options. Environment values are never in it, the run's key
// excepted.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "run/ended_by.hpp"
#include "run/result.hpp"
#include "run/spec.hpp"
#include "sys/clock.hpp"
#include "sys/process.hpp"

namespace sigmund::run {

enum class State : std::uint8_t {
    starting,
    running,
    paused,
    backoff,
    watching,  // its command has ended; the next change on disk starts it again
    stopping,
    exited,
    failed,
    lost,
    stale
};
std::string_view state_name(State state);
std::optional<State> parse_state(std::string_view name);
// Over for good: nothing of it can change any more.
constexpr bool is_final(State state) {
    return state == State::exited || state == State::failed;
}
constexpr bool is_live(State state) {
    return state <= State::stopping;
}

inline constexpr int record_version = 2;  // 1 is the C original's

// The longest record in bytes, for writers and readers alike. The longest command line that execve(2) accepts
// (6 MiB), as a pipe and in the worst encoding, takes less than half of it.
inline constexpr std::size_t record_limit = 64 * 1024 * 1024;
// What a start, a new name and new tags must leave free of it, so that a record still fits when its guardian
// adds what happens to the run: results, callers, the state of 1,000 workers.
inline constexpr std::size_t record_growth = 1024 * 1024;

// A stage of a pipe or a worker of a pool.
struct Part {
    std::vector<std::string> argv;  // of a stage
    pid_t pid = 0;
    State state = State::starting;  // of a worker
    int restarts = 0;               // of a worker
    sys::ExitStatus status;
};

// A life of the command that another one followed.
struct Life {
    Result result;
    EndedBy ended_by;
    std::optional<bool> leader_first;
    int worker = -1;               // of a pool
    sys::Millis restarted_ms = 0;  // when the next one began
};

// Who asked for something to be done to the run.
struct Call {
    sys::Millis at_ms = 0;
    std::string verb;
    pid_t pid = 0;
    uid_t uid = 0;
    std::string command;  // of that process, cut
};
inline constexpr std::size_t calls_kept = 8;
inline constexpr std::size_t lives_kept = 8;

struct Record {
    int version = record_version;
    std::string id;
    std::string name;
    std::vector<std::string> tags;
    State state = State::starting;
    Result result;
    pid_t pid = 0;
    pid_t pgid = 0;
    pid_t sid = 0;
    std::vector<std::string> argv;
    std::string cmd_display;  // version 1 only: argv as one line, when argv itself is absent
    sys::Millis started_ms = 0;
    std::optional<sys::Millis> ended_ms;
    sys::ExitStatus status;  // of the leader, once it has ended
    std::string shell;
    int restarts = 0;
    std::optional<bool> ready;
    std::string health;
    int workers_wanted = 0;  // of a pool; 0: none
    int workers_alive = 0;
    sys::Identity identity;
    std::string key;
    std::string host;
    pid_t guardian_pid = 0;
    std::uint64_t guardian_ticks = 0;  // its start time: with the pid, who it is
    bool keep = false;
    // From here on a reader that only lists may stop (Depth::head).
    std::string cwd;
    std::string project;
    std::string log;  // absolute path
    bool log_external = false;
    bool split_log = false;
    std::string survive;
    std::vector<Part> stages, workers;
    std::vector<Result> results;               // of earlier lives, newest last
    std::optional<sys::Millis> next_start_ms;  // in state backoff
    std::vector<Call> calls;                   // the last ones
    std::string status_text;                   // what the command says of itself (sd_notify)
    std::string ready_detail;                  // why it is not ready; if it is, whose answer was accepted
    uid_t uid = 0;
    gid_t gid = 0;
    int stop_signal = 0;                      // 0: SIGTERM
    std::optional<sys::Millis> stop_timeout;  // nothing: 5 s
    EndedBy ended_by;                         // what ended the run, or the life before the pause it is in
    std::optional<bool> leader_first;         // whether its leader had ended before sigmund sent anything
    std::vector<Life> lives;                  // the last ones that were followed by another, oldest first
    std::string options_json;                 // the launch options needed to start it again, as a JSON object
    std::string extra_json;                   // unknown top-level fields, kept when the record is rewritten
};

enum class Depth { head, full };

// ask: parses a record's text; nothing when it is not one (not JSON, not an object, nested deeper than 64,
// without a pid, or of another id than `id`). Unknown fields are kept at Depth::full. Both this format and
// version 1 are read.
std::optional<Record> parse_record(std::string_view text, const std::string& id, Depth depth);

// ask: what a listing needs of a finished record as write_record() writes it, without a full parse. False:
// not certain, ask parse_record(); `record` is then half filled.
bool scan_finished_head(std::string_view text, const std::string& id, Record& record);

// The record as the text of its file.
std::string write_record(const Record& record);

// The record as a JSON object in the machine output's order and types, without the key.
nlohmann::ordered_json to_json(const Record& record);

// The launch options that a record keeps, as a JSON object.
std::string write_options(const Spec& spec);
// Writes what was asked for into a record, its options among it. The name is not: a run has it only once it has
// claimed it.
void keep_spec(Record& record, const Spec& spec);
// Returns what was asked for, as far as a record has it: lost_options() says what is missing.
Spec read_spec(const Record& record);

// Remembers who asks; the caller's command line is read from /proc.
void note_call(Record& record, std::string_view verb, pid_t pid, uid_t uid);

// Whether a finished run ended otherwise than well: a non-zero exit, a signal, or failed; stopping it is no
// failure.
bool has_failed(const Record& record);
// argv joined and quoted for a shell; version 1's display line where that is all there is.
std::string command_text(const Record& record);

}  // namespace sigmund::run
