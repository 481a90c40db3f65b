// SPDX-License-Identifier: Apache-2.0
#include "ops/follow.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "ops/merge_lines.hpp"
#include "ops/wait.hpp"
#include "run/failure.hpp"
#include "run/handle.hpp"
#include "sys/error.hpp"
#include "sys/inotify.hpp"
#include "sys/own_file.hpp"

namespace sigmund::ops {
namespace {

using run::LogPart;

struct Stream {
    std::size_t run;
    LogStream log;
};

[[noreturn]] void unreadable(const run::Store& store, const run::Judged& run, int error) {
    const run::Record& record = run.record;
    const std::string path = record.log_external ? record.log : store.log_path(record.id);
    if (error == ENOENT) {
        const bool live = run.live();
        throw run::Failure(
            run::Exit::usage, "failed",
            "the log " + path + " has been removed" +
                (live ? ", and the run keeps writing to the removed file" : ""),
            live ? "a restart creates it again: sigmund restart " + run::handle(run::View::of(store), record)
                 : "",
            record.id);
    }
    if (const char* why = sys::why_not_own(error))
        throw run::Failure(error == EPERM ? run::Exit::denied : run::Exit::usage, "failed",
                           "cannot read log " + path + ": it " + why, "", record.id);
    throw run::Failure(error == EACCES || error == EPERM ? run::Exit::denied : run::Exit::usage, "failed",
                       "cannot read log " + path + ": " + sys::describe_errno(error), "", record.id);
}

// How the logs are read. Held lines are merged by their times.
struct How {
    bool timed = false, held = false;
};

// Whether the log of each of these runs has a time index.
bool all_indexed(const run::Store& store, const std::vector<run::Judged>& runs) {
    return std::all_of(runs.begin(), runs.end(), [&](const run::Judged& run) {
        const sys::Fd log = store.open_log(run.record);
        LineClock clock(store, run.record, static_cast<bool>(log));
        clock.turn_to(log.get());
        return clock.index() != nullptr;
    });
}

How how_to_read(const run::Store& store, const std::vector<run::Judged>& runs, const FollowRequest& request) {
    const bool merges = !request.follow && runs.size() > 1 && (request.stamps || all_indexed(store, runs));
    return {request.stamps || request.tells_times || request.choice.until >= 0 || merges,
            merges || request.last >= 0};
}

std::vector<Stream> open_streams(const run::Store& store, const std::vector<run::Judged>& runs,
                                 const FollowRequest& request) {
    const How how = how_to_read(store, runs, request);
    std::vector<Stream> streams;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const run::Record& record = runs[i].record;
        const std::string prefix = i < request.prefixes.size() ? request.prefixes[i] : "";
        const auto add = [&](LogPart part, int number, int out, const std::string& before) {
            const int to = request.to_stderr ? STDERR_FILENO : request.form ? STDOUT_FILENO : out;
            LogOutput::Shape shape{prefix + before, request.text, {}, request.stamps, request.choice};
            if (request.form)
                shape.form = [&request, i, part, number](const LogLine& line) {
                    return request.form(i, part == LogPart::errors, part == LogPart::worker ? number : -1,
                                        line);
                };
            shape.held = how.held;
            if (request.last >= 0) shape.most_held = static_cast<std::size_t>(request.last);
            LogStream log(store, record, part, number, {to, std::move(shape)}, how.timed);
            if (!log.open() && part == LogPart::whole) unreadable(store, runs[i], errno);
            if (log.open()) streams.push_back({i, std::move(log)});
        };
        add(LogPart::whole, 0, STDOUT_FILENO, "");
        if (record.split_log) add(LogPart::errors, 0, STDERR_FILENO, "");
        if (record.split_log)
            for (int worker = 0; worker < record.workers_wanted; ++worker)
                add(LogPart::worker, worker, STDOUT_FILENO, std::to_string(worker) + " | ");
    }
    return streams;
}

// Writes what the logs have now, from where reading begins, of those that hold their lines.
void write_held(std::vector<Stream>& streams, const FollowRequest& request) {
    std::vector<LogStream*> logs;
    for (Stream& stream : streams)
        if (stream.log.output().holds()) logs.push_back(&stream.log);
    if (request.last < 0) {  // nothing is followed
        merge_lines(logs, [&](LogStream& log) {
            bool more = true;
            while (more && log.output().held().empty()) more = log.copy_some();
            if (!more) log.output().finish();
            return !log.output().held().empty();
        });
    } else {  // the last lines are known once all have been read
        for (LogStream* const log : logs) {
            if (request.follow) log->stop_at_present();  // it may grow as fast as it is read
            while (log->copy_some()) {
            }
            if (request.follow)
                log->go_on();
            else
                log->output().finish();
        }
        merge_lines(logs, [](LogStream&) { return false; });
    }
    for (LogStream* const log : logs) log->output().release();
}

}  // namespace

