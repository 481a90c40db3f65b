// SPDX-License-Identifier: Apache-2.0
// The manual has every verb, and every option of every verb.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/help_texts.hpp"

using namespace sigmund;

namespace {

std::string manual() {
    std::string out;
    for (const auto& page : std::filesystem::directory_iterator(SIGMUND_SOURCE_DIR "/man")) {
        std::ifstream file(page.path());
        out.append(std::istreambuf_iterator<char>(file), {});
    }
    // In a manual page a dash of an option is written with or without a backslash.
    std::string plain;
    for (const char c : out)
        if (c != '\\') plain += c;
    return plain;
}

bool names(const std::string& text, const std::string& word) {
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
        const char next = at + word.size() < text.size() ? text[at + word.size()] : '\n';
        if (next != '-' && (next < 'a' || next > 'z')) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("what each verb takes has a word") {
    for (const cli::Verb& verb : cli::verbs())
        CHECK_MESSAGE(!text::word_of(cli::takes_words, verb.takes).empty(), std::string(verb.name));
}

TEST_CASE("the manual has each verb and each of its options") {
    const std::string text = manual();
    for (const cli::Verb& verb : cli::verbs()) {
        if (verb.hidden) continue;
        const std::string verb_name(verb.name), entry = ".It Cm " + verb_name;
        CHECK_MESSAGE(names(text, entry), entry);
        for (const cli::Option& option : verb.options) {
            const std::string name = "-" + std::string(option.name);
            const std::string missing = "the manual lacks -" + name + " of " + verb_name;
            CHECK_MESSAGE((names(text, "Fl " + name) || names(text, " , " + name)), missing);
        }
    }
}

TEST_CASE("each verb has two examples, and each heading is before something") {
    for (const cli::Verb& verb : cli::verbs()) {
        if (verb.hidden) continue;
        const std::string help = cli::verb_help(verb);
        const auto at = help.find("\nexamples:\n");
        CHECK_MESSAGE(at != std::string::npos, std::string(verb.name));
        if (at == std::string::npos) continue;
        const std::string tail = help.substr(at);
        CHECK_MESSAGE(std::count(tail.begin(), tail.end(), '\n') == 4, std::string(verb.name));
        CHECK_MESSAGE(names(tail, std::string(verb.name)), std::string(verb.name));
    }
    for (const cli::Example& each : cli::examples) CHECK(cli::find_verb(each.verb));
    for (const cli::Heading& each : cli::verb_headings) CHECK(cli::find_verb(each.before));
    for (const cli::Heading& each : cli::start_headings)
        CHECK_MESSAGE(run::find_option(cli::launch_verb().options, each.before), std::string(each.before));
}
