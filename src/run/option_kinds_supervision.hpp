// SPDX-License-Identifier: Apache-2.0
// Kinds of values that the options of supervision take: restarts, readiness, watching, leases, log rotation.
#pragma once
#include "run/option_kinds.hpp"

namespace sigmund::run::kinds {

// The words no, on-failure, always and on-exit=N,..
struct Restart {
    static void parse(const Given& given, RestartPolicy& out);
    static bool differs(const RestartPolicy& value, const RestartPolicy& usual);
    static void write(Json& out, const char* key, const RestartPolicy& value);
    static void read(const Json& object, const char* key, RestartPolicy& out);
    static void type(const RestartPolicy& value, Strings& out);
    static std::string usual(const RestartPolicy&) { return "no"; }
    static constexpr std::string_view good[] = {"on-failure", "always", "on-exit=129,75"};
    static constexpr std::string_view bad[] = {"", "yes", "on-exit=", "on-exit=256", "on-exit=1,"};
};

// The forms MIN and MIN..MAX.
struct Backoff {
    static void parse(const Given& given, RestartPolicy& out);
    static bool differs(const RestartPolicy& value, const RestartPolicy& usual);
    static void write(Json& out, const char* key, const RestartPolicy& value);
    static void read(const Json& object, const char* key, RestartPolicy& out);
    static void type(const RestartPolicy& value, Strings& out);
    static std::string usual(const RestartPolicy& value);
    static constexpr std::string_view good[] = {"1s", "50ms..1m", "2m"};
    static constexpr std::string_view bad[] = {"", "2s..1s", "1s..", "x"};
};

// Signals to the guardian, except those that have a meaning for every guardian.
struct RestartSignals : Signals {
    static void parse(const Given& given, sys::SignalBits& out);
    static constexpr std::string_view bad[] = {"", "TERM", "KILL", "STOP", "CHLD", "TEMR"};
};

struct Probes : Texts {
    static void parse(const Given& given, Strings& out);
    static constexpr std::string_view good[] = {"tcp:6379", "cmd:true", "notify"};
    static constexpr std::string_view bad[] = {"", "tcp:", "udp:1"};
};

// Lines of the log, as --ready log:REGEX has them.
struct FailureLines : Texts {
    static void parse(const Given& given, Strings& out);
    static constexpr std::string_view good[] = {"log:^FATAL", "log:error|failed to compile"};
    static constexpr std::string_view bad[] = {"", "log:", "log:(", "tcp:1", "FATAL"};
};

struct Workers : Number {
    static void parse(const Given& given, int& out);
    static constexpr std::string_view good[] = {"1", "1000"};
    static constexpr std::string_view bad[] = {"", "0", "1001", "-1", "2x"};
};

// N, auto or auto:BASE.
struct PortChoice {
    static void parse(const Given& given, Port& out);
    static void write(Json& out, const char* key, const Port& value);
    static void read(const Json& object, const char* key, Port& out);
    static void type(const Port& value, Strings& out) { out.push_back(port_text(value)); }
    static constexpr std::string_view good[] = {"6390", "auto", "auto:3000"};
    static constexpr std::string_view bad[] = {"", "0", "65536", "-1", "080", "auto:0", "auto:", "any"};
};

struct WatchedPaths : Texts {
    static void parse(const Given& given, Strings& out);
    static constexpr std::string_view good[] = {"/tmp//a/./b/", "src"};
    static constexpr Samples bad = {};
};
// File name endings, several of them separated by commas.
struct Endings : Texts {
    static void parse(const Given& given, Strings& out);
    static void type(const Strings& value, Strings& out);
    static constexpr std::string_view good[] = {"c,.h", ".tar.gz"};
    static constexpr std::string_view bad[] = {"", "c,", "a/b"};
};
// A name, or a name with a slash at the end, applies in every folder. All else is a path. Only what was typed
// can be a pattern in it, not the folder in which it begins.
struct Excludes : Texts {
    static void parse(const Given& given, Strings& out);
    static constexpr std::string_view good[] = {"build/", "*.log", "/tmp/a*/b"};
    static constexpr std::string_view bad[] = {""};
};
// Any signal that a command can act on.
struct WatchSignal : Signal {
    static void parse(const Given& given, int& out);
    static constexpr std::string_view good[] = {"HUP", "SIGUSR1"};
    static constexpr std::string_view bad[] = {"", "KILL", "STOP", "TEMR"};
};

struct Leases : Texts {
    static void parse(const Given& given, Strings& out);
    static constexpr std::string_view good[] = {"shell", "pid:1", "ttl:8h"};
    static constexpr std::string_view bad[] = {"", "pid:0", "pid:x", "ttl:", "login"};
};

// Bytes. 0 means that there is no limit.
struct LogSize {
    static void parse(const Given& given, std::int64_t& out);
    static void write(Json& out, const char* key, std::int64_t value);
    static void read(const Json& object, const char* key, std::int64_t& out);
    static void type(std::int64_t value, Strings& out) { out.push_back(std::to_string(value)); }
    static std::string usual(std::int64_t value) { return value == 0 ? "off" : std::to_string(value); }
    static constexpr std::string_view good[] = {"1K", "10M"};
    static constexpr std::string_view bad[] = {"", "1023", "x", "2000000000G"};
};

}  // namespace sigmund::run::kinds
