// SPDX-License-Identifier: Apache-2.0
// Requests at the desk, and the answers that clients wait for.

#include "rooms.hpp"

using namespace sigmund;
using namespace sigmund::guard;
using run::Answer;
using test::Rooms;
using Kind = Answer::Kind;

namespace {

// A client that has connected to the socket of the run.
class Asker {
  public:
    explicit Asker(Rooms& rooms) : rooms_(rooms), fd_(rooms.store.connect(rooms.id(), 1'000)) {
        REQUIRE(fd_);
        rooms.hear();
    }
    std::vector<Answer> ask(const run::Request& request) { return ask_for(format(request)); }
    std::vector<Answer> ask_for(const std::string& line) {
        CHECK(sys::send_packet(fd_.get(), line) == 0);
        rooms_.hear();
        return heard();
    }
    std::vector<Answer> heard() {
        std::vector<Answer> out;
        while (auto answer = run::receive_answer(fd_.get(), sys::monotonic_ms(), &passed))
            out.push_back(std::move(*answer));
        return out;
    }
    bool waits() const {
        bool out = false;
        rooms_.desk.control().each_waiting([&](const Client&) { out = true; });
        return out;
    }
    sys::Fd passed;

  private:
    Rooms& rooms_;
    sys::Fd fd_;
};

using RK = run::Request::Kind;

// Ends the run: its end is written, with the exit status 3.
void end(Rooms& rooms) {
    State& state = rooms.lives.members()[0].state;
    state.phase = Phase::ended;
    state.status = sys::ExitStatus::exited(3);
    rooms.keeper.finish();
}

}  // namespace

TEST_CASE("a guardian says hello with the longest request that it takes") {
    Rooms rooms;
    const auto answers = Asker(rooms).ask({.kind = RK::hello});
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].number == static_cast<std::int64_t>(run::packet_limit));
}

TEST_CASE("every request has an answer, or a client that waits for one") {
    for (const auto& row : run::request_rows) {
        if (row.kind == RK::unknown) continue;
        Rooms rooms;
        REQUIRE(rooms.starter.start_first().error.error == 0);
        Asker asker(rooms);
        CAPTURE(row.word);
        const auto answers = asker.ask({.kind = row.kind, .signal = SIGCONT});
        const bool ended = !answers.empty() && answers.back().kind == Kind::done;
        CHECK((ended || asker.waits() || row.kind == RK::hello));
    }
}

TEST_CASE("requests that act on a run that is over are answered with already-ended") {
    for (const auto& row : run::request_rows) {
        if (!row.acts) continue;
        Rooms rooms;
        end(rooms);
        const auto answers = Asker(rooms).ask({.kind = row.kind, .signal = SIGCONT});
        CAPTURE(row.word);
        REQUIRE(answers.size() == 2);
        CHECK(answers[0].kind == Kind::outcome);
        CHECK(answers[0].text == "already-ended");
        CHECK(answers[1].ok());
    }
}

TEST_CASE("the record names the process behind each operation, and omits questions") {
    Rooms rooms;
    REQUIRE(rooms.starter.start_first().error.error == 0);
    Asker asker(rooms);
    asker.ask({.kind = RK::signal, .signal = SIGCONT});
    asker.ask({.kind = RK::events});
    REQUIRE(rooms.keeper.record().calls.size() == 1);
    CHECK(rooms.keeper.record().calls[0].verb == "signal SIGCONT");
    CHECK(rooms.keeper.record().calls[0].pid == ::getpid());
}

