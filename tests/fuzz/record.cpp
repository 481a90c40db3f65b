// SPDX-License-Identifier: Apache-2.0
// Records: any file is read or refused, and a record that was read comes back after it was written.
#include "run/record.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "fuzz.hpp"
#include "run/failure.hpp"
#include "run/machine_text.hpp"
#include "run/options.hpp"

using namespace sigmund::run;

namespace {

// Returns whether a key of the head stands in the text twice. sigmund writes no such record. The parser takes the last
// one, and the shortcut, which does not read to the end, the first.
bool repeats_key(std::string_view text) {
    for (const std::string_view key : {"\"state\"", "\"pid\"", "\"name\"", "\"result\"", "\"argv\"",
                                       "\"tags\"", "\"started_ms\"", "\"ended_ms\"", "\"shell\""})
        if (const auto at = text.find(key); at != text.npos && text.find(key, at + 1) != text.npos)
            return true;
    return false;
}

}  // namespace

SIGMUND_FUZZ_TARGET(record) {
    const std::string id = "7f3c2a";
    const auto head = parse_record(input, id, Depth::head);
    Record scanned;
    // The shortcut reads no more than it needs. When both know a record, they agree.
    if (scan_finished_head(input, id, scanned) && head && !repeats_key(input)) {
        must(head->state == scanned.state && head->pid == scanned.pid && head->name == scanned.name);
        must(head->result == scanned.result && head->argv == scanned.argv && head->tags == scanned.tags);
        must(head->started_ms == scanned.started_ms && head->ended_ms == scanned.ended_ms);
        must(head->shell == scanned.shell);
    }
    const auto record = parse_record(input, id, Depth::full);
    // The same is true for the machine output.
    MachineText copied;
    if (copy_finished(input, id, copied)) {
        must(record && copied.text == to_json(*record).dump());
        must(copied.log == record->log && copied.log_external == record->log_external);
    }
    if (!record) return;
    must(record->id == id && record->pid > 0);
    must(head);
    (void)to_json(*record).dump();
    (void)command_text(*record);
    (void)has_failed(*record);
    try {
        (void)lost_options(read_spec(*record));
    } catch (const Failure&) {
        // It was refused, with a reason.
    }
    if (record->version < record_version) return;  // such a record is never written
    const std::string written = write_record(*record);
    const auto again = parse_record(written, id, Depth::full);
    must(again);
    must(write_record(*again) == written);
    must(again->argv == record->argv && again->name == record->name && again->key == record->key);
    must(again->stages.size() == record->stages.size());
    for (std::size_t i = 0; i < record->stages.size(); ++i)
        must(again->stages[i].argv == record->stages[i].argv);
}
