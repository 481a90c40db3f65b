// SPDX-License-Identifier: Apache-2.0
#include "cli/args.hpp"

#include <algorithm>

#include "cli/commands.hpp"
#include "run/failure.hpp"
#include "unit/scratch.hpp"

using namespace sigmund;
using namespace sigmund::cli;

namespace {

using Words = std::vector<std::string>;

Args parsed(std::string_view verb, const Words& words) {
    return parse_args(*find_verb(verb), words);
}

std::string problem(std::string_view verb, const Words& words) {
    try {
        parsed(verb, words);
    } catch (const run::Failure& failure) {
        CHECK(failure.exit == run::Exit::usage);
        return failure.what() + (" | " + failure.hint);
    }
    return "";
}

}  // namespace

TEST_CASE("a command begins at the first word that is not an option") {
    const Args args = parsed("run", {"-q", "--name", "web", "-C/tmp", "ls", "-l", "--", "--json"});
    CHECK(args.has("quiet"));
    CHECK(args.value("name") == "web");
    CHECK(args.value("cwd") == "/tmp");
    CHECK_FALSE(args.has("json"));
    CHECK(args.command == Words{"ls", "-l", "--", "--json"});
    CHECK(args.words.empty());
    CHECK(parsed("run", {"-q", "--", "-x"}).command == Words{"-x"});
    CHECK(parsed("run", {"", "x"}).command == Words{"", "x"});
    CHECK(parsed("run", {"-", "x"}).command == Words{"-", "x"});
    const Args guard = parsed("guard", {"db", "--", "make", "-j"});
    CHECK(guard.words == Words{"db"});
    CHECK(guard.command == Words{"make", "-j"});
}

TEST_CASE("options and positionals of other verbs may be mixed") {
    const Args args = parsed("tail", {"a", "-n5", "", "--since", "-1s", "-", "--", "-x", "--json"});
    CHECK(args.value("lines") == "5");
    CHECK(args.value("since") == "-1s");
    CHECK(args.words == Words{"a", "", "-", "-x", "--json"});
}

TEST_CASE("values may begin with dashes, and hold commas, equals signs and anything else") {
    const Args args =
        parsed("run", {"-e", "-A=1,2", "-eB=x=y", "--env=C=", "--on-exit", "--", "-n-x", "true"});
    CHECK(args.all("env") == Words{"-A=1,2", "B=x=y", "C="});
    CHECK(args.value("on-exit") == "--");
    CHECK(args.value("name") == "-x");
    CHECK(args.command == Words{"true"});
    CHECK(parsed("stop", {"-t1.5s", "a"}).value("timeout") == "1.5s");
    CHECK(parsed("stop", {"-qt1.5s", "a"}).has("quiet"));
    CHECK(parsed("stop", {"-qt", "1.5s", "a"}).value("timeout") == "1.5s");
}

TEST_CASE("a later value wins, and flags may be repeated") {
    const Args args = parsed("stop", {"-t", "1s", "-q", "--timeout=2s", "-q"});
    CHECK(args.value("timeout") == "2s");
    CHECK(args.has("quiet"));
    CHECK(parsed("list", {"--state=exited,failed", "--state", "lost"}).all("state") ==
          Words{"exited,failed", "lost"});
}

TEST_CASE("an optional value is in the word of its option") {
    CHECK(parsed("list", {"--json", "a"}).value("json") == "");
    CHECK(parsed("list", {"--json", "a"}).words == Words{"a"});
    CHECK(parsed("list", {"--json=1"}).value("json") == "1");
    CHECK_FALSE(parsed("list", {}).value("json"));
}

TEST_CASE("a mistake in a command line is reported with a way out") {
    CHECK(problem("list", {"--limt", "3"}) == "unknown option --limt | did you mean --limit?");
    CHECK(problem("list", {"--limt=3"}) == "unknown option --limt | did you mean --limit?");
    CHECK(problem("list", {"-state"}) == "unknown option -state | did you mean --state?");
    CHECK(problem("list", {"-lx"}) == "unknown option -x | sigmund help list");
    CHECK(problem("run", {"-q", "-Q", "true"}) == "unknown option -Q | sigmund help run");
    CHECK(problem("kill", {"-9", "a"}) ==
          "unknown option -9 | sigmund signal 9 TARGET sends a signal; sigmund kill TARGET ends all of the "
          "run");
    CHECK(problem("stop", {"-HUP", "a"}).starts_with("unknown option -HUP | sigmund signal HUP"));
    CHECK(problem("list", {"--=x"}).starts_with("unknown option --"));
    CHECK(problem("list", {"---"}).starts_with("unknown option ---"));
    CHECK(problem("list", {"-é"}).starts_with("unknown option -é"));
    CHECK(problem("stop", {"--timeout"}) == "--timeout needs a value: TIME | sigmund help stop");
    CHECK(problem("stop", {"-qt"}) == "--timeout needs a value: TIME | sigmund help stop");
    CHECK(problem("run", {"--name"}) == "--name needs a value: NAME | sigmund help run");
    CHECK(problem("list", {"--live=1"}) == "--live does not take a value | sigmund help list");
    CHECK(problem("list", {"--live="}) == "--live does not take a value | sigmund help list");
}

TEST_CASE("a file may set an option that the command line does not have") {
    Args args = parsed("run", {"-q", "true"});
    CHECK(args.settled("quiet"));
    CHECK_FALSE(args.settled("tag"));
    args.set("tag", {"a", "b"}, "file:3");
    args.set("wait", {}, "file:4");
    CHECK(args.all("tag") == Words{"a", "b"});
    CHECK(args.origin("tag") == "file:3");
    CHECK(args.origin("quiet").empty());
    CHECK(args.settled("wait"));
    CHECK_FALSE(args.has("wait"));
    CHECK(args.given().size() == 2);
}

TEST_CASE("it is known before parsing whether errors are printed as JSON") {
    CHECK(asks_for_json({"list", "--json"}));
    CHECK(asks_for_json({"list", "--bogus", "--json=1"}));
    CHECK(asks_for_json({"--json", "true"}));
    CHECK(asks_for_json({"-q", "-n", "x", "--json", "true"}));
    CHECK_FALSE(asks_for_json({"true", "--json"}));
    CHECK_FALSE(asks_for_json({"-n", "--json", "true"}));
    CHECK_FALSE(asks_for_json({"-qn", "--json", "true"}));
    CHECK_FALSE(asks_for_json({"list", "--", "--json"}));
    CHECK_FALSE(asks_for_json({}));
}

TEST_CASE("the tables of verbs and options are complete") {
    std::vector<std::string_view> names;
    for (const Verb& verb : verbs()) {
        CAPTURE(verb.name);
        for (const std::string_view name : {verb.name, verb.alias}) {
            CHECK((name.empty() || std::find(names.begin(), names.end(), name) == names.end()));
            names.push_back(name);
            CHECK((name.empty() || find_verb(name) == &verb));
        }
        CHECK_FALSE(verb.help.empty());
        CHECK_FALSE(verb.synopsis.empty());
        CHECK((verb.run != nullptr));
        CHECK(run::find_option(verb.options, "help") != nullptr);
        for (const Option& option : verb.options) {
            CAPTURE(option.name);
            CHECK(option.name.size() > 1);  // cxxopts does not read shorter ones
            CHECK_FALSE(option.help.empty());
            CHECK((option.value == Value::none) == option.metavar.empty());
            CHECK(run::find_option(verb.options, option.name) == &option);
            CHECK((option.letter == 0 || run::find_option(verb.options, option.letter) == &option));
            CHECK((option.letter == 0 || option.value != Value::optional));
        }
    }
}