TEST_CASE("a stop is answered with its proof once all processes are gone") {
    Rooms rooms;
    REQUIRE(rooms.starter.start_first().error.error == 0);
    const pid_t leader = rooms.keeper.record().pid;
    Asker asker(rooms), waiter(rooms);
    CHECK(waiter.ask({.kind = RK::wait, .until = run::Until::gone}).empty());
    CHECK(asker.ask({.kind = RK::stop, .signal = SIGTERM, .grace = 5'000}).empty());
    REQUIRE(rooms.until([&] { return rooms.keeper.over(); }));
    const auto proof = asker.heard();
    REQUIRE(proof.size() == 7);
    CHECK(proof[0].kind == Kind::signalled);
    CHECK(std::count(proof[0].pids.begin(), proof[0].pids.end(), leader) == 1);
    CHECK(proof[1].kind == Kind::exited);
    CHECK(std::count(proof[1].pids.begin(), proof[1].pids.end(), leader) == 1);
    CHECK(proof[4].text == "stopped");
    CHECK(proof[6].ok());
    const auto answers = waiter.heard();
    REQUIRE(answers.size() == 3);
    CHECK(answers[0].kind == Kind::signal);
    CHECK(answers[0].signal == SIGTERM);
    CHECK(answers[1].text == "stop");
}

TEST_CASE("clients that follow events get each change, with the changes on disk, and the end") {
    Rooms rooms;
    rooms.lives.members()[0].state.phase = Phase::running;
    Asker asker(rooms);
    const auto first = asker.ask({.kind = RK::events});
    REQUIRE(first.size() == 1);
    rooms.desk.changed_on_disk("modified\ta b");
    rooms.desk.changed_on_disk("new\tc");
    rooms.desk.tell_followers();
    const auto second = asker.heard();
    REQUIRE(second.size() == 1);
    CHECK(second[0].change.changes == "modified\ta b\nnew\tc");
    end(rooms);
    rooms.desk.tell_followers();
    const auto last = asker.heard();
    REQUIRE(last.size() == 2);
    CHECK(last[0].change.state == "exited");
    CHECK(last[0].change.changes.empty());
    CHECK(last[1].ok());
    CHECK(!asker.waits());
}

TEST_CASE("a client that waits for readiness is answered when it comes, or with the reason why it cannot") {
    {
        Rooms rooms;
        rooms.lives.members()[0].state.phase = Phase::running;
        rooms.keeper.learn(Readiness{false});
        Asker asker(rooms);
        CHECK(asker.ask({.kind = RK::wait, .until = run::Until::ready}).empty());
        rooms.keeper.learn(Readiness{true});
        rooms.desk.answer_waiting();
        const auto answers = asker.heard();
        REQUIRE(answers.size() == 2);
        CHECK(answers[0].kind == Kind::ready);
    }
    for (const Cause cause : {Cause::unready, Cause::answered_by_other}) {
        Rooms rooms;
        rooms.lives.ending().cause = cause;
        end(rooms);
        const auto answers = Asker(rooms).ask({.kind = RK::wait, .until = run::Until::ready});
        REQUIRE(answers.size() == 4);
        CHECK(answers[0].kind == (cause == Cause::unready ? Kind::late : Kind::foreign));
    }
}

TEST_CASE("the record is passed as a descriptor") {
    Rooms rooms;
    Asker asker(rooms);
    const auto answers = asker.ask({.kind = RK::record});
    REQUIRE(answers.size() == 2);
    CHECK(answers[0].kind == Kind::record);
    CHECK(answers[1].ok());
    REQUIRE(asker.passed);
    CHECK(::lseek(asker.passed.get(), 0, SEEK_SET) == 0);
    std::string text;
    CHECK(sys::read_all(asker.passed.get(), text, 1 << 20) == 0);
    CHECK(run::parse_record(text, rooms.id(), run::Depth::full));
}

TEST_CASE("a pause is refused when no process runs, and discard while the run is not over") {
    Rooms rooms;
    rooms.lives.members()[0].state.phase = Phase::backoff;
    const auto paused = Asker(rooms).ask({.kind = RK::pause});
    REQUIRE(paused.size() == 1);
    CHECK(!paused[0].ok());
    const auto discarded = Asker(rooms).ask({.kind = RK::discard});
    REQUIRE(discarded.size() == 1);
    CHECK(discarded[0].text == "it is not over");
}

TEST_CASE("an unknown word is refused as such, and so is a request that is too long") {
    Rooms rooms;
    const auto answers = Asker(rooms).ask_for("mood");
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].request_unknown());
    const auto refused = Asker(rooms).ask_for(std::string(run::packet_limit + 1, 'x'));
    REQUIRE(refused.size() == 1);
    CHECK(!refused[0].ok());
    CHECK(!refused[0].request_unknown());
}

TEST_CASE("what a client sends in pieces is bounded, and refused as a whole") {
    Rooms rooms;
    REQUIRE(rooms.starter.start_first().error.error == 0);
    Asker asker(rooms);
    const std::string piece(run::sent_piece, 'x');
    std::size_t taken = 0;
    for (; taken < 100; ++taken) {
        const auto answers = asker.ask({.kind = RK::send, .sent = run::Sent::more, .bytes = piece});
        REQUIRE(answers.size() == 1);
        if (!answers[0].ok()) {
            CHECK(answers[0].full());
            break;
        }
    }
    CHECK(taken * run::sent_piece == run::unread_limit);
    // Without an input that is open the run takes nothing.
    const auto answers = asker.ask({.kind = RK::send, .sent = run::Sent::text, .bytes = "x"});
    REQUIRE(answers.size() == 1);
    CHECK_FALSE(answers[0].ok());
    CHECK_FALSE(answers[0].full());
}
