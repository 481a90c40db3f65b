// SPDX-License-Identifier: Apache-2.0
#include "top/cells.hpp"

#include <algorithm>

#include "run/label.hpp"
#include "run/state_text.hpp"
#include "text/duration.hpp"
#include "text/escape.hpp"
#include "text/size.hpp"
#include "text/utf8.hpp"
#include "top/spark.hpp"

namespace sigmund::top {
namespace {

std::string at_right(const std::string& text, std::size_t width) {
    return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

// Returns "1.2", "99.9" or "1600" from tenths of a percent.
std::string percent(std::int64_t tenths) {
    if (tenths >= 10'000) return std::to_string(tenths / 10);
    return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10);
}

std::string state_cell(const Run& run, std::size_t width) {
    const std::string state = run::state_text(run.now), whole = ops::state_with_need(state, run.need);
    return whole.size() <= width ? whole : ops::state_with_need(state, run.need_in_short);
}

std::string ports_text(const Run& run) {
    if (!run.now.live()) return "";
    std::string out;
    for (const int port : run.ports) out += (out.empty() ? "" : ",") + std::to_string(port);
    if (out.empty() && run.now.record.port != 0) out = '(' + std::to_string(run.now.record.port) + ')';
    return out;
}

}  // namespace

std::string title_of(Column column, std::size_t width) {
    switch (column) {
        case Column::name:
            return "NAME";
        case Column::state:
            return "STATE";
        case Column::age:
            return at_right("AGE", width);
        case Column::cpu:
            return at_right("CPU%", width);
        case Column::memory:
            return at_right("MEMORY", width);
        case Column::spark:
            return "1 MINUTE";
        case Column::restarts:
            return at_right("RST", width);
        case Column::ports:
            return "PORTS";
        default:
            return "COMMAND";
    }
}

std::string cell(const Run& run, Column column, std::size_t width, bool ascii) {
    const run::Record& record = run.now.record;
    const bool live = run.now.live();
    switch (column) {
        case Column::name:
            return run::short_label(record);
        case Column::state:
            return state_cell(run, width);
        case Column::age:
            return at_right(
                text::format_age(std::max<sys::Millis>(0, sys::realtime_ms() - record.started_ms)), width);
        case Column::cpu:
            return at_right(live && run.meter.cpu() ? percent(*run.meter.cpu()) : "", width);
        case Column::memory:
            return at_right(live && run.meter.memory()
                                ? text::format_size(static_cast<std::uint64_t>(*run.meter.memory()))
                                : "",
                            width);
        case Column::spark:
            return live ? sparkline(run.meter.history(), samples_kept, width, ascii) : "";
        case Column::restarts:
            return at_right(record.restarts > 0 ? std::to_string(record.restarts) : "", width);
        case Column::ports:
            return ports_text(run);
        default:
            return run::command_text(record);
    }
}

std::string without_columns(std::string_view text, std::size_t columns) {
    std::size_t at = 0, left = 0;
    while (at < text.size() && left < columns) {
        const std::size_t length = std::max<std::size_t>(1, text::decode_utf8(text, at).length);
        left += text::display_width(text.substr(at, length));
        at += length;
    }
    return std::string(left > columns ? left - columns : 0, ' ') + std::string(text.substr(at));
}

}  // namespace sigmund::top
