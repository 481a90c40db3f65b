// SPDX-License-Identifier: Apache-2.0
// The law of ops/parting.cpp: it runs while another process uses the same memory, so it needs no symbol of the
// C library, except for functions without a state.
#include <doctest/doctest.h>

#include <cstdio>
#include <set>
#include <string>

namespace {

// Returns the symbols that one object of the library needs.
std::set<std::string> needed_by(const std::string& object) {
    std::set<std::string> out;
    FILE* const pipe = ::popen("nm -u " SIGMUND_LIBRARY, "r");
    REQUIRE(pipe != nullptr);
    bool here = false, found = false;
    char line[4096];
    while (std::fgets(line, sizeof line, pipe)) {
        std::string text(line);
        while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
        if (text.ends_with(':')) {
            here = text == object + ":";
            found = found || here;
        } else if (here && text.find(" U ") != text.npos) {
            out.insert(text.substr(text.rfind(' ') + 1));
        }
    }
    CHECK(::pclose(pipe) == 0);
    CHECK(found);
    return out;
}

}  // namespace

TEST_CASE("What a launcher does in the memory of its guardian needs nothing of the C library") {
#ifndef __SANITIZE_ADDRESS__  // a sanitizer adds calls, and then nothing is shared
    std::set<std::string> needed = needed_by("parting.cpp.o");
    // The last three belong to noexcept, and are called only when something is thrown (clang++).
    for (const char* harmless : {"memcpy", "memset", "__stack_chk_fail", "__gxx_personality_v0",
                                 "__cxa_begin_catch", "_ZSt9terminatev"})
        needed.erase(harmless);
    for (const std::string& symbol : needed) MESSAGE("needs ", symbol);
    CHECK(needed.empty());
    CHECK_FALSE(needed_by("launch.cpp.o").empty());  // the check itself sees something
#endif
}
