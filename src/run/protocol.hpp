// SPDX-License-Identifier: Apache-2.0
// The protocol of a guardian's control socket, for both of its ends: every request and every line of an
// answer as a type, with the limits of both. Such lines are formatted and split nowhere else.
//
// A request is one packet of words. Each line of the answer is one packet. The last line is `done CODE
// [WHY]`, where a CODE other than 0 means that the guardian refuses, and WHY is a sentence for people.
//
//   request                             since  lines of the answer before `done`               since
//   hello 1                             0.1    hello 1 [LIMIT] (without `done`)                LIMIT: 0.2
//   stop SIGNAL GRACE_MS [REASON]       0.1    signalled PID.., exited PID.., killed PID..,    0.1
//                       (REASON: 0.2)          unlisted N (that many more have ended),         0.2
//                                              escaped N, outcome stopped|killed, took MS      0.1
//   kill                                0.1    the same
//   signal SIGNAL leader|group|every    0.1    reached N                                       0.1
//   pause, resume                       0.1
//   restart GRACE_MS                    0.1    pid N, or outcome RESULT when the run ended     0.1
//   wait leader|gone|ready              0.1    exit N, signal NAME or unknown; or ready        0.1
//                                              cause WORD (what ended it)                      0.2
//                                              for `ready`, before the others: late (it was    0.2
//                                              not ready in time), foreign (another process
//                                              answered its readiness probe)
//   events                              0.1    at each change: event AT_MS STATE RESULT PID    0.1
//                                              RESTARTS READY HEALTH EXIT [CHANGES]            CHANGES: 0.2
//   set name NAME, set tags A,B,        0.1
//   set keep 0|1, set shell -
//   set add-tags A,B,                   0.2
//   set remove-tags A,B
//   adopt SHELL OWNER                   0.2    (PID.START; OWNER still owns it, - for none)
//   record                              0.2    record, with a descriptor of a file that holds  0.2
//                                              the record of the run
//   discard                             0.2
//   send more|text|line|eof|key [BASE64] 0.2   (`more`: the next `send` of this client goes on behind it;
//                                             `key`: the name of one)
//   attach COLUMNS ROWS type|look       0.2    viewer, with a descriptor of a stream: what the terminal    0.2
//          redraw|as-is                        of the run shows and, other than for `look`, what is typed;
//                                              at the end of the run or of the stay: lost N (the last N
//                                              bytes had no room), detached (another client asked for it),
//                                              or as `wait leader`
//   size COLUMNS ROWS redraw|as-is      0.2    (of the terminal that this client has attached)
//   detach one|all                      0.2    reached N (so many were detached)                           0.2
//   terminal                            0.2    for the terminal of each worker, or the only one:           0.2
//                                              terminal COLUMNS ROWS busy|reading|stopped; then for each
//                                              that is attached: attached COLUMNS ROWS type|look IDLE_MS
//                                              owner|guest (the size of the run's is that of the owner's)
//
// A guardian answers a word that it does not know with `done 1 unknown request` and ignores additional words.
// A client ignores a line or additional words that it does not know. So words and arguments can be added, and
// none may change. For a run that is over, a guardian answers most requests with `outcome already-ended`.
//
// A guardian of 0.1.0 reads a request into 4096 bytes and silently cuts off the rest. It does not limit what
// it sends. Since 0.2 a guardian refuses a request that is longer than the LIMIT in its `hello`, and it sends
// no line that is longer than `packet_limit`. A client takes longer lines, so that a later version may raise
// the limit.
#pragma once
#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "run/ended_by.hpp"
#include "run/reach.hpp"
#include "run/result.hpp"
#include "run/until.hpp"
#include "sys/clock.hpp"
#include "sys/fd.hpp"
#include "sys/process.hpp"
#include "sys/unix_socket.hpp"
#include "text/named.hpp"

