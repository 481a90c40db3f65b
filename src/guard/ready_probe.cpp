// SPDX-License-Identifier: Apache-2.0
// This file tries the probes, in an aide. Where the kernel reports changes (of files) a probe waits for them;
// otherwise it tries again after 10 ms, doubling to 250 ms. A probe ends within a moment after its lifeline.
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "guard/probe_connect.hpp"
#include "guard/ready.hpp"
#include "guard/ready_proof.hpp"
#include "sys/error.hpp"
#include "sys/inotify.hpp"

namespace sigmund::guard {
namespace {

using Kind = run::Probe::Kind;
using Answer = Finding::Answer;

constexpr Millis patience = 2'000;       // for a peer that does not answer
constexpr Millis longest_sleep = 1'000;  // where changes are reported; those of a link's target are not

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == 0 ? "/" : path.substr(0, slash);
}

std::string describe(const Connection& failed) {
    if (failed.error == ECONNREFUSED) return "connection refused";
    if (failed.error == ETIMEDOUT) return "no answer";
    if (failed.error == ENOENT) return "the socket does not exist";
    return sys::describe_errno(failed.error);
}

class Prober {
  public:
    Prober(const ReadyJob& job, ReadyReport& report, int lifeline)
        : job_(job),
          report_(report),
          lifeline_(lifeline),
          proof_(job.store, job.record, job.plan.look, job.guardian, job.plan.shared) {}

    int await_all() {
        std::string notes;
        for (std::size_t i = 0; i < job_.plan.probes.size(); ++i) {
            const run::Probe& probe = job_.plan.probes[i];
            note_.clear();
            const int status = await_one(probe, i);
            if (status == probes_timed_out) explain_time_out(probe);
            if (status != probes_answered) return status;
            if (!note_.empty()) notes += (notes.empty() ? "" : ", ") + probe.text + ' ' + note_;
        }
        write_text(report_.result, notes);
        return probes_answered;
    }

  private:
    Millis left() const { return std::max<Millis>(0, job_.deadline - sys::monotonic_ms()); }
    Attempt attempt() const { return Attempt::within(lifeline_, std::min(patience, left())); }

    void say_last(const run::Probe& probe, const std::string& answer) {
        write_text(report_.last, probe.text + ": " + answer);
    }

    void explain_time_out(const run::Probe& probe) {
        std::string text(report_.last);
        // When the run itself has answered, only its answer is wrong, and ports do not matter.
        for (const std::string& more :
             {run_answered_ ? "" : describe_ports(probe, run_processes(job_.guardian)),
              describe_output(job_.logs)})
            if (!more.empty()) text += "; " + more;
        write_text(report_.result, text);
    }

    int await_one(const run::Probe& probe, std::size_t number) {
        if (probe.kind == Kind::notify) return job_.notice < 0 ? probes_answered : await_notice(probe);
        if (probe.kind != Kind::log) return await(probe, number);
        return job_.plan.failures.empty() ? await_log(probe) : probes_answered;
    }

    int await_log(const run::Probe& probe) {
        const pid_t pid = start_search({.logs = job_.logs, .wanted = {probe.path}, .failures = {}}, report_);
        return pid < 0 ? 1 : await_child(pid, left(), lifeline_);
    }

    int await_notice(const run::Probe& probe) {
        say_last(probe, "no READY=1 was received");
        pollfd set[] = {{lifeline_, POLLIN, 0}, {job_.notice, POLLIN, 0}};
        while (left() > 0) {
            ::poll(set, 2, static_cast<int>(left()));
            if (set[0].revents != 0) return lifeline_ended;
            if (set[1].revents != 0) return probes_answered;
        }
        return probes_timed_out;
    }

