// SPDX-License-Identifier: Apache-2.0
#include "cli/columns.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "run/failure.hpp"

using namespace sigmund;
using namespace sigmund::cli;

TEST_CASE("each column has a name, a help and a value") {
    const run::View view(run::Store::absent());
    run::Judged run;
    run.record.id = "7f3c2a";
    for (const Column& column : columns()) {
        CAPTURE(column.name);
        CHECK(parse_columns(column.name) == std::vector<const Column*>{&column});
        CHECK_FALSE(column.help.empty());
        std::string out;
        column.append(out, run, view);
        CHECK(out.find('\t') == std::string::npos);
        CHECK(out.find('\n') == std::string::npos);
    }
}

TEST_CASE("the manual names each column, in the order of the table") {
    std::ifstream file(SIGMUND_SOURCE_DIR "/man/sigmund-porcelain.5");
    const std::string manual{std::istreambuf_iterator<char>(file), {}};
    std::string line = ".Li";
    for (const std::string_view name : column_names()) line += ' ' + std::string(name);
    CHECK(manual.find(line) != std::string::npos);
}

TEST_CASE("columns can be given as a list") {
    CHECK(parse_columns(default_columns).size() == 11);
    CHECK(parse_columns("pid,id,pid").size() == 3);
    for (const char* wrong : {"", "pid,", ",pid", "pid, id", "PID", "nothing"})
        CHECK_THROWS_AS(parse_columns(wrong), run::Failure);
    try {
        parse_columns("stat");
    } catch (const run::Failure& failure) {
        CHECK(failure.hint == "did you mean state?");
    }
    try {
        parse_columns("nothing-like-it");
    } catch (const run::Failure& failure) {
        CHECK(failure.hint.starts_with("one of id, name, state, "));
    }
}
