// SPDX-License-Identifier: Apache-2.0
#include "cli/columns.hpp"

#include <algorithm>

#include "ops/usage.hpp"
#include "ops/used_text.hpp"
#include "run/failure.hpp"
#include "text/escape.hpp"
#include "text/suggest.hpp"

namespace sigmund::cli {

using run::Judged;
using run::View;

namespace {

sys::Millis age_of(const run::Record& r) {
    return std::max<sys::Millis>(0, sys::realtime_ms() - r.started_ms);
}

void append_if_known(std::string& out, std::optional<std::int64_t> number) {
    if (number) out += std::to_string(*number);
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

// This looks at the processes of the run, so it is called only for the column that needs it.
std::string listening_ports(const Judged& run, const View& view) {
    std::vector<std::string> ports;
    if (run.live())
        for (const int port : ops::tcp_ports_of(run.record, view.census()))
            ports.push_back(std::to_string(port));
    return joined(ports);
}

void append_escaped(std::string& out, const std::string& text) {
    out += text::escape(text);
}

constexpr Column all[] = {
    {"id", "the id of the run", Reads::head,
     [](std::string& out, const Judged& run, const View&) { out += run.record.id; }},
    {"name", "its name", Reads::head,
     [](std::string& out, const Judged& run, const View&) { out += run.record.name; }},
    {"state", "its present state", Reads::head,
     [](std::string& out, const Judged& run, const View&) { out += run::state_name(run.verdict.state); }},
    {"result", "how it ended", Reads::head,
     [](std::string& out, const Judged& run, const View&) { append_escaped(out, run.verdict.result.str()); }},
    {"pid", "the process id of its command", Reads::head,
     [](std::string& out, const Judged& run, const View&) { out += std::to_string(run.record.pid); }},
    {"pgid", "the process group", Reads::head,
     [](std::string& out, const Judged& run, const View&) { out += std::to_string(run.record.pgid); }},
    {"sid", "the session", Reads::head,
     [](std::string& out, const Judged& run, const View&) { out += std::to_string(run.record.sid); }},
    {"started", "when it started", Reads::head,
     [](std::string& out, const Judged& run, const View&) {
         out += std::to_string(run.record.started_ms / 1000);
     }},
    {"ended", "when it ended", Reads::head,
     [](std::string& out, const Judged& run, const View&) {
         if (run.record.ended_ms) out += std::to_string(*run.record.ended_ms / 1000);
     }},
    {"age", "how long ago it started, in seconds", Reads::head,
     [](std::string& out, const Judged& run, const View&) {
         out += std::to_string(age_of(run.record) / 1000);
     }},
    {"duration", "how long it took, in milliseconds, once it has ended", Reads::head,
     [](std::string& out, const Judged& run, const View&) {
         append_if_known(out, ops::duration_of(run.record));
     }},
    {"cpu", "the CPU time that it has used, in milliseconds, once it has ended", Reads::all,
     [](std::string& out, const Judged& run, const View&) {
         append_if_known(out, run.record.used.cpu_ms());
     }},
    {"peak", "the most memory that one of its processes has used, in bytes, once it has ended", Reads::all,
     [](std::string& out, const Judged& run, const View&) {
         append_if_known(out, run.record.used.peak_memory_bytes);
     }},
    {"exit", "the exit status, or the signal that ended it", Reads::head,
     [](std::string& out, const Judged& run, const View&) { out += exit_text(run.record); }},
    {"tags", "its tags", Reads::head,
     [](std::string& out, const Judged& run, const View&) { out += joined(run.record.tags); }},
    {"shell", "the shell session that it belongs to", Reads::head,
     [](std::string& out, const Judged& run, const View&) { append_escaped(out, run.record.shell); }},
    {"cwd", "the folder it runs in", Reads::all,
     [](std::string& out, const Judged& run, const View&) { append_escaped(out, run.record.cwd); }},
    {"project", "the project of that folder", Reads::head,
     [](std::string& out, const Judged& run, const View&) { append_escaped(out, run.record.project); }},
    {"template", "the template that it was started from", Reads::all,
     [](std::string& out, const Judged& run, const View&) { out += run.record.from.name; }},
    {"log", "the path of its log", Reads::all,
     [](std::string& out, const Judged& run, const View&) { append_escaped(out, run.record.log); }},
    {"restarts", "how often it was restarted", Reads::all,
     [](std::string& out, const Judged& run, const View&) { out += std::to_string(run.record.restarts); }},
    {"ready", "whether it is ready", Reads::all,
     [](std::string& out, const Judged& run, const View&) {
         if (run.record.ready) out += *run.record.ready ? "true" : "false";
     }},
    {"health", "whether it is healthy", Reads::all,
     [](std::string& out, const Judged& run, const View&) { append_escaped(out, run.record.health); }},
    {"guardian", "the process id of its guardian", Reads::head,
     [](std::string& out, const Judged& run, const View&) {
         if (run.verdict.guardian_alive) out += std::to_string(run.record.guardian_pid);
     }},
    {"ports", "the TCP ports it listens on", Reads::head,
     [](std::string& out, const Judged& run, const View& view) { out += listening_ports(run, view); }},
    {"port", "the port that was given to it", Reads::head,
     [](std::string& out, const Judged& run, const View&) {
         if (run.record.port != 0) out += std::to_string(run.record.port);
     }},
    {"cmd", "the command, for programs", Reads::head,
     [](std::string& out, const Judged& run, const View&) {
         append_escaped(out, run::command_text(run.record));
     }},
    // For a script that shows the command: as in the table, where hidden characters are visible.
    {"shown", "the command, for people", Reads::head,
     [](std::string& out, const Judged& run, const View&) {
         text::append_for_display(out, run::command_text(run.record));
     }},
};

const Column& named_column(std::string_view name) {
    const auto* found = std::find_if(std::begin(all), std::end(all),
                                     [&](const Column& column) { return column.name == name; });
    if (found != std::end(all)) return *found;
    const auto names = column_names();
    std::string known;
    for (const std::string_view each : names) known += (known.empty() ? "one of " : ", ") + std::string(each);
    const auto near = text::suggest(std::string(name), names);
    throw run::Failure(run::Exit::usage, "usage", "unknown column \"" + std::string(name) + '"',
                       near ? "did you mean " + *near + "?" : known);
}

}  // namespace

std::span<const Column> columns() {
    return all;
}

std::vector<std::string_view> column_names() {
    std::vector<std::string_view> out;
    for (const Column& column : all) out.push_back(column.name);
    return out;
}

std::vector<const Column*> parse_columns(std::string_view list) {
    std::vector<const Column*> out;
    for (std::size_t at = 0; at <= list.size();) {
        const auto end = std::min(list.find(',', at), list.size());
        out.push_back(&named_column(list.substr(at, end - at)));
        at = end + 1;
    }
    return out;
}

}  // namespace sigmund::cli
