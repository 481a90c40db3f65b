// SPDX-License-Identifier: Apache-2.0
#include "cli/output.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <utility>

#include "cli/render_json.hpp"
#include "ops/shell_session.hpp"
#include "run/known_words.hpp"
#include "sys/error.hpp"
#include "sys/terminal.hpp"
#include "text/escape.hpp"

namespace sigmund::cli {

using run::Exit;
using run::Failure;

void print_data(std::string_view data) {
    if (const int error = sys::write_all(STDOUT_FILENO, data); error != 0)
        sys::fail(error, "write", "stdout");
}

void print(const text::Page& page) {
    print_data(page.text());
}

namespace {

bool fresh_line_due = false;

// A terminal, or a file or pipe that takes both.
bool same_place(int a, int b) {
    struct stat first {
    }, second{};
    return ::fstat(a, &first) == 0 && ::fstat(b, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

}  // namespace

void end_open_lines(const std::vector<ops::FollowOutcome>& outcomes) {
    for (const ops::FollowOutcome& each : outcomes)
        if (each.open_line[1] || (each.open_line[0] && same_place(STDOUT_FILENO, STDERR_FILENO)))
            fresh_line_due = true;
}

void print(std::string_view text) {
    std::string out;
    text::append_for_display(out, text, true);
    print_data(out);
}

void say(const std::string& message) {
    say(text::Page().line(message));
}

void say(const text::Page& lines) {
    std::string out = std::exchange(fresh_line_due, false) ? "\n" : "";
    const std::string& text = lines.text();
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        out.append("sigmund: ").append(text, at, end - at) += '\n';
        at = end + 1;
    }
    sys::write_all(STDERR_FILENO, out);
}

void warn(const std::string& message) {
    say("warning: " + message);
}

void tell_failure(const Failure& failure, bool json) {
    if (json) {
        const char* before = std::exchange(fresh_line_due, false) ? "\n" : "";
        sys::write_all(STDERR_FILENO, before + error_json(failure) + '\n');
        return;
    }
    text::Page lines;
    lines.line(failure.what());
    if (!failure.hint.empty()) lines.line("hint: " + failure.hint);
    say(lines);
}

bool use_color(const Args& args, int fd) {
    const auto env = [](const char* name) {
        const char* value = std::getenv(name);
        return value && *value;
    };
    if (const auto when = args.value("color")) {
        if (*when == "always" || when->empty()) return true;
        if (*when == "never") return false;
        if (*when != "auto")
            throw Failure(Exit::usage, "usage", "--color: \"" + *when + "\" is not known",
                          "auto, always or never");
    }
    if (env("NO_COLOR")) return false;
    if (env("CLICOLOR_FORCE")) return true;
    const char* term = std::getenv("TERM");
    if (!term || std::string_view(term) == "dumb") return false;
    return sys::is_terminal(fd);
}

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
                          std::string("--") + other + " and " + asked + " are two formats", "choose one");
    return asked != nullptr;
}

std::optional<sys::Millis> duration_option(const Args& args, std::string_view name) {
    const auto text = args.value(name);
    return text ? std::optional(run::duration_word(name, *text)) : std::nullopt;
}

std::optional<long long> number_option(const Args& args, std::string_view name, long long least) {
    const auto text = args.value(name);
    return text ? std::optional(run::number_word(name, *text, least)) : std::nullopt;
}

void warn_corrupt(const std::vector<std::string>& files) {
    for (const std::string& file : files) warn("skipping corrupt record " + file);
}

run::Surroundings surroundings() {
    run::Surroundings around;
    char here[PATH_MAX];
    if (::getcwd(here, sizeof here)) around.project = run::find_project(here);
    around.shell = ops::current_shell();
    return around;
}

void no_target(const Args& args, const run::Store& store, const run::Census& census) {
    std::string meant;
    int live = 0;
    for (const run::Record& record : store.list(run::Depth::head)) {
        if (!run::verdict_of(record, store, census).live()) continue;
        if (++live <= 5)
            meant += (meant.empty() ? "" : ", ") + (record.name.empty() ? record.id : record.name);
    }
    throw Failure(Exit::not_found, "invalid_target", std::string(args.verb->name) + " needs a target",
                  live == 0 ? "no run is live; a finished one: its id or name, @ (the newest)"
                            : "live now: " + meant + (live > 5 ? ", ..." : "") + "; or @ (the newest), @all");
}

std::vector<run::Record> targets_of(const run::Store& store, const run::Census& census, const Args& args,
                                    const std::vector<std::string>& words,
                                    std::vector<std::string>* corrupt_files) {
    if (words.empty()) no_target(args, store, census);
    std::vector<std::string> corrupt;
    auto records = run::resolve(store, census, words, surroundings(), &corrupt);
    warn_corrupt(corrupt);
    if (corrupt_files) *corrupt_files = std::move(corrupt);
    return records;
}

std::vector<run::Record> some_targets_of(const run::Store& store, const run::Census& census, const Args& args,
                                         const std::vector<std::string>& words) {
    auto records = targets_of(store, census, args, words);
    if (records.empty())
        throw Failure(Exit::not_found, "not_found", words[0] + " stands for no run", "sigmund list",
                      words[0]);
    return records;
}

std::string label(const run::Record& record) {
    return record.name.empty() ? record.id : record.name + " (" + record.id + ')';
}

}  // namespace sigmund::cli
