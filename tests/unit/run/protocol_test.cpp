// SPDX-License-Identifier: Apache-2.0
#include "run/protocol.hpp"

#include <doctest/doctest.h>
#include <signal.h>

#include <random>

#include "sys/signals.hpp"

using sigmund::run::Answer;
using sigmund::run::answer_rows;
using sigmund::run::Argument;
using sigmund::run::Change;
using sigmund::run::EndedBy;
using sigmund::run::Field;
using sigmund::run::parse_answer;
using sigmund::run::parse_request;
using sigmund::run::Reach;
using sigmund::run::Request;
using sigmund::run::request_rows;
using sigmund::run::Result;
using sigmund::run::Until;
using Kind = Request::Kind;

namespace {

// Returns copies of each request with every value that the argument may have.
std::vector<Request> with_each_value(Argument argument, const std::vector<Request>& requests) {
    std::vector<Request> out;
    const auto add = [&](auto set) {
        for (Request each : requests) {
            set(each);
            out.push_back(std::move(each));
        }
    };
    const auto add_each = [&](const auto& table, auto member) {
        for (const auto& row : table) add([&](Request& r) { r.*member = row.value; });
    };
    switch (argument) {
        case Argument::signal:
            for (int signal = 1; signal <= sigmund::sys::max_signal; ++signal)
                add([&](Request& r) { r.signal = signal; });
            break;
        case Argument::grace:
            for (const sigmund::sys::Millis grace : {-1, 0, 1, 5'000, 2'000'000'000})
                add([&](Request& r) { r.grace = grace; });
            break;
        case Argument::reason:
            for (const char* word : {"stop", "replace", "shell-exit"})
                add([&](Request& r) {
                    r.reason = sigmund::run::EndedBy(r.grace < 0 ? "stop" : word);
                });  // it follows a grace
            break;
        case Argument::reach:
            add_each(sigmund::run::reach_words, &Request::reach);
            break;
        case Argument::until:
            add_each(sigmund::run::until_words, &Request::until);
            break;
        case Argument::field:
            add_each(sigmund::run::field_words, &Request::field);
            break;
        case Argument::value:
            for (const char* value : {"", "web", "a,b,c", "-", "\xc3\xa9", "\x1b[0m"})
                add([&](Request& r) { r.value = value; });
            break;
        case Argument::shell:
            add([&](Request& r) { r.shell = "4012.77"; });
            break;
        case Argument::owner:
            for (const char* owner : {"", "4011.5"}) add([&](Request& r) { r.owner = owner; });
            break;
        case Argument::sent:
            add_each(sigmund::run::sent_words, &Request::sent);
            break;
        case Argument::bytes:
            for (const auto& bytes : {std::string(), std::string("y\n"), std::string("\0\xff \x1b", 4),
                                      std::string(sigmund::run::sent_piece, '\xff')})
                add([&](Request& r) { r.bytes = bytes; });
            break;
        case Argument::size:
            for (const int side : {1, 80, 65'535})
                add([&](Request& r) {
                    r.columns = side;
                    r.rows = 65'536 - side;
                });
            break;
        case Argument::access:
            add_each(sigmund::run::access_words, &Request::access);
            break;
        case Argument::redraw:
            add_each(sigmund::run::redraw_words, &Request::redraw);
            break;
        case Argument::viewers:
            add_each(sigmund::run::viewers_words, &Request::viewers);
            break;
        default:
            return requests;
    }
    return out;
}

std::vector<Answer> with_each_value(Argument argument, const std::vector<Answer>& answers) {
    std::vector<Answer> out;
    const auto add = [&](auto set) {
        for (Answer each : answers) {
            set(each);
            out.push_back(std::move(each));
        }
    };
    switch (argument) {
        case Argument::signal:
            for (int signal = 1; signal <= sigmund::sys::max_signal; ++signal)
                add([&](Answer& a) { a.signal = signal; });
            break;
        case Argument::size:
            for (const int side : {1, 80, 65'535})
                add([&](Answer& a) {
                    a.columns = side;
                    a.rows = 65'536 - side;
                });
            break;
        case Argument::use:
            for (const auto& row : sigmund::run::terminal_use_words)
                add([&](Answer& a) { a.use = row.value; });
            break;
        case Argument::access:
            for (const auto& row : sigmund::run::access_words) add([&](Answer& a) { a.access = row.value; });
            break;
        case Argument::place:
            for (const auto& row : sigmund::run::place_words) add([&](Answer& a) { a.place = row.value; });
            break;
        case Argument::limit:
            add([](Answer& a) { a.number = sigmund::run::packet_limit; });
            break;
        case Argument::number:
        case Argument::code:
            for (const std::int64_t number : {0, 1, 255, 2'000'000'000})
                add([&](Answer& a) { a.number = number; });
            break;
        case Argument::pids:
            add([](Answer& a) { a.pids = {}; });
            add([](Answer& a) { a.pids = {1, 4'194'304}; });
            add([](Answer& a) { a.pids.assign(sigmund::run::pids_limit, 4'194'304); });
            break;
        case Argument::text:
            for (const char* text : {"", "stopped", "name taken by abc", " two  blanks ", "- \n"})
                add([&](Answer& a) { a.text = text; });
            break;
        case Argument::change:
            add([](Answer& a) { a.change = {.at_ms = 1, .state = "running", .pid = 7}; });
            add([](Answer& a) {
                a.change = {1'700'000'000'123, "exited",  Result("exit=3"), 7, 2,
                            "ready",           "healthy", Result("exit=3"), ""};
            });
            add([](Answer& a) {
                a.change = {1, "running", {}, 7, 0, "unready", "", {}, "modified\ta b\nnew\t\\x20\xff"};
            });
            break;
        default:
            return answers;
    }
    return out;
}

}  // namespace

TEST_CASE("every request, with every value of its arguments, is read as it was written") {
    for (const auto& row : request_rows) {
        if (row.kind == Kind::unknown) continue;
        std::vector<Request> requests{{.kind = row.kind}};
        for (const Argument argument : row.arguments) requests = with_each_value(argument, requests);
        for (const Request& request : requests) {
            const std::string line = format(request);
            CAPTURE(line);
            CHECK(parse_request(line) == request);
            CHECK(parse_request(line + "\n") == request);
            CHECK(line.starts_with(row.word));
            CHECK(line.size() < sigmund::run::packet_limit);
        }
    }
}

TEST_CASE("every line of an answer, with every kind of argument, is read as it was written") {
    for (const auto& row : answer_rows) {
        if (row.kind == Answer::Kind::other) continue;
        std::vector<Answer> answers{{.kind = row.kind}};
        for (const Argument argument : row.arguments) answers = with_each_value(argument, answers);
        for (const Answer& answer : answers) {
            const std::string line = format(answer);
            CAPTURE(line);
            CHECK(parse_answer(line) == answer);
            CHECK(line.starts_with(row.word));
            CHECK(line.size() < sigmund::run::packet_limit);
        }
    }
}

TEST_CASE("the words on the wire are those of the versions before") {
    CHECK(format(Request{.kind = Kind::hello}) == "hello 1");
    CHECK(format(Request{.kind = Kind::stop, .signal = SIGTERM, .grace = 5'000}) == "stop SIGTERM 5000");
    CHECK(format(Request{.kind = Kind::stop, .signal = SIGINT, .grace = 0, .reason = EndedBy::replace}) ==
          "stop SIGINT 0 replace");
    CHECK(format(Request{.kind = Kind::signal, .signal = SIGHUP, .reach = Reach::every}) ==
          "signal SIGHUP every");
    CHECK(format(Request{.kind = Kind::restart, .grace = 7}) == "restart 7");
    CHECK(format(Request{.kind = Kind::wait, .until = Until::ready}) == "wait ready");
    CHECK(format(Request{.kind = Kind::set, .field = Field::remove_tags, .value = "a,b"}) ==
          "set remove-tags a,b");
    CHECK(format(Request{.kind = Kind::set, .field = Field::shell, .value = "-"}) == "set shell -");
    CHECK(format(Request{.kind = Kind::adopt, .shell = "4012.77"}) == "adopt 4012.77 -");
    CHECK(format(Request{.kind = Kind::adopt, .shell = "4012.77", .owner = "4011.5"}) ==
          "adopt 4012.77 4011.5");
    CHECK(format(Answer{.kind = Answer::Kind::hello, .number = 32'768}) == "hello 1 32768");
    CHECK(format(Answer{.kind = Answer::Kind::signalled}) == "signalled");
    CHECK(format(Answer{.kind = Answer::Kind::killed, .pids = {7, 8}}) == "killed 7 8");
    CHECK(format(sigmund::run::answer_of({})) == "unknown");
    CHECK(format(sigmund::run::answer_of(sigmund::sys::ExitStatus::exited(3))) == "exit 3");
    CHECK(format(sigmund::run::done()) == "done 0");
    CHECK(format(sigmund::run::refused_unknown()) == "done 1 unknown request");
    CHECK(format(sigmund::run::refused_name_taken("abc")) == "done 1 name taken by abc");
    CHECK(format(Answer{.kind = Answer::Kind::event,
                        .change = {5, "exited", Result("exit=3"), 7, 2, "unready", "", Result("exit=3"),
                                   "new\ta b"}}) ==
          "event 5 exited exit=3 7 2 unready - exit=3 new\\ta\\x20b");
    CHECK(format(Answer{.kind = Answer::Kind::event, .change = {5, "running", {}, 7, 0, "", "", {}, ""}}) ==
          "event 5 running - 7 0 - - -");
}

TEST_CASE("lines of 0.1.0 are understood") {
    CHECK(parse_answer("hello 1").number == sigmund::run::older_request_limit);
    CHECK(parse_answer("hello").kind == Answer::Kind::hello);
    CHECK(parse_answer("event 5 running - 7 0 - - -").change ==
          Change{5, "running", {}, 7, 0, "", "", {}, ""});
    CHECK(parse_answer("done 1 unknown request").request_unknown());
    CHECK(!parse_answer("done 1 unknown requests").request_unknown());
    CHECK(parse_answer("done 1 name taken by abc").name_taken());
    CHECK(parse_answer("done 0").ok());
}

TEST_CASE("what a newer guardian may say is ignored, and every `done` ends the answer") {
    CHECK(parse_answer("").kind == Answer::Kind::other);
    CHECK(parse_answer("mood good").kind == Answer::Kind::other);
    CHECK(parse_answer("reached").kind == Answer::Kind::other);
    CHECK(parse_answer("event 5 running").kind == Answer::Kind::other);
    CHECK(parse_answer("hello 9 65536 compressed").number == 65'536);
    CHECK(parse_answer("reached 3 of 4").number == 3);
    CHECK(parse_answer("signalled 1 x 3").pids == std::vector<pid_t>{1, 3});
    CHECK(parse_answer("done").kind == Answer::Kind::done);
    CHECK(!parse_answer("done").ok());
    CHECK(!parse_answer("done well").ok());
}

TEST_CASE("when there are more changes than an event holds, the first lines are sent") {
    std::string lines;
    for (int i = 0; i < 5'000; ++i) lines += "modified\tsome file " + std::to_string(i) + '\n';
    const std::string line = format(Answer{.kind = Answer::Kind::event, .change = {.changes = lines}});
    CHECK(line.size() < sigmund::run::packet_limit);
    const std::string read = parse_answer(line).change.changes;
    CHECK(!read.empty());
    CHECK(lines.starts_with(read + '\n'));
}

TEST_CASE("an argument that may be left out of a request has a default") {
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
    CHECK(signal.reach == Reach::leader);
    CHECK(parse_request("signal HUP").reach == Reach::group);
    CHECK(parse_request("pause").kind == Kind::pause);
    CHECK(parse_request("resume").kind == Kind::resume);
    CHECK(parse_request("restart").grace == -1);
    CHECK(parse_request("restart 0").grace == 0);
    CHECK(parse_request("wait").until == Until::leader);
    CHECK(parse_request("wait ready").until == Until::ready);
    CHECK(parse_request("events").kind == Kind::events);
    const Request set = parse_request("set tags a,b");
    CHECK(set.kind == Kind::set);
    CHECK(set.field == Field::tags);
    CHECK(set.value == "a,b");
    CHECK(parse_request("set name").value.empty());
    CHECK(parse_request("set add-tags a,b").field == Field::add_tags);
    CHECK(parse_request("set remove-tags a").kind == Kind::set);
    CHECK(parse_request("set other-tags a").kind == Kind::unknown);
    CHECK(parse_request("record").kind == Kind::record);
    CHECK(parse_request("discard").kind == Kind::discard);
}

TEST_CASE("newlines and spaces at the end do not matter") {
    CHECK(parse_request("kill\n").kind == Kind::kill);
    CHECK(parse_request(std::string_view("kill\n\0\n\0", 8)).kind == Kind::kill);
    CHECK(parse_request("  stop   TERM   7  ").grace == 7);
    CHECK(parse_request("kill and more words, of a newer sigmund").kind == Kind::kill);
}

TEST_CASE("a text that is not a request is unknown") {
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

TEST_CASE("a hundred thousand random packets are read without harm") {
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
