// SPDX-License-Identifier: Apache-2.0
#include "cli/render_json.hpp"

#include <sys/stat.h>
#include <sys/utsname.h>

#include <nlohmann/json.hpp>

#include "ops/usage.hpp"
#include "sys/signals.hpp"
#include "text/base64.hpp"
#include "text/escape.hpp"
#include "version.hpp"

namespace sigmund::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
    return text::escape_json(json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n');
}

// `word` is a Result, an EndedBy or an Outcome.
template <typename Word>
Json word_or_null(const Word& word) {
    return word.empty() ? Json(nullptr) : Json(word.str());
}

std::string envelope(const char* kind, Json data) {
    return dump(Json{{"schema", "sigmund/1"}, {"kind", kind}, {"data", std::move(data)}});
}

// Signals the live process ignores, blocks and catches, from /proc/PID/status.
Json signal_state(const run::Record& record, const run::Census& census) {
    if (census.leader(record) != run::LeaderFact::alive) return nullptr;
    Json out = Json::object();
    const std::pair<const char*, const char*> fields[] = {
        {"ignored", "SigIgn"}, {"blocked", "SigBlk"}, {"caught", "SigCgt"}};
    for (const auto& [name, key] : fields) {
        const auto text = census.proc().status_field(record.pid, key);
        out[name] = sys::signal_names(text ? std::strtoull(text->c_str(), nullptr, 16) : 0);
    }
    return out;
}

void put_usage(Json& out, const Judged& judged, const run::Census& census, bool live) {
    for (const char* name : {"cpu_ms", "rss_bytes", "ports", "members"}) out[name] = nullptr;
    if (!live) return;
    const ops::Usage usage = ops::usage_of(judged.record, census);
    out["cpu_ms"] = usage.cpu_ms;
    out["rss_bytes"] = usage.rss_bytes;
    out["ports"] = Json::array();
    for (const sys::OpenPort& port : usage.ports)
        out["ports"].push_back(Json{{"proto", port.udp ? "udp" : "tcp"},
                                    {"address", port.address},
                                    {"port", port.port},
                                    {"pid", port.pid}});
    out["members"] = Json::array();
    for (const ops::ProcessUsage& p : usage.processes)
        out["members"].push_back(Json{{"pid", p.member.pid},
                                      {"ppid", p.member.ppid},
                                      {"state", std::string(1, p.member.state)},
                                      {"comm", text::replace_invalid_utf8(p.comm)},
                                      {"cpu_ms", p.cpu_ms},
                                      {"rss_bytes", p.rss_bytes},
                                      {"escaped", p.escaped}});
}

Json run_json(const Judged& judged, const run::Store& store, const run::Census& census, bool whole) {
    run::Record r = judged.record;
    r.state = judged.verdict.state;
    r.result = judged.verdict.result;
    Json base = run::to_json(r);
    const bool live = judged.verdict.live();
    int processes = 0, escaped = 0;
    if (live)
        for (const run::Member& member : census.members(judged.record)) {
            ++processes;
            if (!ops::own_group(r, member.pgrp)) ++escaped;
        }
    Json out = Json::object();
    for (auto& [name, value] : base.items()) {
        if (name == "log") {
            out["processes"] = processes;
            out["escaped"] = escaped;
        }
        if (name == "guardian") value["alive"] = judged.verdict.guardian_alive;
        out[name] = value;
        if (name == "log") {
            struct stat st {};
            const sys::Fd log = store.open_log(judged.record);
            out["log_bytes"] = log && ::fstat(log.get(), &st) == 0 ? Json(st.st_size) : Json(nullptr);
        }
    }
    if (whole) {
        out["signals"] = live ? signal_state(judged.record, census) : Json(nullptr);
        put_usage(out, judged, census, live);
    }
    return out;
}

}  // namespace

void judge_now(Judged& run, const run::Store& store, const run::Census& census) {
    run.verdict = run::verdict_of(run.record, store, census);
    // The guardian may have written the end between the reading of its record and the look at its lock.
    if (run::is_final(run.record.state) || run.verdict.live()) return;
    run::Record again;
    if (store.load(run.record.id, run::Depth::full, again) == run::Read::ok &&
        again.state != run.record.state) {
        run.record = std::move(again);
        run.verdict = run::verdict_of(run.record, store, census);
    }
}

Judged judge_now(run::Record record, const run::Store& store, const run::Census& census) {
    Judged out{std::move(record), {}};
    judge_now(out, store, census);
    return out;
}

std::string error_json(const run::Failure& failure) {
    const auto or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
    std::string text = dump(Json{{"error",
                                  {{"code", failure.code},
                                   {"message", failure.what()},
                                   {"hint", or_null(failure.hint)},
                                   {"target", or_null(failure.target)}}}});
    text.pop_back();
    return text;
}

