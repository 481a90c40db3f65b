// SPDX-License-Identifier: Apache-2.0
#include "run/input_end.hpp"

#include <doctest/doctest.h>

#include "run/spec.hpp"

using namespace sigmund;
using namespace sigmund::run;

namespace {

bool may_have(const std::vector<std::string>& argv, const std::string& name = "", int status = 0,
              const std::string& input = "", const std::string& tty = "") {
    Record record;
    record.id = "7f3c2a";
    record.argv = argv;
    record.name = name;
    record.status = sys::ExitStatus::exited(status);
    Spec spec;
    spec.stdin_path = input;
    spec.tty = tty;
    spec.argv = argv;
    spec.name = name;
    keep_spec(record, spec);
    return may_have_ended_with_its_input(record);
}

}  // namespace

TEST_CASE("a watcher that ended well without an input may have read its end") {
    CHECK(may_have({"esbuild", "--watch"}));
    CHECK(may_have({"npm", "run", "dev"}));
    CHECK(may_have({"npm", "run", "watch:css"}));
    CHECK(may_have({"sh", "-c", "vite dev --port 3"}));
    CHECK(may_have({"tsc"}, "watch"));
    CHECK(may_have({"node"}, "web-dev"));
    CHECK_FALSE(may_have({"cat", "/dev/null"}));
    CHECK_FALSE(may_have({"device", "--develop"}));
    CHECK_FALSE(may_have({"make"}));
    CHECK_FALSE(may_have({"esbuild", "--watch"}, "", 1));
    CHECK_FALSE(may_have({"esbuild", "--watch"}, "", 0, "/tmp/in"));
    CHECK_FALSE(may_have({"esbuild", "--watch"}, "", 0, "open"));
    CHECK_FALSE(may_have({"esbuild", "--watch"}, "", 0, "", "auto"));
}
