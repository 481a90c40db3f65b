// SPDX-License-Identifier: Apache-2.0
#include "cli/option_values.hpp"

#include <charconv>
#include <string>

#include "ops/log_stream.hpp"
#include "run/failure.hpp"
#include "text/duration.hpp"

namespace sigmund::cli {

using run::Exit;
using run::Failure;

bool wants_json(const Args& args) {
    const auto version = args.value("json");
    if (!version) return false;
    if (!version->empty() && *version != "1")
        throw Failure(Exit::usage, "usage", "unknown JSON version " + *version, "--json=1");
    return true;
}

bool wants_porcelain(const Args& args) {
    const auto version = args.value("porcelain");
    if (version && !version->empty() && *version != "v1")
        throw Failure(Exit::usage, "usage", "unknown porcelain version " + *version, "--porcelain=v1");
    const char* asked = version               ? "--porcelain"
                        : args.has("columns") ? "--columns"
                        : args.has("zero")    ? "-z"
                                              : nullptr;
    for (const char* other : {"json", "jsonl"})
        if (asked && args.has(other))
            throw Failure(Exit::usage, "usage",
                          std::string("--") + other + " and " + asked + " are two different formats",
                          "choose one of them");
    return asked != nullptr;
}

std::optional<sys::Millis> duration_option(const Args& args, std::string_view name) {
    const auto text = args.value(name);
    if (!text) return std::nullopt;
    const auto ms = text::parse_duration(*text);
    if (!ms)
        throw Failure(Exit::usage, "usage",
                      "--" + std::string(name) + ": \"" + *text + "\" is not a duration",
                      "500ms, 5s, 2m, 1h30m; a bare number is seconds");
    return ms;
}

std::optional<sys::Millis> time_option(const Args& args, std::string_view name) {
    const auto text = args.value(name);
    if (!text) return std::nullopt;
    const sys::Millis now = sys::realtime_ms();
    if (const auto ago = text::parse_duration(*text)) return now - *ago;
    if (const auto time = ops::parse_time(*text, now)) return time;
    throw Failure(Exit::usage, "usage", "--" + std::string(name) + ": \"" + *text + "\" is not a time",
                  "10m (ago), 16:05, 2026-11-27, \"2026-11-27 16:05:01\" or 2026-11-27T15:05:01Z");
}

std::optional<long long> number_option(const Args& args, std::string_view name, long long least) {
    const auto text = args.value(name);
    if (!text) return std::nullopt;
    long long value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc{} || end != text->data() + text->size() || value < least)
        throw Failure(Exit::usage, "usage",
                      "--" + std::string(name) + ": \"" + *text + "\" is not a number of at least " +
                          std::to_string(least));
    return value;
}

}  // namespace sigmund::cli
