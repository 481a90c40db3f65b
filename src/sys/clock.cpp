// SPDX-License-Identifier: Apache-2.0
#include "sys/clock.hpp"

#include <time.h>

#include <chrono>
#include <cstdio>
#include <ctime>

namespace sigmund::sys {
namespace {

Millis read_clock(clockid_t id) noexcept {
    timespec t{};
    ::clock_gettime(id, &t);  // cannot fail: every kernel knows these constant ids
    return Millis{t.tv_sec} * 1000 + t.tv_nsec / 1000000;
}

// Takes exactly `count` digits off the front of `text`. Returns nothing when there are fewer.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
    if (text.size() < count) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || text[0] != c) return false;
    text.remove_prefix(1);
    return true;
}

}  // namespace

Millis realtime_ms() noexcept {
    return read_clock(CLOCK_REALTIME);
}
Millis monotonic_ms() noexcept {
    return read_clock(CLOCK_MONOTONIC);
}

Millis suspended_ms() noexcept {
    const Millis awake = read_clock(CLOCK_MONOTONIC);
    return read_clock(CLOCK_BOOTTIME) - awake;
}

std::string rfc3339(Millis since_epoch) {
    using namespace std::chrono;
    const sys_time<milliseconds> time{milliseconds{since_epoch}};
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{time - day};
    char buffer[48];
    std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return buffer;
}

std::string local_time(Millis since_epoch) {
    const std::time_t seconds = since_epoch / 1000 - (since_epoch % 1000 < 0 ? 1 : 0);
    std::tm parts{};
    char buffer[64];
    if (!::localtime_r(&seconds, &parts) ||
        std::strftime(buffer, sizeof buffer, "%Y-%m-%d %H:%M:%S", &parts) == 0)
        return rfc3339(since_epoch);
    return buffer;
}

std::optional<Millis> parse_rfc3339(std::string_view text) {
    using namespace std::chrono;
    const auto year_ = take_digits(text, 4);
    if (!year_ || !take(text, '-')) return std::nullopt;
    const auto month_ = take_digits(text, 2);
    if (!month_ || !take(text, '-')) return std::nullopt;
    const auto day_ = take_digits(text, 2);
    if (!day_) return std::nullopt;
    const year_month_day date{year{*year_}, month{unsigned(*month_)}, day{unsigned(*day_)}};
    if (!date.ok()) return std::nullopt;
    Millis ms = duration_cast<milliseconds>(sys_days{date}.time_since_epoch()).count();
    if (text.empty()) return ms;
    if (!take(text, 'T') && !take(text, ' ')) return std::nullopt;
    const auto hour_ = take_digits(text, 2);
    if (!hour_ || *hour_ > 23 || !take(text, ':')) return std::nullopt;
    const auto minute_ = take_digits(text, 2);
    if (!minute_ || *minute_ > 59) return std::nullopt;
    ms += (Millis{*hour_} * 60 + *minute_) * 60000;
    if (take(text, ':')) {
        const auto second_ = take_digits(text, 2);
        if (!second_ || *second_ > 60) return std::nullopt;
        ms += Millis{*second_} * 1000;
        if (take(text, '.')) {
            Millis scale = 100;
            if (text.empty() || text[0] < '0' || text[0] > '9') return std::nullopt;
            for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1), scale /= 10)
                ms += scale * (text[0] - '0');
        }
    }
    if (text.empty() || text == "Z" || text == "z") return ms;
    const bool east = text[0] == '+';
    if (!east && text[0] != '-') return std::nullopt;
    text.remove_prefix(1);
    const auto offset_hour = take_digits(text, 2);
    if (!offset_hour) return std::nullopt;
    take(text, ':');
    const auto offset_minute = take_digits(text, 2);
    if (!offset_minute || !text.empty()) return std::nullopt;
    const Millis offset = (Millis{*offset_hour} * 60 + *offset_minute) * 60000;
    return east ? ms - offset : ms + offset;
}

}  // namespace sigmund::sys
