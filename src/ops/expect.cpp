// SPDX-License-Identifier: Apache-2.0
#include "ops/expect.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "run/failure.hpp"
#include "sys/clock.hpp"
#include "sys/error.hpp"
#include "sys/inotify.hpp"
#include "sys/own_file.hpp"

namespace sigmund::ops {
namespace {

constexpr std::size_t longest_line = 64 * 1024;

sys::Fd open_log(const std::string& path) {
    return sys::open_own(AT_FDCWD, path.c_str(), O_RDONLY);
}

}  // namespace

Expectation::Expectation(const run::View& view, const run::Judged& run, const std::string& expression)
    : view_(view),
      run_(run),
      path_(run.record.log_external ? run.record.log : view.store().log_path(run.record.id)),
      expression_(expression),
      plain_([this](std::string_view text, text::PlainText::Part part) {
          if (piece_.size() < longest_line) piece_ += text;
          if (part != text::PlainText::Part::line) return;
          lines_.push_back(std::move(piece_));
          piece_.clear();
      }) {
    if (!expression_.valid())
        throw run::Failure::of_option("wait", '"' + expression + "\" is not a regular expression",
                                      "an extended one, as for grep -E");
    log_ = open_log(path_);
    if (!log_)
        throw run::Failure(run::Exit::usage, "failed",
                           "cannot read log " + path_ + ": " + sys::describe_errno(errno), "", run.record.id);
    ::lseek(log_.get(), 0, SEEK_END);
}

// Returns whether the log has been replaced by a new one, which is read next.
bool Expectation::read_on() {
    char buffer[16 * 1024];
    for (ssize_t n = 0; (n = ::read(log_.get(), buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR);)
        if (n > 0) plain_.feed({buffer, static_cast<std::size_t>(n)});
    struct stat mine {
    }, named{};
    sys::Fd other = open_log(path_);
    if (!other || ::fstat(log_.get(), &mine) != 0 || ::fstat(other.get(), &named) != 0 ||
        (mine.st_ino == named.st_ino && mine.st_dev == named.st_dev))
        return false;
    log_ = std::move(other);
    return true;
}

bool Expectation::matches_now(const std::function<void(const std::string& line)>& show) {
    while (!lines_.empty()) {
        const std::string line = std::move(lines_.front());
        lines_.pop_front();
        show(line);
        if (expression_.matches(line)) return true;
    }
    const std::string open = piece_ + plain_.unfinished();
    if (open.empty() || !expression_.matches(open)) return false;
    show(open);
    return true;
}

Expectation::Outcome Expectation::wait(sys::Millis deadline,
                                       const std::function<void(const std::string& line)>& show) {
    const sys::Fd notes = sys::open_inotify();
    EndWatch end(view_, run_, run::Until::gone);
    for (bool watched = false, over = end.over();;) {
        if (!watched) watched = sys::add_watch(notes, path_, IN_MODIFY | IN_MOVE_SELF | IN_ATTRIB) >= 0;
        while (read_on()) watched = false;
        if (matches_now(show)) return Outcome::matched;
        if (over) {
            const std::string open = piece_ + plain_.unfinished();
            if (!open.empty()) show(open);
            return Outcome::ended;
        }
        const sys::Millis now = sys::monotonic_ms();
        if (deadline >= 0 && now >= deadline) return Outcome::timed_out;
        std::vector<pollfd> set{{notes.get(), POLLIN, 0}};
        for (const int fd : end.descriptors()) set.push_back({fd, POLLIN, 0});
        sys::Millis pause = watched && end.told() ? -1 : sys::look_again_ms;
        if (deadline >= 0 && (pause < 0 || deadline - now < pause)) pause = deadline - now;
        ::poll(set.data(), set.size(), static_cast<int>(std::min<sys::Millis>(pause, 1 << 30)));
        if (set[0].revents != 0) sys::drain(notes);
        if (!end.told() ||
            std::any_of(set.begin() + 1, set.end(), [](const pollfd& p) { return p.revents != 0; }))
            over = end.check();
    }
}

}  // namespace sigmund::ops