namespace sigmund::run {

inline constexpr int protocol_version = 1;

// Lengths in bytes: the longest packet that this version sends, the longest request that its guardian takes,
// the longest request for a guardian that names no limit (0.1), and the longest line that a client takes.
inline constexpr std::size_t packet_limit = 32 * 1024;
inline constexpr std::size_t older_request_limit = 4096;
inline constexpr std::size_t answer_limit = 1024 * 1024;
// The changes of one event, in bytes as they are sent. When there are more, only the first lines are sent.
inline constexpr std::size_t changes_limit = 24 * 1024;
// The most process ids in one line, so that it fits into a packet.
inline constexpr std::size_t pids_limit = 1000;
static_assert(sizeof "signalled" + pids_limit * sizeof "4194304" < packet_limit);
// The most tags in one request, so that it also fits into a request to a guardian of 0.1 (a tag is at most 64
// bytes long).
inline constexpr std::size_t tags_limit = 50;
// The most bytes that wait unread in the input of a run, and thus the most that `send` takes at once.
inline constexpr std::size_t unread_limit = 64 * 1024;
// The most bytes in one `send`, so that it fits into a packet as Base64.
inline constexpr std::size_t sent_piece = 16 * 1024;
// How long a guardian may take to say hello before it counts as frozen and only the record is used.
inline constexpr sys::Millis hello_patience = 2'000;

// What can be changed about a run. `set` only takes its shell away; `adopt` gives it to another one.
enum class Field : std::uint8_t { name, tags, add_tags, remove_tags, keep, shell };
inline constexpr text::Named<Field> field_words[] = {
    {Field::name, "name"},         {Field::tags, "tags"},
    {Field::add_tags, "add-tags"}, {Field::remove_tags, "remove-tags"},
    {Field::keep, "keep"},         {Field::shell, "shell"},
};

// What `send` does: `more` is the beginning of something longer, `line` ends with Enter.
enum class Sent : std::uint8_t { more, text, line, eof, key };
inline constexpr text::Named<Sent> sent_words[] = {
    {Sent::more, "more"}, {Sent::text, "text"}, {Sent::line, "line"}, {Sent::eof, "eof"}, {Sent::key, "key"},
};

// What a terminal that is attached may do: type into the run, too, or only look at it.
enum class Access : std::uint8_t { type, look };
inline constexpr text::Named<Access> access_words[] = {{Access::type, "type"}, {Access::look, "look"}};
// Whether the program is to draw its screen again.
enum class Redraw : std::uint8_t { redraw, as_is };
inline constexpr text::Named<Redraw> redraw_words[] = {{Redraw::redraw, "redraw"}, {Redraw::as_is, "as-is"}};
// Which of the attached terminals: the only one there is, or all.
enum class Viewers : std::uint8_t { one, all };
inline constexpr text::Named<Viewers> viewers_words[] = {{Viewers::one, "one"}, {Viewers::all, "all"}};
// What the program does with its terminal: it waits until somebody types, or its output is stopped (Ctrl-S), or
// neither.
enum class TerminalUse : std::uint8_t { busy, reading, stopped };
inline constexpr text::Named<TerminalUse> terminal_use_words[] = {
    {TerminalUse::busy, "busy"}, {TerminalUse::reading, "reading"}, {TerminalUse::stopped, "stopped"}};
// Whether the terminal of the run has the size of this one.
enum class Place : std::uint8_t { owner, guest };
inline constexpr text::Named<Place> place_words[] = {{Place::owner, "owner"}, {Place::guest, "guest"}};
// The most columns or rows of a terminal.
inline constexpr int longest_side = 65'535;

// The arguments that may follow the word of a request or of an answer.
enum class Argument : std::uint8_t {
    none,
    version,  // protocol_version; ignored by the reader
    limit,    // of `hello`; without it older_request_limit
    signal,   // a name (SIGTERM); the reader also takes numbers
    grace,    // milliseconds; may be absent, and then no argument may follow
    reason,   // may be absent
    reach,    // group when absent
    until,    // leader when absent
    field,
    value,  // one word, which may be empty
    shell,  // the id of a shell
    owner,  // the id of a shell, or - for none
    sent,
    bytes,  // in Base64; may be absent
    size,   // two words: columns and rows
    access,
    redraw,
    viewers,
    use,
    place,
    pids,  // any number of them
    number,
    text,    // the rest of the line
    code,    // of `done`
    change,  // of `event`: a Change
};

struct Request {
    enum class Kind : std::uint8_t {
        unknown,
        hello,
        stop,
        kill,
        signal,
        pause,
        resume,
        restart,
        wait,
        events,
        set,
        adopt,
        record,
        discard,
        send,
        attach,
        size,
        detach,
        terminal
    };
    Kind kind = Kind::unknown;
    int signal = 0;
    sys::Millis grace = -1;          // -1: the grace of the run itself
    EndedBy reason = EndedBy::stop;  // of `stop`: also replace, shell-exit; any other word is a plain stop
    Reach reach = Reach::group;
    Until until = Until::leader;
    Field field = Field::name;
    std::string value = {};
    std::string shell = {}, owner = {};  // of `adopt`: the shell that gets the run, if `owner` still has it
    Sent sent = Sent::text;
    std::string bytes = {};
    int columns = 80, rows = 24;
    Access access = Access::type;
    Redraw redraw = Redraw::redraw;
    Viewers viewers = Viewers::one;
    bool operator==(const Request&) const = default;
};

// A change of state, as `event` reports it. The words are those of the record; an empty one means that there
// is none.
struct Change {
    sys::Millis at_ms = 0;  // since 1970
    std::string state = {};
    Result result = {};
    pid_t pid = 0;
    int restarts = 0;
    std::string ready = {}, health = {};
    Result exit = {};
    std::string changes = {};  // on disk (--watch): one line KIND<TAB>PATH for each
    bool operator==(const Change&) const = default;
};

struct Answer {
    enum class Kind : std::uint8_t {
        other,  // a line of a newer guardian, which is ignored
        hello,
        signalled,
        exited,
        killed,
        unlisted,
        escaped,
        outcome,
        took,
        reached,
        pid,
        exit,
        signal,
        unknown,  // the exit status is not known
        cause,
        ready,
        late,
        foreign,
        event,
        record,
        viewer,
        lost,
        detached,
        terminal,
        attached,
        done
    };
    Kind kind = Kind::other;
    std::int64_t number =
        0;  // of hello: the limit; of exit and done: the code; of attached: how long nobody has
            // typed there, in ms
    int signal = 0;
    std::vector<pid_t> pids = {};
    std::string text = {};  // of outcome and cause: the word; of done: why the guardian refuses
    Change change = {};
    int columns = 80, rows = 24;  // of terminal and attached
    TerminalUse use = TerminalUse::busy;
    Access access = Access::type;
    Place place = Place::guest;
    bool operator==(const Answer&) const = default;

