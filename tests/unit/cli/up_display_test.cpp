// SPDX-License-Identifier: Apache-2.0
#include "cli/up_display.hpp"

#include <doctest/doctest.h>

#include "text/escape.hpp"

using namespace sigmund;
using cli::up_line;

TEST_CASE("a line of the progress is cut to the width of the terminal") {
    CHECK(up_line("db", "ready in 1.2s (7f3c2a)", 5, 80) == "db     ready in 1.2s (7f3c2a)");
    CHECK(up_line("db", "ready in 1.2s (7f3c2a)", 5, 29) == "db     ready in 1.2s (7f3c2a)");
    CHECK(up_line("db", "ready in 1.2s (7f3c2a)", 5, 10) == "db     re\u2026");
    // A wide character takes two columns, and what a terminal would act on is escaped.
    for (const std::string text :
         {"failed: \u65e5\u672c\u8a9e\u65e5\u672c\u8a9e", "failed: \x1b[2J\nmore", "e\u0301e\u0301e\u0301"})
        for (std::size_t columns = 1; columns < 40; ++columns) {
            const std::string line = up_line("a-name", text, 6, columns);
            CHECK(text::display_width(line) <= columns);
            CHECK(line.find_first_of("\x1b\n") == std::string::npos);
        }
}

TEST_CASE("why a task has failed is told without the name and the id of its run") {
    ops::UpState state;
    state.phase = ops::Phase::failed;
    state.record.id = "7f3c2a";
    state.record.name = "step";
    state.record.from.once = true;
    state.outcome.emplace();
    state.outcome->end.status = sys::ExitStatus::exited(3);
    CHECK(cli::why_failed(state) == "it exited 3");
    CHECK(cli::up_text(state) == "failed: it exited 3 (7f3c2a)");
    state.outcome.reset();
    state.detail = "port 1 is in use (--ready-shared accepts it)";
    CHECK(cli::why_failed(state) == "port 1 is in use (`ready-shared = true` accepts it)");
}
