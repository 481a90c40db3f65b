// SPDX-License-Identifier: Apache-2.0
#include "ops/follow.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "ops/wait.hpp"
#include "run/failure.hpp"
#include "sys/error.hpp"
#include "text/escape.hpp"

namespace sigmund::ops {
namespace {

struct Stream {
    std::size_t run;
    sys::Fd log;
    int out;  // where its bytes go
    std::string prefix;
    std::string partial;  // the beginning of a line, when lines get a prefix
};

// Sets the offset to the beginning of the last `lines` lines.
void seek_to_last_lines(int fd, long long lines) {
    struct stat st {};
    if (::fstat(fd, &st) != 0 || st.st_size == 0) return;
    off_t at = st.st_size;
    char buffer[16 * 1024];
    bool first = true;
    while (at > 0) {
        const off_t size = std::min<off_t>(at, sizeof buffer);
        at -= size;
        const ssize_t n = ::pread(fd, buffer, static_cast<std::size_t>(size), at);
        if (n <= 0) break;
        for (off_t i = n - 1; i >= 0; --i) {
            const bool last_byte = first;
            first = false;
            if (buffer[i] != '\n' || last_byte) continue;
            if (--lines == 0) {
                ::lseek(fd, at + i + 1, SEEK_SET);
                return;
            }
        }
    }
    ::lseek(fd, 0, SEEK_SET);
}

void put(int out, std::string_view bytes) {
    if (const int error = sys::write_all(out, bytes); error != 0) sys::fail(error, "write");
}

void emit(Stream& stream, std::string_view bytes) {
    if (stream.prefix.empty()) return put(stream.out, bytes);
    std::string text;
    while (!bytes.empty()) {
        const auto end = bytes.find('\n');
        if (end == std::string_view::npos) {
            stream.partial += bytes;
            break;
        }
        text += stream.prefix + stream.partial;
        text += bytes.substr(0, end + 1);
        stream.partial.clear();
        bytes.remove_prefix(end + 1);
    }
    if (!text.empty()) put(stream.out, text);
}

void copy_rest(Stream& stream) {
    char buffer[64 * 1024];
    for (;;) {
        struct stat st {};
        const off_t here = ::lseek(stream.log.get(), 0, SEEK_CUR);
        if (::fstat(stream.log.get(), &st) == 0 && st.st_size < here) ::lseek(stream.log.get(), 0, SEEK_SET);
        const ssize_t n = ::read(stream.log.get(), buffer, sizeof buffer);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return;
        emit(stream, {buffer, static_cast<std::size_t>(n)});
    }
}

}  // namespace

std::vector<FollowOutcome> follow(const run::Store& store, const std::vector<run::Record>& records,
                                  const FollowRequest& request) {
    std::vector<Stream> streams;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const std::string prefix = i < request.prefixes.size() ? request.prefixes[i] : "";
        sys::Fd log = store.open_log(records[i]);
        if (!log)
            throw run::Failure(
                errno == EACCES || errno == EPERM ? run::Exit::denied : run::Exit::usage, "failed",
                "cannot read log " +
                    text::escape_for_display(records[i].log_external ? records[i].log
                                                                     : store.log_path(records[i].id)) +
                    ": " + sys::describe_errno(errno),
                "", records[i].id);
        streams.push_back({i, std::move(log), STDOUT_FILENO, prefix, {}});
        if (records[i].split_log)
            if (sys::Fd errors = store.open_log(records[i], true))
                streams.push_back({i, std::move(errors), STDERR_FILENO, prefix, {}});
    }
    const sys::Fd notes(request.follow ? ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK) : -1);
    for (Stream& stream : streams) {
        // Watched before it is first read: what is written in between is seen one way or the other.
        if (notes)
            ::inotify_add_watch(notes.get(), ("/proc/self/fd/" + std::to_string(stream.log.get())).c_str(),
                                IN_MODIFY);
        if (request.lines >= 0) seek_to_last_lines(stream.log.get(), request.lines);
        if (request.lines == 0) ::lseek(stream.log.get(), 0, SEEK_END);
    }
    std::vector<FollowOutcome> out(records.size());
    std::vector<EndWatch> ends;
    ends.reserve(records.size());
    if (request.follow)
        for (const run::Record& record : records) ends.emplace_back(store, record, !request.until_leader);
    for (;;) {
        // Whether it is over is asked before the last read, so that what was written until then is in it.
        const bool over = std::all_of(ends.begin(), ends.end(), [](const EndWatch& e) { return e.over(); });
        for (Stream& stream : streams) copy_rest(stream);
        if (over) break;
        std::vector<pollfd> set;
        std::vector<std::size_t> owner;
        set.push_back({notes.get(), POLLIN, 0});
        for (std::size_t i = 0; i < ends.size(); ++i) {
            if (ends[i].over()) continue;
            for (const int fd : ends[i].descriptors()) {
                set.push_back({fd, POLLIN, 0});
                owner.push_back(i);
            }
        }
        // Without inotify (its limit is reached) the log is looked at four times a second.
        ::poll(set.data(), set.size(), notes ? -1 : 250);
        if (set[0].revents != 0) {
            char drained[4096];
            while (::read(notes.get(), drained, sizeof drained) > 0) {
            }
        }
        std::size_t last = ends.size();
        for (std::size_t i = 1; i < set.size(); ++i) {
            if (set[i].revents == 0 || owner[i - 1] == last) continue;
            last = owner[i - 1];
            ends[last].check();
        }
    }
    for (Stream& stream : streams)
        if (!stream.partial.empty()) put(stream.out, stream.prefix + stream.partial + '\n');
    for (std::size_t i = 0; i < ends.size(); ++i) {
        out[i].status = ends[i].status();
        out[i].known_end = ends[i].over();
    }
    return out;
}

}  // namespace sigmund::ops
