// SPDX-License-Identifier: Apache-2.0
#include "run/leader_draft.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "unit/scratch.hpp"

using namespace sigmund;

namespace {

std::string content(const std::string& path) {
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

run::Record draft_of(std::vector<std::string> argv) {
    run::Record record;
    record.id = "abc123";
    record.argv = std::move(argv);
    record.key = "00";
    record.guardian_pid = 1111111111;
    record.identity.boot_id = "boot";
    record.identity.pid_ns = 4026531836;
    return record;
}

}  // namespace

TEST_CASE("A leader writes the record that the guardian would have written with its identity") {
    const test::Scratch scratch;
    const sys::Fd dir(::open(scratch.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const std::string hostile = "1111111111 2000000000 3333333333333333333 5555555555555555555 \xff\n\"";
    for (const std::uint64_t inode : {std::uint64_t{0}, std::uint64_t{77}, ~std::uint64_t{0} >> 1}) {
        run::Record record = draft_of({"sleep", hostile, std::string(5000, '\x01')});
        const run::LeaderDraft draft(record, dir.get(), "abc123.json", "abc123.tmp");
        CHECK(draft.write({.pid = 4242, .start_ticks = 998877, .pidfd_ino = inode}, sys::Durable::yes) == 0);
        record.pid = record.pgid = record.sid = record.identity.pid = 4242;
        record.identity.start_ticks = 998877;
        record.identity.pidfd_ino = inode;
        CHECK(content(scratch.path() + "/abc123.json") == run::write_record(record));
    }
}

TEST_CASE("A leader reports that the record cannot be written") {
    const test::Scratch scratch;
    const sys::Fd dir(::open(scratch.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    ::mkdir((scratch.path() + "/abc123.json").c_str(), 0700);
    const run::LeaderDraft draft(draft_of({"true"}), dir.get(), "abc123.json", "abc123.tmp");
    CHECK(draft.write({.pid = 1, .start_ticks = 1}, sys::Durable::no) == EISDIR);
}
