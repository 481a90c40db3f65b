// SPDX-License-Identifier: Apache-2.0
#include "text/table.hpp"

#include <doctest/doctest.h>

#include "text/escape.hpp"

using sigmund::text::Table;

TEST_CASE("columns are padded, except the last") {
    const Table table{
        {"ID", "PID", "CMD"}, {{"7f3c2a", "12", "sleep 60"}, {"a", "4012", "x"}}, {false, true}};
    CHECK(table.render(0).text() ==
          "ID       PID  CMD\n"
          "7f3c2a    12  sleep 60\n"
          "a       4012  x\n");
}

TEST_CASE("there are no trailing blanks, cells may be missing, and so may the header") {
    CHECK(Table{}.render(80).text() == "");
    CHECK(Table{{}, {{"a", ""}, {"bcd", "e"}, {"f"}, {}}, {}}.render(80).text() == "a\nbcd  e\nf\n\n");
    CHECK(Table{{"A", "B"}, {}, {}}.render(80).text() == "A  B\n");
}

TEST_CASE("padding is by columns, not by bytes") {
    const Table table{{}, {{"\u65e5\u672c", "1"}, {"e\u0301", "2"}, {"abcde", "3"}}, {}};
    CHECK(table.render(0).text() ==
          "\u65e5\u672c   1\n"
          "e\u0301      2\n"
          "abcde  3\n");
}

TEST_CASE("no line is wider than asked") {
    const Table table{{"ID", "CMD"}, {{"7f3c2a", "sleep 60"}, {"7f3c2b", "x"}}, {}};
    CHECK(table.render(16).text() == "ID      CMD\n7f3c2a  sleep 60\n7f3c2b  x\n");
    CHECK(table.render(15).text() == "ID      CMD\n7f3c2a  sleep \u2026\n7f3c2b  x\n");
    CHECK(table.render(5).text() == "ID  \u2026\n7f3c\u2026\n7f3c\u2026\n");
}

TEST_CASE("the header's style encloses only its line") {
    const Table table{{"ID", "CMD"}, {{"a", "b"}}, {}};
    CHECK(table.render(80, "\x1b[1m").text() == "\x1b[1mID  CMD\x1b[0m\na   b\n");
}

TEST_CASE("a narrow table leaves out its optional columns") {
    sigmund::text::Rows rows;
    for (const char* cell : {"7f3c2a", "4012", "4012", "running", "a command that is long"})
        rows.add_cell(cell);
    rows.end_row();
    const std::vector<std::string> header{"ID", "PID", "PGID", "STATE", "CMD"};
    const auto drawn = [&](std::size_t width) {
        return rows.render({0}, {.header = header, .width = width, .expendable = {2, 1}, .more = "more"})
            .text();
    };
    CHECK(drawn(0) == drawn(80));
    CHECK(drawn(80).find("PGID") != std::string::npos);
    // The header names what is left out.
    CHECK(
        drawn(46).starts_with("ID      PID   STATE    CMD  (more: PGID)\n7f3c2a  4012  running  a command"));
    CHECK(drawn(38).starts_with("ID      STATE    CMD  (more: PID PGID)\n7f3c2a  running  a command"));
    CHECK(drawn(37).starts_with("ID      STATE    CMD  (more)\n"));
    CHECK(drawn(27).starts_with("ID      STATE    CMD\n"));
    CHECK(drawn(38).find("running") != std::string::npos);
    CHECK(drawn(10).find("7f3c2a") != std::string::npos);
    // A whole state is in colour, and a cut one is plain.
    const sigmund::text::CellStyle red{3, [](std::uint32_t) { return std::string_view("\x1b[31m"); }};
    for (std::size_t width = 1; width < 60; ++width) {
        const std::string text =
            rows.render({0}, {.header = header, .width = width, .style = red, .expendable = {2, 1}}).text();
        CHECK(sigmund::text::valid_utf8(text));
        CHECK((text.find("\x1b[31mrunning\x1b[0m") != std::string::npos) ==
              (text.find('\x1b') != std::string::npos));
    }
    CHECK(rows.render({0}, {.header = header, .width = 60, .style = red, .expendable = {2, 1}})
              .text()
              .find("\x1b[31mrunning\x1b[0m") != std::string::npos);
}

TEST_CASE("flexible columns are cut before the row is, so that all columns stay in sight") {
    sigmund::text::Rows rows;
    for (const std::string& cell :
         {std::string("7f3c2a"), std::string(60, 'n'), std::string("running"), std::string("sleep"),
          std::string("7f3c2b"), std::string("\u65e5\u672c\u8a9e"), std::string("exited 3"),
          std::string("true")}) {
        rows.add_cell(cell);
        if (cell == "sleep" || cell == "true") rows.end_row();
    }
    const std::vector<std::string> header{"ID", "NAME", "STATE", "CMD"};
    const auto drawn = [&](std::size_t width) {
        return rows.render({0, 1}, {.header = header, .width = width, .flexible = {{1, 5}}}).text();
    };
    CHECK(drawn(85).find("\u2026") == std::string::npos);
    CHECK(drawn(40) ==
          "ID      NAME             STATE     CMD\n"
          "7f3c2a  nnnnnnnnnnnnnn\u2026  running   sleep\n"
          "7f3c2b  \u65e5\u672c\u8a9e           exited 3  true\n");
    CHECK(drawn(30) ==
          "ID      NAME   STATE     CMD\n"
          "7f3c2a  nnnn\u2026  running   sleep\n"
          "7f3c2b  \u65e5\u672c\u2026  exited 3  true\n");
}
