// SPDX-License-Identifier: Apache-2.0
// The candidates on particular lines. complete_tables_test.cpp walks over all verbs and options.
#include "cli/complete.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "fake_source.hpp"

using namespace sigmund::cli;
using Words = std::vector<std::string>;

namespace {

bool contains(const Words& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

TEST_CASE("adopt takes the runs that no open shell owns, and all live ones with --force") {
    const Words forms{"tag=db", "@", "@!", "@here", "@shell", "@all"};
    const auto and_forms = [&](Words words) {
        words.insert(words.end(), forms.begin(), forms.end());
        return words;
    };
    CHECK(offered({"sigmund", "adopt", ""}) == and_forms({"aa0001"}));
    CHECK(offered({"sigmund", "adopt", "--force", ""}) == and_forms({"web", "7f3c2a", "aa0001"}));
}

TEST_CASE("the first word is a verb, an option of a start, or a command") {
    CHECK(offered({"sigmund", "li"}) == Words{"list", "command 1"});
    CHECK(offered({"sigmund", "--repl"}) == Words{"--replace"});
    CHECK(contains(offered({"sigmund", ""}), "stop"));
    CHECK_FALSE(contains(offered({"sigmund", ""}), "command 1"));
    CHECK(contains(offered({"sigmund", ""}), "nosig"));
    CHECK_FALSE(contains(offered({"sigmund", ""}), "shell-exit"));
}

TEST_CASE("the wrapped command line begins where the parser lets it begin") {
    CHECK(offered({"sigmund", "git", "ch"}) == Words{"command 1"});
    CHECK(offered({"sigmund", "-n", "web", "git", "ch"}) == Words{"command 3"});
    CHECK(offered({"sigmund", "run", "--name", "web", "git"}) == Words{"command 4"});
    CHECK(offered({"sigmund", "--", "stop", ""}) == Words{"command 2"});
    CHECK(offered({"sigmund", "run", "-qe", "A=b", "make", "-"}) == Words{"command 4"});
    CHECK(offered({"sigmund", "guard", "web", "--", "make", "-"}) == Words{"command 4"});
    CHECK(offered({"sigmund", "stop", "--", ""}) == offered({"sigmund", "stop", ""}));
    CHECK(offered({"sigmund", "run", "--health", "cu"}) == Words{"command 3"});
    CHECK(offered({"sigmund", "run", "--health=cu"}) == Words{"none"});
}

TEST_CASE("each stage of a pipe is a separate command line") {
    CHECK(offered({"sigmund", "pipe", "--", "cat", "f", "'|'", "gr"}) == Words{"command 6"});
    CHECK(offered({"sigmund", "pipe", "cat", "\\|", "grep", "x"}) == Words{"command 4"});
    CHECK(offered({"sigmund", "run", "echo", "'|'", "x"}) == Words{"command 2"});
}

TEST_CASE("targets are names, then ids, tags and forms, of the runs that the verb can take") {
    CHECK(offered({"sigmund", "stop", ""}) ==
          Words{"web", "7f3c2a", "aa0001", "tag=db", "@", "@!", "@here", "@shell", "@all"});
    CHECK(offered({"sigmund", "prune", "j"}) == Words{"job"});
    CHECK(offered({"sigmund", "show", "b"}) == Words{"bb0002"});
    CHECK(offered({"sigmund", "stop", "@he"}) == Words{"@here"});
    CHECK(offered({"sigmund", "stop", "tag=d"}) == Words{"tag=db"});
    CHECK(offered({"sigmund", "stop", ":"}) == Words{":8080"});
    const Candidate web = at_end({"sigmund", "stop", "w"}).at(0);
    CHECK(web.state == "running");
    CHECK(web.group == "name");
    CHECK(web.description == "running 3s sleep 300");
}

TEST_CASE("words that are on the line already are not offered again") {
    CHECK_FALSE(contains(offered({"sigmund", "stop", "web", ""}), "web"));
    CHECK_FALSE(contains(offered({"sigmund", "run", "--name", "x", "--"}), "--name"));
    CHECK_FALSE(contains(offered({"sigmund", "run", "-qn", "x", "--"}), "--name"));
    CHECK(contains(offered({"sigmund", "run", "--tag", "x", "--"}), "--tag"));
    CHECK(offered({"sigmund", "list", "--state=running,run"}).size() > 1);
    CHECK_FALSE(contains(offered({"sigmund", "list", "--state", "running,"}), "running,running"));
}

TEST_CASE("words after the cursor are not offered again, and decide nothing else") {
    const auto at = [](const Words& words, std::size_t n) {
        Words out;
        for (const Candidate& each : complete(words, n, FakeSource())) out.push_back(each.word);
        return out;
    };
    CHECK_FALSE(contains(at({"sigmund", "stop", "", "web"}, 2), "web"));
    CHECK(contains(at({"sigmund", "stop", "", "web"}, 2), "7f3c2a"));
    CHECK(at({"sigmund", "list", "--li", "--live"}, 2) == Words{"--limit"});
    CHECK(at({"sigmund", "run", "--na", "--tag", "x", "make", "--name"}, 2) == Words{"--name"});
    CHECK_FALSE(contains(at({"sigmund", "run", "--", "--name", "x", "make"}, 2), "--name"));
    CHECK(at({"sigmund", "sto", "stop"}, 1) == Words{"stop", ""});
    CHECK(at({"sigmund", "signal", "H", "web"}, 2) == Words{"HUP"});
    CHECK(at({"sigmund", "--repl", "-n", "--replace", "make"}, 1) == Words{"--replace"});
    CHECK(at({"sigmund", "-n", "", "--name", "web"}, 2) == Words{"web", "job"});
}

TEST_CASE("positionals are completed by their place") {
    CHECK(offered({"sigmund", "signal", "hu"}) == Words{"HUP"});
    CHECK(offered({"sigmund", "signal", "HUP", "w"}) == Words{"web"});
    CHECK(offered({"sigmund", "rename", "web", ""}).empty());
    CHECK(offered({"sigmund", "tag", "web", ""}) == Words{"db"});
    CHECK(offered({"sigmund", "again", "web", ""}).empty());
    CHECK(offered({"sigmund", "up", ""}) == Words{"front", "api", "job"});
    CHECK(offered({"sigmund", "up", "api", ""}) == Words{"front", "job"});
    CHECK(at_end({"sigmund", "up", "fr"}).at(0).description == "api, job");
    CHECK(at_end({"sigmund", "up", "fr"}).at(0).group == "group");
    CHECK(offered({"sigmund", "prompt", "s"}) == Words{"starship"});
    CHECK(offered({"sigmund", "help", "expl"}) == Words{"explain"});
    CHECK(offered({"sigmund", "config", ""}).empty());
}

TEST_CASE("down offers what runs first, also what the file has no more, and each word once") {
    CHECK(offered({"sigmund", "down", ""}) == Words{"job", "old", "front", "api"});
    const Candidate job = at_end({"sigmund", "down", "j"}).at(0);
    CHECK(job.state == "running");
    CHECK(job.description == "running 3s make job");
    CHECK(offered({"sigmund", "down", "old", "--pru"}) == Words{"--prune"});
}

TEST_CASE("restart offers what lives, and port what has a port") {
    CHECK_FALSE(contains(offered({"sigmund", "restart", ""}), "job"));
    CHECK(contains(offered({"sigmund", "restart", ""}), "web"));
    CHECK(offered({"sigmund", "port", "w"}) == Words{"web"});
    CHECK_FALSE(contains(offered({"sigmund", "port", ""}), "aa0001"));
}

TEST_CASE("the project that the line names is found on either side of the cursor") {
    const auto project = [](const Words& words, std::size_t at) { return project_on_line(words, at); };
    CHECK(project({"sigmund", "stop", "--project", "/a b", "w"}, 4) == "/a b");
    CHECK(project({"sigmund", "stop", "--project='/a b'", "w"}, 3) == "/a b");
    CHECK(project({"sigmund", "stop", "w", "--project", "b"}, 2) == "b");
    CHECK(project({"sigmund", "stop", "w", "--project=b"}, 2) == "b");
    CHECK(project({"sigmund", "down", "--project", ""}, 3).empty());
    CHECK(project({"sigmund", "stop", "w"}, 2).empty());
    CHECK(project({"sigmund", "stop", "--", "--project=b", "w"}, 4).empty());
    CHECK(project({"sigmund", "make", "--project=b"}, 2).empty());
    CHECK(project({}, 0).empty());
}

TEST_CASE("values are completed as the next word, after `=`, and after a letter") {
    CHECK(offered({"sigmund", "--restart", "on-f"}) == Words{"on-failure"});
    CHECK(offered({"sigmund", "--restart=on-f"}) == Words{"--restart=on-failure"});
    CHECK(offered({"sigmund", "-C/us"}) == Words{"folder -C"});
    CHECK(offered({"sigmund", "--log=/us"}) == Words{"file --log="});
    CHECK(offered({"sigmund", "run", "-qC", ""}) == Words{"folder "});
    CHECK(offered({"sigmund", "-eHO"}) == Words{"-eHOME="});
    CHECK(offered({"sigmund", "--unset-env", "PA"}) == Words{"PATH"});
    CHECK(offered({"sigmund", "list", "--state=running,pa"}) == Words{"--state=running,paused"});
    CHECK(offered({"sigmund", "list", "--columns", "id,na"}) == Words{"id,name"});
    CHECK(offered({"sigmund", "list", "--shell="}) == Words{"--shell=4000.123"});
    CHECK(offered({"sigmund", "--rlimit", "nof"}) == Words{"nofile="});
    CHECK(offered({"sigmund", "--timeout", ""}) == Words{"none"});
    CHECK(at_end({"sigmund", "--ready", "tc"}).at(0).offer == Offer::nospace);
    CHECK(at_end({"sigmund", "--restart", "no"}).at(0).offer == Offer::word);
}

TEST_CASE("letters written together are complete, or another flag may follow") {
    const Words words = offered({"sigmund", "run", "-q"});
    CHECK(words.at(0) == "-q");
    CHECK(contains(words, "-qf"));
    CHECK_FALSE(contains(words, "-qq"));
    CHECK(offered({"sigmund", "run", "-qn"}) == Words{"-qn"});
    CHECK(offered({"sigmund", "run", "-Z"}).empty());
}

TEST_CASE("signals are completed in any case, and with SIG or as real-time ones if typed so") {
    CHECK(offered({"sigmund", "--stop-signal", "sigusr"}) == Words{"SIGUSR1", "SIGUSR2"});
    CHECK(offered({"sigmund", "--block=abr"}) == Words{"--block=ABRT"});
    CHECK(offered({"sigmund", "--stop-signal", "RTMIN+3"}) == Words{"RTMIN+3", "RTMIN+30"});
    CHECK_FALSE(contains(offered({"sigmund", "--stop-signal", ""}), "RTMIN+3"));
}

TEST_CASE("the additional tools are completed under their own name and after sigmund") {
    CHECK(offered({"/usr/bin/nosig", "-I", "wi"}) == Words{"WINCH"});
    CHECK(offered({"nosig", "-ea", "INT", "make", "-"}) == Words{"command 3"});
    CHECK(offered({"sigmund", "nosig", "--null"}) == Words{"--null-io"});
    CHECK(offered({"sigmund", "nosig", "--stdin", "/"}) == Words{"file "});
    CHECK(offered({"unlinkwait", "/tmp"}) == Words{"file "});
    CHECK(offered({"sigmund", "supervise", "--js"}) == Words{"--json"});
    CHECK(offered({"sm", "list", "--orph"}) == Words{"--orphaned"});  // "sm" is an alias
}

TEST_CASE("quotes and redirections are understood") {
    CHECK(offered({"sigmund", "'stop'", "\"we"}) == Words{"web"});
    CHECK(offered({"sigmund", "list", ">", "/tm"}) == Words{"file "});
    CHECK(offered({"sigmund", "show", "2>", "x", "jo"}) == Words{"job"});
    CHECK(offered({"sigmund", "show", "'>'", "jo"}) == Words{"job"});
}

TEST_CASE("when no candidate begins with the word, a shell may still find one that fits") {
    CHECK(contains(offered({"sigmund", "stop", "zz"}), "web"));
    CHECK(contains(offered({"sigmund", "list", "--rphaned"}), "--orphaned"));
}

TEST_CASE("the cursor may be after the last word, but not further and not at the program") {
    CHECK(complete(Words{"sigmund", "up"}, 2, FakeSource()).size() == 3);
    CHECK(complete(Words{"sigmund", "up"}, 3, FakeSource()).empty());
    CHECK(complete(Words{"sigmund"}, 0, FakeSource()).empty());
    CHECK(complete(Words{}, 0, FakeSource()).empty());
}
