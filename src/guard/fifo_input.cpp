// SPDX-License-Identifier: Apache-2.0
#include "guard/fifo_input.hpp"

#include <sys/stat.h>

#include <algorithm>

namespace sigmund::guard {
namespace {

bool same_file(int one, int other) {
    struct stat a {};
    struct stat b {};
    return ::fstat(one, &a) == 0 && ::fstat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

}  // namespace

void FifoInput::hold(sys::Input& input, Host& host) {
    if (!input.waits()) return;
    const bool held = std::any_of(waiting_.begin(), waiting_.end(), [&](const sys::Input& each) {
        return same_file(each.writer.get(), input.writer.get());
    });
    if (!held) waiting_.push_back({sys::Fd(), std::move(input.writer), std::move(input.notes)});
    tell(host);
}

void FifoInput::watch(std::vector<pollfd>& set) const {
    for (const sys::Input& each : waiting_) set.push_back({each.notes.get(), POLLIN, 0});
}

void FifoInput::fire(std::span<const pollfd> polled, Millis, Host& host) {
    for (std::size_t i = waiting_.size(); i-- > 0;)
        if (i < polled.size() && polled[i].revents != 0 && sys::writer_seen(waiting_[i]))
            waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
    tell(host);
}

void FifoInput::life_ended(Host& host) {
    waiting_.clear();
    tell(host);
}

// Shows the wait in the status line that a command may also set itself (sd_notify(3)).
void FifoInput::tell(Host& host) {
    const bool waits = !waiting_.empty();
    if (waits == told_) return;
    const std::string& text = host.record().status_text;
    const std::string line = "waiting for a writer of " + path_;
    told_ = waits;
    if (waits && text.empty()) host.tell(StatusText{line});
    if (!waits && text == line) host.tell(StatusText{});
}

}  // namespace sigmund::guard
