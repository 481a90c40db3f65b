// SPDX-License-Identifier: Apache-2.0
#include "ops/explain.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "ops/explain_kill.hpp"
#include "ops/members.hpp"
#include "sys/clock.hpp"
#include "sys/file.hpp"
#include "sys/ports.hpp"
#include "text/escape.hpp"
#include "text/quote.hpp"

namespace sigmund::ops {
namespace {

constexpr std::size_t tail_read = 64 * 1024;
constexpr std::size_t lines_shown = 5;

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

std::vector<std::string> last_lines(const run::Store& store, const run::Record& record, run::LogPart part) {
    std::vector<std::string> out;
    const sys::Fd fd = store.open_log(record, part);
    struct stat st {};
    if (!fd || ::fstat(fd.get(), &st) != 0) return out;
    std::string text(std::min<std::size_t>(static_cast<std::size_t>(st.st_size), tail_read), '\0');
    const ssize_t n =
        ::pread(fd.get(), text.data(), text.size(), st.st_size - static_cast<off_t>(text.size()));
    if (n <= 0) return out;
    text.resize(static_cast<std::size_t>(n));
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        if (end > at) out.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    if (out.size() > 200) out.erase(out.begin(), out.end() - 200);
    return out;
}

std::string signal_meaning(int signal) {
    switch (signal) {
        case SIGSEGV:
            return "it used memory that is not its own (a fault of the program)";
        case SIGABRT:
            return "it gave up by itself (abort: a failed assertion, an uncaught exception)";
        case SIGBUS:
            return "a bus error: a file it had mapped became shorter, or a disk is full";
        case SIGILL:
            return "an instruction this processor does not know";
        case SIGFPE:
            return "an arithmetic error, such as a division by zero";
        case SIGPIPE:
            return "it wrote to a pipe or socket whose reader was gone";
        case SIGXCPU:
            return "its limit of processor time (--rlimit cpu, ulimit -t) was reached";
        case SIGXFSZ:
            return "its limit of file size (--rlimit fsize, ulimit -f) was reached";
        case SIGHUP:
            return "somebody sent it a hang-up";
        default:
            return "somebody sent it that signal";
    }
}

std::string time_of(sys::Millis ms) {
    return sys::rfc3339(ms);
}

std::string told(const run::Call& call) {
    return call.verb + " at " + time_of(call.at_ms) + " by process " + std::to_string(call.pid) +
           " of user " + std::to_string(call.uid) + (call.command.empty() ? "" : ": " + call.command);
}

// The last `sigmund signal` that sent the signal which ended the run, shortly before it ended.
const run::Call* sender_of(const run::Record& record, int signal) {
    constexpr sys::Millis shortly = 5000;
    for (auto call = record.calls.rbegin(); call != record.calls.rend(); ++call)
        if (call->verb == "signal " + sys::signal_name(signal) && record.ended_ms &&
            *record.ended_ms - call->at_ms <= shortly)
            return &*call;
    return nullptr;
}

void by_calls(const run::Record& record, const run::Verdict& verdict, std::vector<Cause>& out) {
    if (verdict.result != "stopped" && verdict.result != "killed") return;
    Cause cause{
        95,
        "stopped",
        verdict.result == "killed" ? "it was ended by `sigmund kill`" : "it was ended by `sigmund stop`",
        {},
        ""};
    for (auto call = record.calls.rbegin(); call != record.calls.rend(); ++call) {
        const bool to_guardian = call->verb.ends_with(" to the guardian");
        if (call->verb != "stop" && call->verb != "kill" && !to_guardian) continue;
        if (to_guardian) cause.what = "its guardian was told to stop (" + call->verb + ')';
        cause.evidence.push_back(told(*call));
        break;
    }
    if (cause.evidence.empty()) {
        cause.what = "it was ended because what it was tied to had ended (--while)";
        cause.weight = 80;
    }
    out.push_back(std::move(cause));
}

// Whether the signal that ended it was the guardian's own, after its time had run out or its check had
// failed.
bool by_sigmund(const run::Record& record, const std::string& result) {
    if (result != "timeout" && result != "unready" && result != "unhealthy") return false;
    const int stop = record.stop_signal != 0 ? record.stop_signal : SIGTERM;
    return record.status.known && (record.status.signal == stop || record.status.signal == SIGKILL);
}

void by_result(const run::Record& record, const run::Verdict& verdict, std::vector<Cause>& out) {
    const std::string& result = verdict.result;
    if (verdict.state == run::State::stale)
        out.push_back({100, "stale", verdict.why, {}, "sigmund prune " + record.id});
    if (verdict.state == run::State::lost)
        out.push_back({60,
                       "lost",
                       "its guardian was killed, and its processes are gone",
                       {"no result was recorded"},
                       ""});
    if (verdict.state == run::State::lost)
        for (Cause& cause : causes_of_loss(record)) out.push_back(std::move(cause));
    if (result == "timeout")
        out.push_back({100, "timeout", "its --timeout ran out", {}, "give it longer, or none"});
    if (result == "unready")
        out.push_back({100,
                       "unready",
                       record.status.known && !by_sigmund(record, result)
                           ? "it ended before it was ready"
                           : "its time ran out before it was ready, and it was stopped",
                       {},
                       "see --ready and --ready-timeout"});
    if (result == "unhealthy")
        out.push_back({100, "unhealthy", "its health check failed too often", {}, "run the check by hand"});
    if (result == "restart-limit") {
        std::string results;
        for (const std::string& each : record.results) results += (results.empty() ? "" : ", ") + each;
        out.push_back({90,
                       "restart-limit",
                       "it ended again and again, and was given up",
                       {std::to_string(record.restarts) + " restarts, after " +
                        (results.empty() ? "unknown ends" : results)},
                       ""});
    }
    if (result.starts_with("launch="))
        out.push_back({100,
                       "launch",
                       "it could not be started again: " + result.substr(7),
                       {},
                       "is the command still there?"});
    if (result == "pending")
        out.push_back(
            {90, "pending", "it has ended, and its result cannot be written", {}, "is the disk full?"});
}

// Of a pipe: which of its stages failed.
void add_failed_stages(const run::Record& record, Cause& cause) {
    for (std::size_t i = 0; i < record.stages.size(); ++i) {
        const run::Part& stage = record.stages[i];
        if (stage.status.known && !stage.status.success())
            cause.evidence.push_back("stage " + std::to_string(i + 1) + " (" + text::quote(stage.argv) +
                                     "): " + run::result_of(stage.status));
    }
}

void by_status(const run::Record& record, const run::Verdict& verdict, std::vector<Cause>& out) {
    if (!record.status.known || verdict.result == "stopped" || verdict.result == "killed") return;
    const int code = record.status.code, signal = record.status.signal;
    if (signal != 0) {
        if (signal == SIGKILL && !by_sigmund(record, verdict.result) && !sender_of(record, signal)) {
            for (Cause& cause : causes_of_kill(record)) out.push_back(std::move(cause));
            add_failed_stages(record, out.back());
            return;
        }
        const run::Call* sender = sender_of(record, signal);
        const std::string meaning = by_sigmund(record, verdict.result) ? "sigmund sent it for that reason"
                                    : sender                           ? "it was sent by `sigmund signal`"
                                                                       : signal_meaning(signal);
        Cause cause{sender ? 95 : 70, "signal", sys::signal_name(signal) + ": " + meaning, {}, ""};
        if (sender) cause.evidence.push_back(told(*sender));
        add_failed_stages(record, cause);
        if (record.status.core)
            cause.evidence.push_back("a core was dumped (coredumpctl, or its folder " + record.cwd + ')');
        out.push_back(std::move(cause));
        return;
    }
    if (code == 0) {
        out.push_back({90, "exit", "it ended by itself, well (exit 0)", {}, ""});
        return;
    }
    Cause cause{50, "exit", "it ended by itself with exit " + std::to_string(code), {}, ""};
    add_failed_stages(record, cause);
    if (code == 127) cause.evidence.push_back("127 is a shell's word for: command not found");
    if (code == 126) cause.evidence.push_back("126 is a shell's word for: found, but not executable");
    if (code > 128 && code < 193)
        cause.evidence.push_back(std::to_string(code) +
                                 " is a shell's word for: a command in it was ended by " +
                                 sys::signal_name(code - 128));
    out.push_back(std::move(cause));
}

// A number among the arguments on which somebody listens: what the log did not name.
int port_in_arguments(const run::Record& record) {
    for (auto word = record.argv.rbegin(); word != record.argv.rend(); ++word) {
        const auto mark = word->find_last_of(":=");
        const std::string number = mark == std::string::npos ? *word : word->substr(mark + 1);
        const bool digits =
            !number.empty() && number.size() <= 5 &&
            std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
        const int port = digits ? std::atoi(number.c_str()) : 0;
        if (port > 0 && port <= 65535 && !sys::listening_sockets(port).empty()) return port;
    }
    return 0;
}

void add_port_owner(std::vector<Cause>& causes, int port) {
    for (Cause& cause : causes) {
        if (cause.code != "address-in-use" || port == 0) continue;
        const auto sockets = sys::listening_sockets(port);
        if (sockets.empty()) {
            cause.evidence.push_back("nobody listens on port " + std::to_string(port) + " now");
            continue;
        }
        const sys::Procfs proc;
        for (const pid_t pid : proc.processes()) {
            if (!sys::holds_socket(proc, pid, sockets)) continue;
            cause.evidence.push_back("port " + std::to_string(port) + " is held now by process " +
                                     std::to_string(pid) + ": " + text::quote(proc.command_line(pid)));
            return;
        }
        cause.evidence.push_back("port " + std::to_string(port) +
                                 " is held now by a process of another user");
    }
}

}  // namespace

std::vector<Cause> causes_in_log(const std::vector<std::string>& lines, int& port) {
    struct Pattern {
        const char* text;
        const char* code;
        const char* what;
    };
    static constexpr Pattern patterns[] = {
        {"address already in use", "address-in-use", "the address it wanted was taken"},
        {"eaddrinuse", "address-in-use", "the address it wanted was taken"},
        {"no space left on device", "disk-full", "a disk was full"},
        {"permission denied", "permission", "it was not permitted something"},
        {"too many open files", "descriptors", "it had too many files open (see --rlimit nofile)"},
        {"memoryerror", "memory", "it got no more memory"},
        {"bad_alloc", "memory", "it got no more memory"},
        {"cannot allocate memory", "memory", "it got no more memory"},
        {"out of memory", "memory", "it got no more memory"},
        {"connection refused", "connection", "something it needs did not answer"},
        {"no such file or directory", "missing-file", "a file it needs was missing"},
        {"command not found", "missing-command", "a command it needs was missing"},
    };
    port = 0;
    std::vector<Cause> out;
    const std::size_t from = lines.size() > 30 ? lines.size() - 30 : 0;
    for (std::size_t i = lines.size(); i-- > from;) {
        const std::string line = lower(lines[i]);
        for (const Pattern& pattern : patterns) {
            if (line.find(pattern.text) == std::string::npos) continue;
            const bool known =
                std::any_of(out.begin(), out.end(), [&](const Cause& c) { return c.code == pattern.code; });
            if (known) continue;
            out.push_back({65, pattern.code, pattern.what, {"its log: " + lines[i].substr(0, 200)}, ""});
            if (std::strcmp(pattern.code, "address-in-use") != 0) continue;
            // The last number of a port's size behind a colon or the word port.
            for (std::size_t at = 0; at < line.size(); ++at) {
                const bool marked = line[at] == ':' || (at >= 4 && line.compare(at - 4, 4, "port") == 0);
                if (!marked) continue;
                std::size_t digit = at + 1;
                while (digit < line.size() && line[digit] == ' ') ++digit;
                int value = 0;
                while (digit < line.size() && line[digit] >= '0' && line[digit] <= '9' && value < 100'000)
                    value = value * 10 + (line[digit++] - '0');
                if (value > 0 && value <= 65535) port = value;
            }
        }
    }
    return out;
}

Explanation explain(const run::Store& store, const run::Record& record) {
    Explanation out;
    const run::Census census;
    out.record = record;
    out.verdict = run::verdict_of(record, store, census);
    out.live = out.verdict.live();
    const auto lines =
        last_lines(store, record, record.split_log ? run::LogPart::errors : run::LogPart::whole);
    const std::size_t from = lines.size() > lines_shown ? lines.size() - lines_shown : 0;
    out.last_lines.assign(lines.begin() + static_cast<std::ptrdiff_t>(from), lines.end());
    if (out.live && out.verdict.state != run::State::backoff) {
        const std::vector<pid_t> foreign = not_permitted(census.members(record));
        if (foreign.empty()) return out;
        Cause cause{100,
                    "foreign",
                    out.verdict.state == run::State::stopping
                        ? "it cannot end: processes of it belong to another user (sudo, setuid)"
                        : "processes of it belong to another user (sudo, setuid): only root can end them",
                    {},
                    sudo_kill(foreign)};
        for (const pid_t pid : foreign)
            cause.evidence.push_back("process " + std::to_string(pid) + ": " +
                                     text::quote(census.proc().command_line(pid)));
        out.causes.push_back(std::move(cause));
        return out;
    }
    by_calls(record, out.verdict, out.causes);
    by_result(record, out.verdict, out.causes);
    by_status(record, out.verdict, out.causes);
    const bool went_wrong =
        !record.status.success() && out.verdict.result != "stopped" && out.verdict.result != "killed";
    if (went_wrong && out.verdict.state != run::State::stale) {
        int port = 0;
        auto found = causes_in_log(lines, port);
        add_port_owner(found, port != 0 ? port : port_in_arguments(record));
        out.causes.insert(out.causes.end(), found.begin(), found.end());
    }
    if (out.causes.empty())
        out.causes.push_back(
            {0, "unknown", "unknown: nothing was recorded, and nothing in its log tells", {}, ""});
    std::stable_sort(out.causes.begin(), out.causes.end(),
                     [](const Cause& a, const Cause& b) { return a.weight > b.weight; });
    return out;
}

}  // namespace sigmund::ops
