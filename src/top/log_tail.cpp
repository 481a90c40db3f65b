// SPDX-License-Identifier: Apache-2.0
#include "top/log_tail.hpp"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "sys/error.hpp"
#include "sys/inotify.hpp"
#include "text/size.hpp"

namespace sigmund::top {
namespace {

constexpr std::int64_t first_window = 256 * 1024, longest_window = 16 * 1024 * 1024;
constexpr std::size_t piece = 256 * 1024;  // read at once, so that keys are answered in between

std::int64_t size_of(const sys::Fd& file) {
    struct stat st {};
    return file && ::fstat(file.get(), &st) == 0 ? st.st_size : 0;
}

}  // namespace

LogTail::LogTail() = default;

void LogTail::close() {
    record_ = {};
    log_.reset();
    notes_.reset();
    remark_.clear();
    lines_.clear();
}

void LogTail::show(const run::Store& store, const run::Record& record) {
    if (record_.id == record.id) return;
    close();
    record_ = record;
    // The workers of a pool with separate logs write into none but these.
    const bool workers = record.split_log && record.workers_wanted > 0;
    place_ = {0, first_window, workers ? run::LogPart::worker : run::LogPart::whole};
    start_over(store);
}

std::string LogTail::title() const {
    if (place_.part == run::LogPart::worker) return " of worker " + std::to_string(place_.worker);
    return place_.part == run::LogPart::errors ? " of stderr" : record_.split_log ? " of stdout" : "";
}

bool LogTail::show_other(const run::Store& store, bool before) {
    if (!record_.split_log) return false;
    if (record_.workers_wanted > 0) {
        const int workers = record_.workers_wanted;
        const int next = (place_.worker + (before ? workers - 1 : 1)) % workers;
        if (next == place_.worker) return false;
        place_ = {0, first_window, run::LogPart::worker, next};
    } else {
        const bool errors = place_.part == run::LogPart::errors;
        place_ = {0, first_window, errors ? run::LogPart::whole : run::LogPart::errors};
    }
    lines_.clear();
    start_over(store);
    return true;
}

void LogTail::open(const run::Store& store) {
    log_ = store.open_log(record_, place_.part, place_.worker);
    remark_ = log_ ? "" : "the log cannot be read: " + sys::describe_errno(errno);
    notes_ = sys::open_inotify();
    if (log_)
        sys::add_watch(notes_, "/proc/self/fd/" + std::to_string(log_.get()),
                       IN_MODIFY | IN_MOVE_SELF | IN_ATTRIB);
    plain_ = std::make_unique<text::PlainText>(
        [this](std::string_view line, text::PlainText::Part) { lines_.add(std::string(line)); },
        text::PlainText::Options{.tabs_as_blanks = true});
}

void LogTail::start_over(const run::Store& store) {
    open(store);
    const std::int64_t size = size_of(log_);
    place_.at = std::max<std::int64_t>(0, size - place_.window);
    if (place_.at > 0) {
        // The beginning of the first line is missing, so that line is left out.
        std::string begin(4096, '\0');
        const ssize_t n = ::pread(log_.get(), begin.data(), begin.size(), place_.at);
        begin.resize(static_cast<std::size_t>(std::max<ssize_t>(0, n)));
        if (const auto end = begin.find('\n'); end != std::string::npos)
            place_.at += static_cast<std::int64_t>(end) + 1;
        remark_ = text::format_size(static_cast<std::uint64_t>(place_.at)) + " before this";
    }
}

bool LogTail::read(const run::Store& store, bool& again) {
    again = false;
    if (record_.id.empty()) return false;
    sys::drain(notes_);
    const std::int64_t size = size_of(log_);
    const bool moved = !log_ || (!record_.log_external &&
                                 !store.still_logs_to(log_, record_.id, place_.part, place_.worker));
    // A log that was cut, or that has grown by more than anybody could follow, is read from its new end.
    if (size < place_.at || size - place_.at > std::max(place_.window, 4 * first_window)) {
        lines_.clear();
        start_over(store);
        again = true;
        return true;
    }
    std::string bytes(std::min(piece, static_cast<std::size_t>(size - place_.at)), '\0');
    const ssize_t n = bytes.empty() ? 0 : ::pread(log_.get(), bytes.data(), bytes.size(), place_.at);
    if (n > 0) {
        plain_->feed(std::string_view(bytes).substr(0, static_cast<std::size_t>(n)));
        place_.at += n;
        lines_.set_open(plain_->unfinished());
        again = place_.at < size;
        return true;
    }
    if (!moved) return false;
    // The log has been rotated or made again: what the old file had is read, and the new one follows.
    sys::Fd next = store.open_log(record_, place_.part, place_.worker);
    if (!next) return false;
    open(store);
    place_.at = 0;
    again = true;
    return true;
}

bool LogTail::extend(const run::Store& store) {
    if (remark_.empty() || !log_ || place_.window >= longest_window) return false;
    const std::int64_t from_end = lines_.from_end();
    place_.window *= 2;
    lines_.clear();
    start_over(store);
    bool again = true;
    while (again && read(store, again)) {
    }
    lines_.select_from_end(from_end);
    return true;
}

}  // namespace sigmund::top
