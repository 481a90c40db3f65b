// SPDX-License-Identifier: Apache-2.0
#include "guard/ready_log.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <limits>
#include <optional>

#include "sys/clock.hpp"
#include "sys/fd.hpp"
#include "sys/inotify.hpp"
#include "sys/own_file.hpp"
#include "text/escape.hpp"
#include "text/expression.hpp"
#include "text/plain.hpp"

namespace sigmund::guard {
namespace {

// An incomplete line, such as a prompt, counts after this many ms without output, and, while output goes on, once
// it has been incomplete for a while.
constexpr sys::Millis moment = 200, while_written = 1000;
constexpr sys::Millis never = std::numeric_limits<sys::Millis>::max();
constexpr std::size_t shown_columns = 200;  // of a line that means failure

// The lines of one log from a position on, as a person sees them. A line that is rewritten, such as a progress
// bar, comes in each of its states. Of a very long line only the beginning comes.
class LogLines {
  public:
    explicit LogLines(const LogStart& log)
        : path_(log.path),
          plain_([this](std::string_view text, Part part) { keep(text, part); },
                 {.tabs_as_blanks = false, .states = true}) {
        log_ = open();
        if (log_) ::lseek(log_.get(), log.from, SEEK_SET);
    }
    LogLines(const LogLines&) = delete;
    LogLines& operator=(const LogLines&) = delete;

    // Calls `take` with each line that was completed since the last call, until it returns true. What is
    // written during the call may be left to the next one. Returns whether `take` has returned true.
    template <typename Take>
    bool each(const Take& take) {
        for (;;) {
            if (in_this_file(take)) return true;
            sys::Fd other = open();
            struct stat mine {
            }, theirs{};
            if (!other || ::fstat(other.get(), &theirs) != 0) return false;
            if (log_ && ::fstat(log_.get(), &mine) == 0 && mine.st_ino == theirs.st_ino &&
                mine.st_dev == theirs.st_dev)
                return false;
            if (in_this_file(take)) return true;  // this was written before the rotation
            log_ = std::move(other);
        }
    }

    // Returns when the unfinished line counts, by the monotonic clock.
    sys::Millis due() const {
        if (changed_ == never || goes_on_) return never;
        return std::min(changed_ + moment, std::max(begun_ + while_written, counted_ + moment));
    }
    // Returns the unfinished line, which then counts again only after it has changed.
    std::string unfinished() {
        counted_ = sys::monotonic_ms();
        changed_ = never;
        return plain_.unfinished();
    }

  private:
    using Part = text::PlainText::Part;

    sys::Fd open() const { return sys::open_own(AT_FDCWD, path_.c_str(), O_RDONLY); }

    // Returns how far to read: an end that moves on may never be reached.
    off_t present_end() const {
        struct stat st {};
        return log_ && ::fstat(log_.get(), &st) == 0 && S_ISREG(st.st_mode) ? st.st_size : -1;
    }

    void keep(std::string_view text, Part part) {
        if (!goes_on_) lines_.emplace_back(text);
        if (part == Part::state) return;
        goes_on_ = part == Part::piece;
        begun_ = sys::monotonic_ms();
    }

    template <typename Take>
    bool in_this_file(const Take& take) {
        char buffer[16 * 1024];
        const off_t end = present_end();
        for (;;) {
            if (end >= 0 && ::lseek(log_.get(), 0, SEEK_CUR) >= end) return false;
            const ssize_t n = log_ ? ::read(log_.get(), buffer, sizeof buffer) : 0;
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return false;
            lines_.clear();
            if (!plain_.has_unfinished()) begun_ = sys::monotonic_ms();
            plain_.feed({buffer, static_cast<std::size_t>(n)});
            changed_ = plain_.has_unfinished() ? sys::monotonic_ms() : never;
            if (std::any_of(lines_.begin(), lines_.end(), take)) return true;
        }
    }

