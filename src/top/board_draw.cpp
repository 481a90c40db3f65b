// SPDX-License-Identifier: Apache-2.0
// What the screen shows.
#include <algorithm>

#include "run/label.hpp"
#include "run/state_text.hpp"
#include "text/duration.hpp"
#include "text/escape.hpp"
#include "text/size.hpp"
#include "top/board.hpp"
#include "top/cells.hpp"
#include "top/spark.hpp"

namespace sigmund::top {
namespace {

Look look_of(const Run& run) {
    if (!run.need.empty()) return Look::attention;
    switch (run::mood_of(run.now)) {
        case 'g':
            return Look::good;
        case 'y':
            return Look::attention;
        case 'r':
            return Look::bad;
        default:
            return Look::faint;
    }
}

constexpr const char* hints =
    "? help  q quit  s stop  r restart  p pause  a attach  e explain  f filter  / search  Tab log  Enter "
    "more";

}  // namespace

Layout Board::layout() const {
    return layout_of(screen_.columns(), screen_.rows(), picker_.shown().size());
}

void Board::draw() {
    screen_.clear();
    const Layout where = layout();
    if (!where.fits) {
        screen_.put(
            0, 0, screen_.columns(),
            "top needs " + std::to_string(least_columns) + 'x' + std::to_string(least_rows) + "; q quits");
    } else if (page_.shown) {
        draw_page();
    } else {
        draw_list(where);
        draw_log(where);
        draw_last(where);
    }
    screen_.show();
}

void Board::draw_list(const Layout& where) {
    const std::size_t live = runs_.live();
    std::string title =
        "sigmund top  " + std::to_string(live) + " live, " + std::to_string(picker_.total() - live) + " over";
    if (!picker_.filter().empty())
        title += "  filter \"" + picker_.filter() + "\": " + std::to_string(picker_.shown().size());
    screen_.put(0, 0, screen_.columns(), title, Look::strong);
    for (const Place& place : where.places)
        screen_.put(1, place.at, place.width, title_of(place.column, place.width), Look::strong);
    const std::size_t first = picker_.first_row(where.list_rows);
    for (std::size_t row = 0; row < where.list_rows && first + row < picker_.shown().size(); ++row)
        if (const Run* run = runs_.find(picker_.shown()[first + row]))
            draw_run(where, where.list_at + row, *run, first + row == picker_.selected_row());
    if (picker_.shown().empty())
        screen_.put(where.list_at, 2, screen_.columns() - 2,
                    picker_.filter().empty() ? "no runs" : "no run passes the filter; Esc shows all");
}

void Board::draw_run(const Layout& where, std::size_t row, const Run& run, bool chosen) {
    const Look line = chosen ? Look::chosen : run.now.live() ? Look::plain : Look::faint;
    screen_.put(row, 0, screen_.columns(), chosen ? ">" : " ", line);
    for (const Place& place : where.places) {
        const bool state = place.column == Column::state && !chosen;
        screen_.put(row, place.at, place.width, cell(run, place.column, place.width, !screen_.utf8()),
                    state ? look_of(run) : line);
    }
}

void Board::draw_log(const Layout& where) {
    LogLines& lines = log_.lines();
    const Run* run = runs_.find(log_.run());
    std::string title = mode_.log ? "[log]" : "log";
    title += log_.title();
    if (run != nullptr) title += " of " + run::label(run->now.record);
    title += lines.following() ? ", following" : ", End follows";
    if (!log_.remark().empty()) title += "; " + log_.remark();
    screen_.put(where.log_title, 0, screen_.columns(), title, Look::bar);
    const std::int64_t first = lines.first_shown(where.log_rows);
    for (std::size_t row = 0; row < where.log_rows; ++row) {
        const std::int64_t number = first + static_cast<std::int64_t>(row);
        if (number > lines.last()) break;
        const bool here = (mode_.log && number == lines.selected()) || lines.marked(number);
        screen_.put(where.log_at + row, 0, screen_.columns(), without_columns(lines.at(number), mode_.shift),
                    here ? Look::chosen : Look::plain);
    }
}

void Board::draw_last(const Layout& where) {
    std::string text = mode_.message.empty() ? hints : mode_.message;
    Look look = mode_.message.empty() ? Look::faint : Look::strong;
    if (prompt_.kind == Prompt::Kind::confirm) {
        // The end of the question stays in sight, however long the name is.
        constexpr std::string_view keys = " y: yes, any other key: no";
        text = text::truncate(prompt_.text, screen_.columns() - keys.size()) + std::string(keys);
        look = Look::bar;
    }
    if (prompt_.kind == Prompt::Kind::filter) text = "filter: " + prompt_.text + '_';
    if (prompt_.kind == Prompt::Kind::search) text = "/" + prompt_.text + '_';
    screen_.put(where.last, 0, screen_.columns(), text, look);
}

void Board::draw_page() {
    const std::size_t height = screen_.rows() - 2;
    screen_.put(0, 0, screen_.columns(), page_.title, Look::bar);
    for (std::size_t row = 0; row < height && page_.top + row < page_.lines.size(); ++row)
        screen_.put(1 + row, 0, screen_.columns(), page_.lines[page_.top + row]);
    std::string keys = "Esc back";
    if (const Run* run = runs_.find(page_.id); run != nullptr)
        for (const Action& action : actions())
            if (action_of(action.key, run->now) == &action)
                keys += std::string("  ") + action.key + ' ' + std::string(action.verb);
    screen_.put(screen_.rows() - 1, 0, screen_.columns(), mode_.message.empty() ? keys : mode_.message,
                Look::strong);
}

}  // namespace sigmund::top
