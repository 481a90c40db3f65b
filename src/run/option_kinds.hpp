// SPDX-License-Identifier: Apache-2.0
// The kinds of values that launch options take, each with its way from words to a field, to JSON and back. A
// kind does not depend on the name of any option. The kinds of supervision are in
// option_kinds_supervision.hpp.
#pragma once
#include "run/option_codec.hpp"

namespace sigmund::run::kinds {

using Strings = std::vector<std::string>;

// A text and a list of texts, which several kinds have in common.
struct Text {
    static void parse(const Given& given, std::string& out) { out = given.last(); }
    static void write(Json& out, const char* key, const std::string& value);
    static void read(const Json& object, const char* key, std::string& out);
    static void type(const std::string& value, Strings& out) { out.push_back(value); }
    static constexpr std::string_view good[] = {"echo done", "-x=1,2"};
    static constexpr Samples bad = {};
};
struct Texts {
    static void write(Json& out, const char* key, const Strings& value);
    static void read(const Json& object, const char* key, Strings& out);
    static void type(const Strings& value, Strings& out) { out = value; }
};

struct Flag {
    static void parse(const Given&, bool& out) { out = true; }
    static void write(Json& out, const char* key, bool value);
    static void read(const Json& object, const char* key, bool& out);
    static void type(bool, Strings&) {}
    static constexpr std::string_view good[] = {""};
    static constexpr Samples bad = {};
};
// A flag that clears its field.
struct FlagOff {
    static void parse(const Given&, bool& out) { out = false; }
    static void write(Json& out, const char* key, bool value) { Flag::write(out, key, !value); }
    static void read(const Json& object, const char* key, bool& out);
    static void type(bool, Strings&) {}
    static constexpr std::string_view good[] = {""};
    static constexpr Samples bad = {};
};

struct Path : Text {
    static void parse(const Given& given, std::string& out) { out = given.place(given.last()); }
    static constexpr std::string_view good[] = {"/tmp/a b", "relative"};
};
// A file, or the word `open`. A file of this name is ./open.
struct InputFile : Text {
    static void parse(const Given& given, std::string& out);
    static constexpr std::string_view good[] = {"/tmp/a b", "relative", "open"};
};
// Columns and rows, as in 80x24, or nothing.
struct TerminalSize : Text {
    static void parse(const Given& given, std::string& out);
    static void type(const std::string& value, Strings& out) { out.push_back(value == own_tty ? "" : value); }
    static constexpr std::string_view good[] = {"", "100x30"};
    static constexpr std::string_view bad[] = {"80",      "x",    "80x",     "0x24",
                                               "80x24x1", "-1x5", "70000x1", "80X24"};
};
struct Paths : Texts {
    static void parse(const Given& given, Strings& out);
    static constexpr std::string_view good[] = {"/tmp/a b", "relative"};
    static constexpr Samples bad = {};
};

// One of the words that the row's choices list.
struct OneOf : Text {
    static void parse(const Given& given, std::string& out);
    static std::string usual(const std::string& value) { return value; }
    static constexpr std::string_view good[] = {"job", "login"};
    static constexpr std::string_view bad[] = {"", "jobs"};
};

struct Name : Text {
    static void parse(const Given& given, std::string& out);
    static constexpr std::string_view good[] = {"web", "Web.1_x-y"};
    static constexpr std::string_view bad[] = {"", "a/b", "7f3c2a", "-x"};
};
struct Tags : Texts {
    static void parse(const Given& given, Strings& out);
    static constexpr std::string_view good[] = {"db", "v1.2_x-y"};
    static constexpr std::string_view bad[] = {"", "a b", "-x"};
};

// Milliseconds. Zero and negative values mean that there is no duration.
struct Duration {
    static void parse(const Given& given, std::int64_t& out);
    static void write(Json& out, const char* key, std::int64_t value);
    static void read(const Json& object, const char* key, std::int64_t& out);
    static void type(std::int64_t value, Strings& out) { out.push_back(text(value)); }
    static std::string usual(std::int64_t value);
    static std::string text(std::int64_t ms);  // exact, and accepted by --stop-timeout and the like
    static constexpr std::string_view good[] = {"1500ms", "2m", "1h30m"};
    static constexpr std::string_view bad[] = {"", "-1s", "5x", "fast"};
};
// A duration of at least `least` milliseconds.
template <int least>
struct DurationFrom : Duration {
    static void parse(const Given& given, std::int64_t& out) {
        Duration::parse(given, out);
        if (out < least) given.refuse(given.last(), "is less than " + text(least));
    }
    static constexpr std::string_view bad[] = {"", "1ms", "5x"};
};

struct Number {
    static void write(Json& out, const char* key, int value);
    static void read(const Json& object, const char* key, int& out);
    static void type(int value, Strings& out) { out.push_back(std::to_string(value)); }
    static std::string usual(int value) { return value > 0 ? std::to_string(value) : ""; }
    static int parse_from(const Given& given, int least, int most);
};
// A value above `most` has the effect of `most`.
template <int least, int most>
struct NumberFrom : Number {
    static void parse(const Given& given, int& out) { out = parse_from(given, least, most); }
    static constexpr std::string_view good[] = {"7", "4000000000"};
    static constexpr std::string_view bad[] = {"", "-1", "x", "1x"};
};

struct Nice {
    static void parse(const Given& given, std::optional<int>& out);
    static void write(Json& out, const char* key, const std::optional<int>& value);
    static void read(const Json& object, const char* key, std::optional<int>& out);
    static void type(const std::optional<int>& value, Strings& out) { out.push_back(std::to_string(*value)); }
    static constexpr std::string_view good[] = {"0", "-20", "19"};
    static constexpr std::string_view bad[] = {"", "20", "-21", "x"};
};

struct Umask {
    static void parse(const Given& given, std::optional<mode_t>& out);
    static void write(Json& out, const char* key, const std::optional<mode_t>& value);
    static void read(const Json& object, const char* key, std::optional<mode_t>& out);
    static void type(const std::optional<mode_t>& value, Strings& out);
    static constexpr std::string_view good[] = {"0", "027", "777"};
    static constexpr std::string_view bad[] = {"", "8", "1000", "rwx"};
};

struct Rlimits {
    using List = std::vector<sys::RlimitSetting>;
    static void parse(const Given& given, List& out);
    static bool differs(const List& value, const List& usual) { return value.size() != usual.size(); }
    static void write(Json& out, const char* key, const List& value);
    static void read(const Json& object, const char* key, List& out);
    static void type(const List& value, Strings& out);
    static constexpr std::string_view good[] = {"nofile=64:1024", "core=unlimited", "fsize=64K"};
    static constexpr std::string_view bad[] = {"", "nofile", "nofile=2:1", "x=1"};
};

// One signal. 0 means none.
struct Signal {
    static void parse(const Given& given, int& out);
    static void write(Json& out, const char* key, int value);
    static void read(const Json& object, const char* key, int& out);
    static void type(int value, Strings& out) { out.push_back(sys::signal_name(value)); }
    static std::string usual(int value);
    static constexpr std::string_view good[] = {"INT", "SIGRTMIN+1"};
    static constexpr std::string_view bad[] = {"", "0", "65", "TEMR"};
};

struct Signals {
    static void parse(const Given& given, sys::SignalBits& out);
    static void write(Json& out, const char* key, sys::SignalBits value);
    static void read(const Json& object, const char* key, sys::SignalBits& out);
    static void type(sys::SignalBits value, Strings& out) { out = sys::signal_names(value); }
    static constexpr std::string_view good[] = {"HUP", "10", "SIGRTMIN+1"};
    static constexpr std::string_view bad[] = {"", "0", "65", "TEMR"};
};

// NAME=VALUE. A record keeps the names, and a hash of PATH by which a later start notices a difference.
struct Variables {
    static void parse(const Given& given, Environment& out);
    static bool differs(const Environment& value, const Environment&) { return !value.set.empty(); }
    static void write(Json& out, const char* key, const Environment& value);
    static void read(const Json& object, const char* key, Environment& out);
    static void type(const Environment& value, Strings& out) { out = value.set; }
    static Strings lost(const Spec& spec);
    static constexpr std::string_view good[] = {"A=1", "B=x=y,z", "C="};
    static constexpr std::string_view bad[] = {"", "A", "=1"};
};
struct VariableNames : Texts {
    static void parse(const Given& given, Strings& out);
    static constexpr std::string_view good[] = {"A", "B"};
    static constexpr std::string_view bad[] = {"", "A=1"};
};

// Descriptors that the caller leaves open. A record keeps their numbers.
struct CallerDescriptors {
    static void parse(const Given& given, Spec& out);
    static bool differs(const Spec& value, const Spec&) { return !value.keep_fds.empty(); }
    static void write(Json& out, const char* key, const Spec& value);
    static void read(const Json& object, const char* key, Spec& out);
    static void type(const Spec& value, Strings& out);
    static Strings lost(const Spec& spec);
    static constexpr std::string_view good[] = {"9"};  // a test opens it before it tries this value
    static constexpr std::string_view bad[] = {"", "2", "x", "1000000000"};
};

}  // namespace sigmund::run::kinds
