// SPDX-License-Identifier: Apache-2.0
// The completion of every verb and every option of the tables. A new row is tested without a new test.
#include <doctest/doctest.h>

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/complete_line.hpp"
#include "fake_source.hpp"
#include "kin/tool.hpp"
#include "run/record.hpp"

using namespace sigmund;
using namespace sigmund::cli;
using Words = std::vector<std::string>;

namespace {

struct Subject {
    std::string name;
    Grammar grammar;
};

std::vector<Subject> all_grammars() {
    std::vector<Subject> out;
    for (const Verb& verb : verbs()) out.push_back({std::string(verb.name), grammar_of(verb)});
    for (const kin::Tool& tool : kin::tools()) out.push_back({std::string(tool.name), grammar_of(tool)});
    return out;
}

Words long_names(const Grammar& grammar) {
    Words out;
    for (const Option& option : grammar.options) out.push_back("--" + std::string(option.name));
    return out;
}

void check_values(const Words& words, const Option& option, const std::string& before) {
    const std::vector<Candidate> found = at_end(words);
    CAPTURE(words.at(1));
    CAPTURE(option.name);
    // There is always something to offer or to say.
    REQUIRE(!found.empty());
    for (const Candidate& each : found) {
        const bool value = each.offer != Offer::none && each.offer != Offer::command_at;
        if (value) CHECK(each.word.starts_with(before));
        if (each.offer == Offer::none) CHECK(each.description.starts_with(option.metavar));
        // A value is never described as an option.
        CHECK(each.group != "option");
    }
}

}  // namespace

TEST_CASE("every verb and additional tool is offered by its name, and after `help`") {
    for (const Verb& verb : verbs()) {
        const Words shown = offered({"sigmund", ""}), behind_help = offered({"sigmund", "help", ""});
        CHECK(std::count(shown.begin(), shown.end(), verb.name) == (verb.hidden ? 0 : 1));
        CHECK(std::count(behind_help.begin(), behind_help.end(), verb.name) == (verb.hidden ? 0 : 1));
        if (!verb.alias.empty()) CHECK(std::count(shown.begin(), shown.end(), verb.alias) == 1);
    }
    for (const std::string& word : offered({"sigmund", ""}))
        CHECK((word == "help" || find_verb(word) || kin::find_tool(word)));
}

TEST_CASE("every option of every verb is offered, in the table's order, and no other") {
    for (const Subject& each : all_grammars()) {
        CAPTURE(each.name);
        CHECK(offered({"sigmund", each.name, "-"}) == long_names(each.grammar));
        CHECK(offered({"sigmund", each.name, "--"}) == long_names(each.grammar));
        for (const Option& option : each.grammar.options) {
            CAPTURE(option.name);
            const std::string word = "--" + std::string(option.name);
            const Words by_name = offered({"sigmund", each.name, word});
            CHECK(std::find(by_name.begin(), by_name.end(), word) != by_name.end());
            if (option.letter == 0) continue;
            const std::string letter = std::string("-") + option.letter;
            CHECK(offered({"sigmund", each.name, letter}).at(0) == letter);
        }
    }
    CHECK(offered({"sigmund", "-"}) == long_names(grammar_of(launch_verb())));
}

TEST_CASE("every option's value is completed as the next word, after `=`, and after its letter") {
    for (const Subject& each : all_grammars())
        for (const Option& option : each.grammar.options) {
            const std::string word = "--" + std::string(option.name);
            if (option.value == Value::none) {
                CHECK(offered({"sigmund", each.name, word + '='}).empty());
                continue;
            }
            check_values({"sigmund", each.name, word + '='}, option, word + '=');
            if (option.value != Value::required) continue;
            check_values({"sigmund", each.name, word, ""}, option, "");
            if (option.letter == 0) continue;
            const std::string letter = std::string("-") + option.letter;
            check_values({"sigmund", each.name, letter, ""}, option, "");
            // A letter's value needs a first character, since `-n` alone is the option.
            const std::vector<Candidate> inside = at_end({"sigmund", each.name, letter + "~"});
            for (const Candidate& found : inside)
                if (found.offer == Offer::word) CHECK(found.word.starts_with(letter));
        }
}

TEST_CASE("an option that takes the next word takes no more than that") {
    for (const Subject& each : all_grammars())
        for (const Option& option : each.grammar.options) {
            if (option.value != Value::required) continue;
            CAPTURE(each.name);
            CAPTURE(option.name);
            const std::string word = "--" + std::string(option.name);
            const Words bare = offered({"sigmund", each.name, ""});
            const bool command = each.grammar.command;  // it begins one or two words later
            CHECK(offered({"sigmund", each.name, word, "x", ""}) == (command ? Words{"command 4"} : bare));
            CHECK(offered({"sigmund", each.name, word + "=x", ""}) == (command ? Words{"command 3"} : bare));
        }
}

TEST_CASE("every verb that takes words has something to offer for the first one") {
    for (const Verb& verb : verbs()) {
        CAPTURE(verb.name);
        const Words found = offered({"sigmund", std::string(verb.name), ""});
        if (verb.takes != Takes::nothing || !verb.places.empty())
            CHECK(!found.empty());
        else
            CHECK(found.empty());
    }
}

TEST_CASE("the parsers accept every word of a fixed set of values, and each has a description") {
    for (const Subject& each : all_grammars())
        for (const Option& option : each.grammar.options) {
            CHECK((option.choices.kind == run::Kind::words) == !option.choices.words.empty());
            for (const run::Choice& choice : option.choices.words) {
                CHECK(!choice.word.empty());
                if (option.name == "state") CHECK(run::parse_state(choice.word));
            }
        }
    const Words states = offered({"sigmund", "list", "--state", ""});
    for (int state = 0; state <= static_cast<int>(run::State::stale); ++state)
        CHECK(std::count(states.begin(), states.end(), run::state_name(static_cast<run::State>(state))) == 1);
}
