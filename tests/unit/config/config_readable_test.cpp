// SPDX-License-Identifier: Apache-2.0
// What is read of a file for completion, while somebody edits it.
#include "config/config.hpp"
#include "unit/scratch.hpp"

using namespace sigmund;

namespace {

std::string read(std::string_view text) {
    const test::Scratch scratch;
    scratch.write("p/sigmund.toml", text);
    ::setenv("SIGMUND_CONFIG", "/dev/null", 1);
    const config::Config config = config::load_readable(scratch.at("p"));
    ::unsetenv("SIGMUND_CONFIG");
    std::string out;
    for (const config::Template& each : config.templates) {
        out += each.name + '=' + (each.shown.empty() && !each.argv.empty() ? each.argv[0] : each.shown);
        for (const config::Word& group : each.groups) out += '@' + group.text;
        out += ' ';
    }
    return out;
}

}  // namespace

TEST_CASE("of a correct file all templates are read, with their command and groups") {
    CHECK(read("[run.b]\ncommand = \"x y\"\ngroup = [\"g\", \"h\"]\nready = \"tcp:1\"\n[run.a]\nargv = "
               "[\"z\"]\n") == "b=x y@g@h a=z ");
    CHECK(read("") == "");
}

TEST_CASE("a wrong template is read as far as it is right, and the others are read") {
    CHECK(read("[run.a]\ncommand = 1.5\n[run.b]\n[run.c]\ncommand = []\nnonsense = 3\ngroup = \"g\"\n") ==
          "a= b= c=@g ");
    CHECK(read("[defaults]\nx = 1\n[run.\"../a\"]\ncommand = \"x\"\n[run]\nb = 3\nc = {command = \"y\"}\n") ==
          "c=y ");
    CHECK(read("[run.a]\ncommand = \"x\"\ndescription = [1]\ngroup = \"g\"\ndepends = [[]]\n") == "a=x@g ");
}

TEST_CASE("a table with a syntax error is left out, wherever it is") {
    const std::string good = "[run.a]\ncommand = \"x\"\n", also = "[run.c]\ncommand = \"y\"\n";
    for (const char* bad : {"[run.b]\ncommand = \"\n", "[run.b]\ncommand\n", "[run.b\n",
                            "[run.b]\ncommand = =\n", "[run.b]\ncommand = \"x\"\ncommand = \"x\"\n"}) {
        CAPTURE(bad);
        CHECK(read(good + bad) == "a=x ");
        CHECK(read(bad + good + also) == "a=x c=y ");
        CHECK(read(good + bad + also) == "a=x c=y ");
        CHECK(read(good + bad + bad + also) == "a=x c=y ");
    }
    CHECK(read("=") == "");
    CHECK(read("\n\n\n=") == "");
}
