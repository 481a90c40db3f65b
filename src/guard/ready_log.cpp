// SPDX-License-Identifier: Apache-2.0
// The log: probe: lines of the logs, as a person sees them, tried on an expression as they come, also when a
// log is rotated away meanwhile.
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

constexpr std::size_t longest_line = 64 * 1024;  // that the expression is tried on
constexpr int moment = 200;  // ms of silence after which a line without its end counts: a prompt, say

class LogLines {
  public:
    LogLines(const LogStart& log, const regex_t& expression) : path_(log.path), expression_(expression) {
        log_ = open();
        if (log_) ::lseek(log_.get(), log.from, SEEK_SET);
    }

    // Whether a line that is there by now, and was not before, matches.
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
            if (in_this_file()) return true;  // what came before it was rotated away
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
                // What a carriage return lets be overwritten was seen too.
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
        // By their present files, before they are read: what comes in between is seen one way or the other.
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