std::vector<FollowOutcome> follow(const run::View& view, const std::vector<run::Judged>& runs,
                                  const FollowRequest& request) {
    std::vector<Stream> streams = open_streams(view.store(), runs, request);
    const sys::Fd notes = request.follow ? sys::open_inotify() : sys::Fd();
    bool told = true;  // whether inotify watches each of the logs, and the folders of those that are gone
    const auto notice = [&](const Stream& stream) {
        const std::string path = "/proc/self/fd/" + std::to_string(stream.log.descriptor());
        told = sys::add_watch(notes, path, IN_MODIFY | IN_MOVE_SELF | IN_ATTRIB) >= 0 && told;
    };
    // A log that has been removed is created again by the next start. Only a watch on its folder reports
    // that.
    std::vector<std::string> folders;
    const auto watch_folder = [&](const std::string& folder) {
        if (!notes || std::find(folders.begin(), folders.end(), folder) != folders.end()) return false;
        folders.push_back(folder);
        const bool watched = sys::add_watch(notes, folder, IN_CREATE | IN_MOVED_TO) >= 0;
        told = told && watched;
        return watched;
    };
    std::vector<FollowOutcome> out(runs.size());
    // Without following, only the bytes that the log has now are shown, however fast it grows.
    if (!request.follow)
        for (Stream& stream : streams) stream.log.stop_at_present();
    for (Stream& stream : streams) {
        if (!stream.log.seek(request.start)) out[stream.run].untimed = true;
        // The log is watched before it is first read, so that bytes written in between are not missed.
        notice(stream);
    }
    write_held(streams, request);
    for (Stream& stream : streams) notice(stream);  // it may have gone on to another file
    std::vector<EndWatch> ends;
    ends.reserve(runs.size());
    const auto until = request.until_leader ? run::Until::leader : run::Until::gone;
    if (request.follow)
        for (const run::Judged& run : runs) ends.emplace_back(view, run, until);
    bool last_read = !request.follow;
    for (;;) {
        // Whether the runs are over is checked before the last read, which then includes everything written
        // until that moment. Output that other processes write after the end of a leader is not waited for.
        const bool over = std::all_of(ends.begin(), ends.end(), [](const EndWatch& e) { return e.over(); });
        if (over && !std::exchange(last_read, true))
            for (Stream& stream : streams) stream.log.stop_at_present();
        bool again = false;
        for (Stream& stream : streams) {
            if (stream.log.output().done()) continue;
            if (stream.log.copy()) {
                notice(stream);
                again = true;  // bytes that were written before the watch
            }
            if (stream.log.missing() && watch_folder(stream.log.folder())) again = true;
        }
        if (again) continue;
        if (over) break;
        std::vector<pollfd> set;
        std::vector<std::size_t> owner;
        set.push_back({notes.get(), POLLIN, 0});
        bool all_told = told;
        for (std::size_t i = 0; i < ends.size(); ++i) {
            if (ends[i].over()) continue;
            all_told = all_told && ends[i].told();
            for (const int fd : ends[i].descriptors()) {
                set.push_back({fd, POLLIN, 0});
                owner.push_back(i);
            }
        }
        // Where inotify's limits are reached the logs are checked a few times a second.
        ::poll(set.data(), set.size(), all_told ? -1 : sys::look_again_ms);
        if (set[0].revents != 0) sys::drain(notes);
        for (EndWatch& end : ends)
            if (!end.over() && !end.told()) end.check();
        std::size_t last = ends.size();
        for (std::size_t i = 1; i < set.size(); ++i) {
            if (set[i].revents == 0 || owner[i - 1] == last) continue;
            last = owner[i - 1];
            ends[last].check();
        }
    }
    for (Stream& stream : streams) {
        LogOutput& output = stream.log.output();
        output.finish();
        if ((request.stamps || request.choice.until >= 0) && stream.log.clock().knew_nothing())
            out[stream.run].untimed = true;
        out[stream.run].open_line[output.descriptor() == STDERR_FILENO] |= output.line_open();
    }
    for (std::size_t i = 0; i < ends.size(); ++i) {
        out[i].status = ends[i].end().status;
        out[i].known_end = ends[i].over();
    }
    return out;
}

}  // namespace sigmund::ops