    int await(const run::Probe& probe, std::size_t number) {
        const sys::Fd notes = sys::open_inotify();
        int watched = -1;
        if (probe.kind == Kind::file)
            watched = sys::add_watch(notes, folder_of(probe.path),
                                     IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_MODIFY | IN_ONLYDIR);
        for (Millis pause = 10;; pause = std::min<Millis>(pause * 2, 250)) {
            const Finding found = try_once(probe, number);
            if (found.answer == Answer::ready) {
                note_ = found.text;
                return probes_answered;
            }
            if (found.answer == Answer::foreign) {
                write_text(report_.result, found.text);
                return answered_by_others;
            }
            say_last(probe, found.text);
            pollfd set[] = {{lifeline_, POLLIN, 0}, {notes.get(), POLLIN, 0}};
            ::poll(set, 2, static_cast<int>(std::min(left(), watched >= 0 ? longest_sleep : pause)));
            if (set[0].revents != 0) return lifeline_ended;
            if (left() == 0) return probes_timed_out;
            sys::drain(notes);
        }
    }

    Finding try_once(const run::Probe& probe, std::size_t number) {
        switch (probe.kind) {
            case Kind::tcp:
            case Kind::http:
                return over_tcp(probe);
            case Kind::unix_socket:
                return over_unix(probe, number);
            case Kind::file:
                return proof_.of_file(probe.path, number);
            case Kind::command: {
                const int status =
                    run_shell(job_.shape, {probe.path, job_.record.cwd, {}, left()}, lifeline_);
                if (status == 0) return {Answer::ready, ""};
                return {Answer::no,
                        left() == 0 ? "it did not end in time" : "exit status " + std::to_string(status)};
            }
            case Kind::log:
            case Kind::notify:
                break;
        }
        return {Answer::ready, ""};
    }

    // `localhost` stands for two addresses: the run may hold one, and another process the other.
    Finding over_tcp(const run::Probe& probe) {
        Finding out{Answer::no, ""};
        bool reached = false;
        run_answered_ = false;
        for (const sys::Endpoint& endpoint : endpoints_of(probe)) {
            const Attempt each = attempt();
            const Connection connection = connect_to(endpoint, each);
            if (!connection.fd) {
                if (out.text.empty()) out.text = describe(connection);
                continue;
            }
            reached = true;
            Finding found = proof_.of_tcp(connection.peer);
            if (found.answer == Answer::ready) {
                const std::string wrong = what_is_wrong(probe, connection.fd.get(), each);
                if (wrong.empty()) return found;
                found = {Answer::no, wrong};
                run_answered_ = true;
            }
            if (out.answer != Answer::foreign) out = found;
        }
        if (!reached) proof_.refused();
        return out;
    }

    // Returns what is wrong with the answer on a connection that counts, or "" when nothing is.
    static std::string what_is_wrong(const run::Probe& probe, int fd, const Attempt& attempt) {
        if (probe.kind == Kind::http) {
            const std::string status = http_answer(probe, fd, attempt);
            return status.size() == 3 && (status[0] == '2' || status[0] == '3') ? "" : status;
        }
        return closed_at_once(fd, attempt) ? "the connection was accepted, then closed at once" : "";
    }

    Finding over_unix(const run::Probe& probe, std::size_t number) {
        const Attempt each = attempt();
        const Connection connection = connect_to_unix(probe.path, each);
        if (!connection.fd) {
            proof_.refused();
            struct stat st {};
            const bool stale = connection.error == ECONNREFUSED && number < ReadyLook::most &&
                               job_.plan.look.files[number].exists &&
                               mark_file(probe.path) == job_.plan.look.files[number];
            if (::stat(probe.path.c_str(), &st) == 0 && !S_ISSOCK(st.st_mode))
                return {Answer::no, "it is not a socket"};
            return {Answer::no,
                    stale ? "no process listens on it; it is older than this run" : describe(connection)};
        }
        Finding found = proof_.of_unix(connection.fd.get(), probe.path);
        if (found.answer != Answer::ready || !closed_at_once(connection.fd.get(), each)) return found;
        return {Answer::no, "the connection was accepted, then closed at once"};
    }

    const ReadyJob& job_;
    ReadyReport& report_;
    int lifeline_;
    Proof proof_;
    std::string note_;
    bool run_answered_ = false;  // whether the run answered the last attempt, but not as the probe wants it
};

}  // namespace

int try_probes(const ReadyJob& job, ReadyReport& report, int lifeline) {
    return Prober(job, report, lifeline).await_all();
}

}  // namespace sigmund::guard
