// SPDX-License-Identifier: Apache-2.0
#include "top/log_lines.hpp"

#include <algorithm>

#include "text/lower.hpp"

namespace sigmund::top {

void LogLines::add(std::string line) {
    lines_.push_back(std::move(line));
    if (lines_.size() <= limit) return;
    lines_.pop_front();
    ++first_;
}

void LogLines::clear() {
    *this = LogLines();
}

std::int64_t LogLines::last() const {
    return first_ + static_cast<std::int64_t>(lines_.size()) - (open_.empty() ? 1 : 0);
}

const std::string& LogLines::at(std::int64_t line) const {
    const auto index = static_cast<std::size_t>(line - first_);
    return index < lines_.size() ? lines_[index] : open_;
}

std::int64_t LogLines::selected() const {
    if (following_) return last();
    return std::clamp(selected_, first_, std::max(first_, last()));
}

void LogLines::move(std::int64_t lines) {
    if (last() < first_) return;
    selected_ = std::clamp(selected() + lines, first_, last());
    following_ = lines > 0 && selected_ == last() && mark_ < 0;
}

void LogLines::home() {
    following_ = false;
    selected_ = first_;
}

void LogLines::end() {
    following_ = true;
    mark_ = -1;
}

void LogLines::select_from_end(std::int64_t distance) {
    following_ = false;
    selected_ = std::max(first_, last() - distance);
}

void LogLines::mark() {
    if (mark_ >= 0) {
        mark_ = -1;
        return;
    }
    mark_ = selected();
    selected_ = mark_;
    following_ = false;
}

bool LogLines::marked(std::int64_t line) const {
    if (mark_ < 0) return false;
    const std::int64_t end = selected();
    return line >= std::min(mark_, end) && line <= std::max(mark_, end);
}

std::string LogLines::copy() const {
    std::string out;
    if (last() < first_) return out;
    const std::int64_t from = mark_ < 0 ? selected() : std::max(first_, std::min(mark_, selected()));
    const std::int64_t to = mark_ < 0 ? selected() : std::max(mark_, selected());
    for (std::int64_t line = from; line <= std::min(to, last()); ++line) out += at(line) + '\n';
    return out;
}

bool LogLines::search(const std::string& word, bool down) {
    const std::string wanted = text::lower(word);
    const std::int64_t step = down ? 1 : -1;
    for (std::int64_t line = selected() + step; line >= first_ && line <= last(); line += step) {
        if (text::lower(at(line)).find(wanted) == std::string::npos) continue;
        following_ = false;
        selected_ = line;
        return true;
    }
    return false;
}

std::int64_t LogLines::first_shown(std::size_t height) {
    const auto rows = static_cast<std::int64_t>(height);
    const std::int64_t lowest = std::max(first_, last() - rows + 1);
    if (following_) return top_ = lowest;
    const std::int64_t line = selected();
    if (line < top_) top_ = line;
    if (line >= top_ + rows) top_ = line - rows + 1;
    return top_ = std::clamp(top_, first_, lowest);
}

}  // namespace sigmund::top
