// SPDX-License-Identifier: Apache-2.0
#include "guard/run_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "guard/log_heir.hpp"
#include "run/id.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"
#include "sys/lock.hpp"
#include "sys/own_file.hpp"
#include "text/escape.hpp"

namespace sigmund::guard {

RunLog::RunLog(const run::Record& record, const run::Store& store, LogPlan plan)
    : record_(record),
      store_(store),
      log_(std::move(plan.log)),
      error_log_(std::move(plan.errors)),
      worker_logs_(std::move(plan.workers)),
      pump_folder_(std::move(plan.folder)),
      terminal_(std::move(plan.terminal)) {
    if (pump_folder_)
        pump_ = std::make_unique<LogPump>(
            LogPlace{pump_folder_.get(), std::move(plan.name), plan.max_size, plan.keep}, std::move(log_),
            LogTimes(store.log_folder(), run::log_name(record.id, run::LogPart::times), plan.keep));
}

void RunLog::open_streams(int workers, const std::vector<std::unique_ptr<sys::SpawnPlan>>& commands) {
    if (!pump_) return;
    if (terminal_) console_ = std::make_unique<Console>(*pump_, terminal_->size, workers);
    if (terminal_ && terminal_->viewer)
        console_->viewers().adopt(std::move(terminal_->viewer), terminal_->size);
    for (int i = 0; i < workers && !console_; ++i) {
        const int fd = pump_->add_stream(std::to_string(i) + " | ");
        worker_logs_.emplace_back(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
    }
    // In a pool, and beside a terminal, this stream is for checks and --on-exit, since a rotation replaces the
    // log itself.
    for (const auto& command : commands) command->stdout_fd = command->stderr_fd = pump_->add_stream("");
    // A terminal hangs up when the guardian is killed, so that nothing is left to carry.
    if (console_) return;
    leave_heir(*pump_, "sigmund: log of " + record_.id);
}

int RunLog::worker_fd(int worker) const {
    const auto i = static_cast<std::size_t>(worker);
    return worker >= 0 && i < worker_logs_.size() ? worker_logs_[i].get() : -1;
}

void RunLog::note(const std::string& line) {
    const std::string text =
        "sigmund: " + sys::rfc3339(sys::realtime_ms()) + ' ' + text::escape_for_display(line);
    if (pump_) {
        if (console_) console_->catch_up();
        pump_->catch_up();
        pump_->write_line(text);
    } else if (log_) {
        sys::write_all(log_.get(), (ends_open_line(log_.get()) ? "\n" : "") + text + '\n');
    }
}

void RunLog::end_output(int worker) {
    if (!pump_) return;
    if (console_) console_->catch_up();
    pump_->catch_up();
    pump_->end_line(worker);
}

void RunLog::watch(std::vector<pollfd>& set) const {
    if (pump_) pump_->watch(set);
    if (console_) console_->watch(set);
}

void RunLog::fire(std::span<const pollfd> polled, Millis now, Host& host) {
    if (!pump_) return;
    const std::size_t streams = std::min(pump_->streams(), polled.size());
    pump_->fire(polled.first(streams), now, host);
    if (console_) console_->fire(polled.subspan(streams), now, host);
}

void RunLog::mark_starts() {
    starts_.clear();
    const auto mark = [&](const std::string& path, int fd) {
        struct stat st {};
        starts_.push_back({path, ::fstat(fd, &st) == 0 ? st.st_size : 0});
    };
    mark(record_.log, pump_ ? pump_->log() : log_.get());
    if (error_log_) mark(store_.log_path(record_.id, run::LogPart::errors), error_log_.get());
    if (pump_) return;
    for (std::size_t i = 0; i < worker_logs_.size(); ++i)
        mark(store_.log_path(record_.id, run::LogPart::worker, static_cast<int>(i)), worker_logs_[i].get());
}

void RunLog::make_again() {
    const auto is_file = [](const sys::Fd& log) {
        struct stat st {};
        return log && ::fstat(log.get(), &st) == 0 && S_ISREG(st.st_mode);
    };
    const auto put_back = [&](const sys::Fd& log, const sys::Fd& again) {
        if (!again || ::dup3(again.get(), log.get(), O_CLOEXEC) < 0)
            note("the log was removed and cannot be made again: " + sys::describe_errno(errno));
        else
            note("the log was removed while the run lived; this is a new one");
    };
    const auto make = [&](const sys::Fd& log, run::LogPart part, int number = 0) {
        if (is_file(log) && !store_.still_logs_to(log, record_.id, part, number))
            put_back(log, store_.append_to_log(record_.id, part, number));
    };
    if (!record_.log_external)
        make(log_, run::LogPart::whole);
    else if (is_file(log_) && !sys::still_named(log_.get(), AT_FDCWD, record_.log.c_str()))
        put_back(log_, sys::open_or_create_own(AT_FDCWD, record_.log.c_str(), O_WRONLY | O_APPEND));
    make(error_log_, run::LogPart::errors);
    for (std::size_t i = 0; i < worker_logs_.size(); ++i)
        make(worker_logs_[i], run::LogPart::worker, static_cast<int>(i));
}

void RunLog::empty() {
    const auto cut = [](int fd) {
        if (fd >= 0) (void)!::ftruncate(fd, 0);
    };
    if (!record_.log_external) cut(pump_ ? pump_->log() : log_.get());
    if (pump_) pump_->times().empty();
    cut(error_log_.get());
    for (const sys::Fd& log : worker_logs_) cut(log.get());
}

void RunLog::remove_worker_logs() {
    for (std::size_t i = 0; i < worker_logs_.size(); ++i)
        store_.drop_log(record_.id, run::LogPart::worker, static_cast<int>(i));
}

}  // namespace sigmund::guard
