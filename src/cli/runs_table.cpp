// SPDX-License-Identifier: Apache-2.0
#include "cli/runs_table.hpp"

#include <algorithm>
#include <array>

#include "cli/render_text.hpp"
#include "cli/styles.hpp"
#include "ops/usage.hpp"
#include "run/label.hpp"
#include "run/project.hpp"
#include "run/state_text.hpp"
#include "text/duration.hpp"
#include "text/quote.hpp"
#include "text/size.hpp"

namespace sigmund::cli {
namespace {

using run::Judged;

enum Column : std::size_t {
    id,
    name,
    pid,
    pgid,
    state,
    age,
    restarts,
    port,
    cpu,
    memory,
    took,
    project,
    command
};
constexpr std::array titles{"ID",   "NAME", "PID", "PGID", "STATE",   "AGE", "RESTARTS",
                            "PORT", "CPU",  "MEM", "TOOK", "PROJECT", "CMD"};
constexpr std::size_t ports_shown = 3;

std::string ports_text(const run::Record& record, const std::vector<int>& listening) {
    if (listening.empty()) return record.port != 0 ? std::to_string(record.port) : "";
    std::string out;
    for (std::size_t i = 0; i < listening.size() && i < ports_shown; ++i)
        out += (i > 0 ? "," : "") + std::to_string(listening[i]);
    return listening.size() > ports_shown ? out + ",+" + std::to_string(listening.size() - ports_shown) : out;
}

// Returns the command; of a template, its name and the command as it was written.
std::string command_shown(const run::Record& record) {
    const auto& argv = record.argv;
    const bool line = argv.size() == 3 && argv[0] == "/bin/sh" && argv[1] == "-c";
    if (record.from.name.empty()) return run::command_text(record);
    return record.from.name + ": " + (line ? argv[2] : run::command_text(record));
}

}  // namespace

RunsTable::RunsTable(const run::View& view)
    : view_(view), now_(sys::realtime_ms()), ports_(view.census().proc()), terminals_(view.store()) {}

// Only projects of live runs are looked at, since there may be thousands of others.
void RunsTable::note_project(const Judged& run) {
    const run::Record& r = run.record;
    if (r.in_project && !r.name.empty()) {
        const std::string& first = projects_of_names_.emplace(r.name, r.project).first->second;
        if (first != r.project) projects_ = true;
    }
    const auto [shown, fresh] = shown_projects_.try_emplace(r.project);
    if (fresh) shown->second = run::with_tilde(r.project);
    if (!run.live() || !looked_at_.insert(r.project).second || !run::is_gone(r.project)) return;
    shown->second += " gone";
    projects_ = true;
}

void RunsTable::add_state(const Judged& run) {
    const auto look = terminals_.of(run);
    const std::string need = look ? ops::need_of(*look) : "";
    styles_.push_back(need.empty() ? style_of(run) : styles::yellow);
    rows_.add_cell(ops::state_with_need(state_text(run), need));
    const sys::Millis since =
        run.live() ? life_began(run.record) : run.record.ended_ms.value_or(run.record.started_ms);
    rows_.add_cell(text::format_age(std::max<sys::Millis>(0, now_ - since)));
}

void RunsTable::add_figures(const Judged& run) {
    const run::Record& r = run.record;
    rows_.add_cell(r.restarts > 0 ? std::to_string(r.restarts) : "");
    if (!run.live()) {
        rows_.add_cell("");
        const auto cpu = r.used.cpu_ms();
        rows_.add_cell(cpu ? text::format_duration(*cpu) : "");
        rows_.add_cell(r.used.peak_memory_bytes
                           ? text::format_size(static_cast<std::uint64_t>(*r.used.peak_memory_bytes))
                           : "");
        rows_.add_cell(r.ended_ms
                           ? text::format_duration(std::max<sys::Millis>(0, *r.ended_ms - r.started_ms), true)
                           : "");
        return;
    }
    const ops::Figures figures = ops::figures_of(r, view_.census(), ports_);
    rows_.add_cell(ports_text(r, figures.tcp_ports));
    rows_.add_cell(text::format_duration(figures.cpu_ms));
    rows_.add_cell(
        text::format_size(static_cast<std::uint64_t>(std::max<std::int64_t>(0, figures.rss_bytes))));
    rows_.add_cell("");
}

void RunsTable::add(const Judged& run) {
    const run::Record& r = run.record;
    if (rows_.size() == 0)
        rows_.reserve(131'072, 8 << 20);  // reserves addresses only: a page is used when it is written to
    rows_.add_cell(r.id);
    rows_.add_cell(r.name);
    // Numbers that are not proven to belong to the run are not shown, so that people do not paste them into a
    // kill command.
    const bool stale = run.verdict.state == run::State::stale;
    const std::string number = stale ? "-" : std::to_string(r.pid);
    rows_.add_cell(number);
    rows_.add_cell(stale || r.pgid == r.pid ? number : std::to_string(r.pgid));
    add_state(run);
    add_figures(run);
    note_project(run);
    rows_.add_cell(shown_projects_[r.project]);
    rows_.add_cell(command_shown(r));
    rows_.end_row();
}

text::Page RunsTable::render(const std::vector<std::uint32_t>& order, const TableLook& look) const {
    text::Layout layout{{titles.begin(), titles.end()},
                        {false, false, true, true, false, true, true, true, true, true, true}};
    layout.width = look.wide ? 0 : look.width;
    layout.expendable = {took, memory, cpu, restarts, port, age};
    layout.flexible = {{name, 8}, {project, 8}, {state, 17}};  // "stopped by Ctrl-S" has 17 columns
    layout.optional = {name, restarts, port, cpu, memory, took};
    if (!look.wide) layout.hidden = {pid, pgid};
    if (!look.wide && !projects_) layout.hidden.push_back(project);
    layout.more = "--wide";
    if (look.color) {
        layout.header_style = styles::bold;
        layout.style = {state, [&](std::uint32_t row) { return styles_[row]; }};
    }
    return rows_.render(order, layout);
}

}  // namespace sigmund::cli
