// SPDX-License-Identifier: Apache-2.0
#include "text/time_index.hpp"

#include <charconv>

#include "text/hash.hpp"

namespace sigmund::text {
namespace {

constexpr std::string_view head_begins = "sigmund-times/1 log=";
constexpr std::size_t longest_head = head_begins.size() + 21;
constexpr char anchor_mark = '\0';
constexpr std::size_t anchor_check = 4, step_check = 2;
constexpr int steps_to_anchor = 64;
constexpr std::int64_t short_pause = 1'000, long_pause = 10'000;  // ms
constexpr std::int64_t latest = std::int64_t{1} << 62;

void put_number(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}

void put_check(std::string& out, std::uint64_t hash, std::size_t bytes) {
    hash ^= hash >> 32;
    for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>(hash >> (8 * i));
}

std::uint64_t hash_of(TimeEntry entry) {
    std::string both;
    put_number(both, static_cast<std::uint64_t>(entry.offset));
    put_number(both, static_cast<std::uint64_t>(entry.ms));
    return hash(both);
}

std::string anchor(TimeEntry at) {
    std::string out(1, anchor_mark);
    put_number(out, static_cast<std::uint64_t>(at.offset));
    put_number(out, static_cast<std::uint64_t>(at.ms));
    put_check(out, hash(out), anchor_check);
    return out;
}

std::string step(TimeEntry from, TimeEntry to) {
    std::string out;
    const std::int64_t ms = to.ms - from.ms;
    put_number(out, static_cast<std::uint64_t>(to.offset - from.offset));
    put_number(out, (static_cast<std::uint64_t>(ms) << 1) ^ static_cast<std::uint64_t>(ms >> 63));
    put_check(out, hash_of(to), step_check);
    return out;
}

// Takes numbers and checks off the front of bytes that may end too early.
class Reader {
  public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}
    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 63; shift += 7) {
            if (at_ == bytes_.size()) return short_ = true, 0;
            const auto byte = static_cast<unsigned char>(bytes_[at_++]);
            value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if (byte < 0x80) return value;
        }
        valid_ = false;  // no number of ours is that long
        return 0;
    }
    void check(std::uint64_t hash, std::size_t bytes) {
        std::string wanted;
        put_check(wanted, hash, bytes);
        if (bytes_.size() - at_ < bytes) {
            short_ = true;
            return;
        }
        valid_ = valid_ && bytes_.substr(at_, bytes) == wanted;
        at_ += bytes;
    }
    std::string_view taken() const { return bytes_.substr(0, at_); }
    bool ends_early() const { return valid_ && short_; }
    bool valid() const { return valid_ && !short_; }

  private:
    std::string_view bytes_;
    std::size_t at_ = 0;
    bool short_ = false, valid_ = true;
};

}  // namespace

std::string TimeIndexEncoder::begin(std::uint64_t log) {
    last_.reset();
    std::string head = std::string(head_begins) + std::to_string(log) + '\n';
    size_ = static_cast<std::int64_t>(head.size());
    return head;
}

void TimeIndexEncoder::resume(std::int64_t size) {
    last_.reset();
    size_ = size;
}

std::string TimeIndexEncoder::entry(TimeEntry at) {
    if (at.offset < 0 || at.ms < 0 || at.offset >= latest || at.ms >= latest) return "";
    std::int64_t limit = time_index_limit(at.offset);
    if (last_) {
        if (at.ms == last_->ms) return "";
        const std::int64_t pause = at.ms - last_->ms;  // negative when the clock was set back
        if (pause >= 0 && pause < long_pause) limit = time_index_share(at.offset);
        if (pause >= 0 && pause < short_pause) limit /= 2;
    }
    const bool steps = last_ && at.offset > last_->offset && steps_ < steps_to_anchor;
    std::string out = steps ? step(*last_, at) : anchor(at);
    if (size_ + static_cast<std::int64_t>(out.size()) > limit) return "";
    size_ += static_cast<std::int64_t>(out.size());
    steps_ = steps ? steps_ + 1 : 0;
    last_ = at;
    return out;
}

void TimeIndexEncoder::lost(std::size_t bytes) {
    size_ -= static_cast<std::int64_t>(bytes);
    last_.reset();
}

void TimeIndex::feed(std::string_view bytes) {
    if (refused_) return;
    pending_ += bytes;
    if (!log_ && !take_head()) return;
    std::string_view rest = pending_;
    while (take_entry(rest)) {
    }
    pending_.erase(0, pending_.size() - rest.size());
}

bool TimeIndex::take_head() {
    const auto end = pending_.find('\n');
    if (end == std::string::npos && pending_.size() < longest_head) return false;
    std::uint64_t number = 0;
    const std::string_view head = std::string_view(pending_).substr(0, std::min(end, longest_head));
    const char* const last = head.data() + head.size();
    const auto from = std::min(head_begins.size(), head.size());
    const auto [stop, error] = std::from_chars(head.data() + from, last, number);
    refused_ =
        end == std::string::npos || !head.starts_with(head_begins) || error != std::errc{} || stop != last;
    if (refused_) {
        pending_.clear();
        return false;
    }
    log_ = number;
    pending_.erase(0, end + 1);
    return true;
}

// Takes one entry, or one byte that is none, off the front. Returns false when more bytes must come first.
bool TimeIndex::take_entry(std::string_view& bytes) {
    if (bytes.empty()) return false;
    Reader reader(bytes);
    TimeEntry entry;
    const bool anchors = bytes[0] == anchor_mark;
    if (anchors) reader.number();  // the mark
    const std::uint64_t offset = reader.number(), ms = reader.number();
    const std::uint64_t change = (ms >> 1) ^ (~(ms & 1) + 1);
    const std::uint64_t whole_offset =
        offset + (anchors ? 0 : static_cast<std::uint64_t>(base_.value_or(entry).offset));
    const std::uint64_t whole_ms =
        anchors ? ms : change + static_cast<std::uint64_t>(base_.value_or(entry).ms);
    entry = {static_cast<std::int64_t>(whole_offset), static_cast<std::int64_t>(whole_ms)};
    if (anchors)
        reader.check(hash(reader.taken()), anchor_check);
    else
        reader.check(hash_of(entry), step_check);
    if (reader.ends_early()) return false;
    const bool valid = reader.valid() && (anchors || base_) && whole_offset < latest && whole_ms < latest;
    if (!valid) {  // only an anchor tells where the next entry begins
        base_.reset();
        bytes.remove_prefix(1);
        return true;
    }
    while (!entries_.empty() && entries_.back().offset >= entry.offset) entries_.pop_back();
    entries_.push_back(entry);
    base_ = entry;
    bytes.remove_prefix(reader.taken().size());
    return true;
}

std::optional<std::int64_t> TimeIndex::at(std::int64_t offset) const {
    const auto after =
        std::upper_bound(entries_.begin(), entries_.end(), offset,
                         [](std::int64_t wanted, const TimeEntry& each) { return wanted < each.offset; });
    if (after == entries_.begin()) return std::nullopt;
    return std::prev(after)->ms;
}

std::optional<TimeEntry> TimeIndex::first_since(std::int64_t ms) const {
    const auto found =
        std::find_if(entries_.begin(), entries_.end(), [&](const TimeEntry& each) { return each.ms >= ms; });
    if (found == entries_.end()) return std::nullopt;
    return *found;
}

}  // namespace sigmund::text