std::string runs_json(const char* kind, const std::vector<Judged>& runs, const run::Store& store,
                      const run::Census& census, bool lines) {
    const bool whole = std::string_view(kind) == "run.show";
    if (lines) {
        std::string out = dump(Json{{"schema", "sigmund/1"}, {"kind", kind}});
        for (const Judged& each : runs) out += dump(run_json(each, store, census, whole));
        return out;
    }
    Json data = Json::array();
    for (const Judged& each : runs) data.push_back(run_json(each, store, census, whole));
    return envelope(kind, std::move(data));
}

std::string started_json(const Judged& run, const run::Store& store, const run::Census& census,
                         const std::vector<std::string>& differences) {
    Json data = run_json(run, store, census, false);
    if (!differences.empty()) {
        Json list = Json::array();
        for (const std::string& each : differences) list.push_back(text::replace_invalid_utf8(each));
        data["differences"] = std::move(list);
    }
    return envelope("run.start", std::move(data));
}

std::string stop_json(const std::vector<ops::StopOutcome>& outcomes, const std::vector<run::Failure>& missing,
                      const char* kind) {
    Json data = Json::array();
    for (const auto& o : outcomes) {
        Json suspects = Json::array();
        for (const ops::Suspect& each : o.suspects)
            suspects.push_back(Json{{"pid", each.pid},
                                    {"command", text::replace_invalid_utf8(each.command)},
                                    {"after_ms", each.after_ms}});
        data.push_back(Json{{"id", o.record.id},
                            {"name", o.record.name.empty() ? Json(nullptr) : Json(o.record.name)},
                            {"outcome", o.outcome.str()},
                            {"reason", o.why.empty() ? Json(nullptr) : Json(o.why)},
                            {"hint", o.hint.empty() ? Json(nullptr) : Json(o.hint)},
                            {"signalled", o.signalled},
                            {"exited", o.exited},
                            {"killed", o.killed},
                            {"survivors", o.survivors},
                            {"suspects", std::move(suspects)},
                            {"escaped", o.escaped},
                            {"took_ms", o.took_ms}});
        if (o.unlisted > 0) data.back()["unlisted"] = o.unlisted;
    }
    for (const run::Failure& failure : missing) {
        const run::Outcome outcome =
            failure.exit == run::Exit::refused ? run::Outcome::refused : run::Outcome::not_found;
        data.push_back(Json{{"id", nullptr},
                            {"name", failure.target.empty() ? Json(nullptr) : Json(failure.target)},
                            {"outcome", outcome.str()},
                            {"reason", failure.what()},
                            {"signalled", Json::array()},
                            {"exited", Json::array()},
                            {"killed", Json::array()},
                            {"hint", failure.exit == run::Exit::refused ? Json(failure.hint) : Json(nullptr)},
                            {"survivors", Json::array()},
                            {"suspects", Json::array()},
                            {"escaped", 0},
                            {"took_ms", 0}});
    }
    return envelope(kind, std::move(data));
}

std::string wait_json(const std::vector<ops::WaitOutcome>& outcomes) {
    Json data = Json::array();
    for (const auto& o : outcomes)
        data.push_back(Json{
            {"id", o.record.id},
            {"ended", o.ended},
            {"state", run::state_name(o.stale ? run::State::stale : o.record.state)},
            {"result", word_or_null(o.record.result)},
            {"exit_code", o.status.known && o.status.signal == 0 ? Json(o.status.code) : Json(nullptr)},
            {"signal", o.status.known && o.status.signal != 0 ? Json(sys::signal_name(o.status.signal))
                                                              : Json(nullptr)},
            {"failed", o.failed},
            {"ended_by", word_or_null(o.record.ended_by)},
            {"exit", o.exit()},
        });
    return envelope("run.wait", std::move(data));
}

std::string prune_json(const ops::PruneOutcome& outcome, bool dry_run) {
    Json left = Json::array();
    for (const auto& each : outcome.left) left.push_back(Json{{"id", each.id}, {"reason", each.why}});
    return envelope("run.prune", Json{{"dry_run", dry_run},
                                      {"removed", outcome.removed},
                                      {"swept", outcome.swept},
                                      {"left", std::move(left)}});
}

std::string config_json(const std::vector<ConfigRow>& rows, const std::string& user_file,
                        const std::string& project_file) {
    Json settings = Json::array();
    for (const ConfigRow& row : rows)
        settings.push_back(
            Json{{"table", row.table}, {"key", row.key}, {"value", row.value}, {"origin", row.origin}});
    const auto or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
    return envelope("config", Json{{"user_file", or_null(user_file)},
                                   {"project_file", or_null(project_file)},
                                   {"settings", std::move(settings)}});
}