    std::string path_;
    text::PlainText plain_;
    bool goes_on_ = false;  // the line had more text than is looked at
    // When the unfinished line began, changed (never: not since it counted) and counted.
    sys::Millis begun_ = 0, changed_ = never, counted_ = 0;
    std::vector<std::string> lines_;  // those of the last read
    sys::Fd log_;
};

// Judges one line after the other.
class Judge {
  public:
    Judge(const LogSearch& search, const std::function<void(std::size_t)>& missing)
        : missing_(missing), seen_(search.wanted.size()) {
        for (const std::string& text : search.wanted) wanted_.emplace_back(text);
        for (const std::string& text : search.failures) failures_.emplace_back(text);
        // The order of lines in different logs is not known: a failure in any of them counts first.
        by_line_ = search.ends == LogSearch::Ends::at_match && search.logs.size() == 1;
        never_ = search.ends == LogSearch::Ends::at_failure;
        tell_missing();
    }

    bool valid() const {
        const auto valid = [](const text::Expression& each) { return each.valid(); };
        return std::all_of(wanted_.begin(), wanted_.end(), valid) &&
               std::all_of(failures_.begin(), failures_.end(), valid);
    }

    // Returns whether the search ends with this line.
    bool take(const std::string& line) {
        for (const text::Expression& failure : failures_) {
            if (!failure.matches(line)) continue;
            const bool is_long = text::display_width(line) > shown_columns;
            failure_ = is_long ? text::excerpt(line, failure.position(line), shown_columns) : line;
            return true;
        }
        bool changed = false;
        for (std::size_t i = 0; i < seen_.size(); ++i)
            if (!seen_[i] && wanted_[i].matches(line)) changed = seen_[i] = true;
        if (changed) tell_missing();
        return by_line_ && all_seen();
    }

    // The result after everything that was written has been read; nothing if the search goes on.
    std::optional<LogFinding> result() const {
        if (failure_) return LogFinding{LogFinding::Kind::failed, *failure_};
        if (!never_ && all_seen()) return LogFinding{LogFinding::Kind::found};
        return std::nullopt;
    }

  private:
    std::size_t first_missing() const {
        return static_cast<std::size_t>(std::find(seen_.begin(), seen_.end(), false) - seen_.begin());
    }
    bool all_seen() const { return first_missing() == seen_.size(); }
    void tell_missing() const {
        if (!all_seen()) missing_(first_missing());
    }

    const std::function<void(std::size_t)>& missing_;
    std::deque<text::Expression> wanted_, failures_;
    std::vector<bool> seen_;  // for each of the wanted ones
    std::optional<std::string> failure_;
    bool by_line_, never_;
};

}  // namespace

LogFinding search_logs(const LogSearch& search, const std::function<void(std::size_t)>& missing) {
    Judge judge(search, missing);
    if (!judge.valid()) return {};
    const sys::Fd notes = sys::open_inotify();
    std::deque<LogLines> logs(search.logs.begin(), search.logs.end());
    for (;;) {
        // The watch is set on the present files before they are read, so that nothing that is written in
        // between is missed.
        bool told = true;
        for (const LogStart& log : search.logs)
            told = sys::add_watch(notes, log.path, IN_MODIFY | IN_MOVE_SELF | IN_ATTRIB) >= 0 && told;
        for (LogLines& log : logs)
            if (log.each([&](const std::string& line) { return judge.take(line); })) break;
        if (auto result = judge.result()) return *result;
        sys::Millis next = told ? never : sys::monotonic_ms() + sys::look_again_ms;
        for (LogLines& log : logs) {
            if (log.due() <= sys::monotonic_ms()) judge.take(log.unfinished());
            next = std::min(next, log.due());
        }
        if (auto result = judge.result()) return *result;
        pollfd set{notes.get(), POLLIN, 0};
        const sys::Millis wait = std::max<sys::Millis>(0, next - sys::monotonic_ms());
        ::poll(&set, 1, next == never ? -1 : static_cast<int>(wait));
        sys::drain(notes);
    }
}

}  // namespace sigmund::guard
