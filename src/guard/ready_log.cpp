// SPDX-License-Identifier: Apache-2.0
// This file implements the log: probe. It matches an expression against the lines of the logs as a person
// would see them, as they are written, even when a log is rotated meanwhile.
#include <fcntl.h>
#include <poll.h>
#include <regex.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "guard/ready.hpp"
#include "sys/fd.hpp"
#include "sys/inotify.hpp"
#include "sys/own_file.hpp"
#include "text/strip_escapes.hpp"

namespace sigmund::guard {
namespace {

constexpr std::size_t longest_line = 64 * 1024;  // the longest text that is matched
constexpr int moment = 200;  // after this many ms without output an incomplete line counts, such as a prompt

class LogLines {
  public:
    LogLines(const LogStart& log, const regex_t& expression) : path_(log.path), expression_(expression) {
        log_ = open();
        if (log_) ::lseek(log_.get(), log.from, SEEK_SET);
    }

    // Returns whether one of the lines that were written since the last call matches.
    bool matched() {
        for (;;) {
            if (in_this_file()) return true;
            sys::Fd other = open();
            struct stat mine {
            }, theirs{};
            if (!other || ::fstat(other.get(), &theirs) != 0) return false;
            if (log_ && ::fstat(log_.get(), &mine) == 0 && mine.st_ino == theirs.st_ino &&
                mine.st_dev == theirs.st_dev)
                return false;
            if (in_this_file()) return true;  // this was written before the rotation
            log_ = std::move(other);
        }
    }

    bool unfinished() const { return !line_.empty(); }
    bool unfinished_matches() const {
        return unfinished() &&
               ::regexec(&expression_, text::strip_escapes(line_).c_str(), 0, nullptr, 0) == 0;
    }

  private:
    sys::Fd open() const { return sys::open_own(AT_FDCWD, path_.c_str(), O_RDONLY); }
    bool in_this_file() {
        char buffer[16 * 1024];
        for (;;) {
            const ssize_t n = log_ ? ::read(log_.get(), buffer, sizeof buffer) : 0;
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return false;
            for (ssize_t i = 0; i < n; ++i) {
                // Text that is overwritten after a carriage return was visible too.
                if (buffer[i] != '\n' && buffer[i] != '\r') {
                    if (line_.size() < longest_line) line_ += buffer[i] == '\0' ? ' ' : buffer[i];
                    continue;
                }
                const std::string seen = text::strip_escapes(line_);
                if (::regexec(&expression_, seen.c_str(), 0, nullptr, 0) == 0) return true;
                line_.clear();
            }
        }
    }

    std::string path_;
    const regex_t& expression_;
    std::string line_;
    sys::Fd log_;
};

}  // namespace

bool log_matches(const std::vector<LogStart>& logs, const std::string& expression) {
    regex_t compiled;
    if (::regcomp(&compiled, expression.c_str(), REG_EXTENDED | REG_NOSUB) != 0) return false;
    const sys::Fd notes = sys::open_inotify();
    std::vector<LogLines> lines;
    lines.reserve(logs.size());
    for (const LogStart& log : logs) lines.emplace_back(log, compiled);
    for (bool tried = false;;) {
        // The watch is set on the present files before they are read, so that nothing that is written in
        // between is missed.
        bool told = true;
        for (const LogStart& log : logs)
            told = sys::add_watch(notes, log.path, IN_MODIFY | IN_MOVE_SELF | IN_ATTRIB) >= 0 && told;
        for (LogLines& each : lines)
            if (each.matched()) return true;
        pollfd set{notes.get(), POLLIN, 0};
        const bool waits = !tried && std::any_of(lines.begin(), lines.end(),
                                                 [](const LogLines& each) { return each.unfinished(); });
        tried = ::poll(&set, 1, !told ? 100 : waits ? moment : -1) == 0;
        if (tried && std::any_of(lines.begin(), lines.end(),
                                 [](const LogLines& each) { return each.unfinished_matches(); }))
            return true;
        sys::drain(notes);
    }
}

}  // namespace sigmund::guard
