// SPDX-License-Identifier: Apache-2.0
#include "cli/render_text.hpp"

#include <algorithm>

#include "ops/usage.hpp"
#include "text/duration.hpp"
#include "text/escape.hpp"
#include "text/suggest.hpp"
#include "text/table.hpp"

namespace sigmund::cli {

// A column of machine-readable lines: appends the value, nothing for none.
struct Column {
    std::string_view name;
    void (*append)(std::string& out, const Judged& run);
};

namespace {

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

// Looks at the run's processes: what nobody asks for costs nothing.
std::string listening_ports(const Judged& run) {
    std::vector<std::string> ports;
    if (run.verdict.live())
        for (const sys::OpenPort& port : ops::usage_of(run.record, run::Census()).ports) {
            const std::string number = std::to_string(port.port);
            if (!port.udp && std::find(ports.begin(), ports.end(), number) == ports.end())
                ports.push_back(number);
        }
    return joined(ports);
}

void append_escaped(std::string& out, const std::string& text) {
    out += text::escape(text);
}
constexpr Column columns[] = {
    {"id", [](std::string& out, const Judged& run) { out += run.record.id; }},
    {"name", [](std::string& out, const Judged& run) { out += run.record.name; }},
    {"state", [](std::string& out, const Judged& run) { out += run::state_name(run.verdict.state); }},
    {"result", [](std::string& out, const Judged& run) { append_escaped(out, run.verdict.result.str()); }},
    {"pid", [](std::string& out, const Judged& run) { out += std::to_string(run.record.pid); }},
    {"pgid", [](std::string& out, const Judged& run) { out += std::to_string(run.record.pgid); }},
    {"sid", [](std::string& out, const Judged& run) { out += std::to_string(run.record.sid); }},
    {"started",
     [](std::string& out, const Judged& run) { out += std::to_string(run.record.started_ms / 1000); }},
    {"ended",
     [](std::string& out, const Judged& run) {
         if (run.record.ended_ms) out += std::to_string(*run.record.ended_ms / 1000);
     }},
    {"age", [](std::string& out, const Judged& run) { out += std::to_string(age_of(run.record) / 1000); }},
    {"exit", [](std::string& out, const Judged& run) { out += exit_text(run.record); }},
    {"tags", [](std::string& out, const Judged& run) { out += joined(run.record.tags); }},
    {"shell", [](std::string& out, const Judged& run) { append_escaped(out, run.record.shell); }},
    {"cwd", [](std::string& out, const Judged& run) { append_escaped(out, run.record.cwd); }},
    {"project", [](std::string& out, const Judged& run) { append_escaped(out, run.record.project); }},
    {"log", [](std::string& out, const Judged& run) { append_escaped(out, run.record.log); }},
    {"restarts", [](std::string& out, const Judged& run) { out += std::to_string(run.record.restarts); }},
    {"ready",
     [](std::string& out, const Judged& run) {
         if (run.record.ready) out += *run.record.ready ? "true" : "false";
     }},
    {"health", [](std::string& out, const Judged& run) { append_escaped(out, run.record.health); }},
    {"guardian",
     [](std::string& out, const Judged& run) {
         if (run.verdict.guardian_alive) out += std::to_string(run.record.guardian_pid);
     }},
    {"ports", [](std::string& out, const Judged& run) { out += listening_ports(run); }},
    {"cmd", [](std::string& out, const Judged& run) { append_escaped(out, run::command_text(run.record)); }},
    {"shown",  // the command for a script that shows it: as in the table, where hidden characters are visible
     [](std::string& out, const Judged& run) {
         text::append_for_display(out, run::command_text(run.record));
     }},
};

const Column* find_column(std::string_view name) {
    const auto found = std::find_if(std::begin(columns), std::end(columns),
                                    [&](const Column& column) { return column.name == name; });
    return found == std::end(columns) ? nullptr : found;
}

}  // namespace

std::string state_text(const Judged& run) {
    const std::string state(run::state_name(run.verdict.state));
    const run::Result& result = run.verdict.result;
    if (run.verdict.state == run::State::exited) {
        if (result == run::Result::exit) return "exited " + result.detail();
        if (result == run::Result::signal) return "killed " + result.detail();
        if (!result.empty()) return result.str();
    }
    if (run.verdict.state == run::State::failed && !result.empty()) return "failed " + result.str();
    std::string more;
    if (run.record.workers_wanted > 0 && run.verdict.live())
        more =
            ' ' + std::to_string(run.record.workers_alive) + '/' + std::to_string(run.record.workers_wanted);
    if (run.verdict.state == run::State::backoff && run.record.next_start_ms)
        more += " " + text::format_duration(
                          std::max<sys::Millis>(0, *run.record.next_start_ms - sys::realtime_ms()), true);
    if (run.verdict.state == run::State::running && run.record.health == "unhealthy") more += " unhealthy";
    return state + more;
}

namespace {

// g: well and alive; y: alive, worth a look; r: over, badly; d: over.
char mood(const Judged& run) {
    if (run.verdict.live()) {
        const bool well = run.verdict.state == run::State::running && run.record.health != "unhealthy" &&
                          run.record.workers_alive >= run.record.workers_wanted;
        return well ? 'g' : 'y';
    }
    const run::Result& result = run.verdict.result;
    return run.verdict.state == run::State::exited &&
                   (result.empty() || result.succeeded() || result == run::Result::stopped)
               ? 'd'
               : 'r';
}

std::string_view colour(char mood) {
    switch (mood) {
        case 'g':
            return "\x1b[32m";
        case 'y':
            return "\x1b[33m";
        case 'r':
            return "\x1b[31m";
        default:
            return "\x1b[2m";
    }
}

}  // namespace

void RunsTable::add(const Judged& run) {
    const run::Record& r = run.record;
    if (rows_.size() == 0) rows_.reserve(16'384, 1 << 20);  // costs no page before it is used
    named_.push_back(!r.name.empty());
    moods_.push_back(mood(run));
    rows_.add_cell(r.id);
    rows_.add_cell(r.name);
    // Numbers that are not proven to be the run's are not for people to copy into a kill command.
    const bool stale = run.verdict.state == run::State::stale;
    rows_.add_cell(stale ? "-" : std::to_string(r.pid));
    rows_.add_cell(stale ? "-" : std::to_string(r.pgid));
    rows_.add_cell(text::format_age(std::max<sys::Millis>(0, now_ - r.started_ms)));
    rows_.add_cell(state_text(run));
    rows_.add_cell(run::command_text(r));
    rows_.end_row();
}

text::Page RunsTable::render(const std::vector<std::uint32_t>& order, std::size_t width, bool color) const {
    const bool names =
        std::any_of(order.begin(), order.end(), [&](std::uint32_t row) { return named_[row]; });
    text::CellStyle style;
    if (color) style = {5, [&](std::uint32_t row) { return colour(moods_[row]); }};
    return rows_.render({"ID", names ? "NAME" : "", "PID", "PGID", "AGE", "STATE", "CMD"},
                        {false, false, true, true, true, false, false}, order, width, color ? "\x1b[1m" : "",
                        style, {3, 2, 4});
}

std::vector<std::string> parse_columns(const std::string& list) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at <= list.size();) {
        const auto end = std::min(list.find(',', at), list.size());
        const std::string word = list.substr(at, end - at);
        if (!find_column(word)) {
            std::vector<std::string_view> names;
            for (const Column& column : columns) names.push_back(column.name);
            const auto near = text::suggest(word, names);
            throw run::Failure(run::Exit::usage, "usage", "unknown column \"" + word + '"',
                               near ? "did you mean " + *near + "?"
                                    : "one of id name state result pid pgid sid started "
                                      "ended age exit tags shell cwd project log restarts ready health "
                                      "guardian ports cmd shown");
        }
        out.push_back(word);
        at = end + 1;
    }
    return out;
}

Porcelain::Porcelain(const std::vector<std::string>& columns, char end) : end_(end) {
    for (const std::string& name : columns) columns_.push_back(find_column(name));
}

void Porcelain::add(const Judged& run) {
    if (ends_.empty()) text_.reserve(1 << 20);  // costs no page before it is used
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (i > 0) text_ += '\t';
        const std::size_t before = text_.size();
        columns_[i]->append(text_, run);
        if (text_.size() == before) text_ += '-';
    }
    text_ += end_;
    ends_.push_back(text_.size());
}

std::string Porcelain::render(const std::vector<std::uint32_t>& order) const {
    std::string out;
    out.reserve(text_.size());
    for (const std::uint32_t row : order) {
        const std::size_t from = row == 0 ? 0 : ends_[row - 1];
        out.append(text_, from, ends_[row] - from);
    }
    return out;
}

}  // namespace sigmund::cli
