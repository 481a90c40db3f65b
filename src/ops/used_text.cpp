// SPDX-License-Identifier: Apache-2.0
#include "ops/used_text.hpp"

#include <algorithm>

#include "text/duration.hpp"
#include "text/size.hpp"

namespace sigmund::ops {
namespace {

// Returns "at most 45 MB".
std::string peak_text(const run::Used& used) {
    return "at most " + text::format_size(static_cast<std::uint64_t>(*used.peak_memory_bytes));
}

void append(std::string& out, const char* between, const std::string& part) {
    out += (out.empty() ? "" : between) + part;
}

constexpr char of_memory[] = " of memory in one process";

}  // namespace

std::optional<sys::Millis> duration_of(const run::Record& record) {
    if (!record.ended_ms) return {};
    return std::max<sys::Millis>(0, *record.ended_ms - record.started_ms);
}

std::string used_text(const run::Record& record) {
    const run::Used& used = record.used;
    std::string out;
    if (const auto cpu = used.cpu_ms())
        out = text::format_precise(*cpu) + " of CPU time (user " + text::format_precise(*used.cpu_user_ms) +
              ", system " + text::format_precise(*used.cpu_system_ms) + ')';
    if (used.peak_memory_bytes) append(out, ", ", peak_text(used) + of_memory);
    const auto duration = duration_of(record);
    if (!out.empty() && duration) out += ", " + text::format_duration(*duration, true) + " long";
    return out;
}

std::string used_sentence(const run::Record& record) {
    const auto cpu = record.used.cpu_ms();
    std::string used;
    if (cpu) used = text::format_precise(*cpu) + " of CPU time";
    if (record.used.peak_memory_bytes) append(used, " and ", peak_text(record.used) + of_memory);
    if (used.empty()) return {};
    const auto duration = duration_of(record);
    return (duration ? "it ran " + text::format_duration(*duration, true) + ", used " : "it used ") + used;
}

std::string memory_text(const Usage& usage, const std::string& of) {
    const auto size = [](std::int64_t bytes) {
        return text::format_size(static_cast<std::uint64_t>(std::max<std::int64_t>(0, bytes)));
    };
    return size(usage.rss_bytes) + of + ", at most " + size(usage.peak_rss_bytes) + " in one process";
}

std::string used_in_short(const run::Life& life) {
    std::string out;
    if (life.lasted_ms) out = "ran " + text::format_duration(*life.lasted_ms, true);
    if (const auto cpu = life.used.cpu_ms()) append(out, ", ", text::format_precise(*cpu) + " of CPU time");
    if (life.used.peak_memory_bytes) append(out, ", ", peak_text(life.used));
    return out;
}

}  // namespace sigmund::ops
