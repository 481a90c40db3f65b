// SPDX-License-Identifier: Apache-2.0
#include "guard/watch_changes.hpp"

#include "text/escape.hpp"

namespace sigmund::guard {
namespace {

constexpr std::size_t most_kept = 4096;

bool gone(ChangeKind kind) {
    return kind == ChangeKind::remove || kind == ChangeKind::moved_from;
}

}  // namespace

std::string_view change_name(ChangeKind kind) {
    static constexpr std::string_view names[] = {"create",     "modify",   "delete",
                                                 "moved-from", "moved-to", "rescan"};
    return names[static_cast<std::size_t>(kind)];
}

std::optional<ChangeKind> both(ChangeKind first, ChangeKind second) {
    if (first == ChangeKind::rescan || second == ChangeKind::rescan) return ChangeKind::rescan;
    if (gone(second)) {
        if (first == ChangeKind::create) return std::nullopt;
        return second;
    }
    if (gone(first)) return ChangeKind::modify;
    return first;
}

void Changes::add(ChangeKind kind, const std::string& path) {
    const auto found = kinds_.find(path);
    if (found == kinds_.end()) {
        if (kinds_.size() < most_kept)
            kinds_.emplace(path, kind);
        else
            more_ = true;
    } else if (const auto merged = both(found->second, kind)) {
        found->second = *merged;
    } else {
        kinds_.erase(found);
    }
}

void Changes::add(const Changes& later) {
    for (const auto& [path, kind] : later.kinds_) add(kind, path);
    more_ = more_ || later.more_;
}

void Changes::clear() {
    kinds_.clear();
    more_ = false;
}

std::string Changes::paths(std::size_t most) const {
    std::string out;
    for (const auto& [path, kind] : kinds_) {
        if (out.size() + path.size() + 1 > most) break;
        out += (out.empty() ? "" : "\n") + path;
    }
    return out;
}

std::string Changes::lines(std::size_t most) const {
    constexpr std::string_view cut = "...";
    std::string out;
    bool whole = !more_;
    for (const auto& [path, kind] : kinds_) {
        const std::string line = std::string(change_name(kind)) + '\t' + text::escape(path);
        if (out.size() + line.size() + 2 + cut.size() > most) {
            whole = false;
            break;
        }
        out += (out.empty() ? "" : "\n") + line;
    }
    if (!whole) out += (out.empty() ? "" : "\n") + std::string(cut);
    return out;
}

}  // namespace sigmund::guard
