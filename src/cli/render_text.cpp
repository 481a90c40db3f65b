// SPDX-License-Identifier: Apache-2.0
#include "cli/render_text.hpp"

#include <algorithm>

#include "text/duration.hpp"
#include "text/escape.hpp"
#include "text/suggest.hpp"
#include "text/table.hpp"

namespace sigmund::cli {
namespace {

constexpr std::string_view column_names[] = {
    "id",   "name", "state", "result", "pid",     "pgid", "sid",      "started", "ended",  "age",      "exit",
    "name", "tags", "shell", "cwd",    "project", "log",  "restarts", "ready",   "health", "guardian", "cmd"};

sys::Millis age_of(const run::Record& r) {
    return std::max<sys::Millis>(0, sys::realtime_ms() - r.started_ms);
}

std::string exit_text(const run::Record& r) {
    if (!r.status.known) return {};
    return r.status.signal != 0 ? sys::signal_name(r.status.signal) : std::to_string(r.status.code);
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : ",") + word;
    return out;
}

std::string field(const Judged& run, std::string_view column) {
    const run::Record& r = run.record;
    if (column == "id") return r.id;
    if (column == "name") return r.name;
    if (column == "state") return std::string(run::state_name(run.verdict.state));
    if (column == "result") return run.verdict.result;
    if (column == "pid") return std::to_string(r.pid);
    if (column == "pgid") return std::to_string(r.pgid);
    if (column == "sid") return std::to_string(r.sid);
    if (column == "started") return std::to_string(r.started_ms / 1000);
    if (column == "ended") return r.ended_ms ? std::to_string(*r.ended_ms / 1000) : "";
    if (column == "age") return std::to_string(age_of(r) / 1000);
    if (column == "exit") return exit_text(r);
    if (column == "tags") return joined(r.tags);
    if (column == "shell") return r.shell;
    if (column == "cwd") return r.cwd;
    if (column == "project") return r.project;
    if (column == "log") return r.log;
    if (column == "restarts") return std::to_string(r.restarts);
    if (column == "ready") return r.ready ? (*r.ready ? "true" : "false") : "";
    if (column == "health") return r.health;
    if (column == "guardian") return run.verdict.guardian_alive ? std::to_string(r.guardian_pid) : "";
    return run::command_text(r);
}

}  // namespace

std::string state_text(const Judged& run) {
    const std::string state(run::state_name(run.verdict.state));
    const std::string& result = run.verdict.result;
    if (run.verdict.state == run::State::exited) {
        if (result.starts_with("exit=")) return "exited " + result.substr(5);
        if (result.starts_with("signal=")) return "killed " + result.substr(7);
        if (!result.empty()) return result;
    }
    if (run.verdict.state == run::State::failed && !result.empty()) return "failed " + result;
    std::string more;
    if (run.record.workers_wanted > 0 && run.verdict.live())
        more = ' ' + std::to_string(run.record.workers_alive) + '/' + std::to_string(run.record.workers_wanted);
    if (run.verdict.state == run::State::backoff && run.record.next_start_ms)
        more += " " + text::format_duration(std::max<sys::Millis>(0, *run.record.next_start_ms - sys::realtime_ms()), true);
    if (run.verdict.state == run::State::running && run.record.health == "unhealthy") more += " unhealthy";
    return state + more;
}

std::string runs_table(const std::vector<Judged>& runs, std::size_t width, bool color) {
    const bool names =
        std::any_of(runs.begin(), runs.end(), [](const Judged& r) { return !r.record.name.empty(); });
    text::Table table;
    table.header = {"ID"};
    if (names) table.header.push_back("NAME");
    for (const char* title : {"PID", "PGID", "AGE", "STATE", "CMD"}) table.header.push_back(title);
    table.right_aligned.assign(table.header.size(), false);
    for (std::size_t i = 0; i < 3; ++i) table.right_aligned[table.header.size() - 5 + i] = true;
    for (const Judged& each : runs) {
        const run::Record& r = each.record;
        std::vector<std::string> row{r.id};
        if (names) row.push_back(r.name);
        row.push_back(std::to_string(r.pid));
        row.push_back(std::to_string(r.pgid));
        row.push_back(text::format_age(age_of(r)));
        row.push_back(state_text(each));
        row.push_back(text::escape_for_display(run::command_text(r)));
        table.rows.push_back(std::move(row));
    }
    return table.render(width, color ? "\x1b[1m" : "");
}

std::vector<std::string> parse_columns(const std::string& list) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at <= list.size();) {
        const auto end = std::min(list.find(',', at), list.size());
        const std::string word = list.substr(at, end - at);
        if (std::find(std::begin(column_names), std::end(column_names), word) == std::end(column_names)) {
            const auto near = text::suggest(word, column_names);
            throw run::Failure(
                run::Exit::usage, "usage", "unknown column \"" + text::escape_for_display(word) + '"',
                near ? "did you mean " + *near + "?"
                     : "one of id name state result pid pgid sid started "
                       "ended age exit tags shell cwd project log restarts ready health guardian cmd");
        }
        out.push_back(word);
        at = end + 1;
    }
    return out;
}

std::string porcelain(const std::vector<Judged>& runs, const std::vector<std::string>& columns, char end) {
    std::string out;
    for (const Judged& each : runs) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (i > 0) out += '\t';
            const std::string value = field(each, columns[i]);
            out += value.empty() ? "-" : text::escape(value);
        }
        out += end;
    }
    return out;
}

}  // namespace sigmund::cli
