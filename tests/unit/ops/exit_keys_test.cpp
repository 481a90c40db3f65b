// SPDX-License-Identifier: Apache-2.0
#include "ops/exit_keys.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace sigmund;
using ops::ExitKeys;

namespace {

// Plays keys at a pace: calls answer() each millisecond in between, as a terminal with nothing to read does.
class Typist {
  public:
    ExitKeys keys{0};
    sys::Millis now = 0;
    std::string answers, typed;

    void pause(sys::Millis time) {
        for (const sys::Millis until = now + time; now < until;) {
            ++now;
            if (const auto key = keys.answer(now)) answers += static_cast<char>(*key);
        }
    }
    void type(std::string_view text, sys::Millis each = 0) {
        bool first = true;
        for (const char c : text) {
            if (!first) pause(each);
            first = false;
            if (keys.feed(static_cast<unsigned char>(c), now)) typed += c;
        }
    }
};

const std::string_view sequences[] = {"\x1b[A",
                                      "\x1bOC",
                                      "\x1b[1;5C",
                                      "\x1b[I",
                                      "\x1b[O",
                                      "\x1b[<0;5;5M",
                                      "\x1b[<35;115;1m",
                                      "\x1b[M s!",
                                      "\x1b[Msss",
                                      "\x1b[[C",
                                      "\x1bs",
                                      "\x1b]11;rgb:0/s/k\x1b\\",
                                      "\x1b]0;s\a",
                                      "\x1b[200~s\rk\r\x1b[201~",
                                      "\x1b[200~\x1b[As\x1b[201~",
                                      "\x1b[?62;c",
                                      "\x1bP1$r0m\x1b\\"};

}  // namespace

TEST_CASE("an Esc is open until another byte follows it") {
    Typist person;
    person.pause(1000);
    for (const std::string_view sequence : sequences) {
        CAPTURE(sequence);
        person.type("\x1b");
        CHECK(person.keys.escape_is_open());
        CHECK(person.keys.last() == person.now);
        person.type(sequence.substr(1));
        CHECK_FALSE(person.keys.escape_is_open());
        person.pause(1000);
    }
    person.type("s");
    CHECK_FALSE(person.keys.escape_is_open());
}

TEST_CASE("keys in the first 500 ms are swallowed") {
    for (sys::Millis at = 0; at < 1000; at += 50) {
        Typist person;
        person.pause(at);
        person.type("s");
        person.pause(2000);
        CHECK(person.answers == (at < ExitKeys::swallowed ? "" : "s"));
    }
}

TEST_CASE("a key answers only with quiet before it and after it") {
    for (sys::Millis before = 0; before <= 600; before += 25)
        for (sys::Millis after = 0; after <= 300; after += 25) {
            Typist person;
            person.pause(1000);
            person.type("x");
            person.pause(before);
            person.type("s");
            person.pause(after);
            person.type("y");
            person.pause(1000);
            const bool answers = before >= ExitKeys::quiet_before && after >= ExitKeys::quiet_after;
            CHECK((person.answers.find('s') != person.answers.npos) == answers);
            CHECK(person.typed == "xsy");
        }
}

TEST_CASE("somebody who types on, pastes, or holds a key down does not answer") {
    for (const char* text :
         {"git status\r", "s\r", "ssssssssssssssssssss", "\r\r\r", "\x04\x04\x04\x04", "kcs\r\n"})
        for (const sys::Millis pace : {0, 1, 30, 100, 140}) {
            Typist person;
            person.pause(700);
            person.type(text, pace);
            person.pause(5000);
            CHECK_MESSAGE(person.answers.empty(), text);
            person.type("s");
            person.pause(150);
            CHECK(person.answers == "s");
        }
}

TEST_CASE("Esc answers when nothing follows it for 50 ms") {
    Typist person;
    person.pause(700);
    person.type("\x1b");
    person.pause(49);
    CHECK(person.answers.empty());
    person.pause(1);
    CHECK(person.answers == "\x1b");
    CHECK(person.typed.empty());
}

TEST_CASE("a sequence is neither an answer nor typed, and the next key is") {
    for (const auto sequence : sequences)
        for (const sys::Millis pace : {0, 1, 40}) {
            Typist person;
            person.pause(700);
            person.type(sequence, pace);
            person.pause(1000);
            CHECK_MESSAGE(person.answers.empty(), sequence);
            CHECK_MESSAGE(person.typed.empty(), sequence);
            person.type("1");
            CHECK_MESSAGE(person.typed == "1", sequence);
            person.pause(150);
            CHECK(person.answers == "1");
        }
}

TEST_CASE("a sequence that is cut off does not swallow the keys after it for ever") {
    for (const auto sequence : sequences)
        for (std::size_t length = 1; length < sequence.size(); ++length) {
            Typist person;
            person.pause(700);
            person.type(sequence.substr(0, length));
            person.pause(ExitKeys::paste_patience);
            person.answers.clear();
            person.type("s");
            person.pause(150);
            CHECK_MESSAGE(person.answers == "s", sequence);
        }
}

TEST_CASE("a bracketed paste that comes in pieces does not answer") {
    Typist person;
    person.pause(700);
    person.type("\x1b[200~make");
    person.pause(600);
    person.type("s");
    person.pause(600);
    person.type("\r\x1b[201~");
    person.pause(600);
    CHECK(person.answers.empty());
    CHECK(person.typed.empty());
}

TEST_CASE("the time at which the next answer is due is known") {
    ExitKeys keys(0);
    CHECK_FALSE(keys.due());
    keys.feed('s', 600);
    CHECK(keys.due() == 750);
    CHECK_FALSE(keys.answer(749));
    CHECK(keys.answer(750) == 's');
    CHECK_FALSE(keys.due());
    CHECK_FALSE(keys.answer(900));
}
