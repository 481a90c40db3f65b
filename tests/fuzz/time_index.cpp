// SPDX-License-Identifier: Apache-2.0
// Indexes that say when a log was written. The first bytes of the input are entries to encode, and all of it is also
// decoded, as a file that may be damaged.
#include <string>
#include <vector>

#include "fuzz.hpp"
#include "text/time_index.hpp"

using namespace sigmund::text;

// Whatever is in an index, its entries are in order, and pieces mean the same as the whole.
static void decode(std::string_view input) {
    TimeIndex whole, pieces;
    whole.feed(input);
    for (std::size_t at = 0; at < input.size(); at += 7) pieces.feed(input.substr(at, 7));
    must(whole.log() == pieces.log() && whole.empty() == pieces.empty());
    must(whole.log() || whole.empty());
    for (const std::int64_t offset : {0L, 1L, 1000L, 1L << 40}) must(whole.at(offset) == pieces.at(offset));
    if (const auto first = whole.first_since(0))
        must(whole.at(first->offset) && first->offset >= 0 && first->ms >= 0);
}

// What was encoded comes back.
static void encode(std::string_view input) {
    TimeIndexEncoder encoder;
    std::string bytes = encoder.begin(42);
    std::vector<TimeEntry> meant;
    TimeEntry at{0, 1'795'237'811'000};
    for (const char c : input.substr(0, 2000)) {
        at.offset += static_cast<unsigned char>(c) * 20;
        at.ms += static_cast<signed char>(c) * 11;
        const std::string entry = encoder.entry(at);
        bytes += entry;
        must(static_cast<std::int64_t>(bytes.size()) <= time_index_limit(at.offset) || entry.empty());
        if (entry.empty()) continue;
        while (!meant.empty() && meant.back().offset >= at.offset) meant.pop_back();
        meant.push_back(at);
    }
    TimeIndex index;
    index.feed(bytes);
    must(index.log() == 42);
    for (const TimeEntry& each : meant) must(index.at(each.offset) == each.ms);
}

SIGMUND_FUZZ_TARGET(time_index) {
    decode(input);
    encode(input);
}
