// SPDX-License-Identifier: Apache-2.0
// Reads the times in log lines, and those that people type.
#include <time.h>

#include <array>

#include "ops/log_stream.hpp"

namespace sigmund::ops {
namespace {

constexpr std::string_view month_names = "JanFebMarAprMayJunJulAugSepOctNovDec";
constexpr std::size_t looked_at = 80;

class Scanner {
  public:
    explicit Scanner(std::string_view text) : text_(text) {}
    bool number(std::size_t least, std::size_t most, int& out) {
        std::size_t n = 0;
        int value = 0;
        while (n < most && n < text_.size() && text_[n] >= '0' && text_[n] <= '9')
            value = value * 10 + (text_[n++] - '0');
        if (n < least) return false;
        text_.remove_prefix(n);
        out = value;
        return true;
    }
    bool any_of(std::string_view set) {
        if (text_.empty() || set.find(text_[0]) == std::string_view::npos) return false;
        text_.remove_prefix(1);
        return true;
    }
    bool month(int& out) {
        if (text_.size() < 3) return false;
        const auto at = month_names.find(text_.substr(0, 3));
        if (at == std::string_view::npos || at % 3 != 0) return false;
        out = static_cast<int>(at / 3);
        text_.remove_prefix(3);
        return true;
    }
    // Reads HH:MM:SS with an optional fraction and time zone.
    bool clock(tm& time, int& ms, std::optional<int>& zone) {
        if (!number(2, 2, time.tm_hour) || !any_of(":") || !number(2, 2, time.tm_min) || !any_of(":") ||
            !number(2, 2, time.tm_sec))
            return false;
        if (any_of(".,")) {
            int digits = 0, scale = 100;
            for (; any_digit(digits); scale /= 10) ms += digits * scale;
        }
        Scanner rest = *this;
        rest.any_of(" ");
        if (rest.any_of("Z")) {
            zone = 0;
        } else if (!rest.text_.empty() && (rest.text_[0] == '+' || rest.text_[0] == '-')) {
            const int sign = rest.text_[0] == '+' ? 1 : -1;
            rest.text_.remove_prefix(1);
            int hours = 0, minutes = 0;
            if (rest.number(2, 2, hours)) {
                rest.any_of(":");
                rest.number(2, 2, minutes);
                zone = sign * (hours * 60 + minutes);
            }
        }
        return true;
    }

  private:
    bool any_digit(int& out) {
        if (text_.empty() || text_[0] < '0' || text_[0] > '9') return false;
        out = text_[0] - '0';
        text_.remove_prefix(1);
        return true;
    }
    std::string_view text_;
};

// Tries to read a time at one position of the line.
std::optional<sys::Millis> time_at(std::string_view text, sys::Millis now) {
    tm time{};
    time.tm_isdst = -1;
    int ms = 0, year = 0;
    std::optional<int> zone;
    bool year_known = true;
    Scanner iso(text), long_date(text), syslog(text);
    if (iso.number(4, 4, year) && iso.any_of("-/") && iso.number(2, 2, time.tm_mon) && iso.any_of("-/") &&
        iso.number(2, 2, time.tm_mday) && iso.any_of("T ") && iso.clock(time, ms, zone)) {
        --time.tm_mon;
    } else if (long_date.number(1, 2, time.tm_mday) && long_date.any_of(" /-") &&
               long_date.month(time.tm_mon) && long_date.any_of(" /-") && long_date.number(4, 4, year) &&
               long_date.any_of(" :") && long_date.clock(time, ms, zone)) {
        // `time` and `ms` are complete
    } else if (syslog.month(time.tm_mon) && syslog.any_of(" ")) {
        syslog.any_of(" ");
        if (!syslog.number(1, 2, time.tm_mday) || !syslog.any_of(" ") || !syslog.clock(time, ms, zone))
            return std::nullopt;
        year_known = false;
        tm here{};
        const time_t seconds = now / 1000;
        ::localtime_r(&seconds, &here);
        year = here.tm_year + 1900;
    } else {
        return std::nullopt;
    }
    if (time.tm_mon < 0 || time.tm_mon > 11 || time.tm_mday < 1 || time.tm_mday > 31 || time.tm_hour > 23 ||
        time.tm_min > 59 || time.tm_sec > 60)
        return std::nullopt;
    time.tm_year = year - 1900;
    tm copy = time;
    const time_t seconds = zone ? ::timegm(&time) - *zone * 60 : ::mktime(&time);
    sys::Millis out = static_cast<sys::Millis>(seconds) * 1000 + ms;
    if (!year_known && out > now + 86'400'000) {  // a line of December that is read in January
        --copy.tm_year;
        out = static_cast<sys::Millis>(::mktime(&copy)) * 1000 + ms;
    }
    return out;
}

}  // namespace

std::optional<sys::Millis> time_of_line(std::string_view line, sys::Millis now) {
    line = line.substr(0, looked_at);
    for (std::size_t at = 0; at + 12 <= line.size(); ++at) {
        // A time must be at the beginning of a word, not in the middle of another number or name.
        const auto inner = [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        };
        if (at > 0 && inner(line[at - 1])) continue;
        if (const auto time = time_at(line.substr(at), now)) return time;
    }
    return std::nullopt;
}

std::optional<sys::Millis> parse_time(const std::string& text, sys::Millis now) {
    for (const std::string_view form : {"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M",
                                        "%Y-%m-%dT%H:%M", "%Y-%m-%d", "%H:%M:%S", "%H:%M"}) {
        tm time{};
        const time_t seconds = static_cast<time_t>(now / 1000);
        if (form.starts_with("%H")) ::localtime_r(&seconds, &time);
        time.tm_hour = time.tm_min = time.tm_sec = 0;
        const char* rest = ::strptime(text.c_str(), form.data(), &time);
        if (!rest) continue;
        int fraction = 0, scale = 100;
        if (*rest == '.' && form.ends_with("%S"))
            for (; *++rest >= '0' && *rest <= '9'; scale /= 10) fraction += (*rest - '0') * scale;
        time.tm_isdst = -1;
        if (*rest == '\0') return static_cast<sys::Millis>(::mktime(&time)) * 1000 + fraction;
    }
    return sys::parse_rfc3339(text);
}

}  // namespace sigmund::ops