    bool ok() const { return kind == Kind::done && number == 0; }
    // Returns whether the guardian is too old to know the request.
    bool request_unknown() const;
    bool name_taken() const;
    // Returns whether what was sent does not fit. Nothing of it was written then.
    bool full() const { return kind == Kind::done && number == code_full; }
    static constexpr std::int64_t code_full = 4;
};

struct RequestRow {
    Request::Kind kind;
    std::string_view word;
    std::array<Argument, 3> arguments = {};
    bool acts = false;  // it acts on the run's processes, so that the record remembers the caller
};
inline constexpr RequestRow request_rows[] = {
    {Request::Kind::unknown, ""},
    {Request::Kind::hello, "hello", {Argument::version}},
    {Request::Kind::stop, "stop", {Argument::signal, Argument::grace, Argument::reason}, true},
    {Request::Kind::kill, "kill", {}, true},
    {Request::Kind::signal, "signal", {Argument::signal, Argument::reach}, true},
    {Request::Kind::pause, "pause", {}, true},
    {Request::Kind::resume, "resume", {}, true},
    {Request::Kind::restart, "restart", {Argument::grace}, true},
    {Request::Kind::wait, "wait", {Argument::until}},
    {Request::Kind::events, "events"},
    {Request::Kind::set, "set", {Argument::field, Argument::value}},
    {Request::Kind::adopt, "adopt", {Argument::shell, Argument::owner}},
    {Request::Kind::record, "record"},
    {Request::Kind::discard, "discard"},
    {Request::Kind::send, "send", {Argument::sent, Argument::bytes}},
    {Request::Kind::attach, "attach", {Argument::size, Argument::access, Argument::redraw}},
    {Request::Kind::size, "size", {Argument::size, Argument::redraw}},
    {Request::Kind::detach, "detach", {Argument::viewers}},
    {Request::Kind::terminal, "terminal"},
};
constexpr const RequestRow& row_of(Request::Kind kind) {
    return request_rows[static_cast<std::size_t>(kind)];
}

struct AnswerRow {
    Answer::Kind kind;
    std::string_view word;
    std::array<Argument, 4> arguments = {};
};
inline constexpr AnswerRow answer_rows[] = {
    {Answer::Kind::other, ""},
    {Answer::Kind::hello, "hello", {Argument::version, Argument::limit}},
    {Answer::Kind::signalled, "signalled", {Argument::pids}},
    {Answer::Kind::exited, "exited", {Argument::pids}},
    {Answer::Kind::killed, "killed", {Argument::pids}},
    {Answer::Kind::unlisted, "unlisted", {Argument::number}},
    {Answer::Kind::escaped, "escaped", {Argument::number}},
    {Answer::Kind::outcome, "outcome", {Argument::text}},
    {Answer::Kind::took, "took", {Argument::number}},
    {Answer::Kind::reached, "reached", {Argument::number}},
    {Answer::Kind::pid, "pid", {Argument::number}},
    {Answer::Kind::exit, "exit", {Argument::number}},
    {Answer::Kind::signal, "signal", {Argument::signal}},
    {Answer::Kind::unknown, "unknown"},
    {Answer::Kind::cause, "cause", {Argument::text}},
    {Answer::Kind::ready, "ready"},
    {Answer::Kind::late, "late"},
    {Answer::Kind::foreign, "foreign"},
    {Answer::Kind::event, "event", {Argument::change}},
    {Answer::Kind::record, "record"},
    {Answer::Kind::viewer, "viewer"},
    {Answer::Kind::lost, "lost", {Argument::number}},
    {Answer::Kind::detached, "detached"},
    {Answer::Kind::terminal, "terminal", {Argument::size, Argument::use}},
    {Answer::Kind::attached,
     "attached",
     {Argument::size, Argument::access, Argument::number, Argument::place}},
    {Answer::Kind::done, "done", {Argument::code, Argument::text}},
};

// Turn a request or an answer into its line, and back. A line that is not understood becomes Kind::unknown or
// Kind::other.
std::string format(const Request& request);
Request parse_request(std::string_view line);
std::string format(const Answer& answer);
Answer parse_answer(std::string_view line);

// Return the end of an answer: done, refused for a reason, or refused as a word that this guardian does not
// know.
Answer done();
Answer refused(std::string reason);
Answer refused_unknown();
Answer refused_name_taken(const std::string& holder);
Answer refused_too_long();
Answer refused_full(std::string reason);
// Turn a run's exit status into a line, and back. status_in() returns nothing when the answer is of another
// kind.
Answer answer_of(const sys::ExitStatus& status);
std::optional<sys::ExitStatus> status_in(const Answer& answer);

// Sends one request or answer to a connected socket, without waiting. `passed` is a descriptor that is sent
// along. Returns 0 or errno; EMSGSIZE when it is longer than packet_limit, and then nothing was sent.
int send(int fd, const Request& request);
int send(int fd, const Answer& answer, int passed = -1);
// Takes the next request, if one has come. A request that is longer than packet_limit is discarded unread.
sys::Received take_request(int fd, Request& request);
// Waits until `deadline` (monotonic ms; -1: for ever) for the next line of an answer. Returns nothing when
// the guardian has hung up (errno 0), when the time ran out (ETIMEDOUT), or when the socket failed.
std::optional<Answer> receive_answer(int fd, sys::Millis deadline, sys::Fd* passed = nullptr);

}  // namespace sigmund::run