std::string log_head_json() {
    return dump(Json{{"schema", "sigmund/1"}, {"kind", "tail"}});
}

std::string log_line_json(const run::Record& record, bool error, int worker, std::string_view line) {
    const std::string shown = text::replace_invalid_utf8(line);
    Json out{{"id", record.id},
             {"name", record.name.empty() ? Json(nullptr) : Json(record.name)},
             {"stream", error              ? Json("stderr")
                        : record.split_log ? Json("stdout")
                                           : Json(nullptr)},
             {"worker", worker < 0 ? Json(nullptr) : Json(worker)},
             {"line", shown}};
    if (shown != line) out["line_b64"] = text::base64(line);
    return dump(out);
}

std::string events_head_json() {
    return dump(Json{{"schema", "sigmund/1"}, {"kind", "events"}});
}

// Of --watch: lines KIND<TAB>PATH; the last one may be `...`: there was more.
Json changes_json(const std::string& lines) {
    if (lines.empty()) return nullptr;
    Json out = Json::array();
    for (std::size_t at = 0; at < lines.size();) {
        const auto end = std::min(lines.find('\n', at), lines.size());
        const std::string line = lines.substr(at, end - at);
        at = end + 1;
        const auto tab = line.find('\t');
        if (tab == std::string::npos) {
            out.push_back(Json{{"kind", "more"}, {"path", nullptr}, {"path_b64", nullptr}});
            continue;
        }
        const std::string path = text::unescape(line.substr(tab + 1));
        const bool valid = text::valid_utf8(path);
        out.push_back(Json{{"kind", line.substr(0, tab)},
                           {"path", valid ? path : text::replace_invalid_utf8(path)},
                           {"path_b64", valid ? Json(nullptr) : Json(text::base64(path))}});
    }
    return out;
}

std::string event_json(const ops::RunEvent& e) {
    const auto or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
    return dump(Json{{"at", sys::rfc3339(e.at_ms)},
                     {"at_ms", e.at_ms},
                     {"id", e.id},
                     {"name", or_null(e.name)},
                     {"state", e.state},
                     {"result", word_or_null(e.result)},
                     {"pid", e.pid},
                     {"restarts", e.restarts},
                     {"ready", e.ready.empty() ? Json(nullptr) : Json(e.ready == "ready")},
                     {"health", or_null(e.health)},
                     {"exit", word_or_null(e.exit)},
                     {"changes", changes_json(e.changes)}});
}

std::string explain_json(const std::vector<ops::Explanation>& explanations) {
    Json data = Json::array();
    for (const ops::Explanation& each : explanations) {
        Json causes = Json::array();
        for (const ops::Cause& cause : each.causes)
            causes.push_back(Json{{"code", cause.code},
                                  {"weight", cause.weight},
                                  {"what", cause.what},
                                  {"evidence", cause.evidence},
                                  {"way_out", cause.way_out.empty() ? Json(nullptr) : Json(cause.way_out)}});
        data.push_back(Json{{"id", each.record.id},
                            {"name", each.record.name.empty() ? Json(nullptr) : Json(each.record.name)},
                            {"state", run::state_name(each.verdict.state)},
                            {"result", word_or_null(each.verdict.result)},
                            {"live", each.live},
                            {"causes", std::move(causes)},
                            {"last_lines", each.last_lines},
                            {"ended_by", word_or_null(each.record.ended_by)},
                            {"history", each.history}});
    }
    return envelope("explain", std::move(data));
}

std::string doctor_json(const std::vector<ops::Finding>& findings) {
    Json data = Json::array();
    const auto or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
    for (const ops::Finding& each : findings)
        data.push_back(Json{{"level", each.level == ops::Level::good    ? "ok"
                                      : each.level == ops::Level::wrong ? "wrong"
                                                                        : "advice"},
                            {"code", each.code},
                            {"what", each.what},
                            {"why", or_null(each.why)},
                            {"mend", or_null(each.mend)}});
    return envelope("doctor", std::move(data));
}

std::string version_json() {
    utsname system{};
    ::uname(&system);
    return envelope(
        "version",
        Json{{"version", SIGMUND_VERSION},
             {"commit", std::string_view(SIGMUND_COMMIT).empty() ? Json(nullptr) : Json(SIGMUND_COMMIT)},
             {"platform", std::string(system.sysname) + '-' + system.machine},
             {"schemas", {"sigmund/1"}},
             {"porcelain", {"v1"}},
             {"features", Json::array({"guardian", "nosig", "supervise", "unlinkwait", "pools", "pipes",
                                       "watch", "ready", "health", "shell-kit"})}});
}

}  // namespace sigmund::cli
