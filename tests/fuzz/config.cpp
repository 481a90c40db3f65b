// SPDX-License-Identifier: Apache-2.0
// The configuration: any file is read, or refused with the place of its mistake. The file is in memory.
#include "config/config.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "fuzz.hpp"
#include "run/failure.hpp"
#include "run/id.hpp"

using namespace sigmund;

SIGMUND_FUZZ_TARGET(config) {
    static const int file = memfd_create("config.toml", MFD_CLOEXEC);
    must(file >= 0);
    must(ftruncate(file, 0) == 0);
    must(pwrite(file, input.data(), input.size(), 0) == static_cast<ssize_t>(input.size()));
    const char* before = std::getenv("SIGMUND_CONFIG");
    const std::string kept = before ? before : "";
    setenv("SIGMUND_CONFIG", ("/proc/self/fd/" + std::to_string(file)).c_str(), 1);
    using run::Kind;
    using run::Value;
    constexpr run::Option options[] = {
        {"name", 0, Value::required, "", ""},
        {"keep", 0, Value::none, "", ""},
        {"env", 0, Value::required, "", "", true, {Kind::assignment}},
        {"log", 0, Value::required, "", "", false, {Kind::file}},
        {"watch-exclude", 0, Value::required, "PATTERN", "", true, {Kind::folder}}};
    try {
        const config::Config config = config::load(options, "");
        for (const config::Template& each : config.templates)
            must(!each.argv.empty() && !each.origin.empty());
        for (const config::Setting& each : config.defaults) must(!each.origin.empty());
    } catch (const run::Failure& failure) {
        must(failure.what()[0] != '\0');
    }
    for (const config::Template& each : config::load_readable("").templates) {
        must(run::is_name(each.name) && !each.origin.empty());
        must(each.settings.empty());
    }
    before ? setenv("SIGMUND_CONFIG", kept.c_str(), 1) : unsetenv("SIGMUND_CONFIG");
}
