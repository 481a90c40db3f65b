// SPDX-License-Identifier: Apache-2.0
// Records to JSON. The way back is record_reader.cpp.
#include "run/record.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "text/base64.hpp"
#include "text/escape.hpp"
#include "text/quote.hpp"

namespace sigmund::run {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view state_names[] = {"starting", "running", "paused", "backoff", "watching",
                                            "stopping", "exited",  "failed", "lost",    "stale"};

Json string_or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

// Each name is put once: an assignment by name would look through all before it, at every start.
void put(Json& object, std::string name, Json value) {
    object.get_ref<Json::object_t&>().Container::emplace_back(std::move(name), std::move(value));
}

// A text that may not be UTF-8 goes in twice: readable, and losslessly as NAME_b64.
void put_text(Json& out, const std::string& name, const std::string& bytes) {
    if (text::valid_utf8(bytes)) {
        put(out, name, string_or_null(bytes));
        return;
    }
    put(out, name, text::replace_invalid_utf8(bytes));
    put(out, name + "_b64", text::base64(bytes));
}

// The bytes that JSON needs for a word.
std::size_t json_size(std::string_view word) {
    std::size_t size = 3;  // quotes and comma
    for (const char c : word) {
        const auto byte = static_cast<unsigned char>(c);
        const bool short_escape = c == '"' || c == '\\' || (byte >= '\b' && byte <= '\r' && c != '\v');
        size += short_escape ? 2 : byte < 0x20 ? 6 : 1;
    }
    return size;
}

std::vector<std::string> cut_for_reading(const std::vector<std::string>& words) {
    constexpr std::size_t words_shown = 200, bytes_shown = 200;
    std::vector<std::string> out(
        words.begin(), words.begin() + static_cast<std::ptrdiff_t>(std::min(words.size(), words_shown)));
    for (std::string& word : out)
        if (word.size() > bytes_shown) word.resize(bytes_shown);
    return out;
}

// Words that may not be UTF-8 go in twice: readable, and losslessly as NAME_b64. In the file long ones do so
// too when JSON would blow them up (a control character takes six bytes), and what is readable is then cut:
// so a record is at most about twice as long as its command line.
void put_words(Json& out, const std::string& name, const std::vector<std::string>& words, bool for_file) {
    constexpr std::size_t never_cut = 64 * 1024;
    bool lossy = false;
    std::size_t plain = 0, written = 0;
    for (const std::string& word : words) {
        lossy = lossy || !text::valid_utf8(word);
        plain += word.size() + 3;
        written += json_size(word);
    }
    const bool cut = for_file && plain > never_cut && (lossy || written > 2 * plain);
    Json readable = Json::array();
    for (const std::string& word : cut ? cut_for_reading(words) : words)
        readable.push_back(text::replace_invalid_utf8(word));
    put(out, name, std::move(readable));
    if (!lossy && !cut) return;
    Json encoded = Json::array();
    for (const std::string& word : words) encoded.push_back(text::base64(word));
    put(out, name + "_b64", std::move(encoded));
}

void put_time(Json& out, const std::string& name, std::optional<sys::Millis> ms) {
    put(out, name + "_at", ms ? Json(sys::rfc3339(*ms)) : Json(nullptr));
    put(out, name + "_ms", ms ? Json(*ms) : Json(nullptr));
}

void put_status(Json& out, const sys::ExitStatus& status) {
    put(out, "exit_code", status.known && status.signal == 0 ? Json(status.code) : Json(nullptr));
    put(out, "signal",
        status.known && status.signal != 0 ? Json(sys::signal_name(status.signal)) : Json(nullptr));
    put(out, "core_dumped", status.known ? Json(status.core) : Json(nullptr));
}

Json parts(const std::vector<Part>& list, bool workers, bool for_file) {
    Json out = Json::array();
    for (const Part& part : list) {
        Json entry = Json::object();
        if (workers) {
            put(entry, "worker", out.size());
            put(entry, "state", state_name(part.state));
            put(entry, "restarts", part.restarts);
        } else {
            put_words(entry, "argv", part.argv, for_file);
        }
        put(entry, "pid", part.pid != 0 ? Json(part.pid) : Json(nullptr));
        put_status(entry, part.status);
        out.push_back(std::move(entry));
    }
    return out;
}

Json lives(const std::vector<Life>& list) {
    Json out = Json::array();
    for (const Life& life : list)
        out.push_back(
            Json{{"result", life.result.str()},
                 {"ended_by", string_or_null(life.ended_by.str())},
                 {"leader_ended_first", life.leader_first ? Json(*life.leader_first) : Json(nullptr)},
                 {"worker", life.worker < 0 ? Json(nullptr) : Json(life.worker)},
                 {"restarted_at", sys::rfc3339(life.restarted_ms)},
                 {"restarted_ms", life.restarted_ms}});
    return out;
}

// `for_file`: with the key, and the fields of the file that the machine output has not.
Json build(const Record& r, bool for_file) {
    Json out = Json::object();
    out.get_ref<Json::object_t&>().reserve(64);
    if (for_file) put(out, "version", record_version);
    put(out, "id", r.id);
    put(out, "name", string_or_null(r.name));
    put(out, "tags", r.tags);
    put(out, "state", state_name(r.state));
    put(out, "result", string_or_null(r.result.str()));
    put(out, "pid", r.pid);
    put(out, "pgid", r.pgid);
    put(out, "sid", r.sid);
    put_words(out, "argv", r.argv, for_file);
    if (!r.cmd_display.empty()) put(out, "cmdline_display", text::replace_invalid_utf8(r.cmd_display));
    put_time(out, "started", r.started_ms);
    put_time(out, "ended", r.ended_ms);
    put_status(out, r.status);
    put(out, "shell", string_or_null(r.shell));
    // Of a run that is over, a reader that only lists stops at the next key.
    put(out, "restarts", r.restarts);
    put(out, "ready", r.ready ? Json(*r.ready) : Json(nullptr));
    put(out, "health", string_or_null(r.health));
    put(out, "workers_wanted", r.workers_wanted > 0 ? Json(r.workers_wanted) : Json(nullptr));
    put(out, "workers_alive", r.workers_wanted > 0 ? Json(r.workers_alive) : Json(nullptr));
    put(out, "next_start_at", r.next_start_ms ? Json(sys::rfc3339(*r.next_start_ms)) : Json(nullptr));
    put(out, "next_start_ms", r.next_start_ms ? Json(*r.next_start_ms) : Json(nullptr));
    put(out, "keep", r.keep);
    const auto number = [](std::uint64_t value) { return value != 0 ? Json(value) : Json(nullptr); };
    Json guardian{{"pid", r.guardian_pid != 0 ? Json(r.guardian_pid) : Json(nullptr)}};
    if (for_file) put(guardian, "start_ticks", number(r.guardian_ticks));
    put(out, "guardian", std::move(guardian));

    put(out, "identity",
        Json{{"boot_id", string_or_null(r.identity.boot_id)},
             {"pid_ns", number(r.identity.pid_ns)},
             {"start_ticks", number(r.identity.start_ticks)},
             {"pidfd_ino", number(r.identity.pidfd_ino)},
             {"exe_dev", number(r.identity.exe.dev)},
             {"exe_ino", number(r.identity.exe.ino)}});
    if (for_file) {
        put(out, "host", text::replace_invalid_utf8(r.host));
        put(out, "key", r.key);
    }
    // Of one that lives it needs the identity above, and stops at the next key.
    put_text(out, "cwd", r.cwd);
    put_text(out, "project", r.project);
    put_text(out, "log", r.log);
    put(out, "split_log", r.split_log);
    put(out, "survive", r.survive);
    put(out, "stages", r.stages.empty() ? Json(nullptr) : parts(r.stages, false, for_file));
    put(out, "workers", r.workers.empty() ? Json(nullptr) : parts(r.workers, true, for_file));
    Json results = Json::array();
    for (const Result& result : r.results) results.push_back(result.str());
    put(out, "results", std::move(results));
    Json calls = Json::array();
    for (const Call& call : r.calls)
        calls.push_back(Json{{"at", sys::rfc3339(call.at_ms)},
                             {"at_ms", call.at_ms},
                             {"verb", call.verb},
                             {"pid", call.pid},
                             {"uid", call.uid},
                             {"command", text::replace_invalid_utf8(call.command)}});
    put(out, "calls", std::move(calls));
    put(out, "status_text", string_or_null(text::replace_invalid_utf8(r.status_text)));
    put(out, "stop_signal", sys::signal_name(r.stop_signal != 0 ? r.stop_signal : SIGTERM));
    put(out, "stop_timeout_ms", r.stop_timeout.value_or(5'000));
    put(out, "ended_by", string_or_null(r.ended_by.str()));
    put(out, "leader_ended_first", r.leader_first ? Json(*r.leader_first) : Json(nullptr));
    put(out, "lives", lives(r.lives));
    put(out, "ready_detail", string_or_null(text::replace_invalid_utf8(r.ready_detail)));
    if (!for_file) return out;
    put(out, "log_external", r.log_external);
    put(out, "uid", r.uid);
    put(out, "gid", r.gid);
    put(out, "boot_id", string_or_null(r.identity.boot_id));
    if (!r.options_json.empty()) put(out, "options", Json::parse(r.options_json, nullptr, false));
    if (!r.extra_json.empty()) {
        const Json extra = Json::parse(r.extra_json, nullptr, false);
        if (extra.is_object())
            for (const auto& [name, value] : extra.items())
                if (!out.contains(name)) put(out, name, value);
    }
    return out;
}

}  // namespace

std::string_view state_name(State state) {
    return state_names[static_cast<std::size_t>(state)];
}

std::optional<State> parse_state(std::string_view name) {
    for (std::size_t i = 0; i < std::size(state_names); ++i)
        if (state_names[i] == name) return static_cast<State>(i);
    return std::nullopt;
}

std::string write_record(const Record& record) {
    return build(record, true).dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

Json to_json(const Record& record) {
    return build(record, false);
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

std::string command_text(const Record& record) {
    return record.argv.empty() ? record.cmd_display : text::quote(record.argv);
}

}  // namespace sigmund::run
