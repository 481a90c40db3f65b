// SPDX-License-Identifier: Apache-2.0
// The order of the tests themselves: every test has its own name, and a unit test has the folder of the file
// that it tests.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path tests = fs::path(SIGMUND_SOURCE_DIR) / "tests";

// Returns the names after a marker at the beginning of a line, up to the next quote.
std::vector<std::string> names_in(const fs::path& path, std::string_view marker) {
    std::vector<std::string> names;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with(marker)) continue;
        std::string name;
        for (std::size_t at = marker.size(); at < line.size() && line[at] != '"'; ++at) {
            if (line[at] == '\\') name += line[at++];
            name += line[at];
        }
        names.push_back(name);
    }
    return names;
}

// Returns whether src has such a file, with any ending.
bool in_src(const std::string& name) {
    const fs::path path = fs::path(SIGMUND_SOURCE_DIR) / "src" / name;
    return fs::exists(fs::path(path).concat(".cpp")) || fs::exists(fs::path(path).concat(".hpp"));
}

}  // namespace

TEST_CASE("no two tests have the same name") {
    const std::map<std::string, std::string_view> markers = {{".bats", "@test \""}, {".cpp", "TEST_CASE(\""}};
    std::map<std::string, std::string> seen;  // name -> file
    for (const auto& entry : fs::recursive_directory_iterator(tests)) {
        const auto marker = markers.find(entry.path().extension().string());
        if (marker == markers.end()) continue;
        const std::string file = fs::relative(entry.path(), tests).string();
        for (const std::string& name : names_in(entry.path(), marker->second)) {
            const auto [other, first] = seen.emplace(name, file);
            if (!first) FAIL_CHECK("\"" << name << "\" is in " << file << " and in " << other->second);
        }
    }
    CHECK(seen.size() > 500);
}

TEST_CASE("a unit test has the folder and the name of the file that it tests") {
    for (const auto& folder : fs::directory_iterator(tests / "unit")) {
        if (!folder.is_directory()) continue;  // tests outside of the folders test the whole tree
        for (const auto& entry : fs::directory_iterator(folder.path())) {
            const std::string file = fs::relative(entry.path(), tests / "unit").string();
            constexpr std::string_view ending = "_test.cpp";
            if (!file.ends_with(ending)) continue;
            // A part of the tests may have a file of its own: NAME_PART_test.cpp.
            std::string name = file.substr(0, file.size() - ending.size());
            while (!in_src(name) && name.find_last_of("_/") != name.npos &&
                   name[name.find_last_of("_/")] == '_')
                name.resize(name.rfind('_'));
            CHECK_MESSAGE(in_src(name), file << " tests nothing that is in src");
        }
    }
}
