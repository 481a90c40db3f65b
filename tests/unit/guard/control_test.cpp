// SPDX-License-Identifier: Apache-2.0
#include "guard/control.hpp"

#include <doctest/doctest.h>
#include <signal.h>

#include <random>

using sigmund::guard::parse_request;
using sigmund::guard::Request;
using Kind = Request::Kind;

TEST_CASE("the requests, each with its words") {
    CHECK(parse_request("hello 1").kind == Kind::hello);
    const Request stop = parse_request("stop TERM 5000");
    CHECK(stop.kind == Kind::stop);
    CHECK(stop.signal == SIGTERM);
    CHECK(stop.grace == 5000);
    CHECK(parse_request("stop SIGINT").grace == -1);
    CHECK(parse_request("stop 2 0").signal == SIGINT);
    CHECK(parse_request("kill").kind == Kind::kill);
    const Request signal = parse_request("signal HUP leader");
    CHECK(signal.kind == Kind::signal);
    CHECK(signal.signal == SIGHUP);
    CHECK(signal.reach == sigmund::run::Reach::leader);
    CHECK(parse_request("signal HUP").reach == sigmund::run::Reach::group);
    CHECK(parse_request("pause").kind == Kind::pause);
    CHECK(parse_request("resume").kind == Kind::resume);
    CHECK(parse_request("restart").grace == -1);
    CHECK(parse_request("restart 0").grace == 0);
    CHECK(parse_request("wait").until == sigmund::run::Until::leader);
    CHECK(parse_request("wait ready").until == sigmund::run::Until::ready);
    CHECK(parse_request("events").kind == Kind::events);
    const Request set = parse_request("set tags a,b");
    CHECK(set.kind == Kind::set);
    CHECK(set.word == "tags");
    CHECK(set.value == "a,b");
    CHECK(parse_request("set name").value.empty());
    CHECK(parse_request("set add-tags a,b").word == "add-tags");
    CHECK(parse_request("set remove-tags a").kind == Kind::set);
    CHECK(parse_request("set other-tags a").kind == Kind::unknown);
    CHECK(parse_request("record").kind == Kind::record);
    CHECK(parse_request("discard").kind == Kind::discard);
}

TEST_CASE("ends of lines and spaces do not matter") {
    CHECK(parse_request("kill\n").kind == Kind::kill);
    CHECK(parse_request(std::string_view("kill\n\0\n\0", 8)).kind == Kind::kill);
    CHECK(parse_request("  stop   TERM   7  ").grace == 7);
    CHECK(parse_request("kill and more words, of a newer sigmund").kind == Kind::kill);
}

TEST_CASE("what is no request is none") {
    for (const char* text : {"",
                             " ",
                             "\n",
                             "HELLO",
                             "hell",
                             "stopp",
                             "stop",
                             "stop NOSIGNAL",
                             "stop TERM -1",
                             "stop TERM 1x",
                             "stop TERM 99999999999999999999999",
                             "stop TERM 4000000000000000",
                             "stop 0 1",
                             "signal",
                             "signal HUP all",
                             "signal KILLALL",
                             "restart soon",
                             "restart -1",
                             "wait never",
                             "set",
                             "set key 1",
                             "set pid 1",
                             "\x01kill"}) {
        CAPTURE(text);
        CHECK(parse_request(text).kind == Kind::unknown);
    }
}

TEST_CASE("a hundred thousand random packets") {
    std::mt19937 random(20'26);
    const char* const words[] = {"stop", "kill",        "signal",     "TERM", "9",       "-1",   "group",
                                 "wait", "ready",       "set",        "name", "restart", "\xff", "",
                                 " ",    "99999999999", "SIGRTMIN+1", "65",   "x"};
    for (int i = 0; i < 100'000; ++i) {
        std::string text;
        for (auto n = random() % 5; n > 0; --n) text += std::string(words[random() % std::size(words)]) + ' ';
        if (!text.empty() && random() % 4 == 0) text[random() % text.size()] = static_cast<char>(random());
        const Request r = parse_request(text);
        if (r.kind == Kind::stop || r.kind == Kind::signal) REQUIRE((r.signal > 0 && r.signal <= 64));
        REQUIRE(r.grace >= -1);
    }
}
