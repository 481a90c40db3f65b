// SPDX-License-Identifier: Apache-2.0
#include "cli/render_text.hpp"

#include <algorithm>

#include "cli/styles.hpp"
#include "ops/usage.hpp"
#include "run/label.hpp"
#include "run/state_text.hpp"
#include "text/duration.hpp"
#include "text/escape.hpp"

namespace sigmund::cli {

using run::Judged;

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

std::string command_beginning(const run::Record& record, std::size_t columns) {
    constexpr std::size_t rows = 3;
    const std::string whole = run::command_text(record);
    return columns == 0 ? whole : text::truncate(whole, rows * columns * 2 / 3);
}

text::Page job_line(const Judged& run, const run::View& view, bool color) {
    text::Page line;
    line.add('[' + label(run.record) + "]  ");
    line.add(state_in_words(run), style_if(color, style_of(run)));
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
