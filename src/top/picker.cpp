// SPDX-License-Identifier: Apache-2.0
#include "top/picker.hpp"

#include <algorithm>

#include "text/lower.hpp"

namespace sigmund::top {

bool passes(const std::string& filter, const std::string& subject) {
    const std::string where = text::lower(subject), words = text::lower(filter);
    for (std::size_t at = 0; at < words.size();) {
        const std::size_t end = std::min(words.find(' ', at), words.size());
        if (where.find(words.substr(at, end - at)) == std::string::npos) return false;
        at = end + 1;
    }
    return true;
}

void Picker::set(std::vector<Entry> entries) {
    entries_ = std::move(entries);
    std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
        if (a.live != b.live) return a.live;
        return a.started_ms != b.started_ms ? a.started_ms > b.started_ms : a.id < b.id;
    });
    refresh();
}

void Picker::set_filter(const std::string& filter) {
    filter_ = filter;
    refresh();
}

void Picker::refresh() {
    shown_.clear();
    for (const Entry& entry : entries_)
        if (passes(filter_, entry.text)) shown_.push_back(entry.id);
    const auto same = std::find(shown_.begin(), shown_.end(), selected_);
    if (same != shown_.end())
        row_ = static_cast<std::size_t>(same - shown_.begin());
    else
        row_ = shown_.empty() ? 0 : std::min(row_, shown_.size() - 1);
    selected_ = shown_.empty() ? std::string() : shown_[row_];
}

void Picker::move(std::int64_t rows) {
    if (shown_.empty()) return;
    const auto last = static_cast<std::int64_t>(shown_.size()) - 1;
    select_row(
        static_cast<std::size_t>(std::clamp<std::int64_t>(static_cast<std::int64_t>(row_) + rows, 0, last)));
}

void Picker::select(const std::string& id) {
    const auto found = std::find(shown_.begin(), shown_.end(), id);
    if (found != shown_.end()) select_row(static_cast<std::size_t>(found - shown_.begin()));
}

void Picker::select_row(std::size_t row) {
    if (row >= shown_.size()) return;
    row_ = row;
    selected_ = shown_[row];
}

std::size_t Picker::first_row(std::size_t height) {
    if (row_ < first_) first_ = row_;
    if (height > 0 && row_ >= first_ + height) first_ = row_ - height + 1;
    if (first_ + height > shown_.size()) first_ = shown_.size() > height ? shown_.size() - height : 0;
    return first_;
}

}  // namespace sigmund::top
