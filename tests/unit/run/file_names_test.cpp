// SPDX-License-Identifier: Apache-2.0
#include "run/file_names.hpp"

#include <doctest/doctest.h>

#include <set>

#include "run/id.hpp"
#include "run/scoped_name.hpp"

using namespace sigmund::run;

TEST_CASE("every file of an id has its own name, which contains the id") {
    std::set<std::string> names;
    for (const File file :
         {File::record, File::temporary, File::lock, File::socket, File::notify, File::word}) {
        const std::string name = file_name("7f3c2a", file);
        CHECK(names.insert(name).second);
        CHECK(id_of_any_file(name) == "7f3c2a");
    }
    for (const LogPart part :
         {LogPart::whole, LogPart::errors, LogPart::rotated, LogPart::worker, LogPart::times}) {
        const std::string name = log_name("7f3c2a", part, 2);
        CHECK(names.insert(name).second);
        CHECK(id_of_any_file(name) == "7f3c2a");
    }
    CHECK(names.contains("7f3c2a.json"));
    CHECK(names.contains("7f3c2a.w2.log"));
    CHECK(names.contains("7f3c2a.log.2"));
    CHECK(names.contains("7f3c2a.times.2"));
    CHECK(log_name("7f3c2a", LogPart::times) == "7f3c2a.times");
}

TEST_CASE("a file that belongs to no id is not taken for a file of one") {
    for (const char* name : {"7f3c2a", "names", "damaged.7f3c2a.json.1", ".7f3c2a.json", "7f3c.json", ""})
        CHECK_FALSE_MESSAGE(id_of_any_file(name), name);
    CHECK(id_of_file("7f3c2a.json", ".json") == "7f3c2a");
    CHECK_FALSE(id_of_file("7f3c2a.json", ".lock"));
    CHECK_FALSE(id_of_file(".json", ".json"));
}

TEST_CASE("the file of a name is the name, and in a project a text that is not a valid name") {
    CHECK(name_file({"web", ""}) == "names/web");
    CHECK(claim_file({"web", ""}) == "names/+web");
    std::set<std::string> files{"names/web"};
    for (const char* project : {"/", "/a", "/b", "/a\nb", "/a/../b"}) {
        const std::string file = name_file({"web", project});
        CHECK(files.insert(file).second);
        CHECK(claim_file({"web", project}) == "names/+" + file.substr(6));
        CHECK_FALSE(is_name(file.substr(6)));
        CHECK(file.find('/', 6) == std::string::npos);
    }
    CHECK(name_file({"web", "/a"}) ==
          "names/=07d66707b49cd92d.web");  // a file of a live run, so it must not change
    CHECK(name_file({std::string(64, 'x'), std::string(4000, 'y')}).size() < 100);
}
