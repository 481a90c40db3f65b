// SPDX-License-Identifier: Apache-2.0
#include "run/leader_draft.hpp"

#include <utility>

namespace sigmund::run {
namespace {

std::string render(Record& record, const text::Numbers& numbers) {
    record.pid = record.pgid = record.sid = record.identity.pid = static_cast<pid_t>(numbers[0]);
    record.identity.start_ticks = numbers[1];
    record.identity.pidfd_ino = numbers[2];
    return write_record(record);
}

}  // namespace

LeaderDraft::LeaderDraft(Record record, int dir, std::string name, std::string temporary)
    : dir_(dir),
      name_(std::move(name)),
      temporary_(std::move(temporary)),
      text_(render(record, text::stand_ins_one), render(record, text::stand_ins_two)),
      form_(text_.form()) {}

int LeaderDraft::write(const sys::Birth& leader, sys::Durable durable) const noexcept {
    const std::size_t size =
        text::fill_in(form_, {static_cast<std::uint64_t>(leader.pid), leader.start_ticks, leader.pidfd_ino});
    return sys::replace_file(dir_, name_.c_str(), temporary_.c_str(), {form_.out, size}, durable);
}

}  // namespace sigmund::run
