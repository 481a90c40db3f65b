// SPDX-License-Identifier: Apache-2.0
// Finds where the lines of a time begin in a log.
#include <unistd.h>

#include <algorithm>

#include "ops/log_stream.hpp"
#include "sys/clock.hpp"

namespace sigmund::ops {

SinceAnswer seek_to_time(int fd, off_t end, sys::Millis since, std::optional<sys::Millis> begun) {
    const sys::Millis now = sys::realtime_ms();
    std::string line;
    char buffer[64 * 1024];
    off_t line_start = 0, at = 0;
    bool timed = false;
    ssize_t n;
    // Returns whether this line is new enough. If so, the offset is set to the beginning of it and of the
    // lines that belong to it.
    const auto found = [&] {
        const auto time = time_of_line(line, now);
        if (!time) return false;
        const bool enough = *time >= since;
        // The lines before the first time belong to the beginning of the log.
        if (enough && !timed && begun && *begun >= since) line_start = 0;
        timed = true;
        if (enough) ::lseek(fd, line_start, SEEK_SET);
        return enough;
    };
    while (at < end &&
           (n = ::pread(fd, buffer, std::min<std::size_t>(sizeof buffer, static_cast<std::size_t>(end - at)),
                        at)) > 0) {
        for (ssize_t i = 0; i < n; ++i) {
            if (buffer[i] != '\n') {
                if (line.size() < 128) line += buffer[i];
                continue;
            }
            if (found()) return SinceAnswer::found;
            line.clear();
            line_start = at + i + 1;
        }
        at += n;
    }
    if (!line.empty() && found()) return SinceAnswer::found;
    if (timed) {
        ::lseek(fd, end, SEEK_SET);
        return SinceAnswer::older;
    }
    ::lseek(fd, 0, SEEK_SET);
    if (end == 0) return SinceAnswer::empty;
    return begun && *begun >= since ? SinceAnswer::found : SinceAnswer::untimed;
}

SinceAnswer seek_in_index(int fd, off_t end, sys::Millis since, const text::TimeIndex& index) {
    if (end == 0) return SinceAnswer::empty;
    const auto first = index.first_since(since);
    off_t at = first ? std::min<off_t>(first->offset, end) : end;
    // A line that goes on there was begun before.
    char buffer[16 * 1024];
    bool line_begins = at == 0 || (::pread(fd, buffer, 1, at - 1) == 1 && buffer[0] == '\n');
    while (!line_begins && at < end) {
        const auto most = std::min<std::size_t>(sizeof buffer, static_cast<std::size_t>(end - at));
        const ssize_t n = ::pread(fd, buffer, most, at);
        if (n <= 0) break;
        const auto newline = std::string_view(buffer, static_cast<std::size_t>(n)).find('\n');
        line_begins = newline != std::string_view::npos;
        at += line_begins ? static_cast<off_t>(newline) + 1 : n;
    }
    ::lseek(fd, at, SEEK_SET);
    return at < end ? SinceAnswer::found : SinceAnswer::older;
}

}  // namespace sigmund::ops
