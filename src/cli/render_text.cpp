// SPDX-License-Identifier: Apache-2.0
#include "cli/render_text.hpp"

#include <algorithm>

#include "ops/usage.hpp"
#include "run/label.hpp"
#include "run/project.hpp"
#include "run/state_text.hpp"
#include "text/duration.hpp"
#include "text/escape.hpp"
#include "text/table.hpp"

namespace sigmund::cli {

using run::Judged;

namespace {

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

void RunsTable::add(const Judged& run, const std::string& need) {
    const run::Record& r = run.record;
    if (rows_.size() == 0)
        rows_.reserve(131'072, 8 << 20);  // reserves addresses only: a page is used when it is written to
    named_.push_back(!r.name.empty());
    moods_.push_back(need.empty() || !run.live() ? run::mood_of(run) : 'y');
    rows_.add_cell(r.id);
    rows_.add_cell(r.name);
    // Numbers that are not proven to belong to the run are not shown, so that people do not paste them into a
    // kill command.
    const bool stale = run.verdict.state == run::State::stale;
    const std::string pid = stale ? "-" : std::to_string(r.pid);
    rows_.add_cell(pid);
    rows_.add_cell(stale || r.pgid == r.pid ? pid : std::to_string(r.pgid));
    rows_.add_cell(text::format_age(std::max<sys::Millis>(0, now_ - r.started_ms)));
    rows_.add_cell(need.empty() ? run::state_text(run) : run::state_text(run) + ", " + need);
    rows_.add_cell(r.port != 0 && run.live() ? std::to_string(r.port) : "");
    with_port_.push_back(r.port != 0 && run.live());
    note_project(run);
    rows_.add_cell(shown_projects_[r.project]);
    rows_.add_cell(run::command_text(r));
    rows_.end_row();
}

text::Page RunsTable::render(const std::vector<std::uint32_t>& order, std::size_t width, bool color) const {
    const auto any = [&](const std::vector<bool>& flags) {
        return std::any_of(order.begin(), order.end(), [&](std::uint32_t row) { return flags[row]; });
    };
    text::CellStyle style;
    if (color) style = {5, [&](std::uint32_t row) { return colour(moods_[row]); }};
    return rows_.render({"ID", any(named_) ? "NAME" : "", "PID", "PGID", "AGE", "STATE",
                         any(with_port_) ? "PORT" : "", "PROJECT", "CMD"},
                        {false, false, true, true, true, false, true, false, false}, order, width,
                        color ? "\x1b[1m" : "", style, {3, 2, 4, 6},
                        projects_ ? std::vector<std::size_t>{} : std::vector<std::size_t>{7});
}

namespace {

std::string state_in_words(const Judged& run) {
    const run::Record& r = run.record;
    std::string words;
    switch (run.verdict.state) {
        case run::State::backoff:
            words = "restarting";
            if (r.next_start_ms) {
                const sys::Millis left = std::max<sys::Millis>(0, *r.next_start_ms - sys::realtime_ms());
                words += " in " + text::format_duration(left, true);
            }
            return words + (r.health == "unhealthy" ? ", unhealthy" : "");
        case run::State::watching:
            return "waiting for a change";
        case run::State::failed:
            return run.verdict.result.sentence();
        default:
            return run::state_text(run);
    }
}

}  // namespace

text::Page job_line(const Judged& run, const run::View& view, bool color) {
    text::Page line;
    line.add('[' + label(run.record) + "]  ");
    line.add(state_in_words(run), color ? colour(run::mood_of(run)) : "");
    line.add("  ");
    if (run.live())
        for (const int port : ops::tcp_ports_of(run.record, view.census()))
            line.add(':' + std::to_string(port) + ' ');
    return line.line(run::command_text(run.record));
}

void Porcelain::add(const Judged& run) {
    if (ends_.empty())
        text_.reserve(1 << 20);  // reserves addresses only: a page is used when it is written to
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (i > 0) text_ += '\t';
        const std::size_t before = text_.size();
        columns_[i]->append(text_, run, *view_);
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
