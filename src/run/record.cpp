// SPDX-License-Identifier: Apache-2.0
// How records become JSON, and what follows from a record. The way back is in record_reader.cpp.
#include "run/record.hpp"

#include "run/json_text.hpp"
#include "run/record_rows.hpp"
#include "sys/procfs.hpp"
#include "text/named.hpp"
#include "text/quote.hpp"

namespace sigmund::run {
namespace {

constexpr text::Named<State> state_words[] = {{State::starting, "starting"}, {State::running, "running"},
                                              {State::paused, "paused"},     {State::backoff, "backoff"},
                                              {State::watching, "watching"}, {State::stopping, "stopping"},
                                              {State::exited, "exited"},     {State::failed, "failed"},
                                              {State::lost, "lost"},         {State::stale, "stale"}};

}  // namespace

std::string_view state_name(State state) {
    return text::word_of(state_words, state);
}

std::optional<State> parse_state(std::string_view name) {
    return text::find_word(state_words, name);
}

std::string write_record(const Record& record) {
    Json out = write_object(record_rows, record, Form::file);
    if (!record.extra_json.empty()) {
        const Json others = Json::parse(record.extra_json, nullptr, false);
        if (others.is_object())
            for (const auto& [name, value] : others.items())
                if (!out.contains(name)) out[name] = value;
    }
    std::string text;
    text.reserve(2048);  // most records are shorter
    append_json(text, out);
    text += '\n';
    return text;
}

Json to_json(const Record& record) {
    return write_object(machine_rows, record, Form::machine);
}

void note_call(Record& record, std::string_view verb, pid_t pid, uid_t uid) {
    std::string command;
    for (const std::string& word : sys::Procfs().command_line(pid))
        command += (command.empty() ? "" : " ") + word;
    if (command.size() > 200) command.resize(200);
    if (record.calls.size() == calls_kept) record.calls.erase(record.calls.begin());
    record.calls.push_back({sys::realtime_ms(), std::string(verb), pid, uid, std::move(command)});
}

bool has_failed(const Record& record) {
    if (record.state == State::failed || record.state == State::lost) return true;
    return record.state == State::exited && record.result.failed();
}

PortRange ports_of(const Record& record) {
    return {record.port, record.port == 0 ? 0 : std::max(1, record.workers_wanted)};
}

std::string command_text(const Record& record) {
    return record.argv.empty() ? record.cmd_display : text::quote(record.argv);
}

}  // namespace sigmund::run
