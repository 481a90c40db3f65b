// SPDX-License-Identifier: Apache-2.0
// The manual has every verb, and every option of every verb.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "cli/commands.hpp"

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
