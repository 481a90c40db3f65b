// SPDX-License-Identifier: Apache-2.0
#include "guard/log_times.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "sys/own_file.hpp"

namespace sigmund::guard {
namespace {

constexpr sys::Millis pause_after_failure = 1'000;

// Appends the whole, or nothing.
bool append(int fd, std::string_view bytes) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n == static_cast<ssize_t>(bytes.size())) return true;
    struct stat st {};
    if (n > 0 && ::fstat(fd, &st) == 0) (void)!::ftruncate(fd, st.st_size - n);
    return false;
}

}  // namespace

LogTimes::LogTimes(sys::Fd folder, std::string name, int keep)
    : folder_(std::move(folder)), name_(std::move(name)), keep_(keep) {}

void LogTimes::before_text(const struct stat& log) noexcept {
    try {
        const bool same = file_ && log.st_ino == log_ && log.st_size >= end_;
        if (!same) begin(log.st_ino);
        end_ = log.st_size;
        if (!file_) return;
        const std::string entry = encoder_.entry({log.st_size, sys::realtime_ms()});
        if (!entry.empty() && !append(file_.get(), entry)) encoder_.lost(entry.size());
    } catch (...) {  // out of memory: this text gets the time of the text before
    }
}

// A new file takes the place of the old one, so that whoever reads that one is not disturbed.
void LogTimes::begin(std::uint64_t log) {
    file_.reset();
    if (sys::monotonic_ms() < not_before_ || (log_ == 0 && continues(log))) return;
    const std::string aside = name_ + ".new";
    ::unlinkat(folder_.get(), aside.c_str(), 0);  // left by a guardian that was killed
    sys::Fd fresh = sys::create_own(folder_.get(), aside.c_str(), O_RDWR | O_APPEND);
    if (fresh && append(fresh.get(), encoder_.begin(log)) &&
        ::renameat(folder_.get(), aside.c_str(), folder_.get(), name_.c_str()) == 0) {
        file_ = std::move(fresh);
        log_ = log;
        return;
    }
    if (fresh) ::unlinkat(folder_.get(), aside.c_str(), 0);
    not_before_ = sys::monotonic_ms() + pause_after_failure;
}

// Returns whether another process has begun the index of this log, which is now continued.
bool LogTimes::continues(std::uint64_t log) {
    sys::Fd file = sys::open_own(folder_.get(), name_.c_str(), O_RDWR | O_APPEND);
    struct stat st {};
    char head[64];
    const ssize_t n = file ? ::pread(file.get(), head, sizeof head, 0) : 0;
    if (n <= 0 || ::fstat(file.get(), &st) != 0) return false;
    text::TimeIndex index;
    index.feed({head, static_cast<std::size_t>(n)});
    if (index.log() != log) return false;
    encoder_.resume(st.st_size);
    file_ = std::move(file);
    log_ = log;
    return true;
}

void LogTimes::rotated() noexcept {
    try {
        file_.reset();
        log_ = 0;
        const auto numbered = [&](int n) { return n == 0 ? name_ : name_ + '.' + std::to_string(n); };
        // An index that is missing leaves no older one in its place.
        for (int n = keep_; n >= 1; --n)
            if (::renameat(folder_.get(), numbered(n - 1).c_str(), folder_.get(), numbered(n).c_str()) != 0)
                ::unlinkat(folder_.get(), numbered(n).c_str(), 0);
        if (keep_ == 0) ::unlinkat(folder_.get(), name_.c_str(), 0);
    } catch (...) {  // out of memory: the numbers in the heads tell which index is whose
    }
}

void LogTimes::append_descriptors(std::vector<int>& kept) const {
    if (folder_) kept.push_back(folder_.get());
    if (file_) kept.push_back(file_.get());
}

void LogTimes::take_over() noexcept {
    file_.reset();
    log_ = 0;
    not_before_ = 0;
}

void LogTimes::empty() noexcept {
    if (file_) (void)!::ftruncate(file_.get(), 0);
    file_.reset();
    log_ = 0;
}

}  // namespace sigmund::guard
