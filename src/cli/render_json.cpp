// SPDX-License-Identifier: Apache-2.0
#include "cli/render_json.hpp"

#include <sys/utsname.h>

#include "cli/render_json_parts.hpp"
#include "version.hpp"

namespace sigmund::cli {

std::string error_json(const run::Failure& failure) {
    std::string text = dump(Json{{"error",
                                  {{"code", failure.code},
                                   {"message", failure.what()},
                                   {"hint", or_null(failure.hint)},
                                   {"target", or_null(failure.target)}}}});
    text.pop_back();
    return text;
}

std::string stop_json(const std::vector<ops::StopOutcome>& outcomes,
                      const std::vector<run::Failure>& missing) {
    Json data = Json::array();
    for (const auto& o : outcomes) {
        Json suspects = Json::array();
        for (const ops::Suspect& each : o.suspects)
            suspects.push_back(Json{{"pid", each.pid},
                                    {"command", text::replace_invalid_utf8(each.command)},
                                    {"after_ms", each.after_ms}});
        data.push_back(Json{{"id", or_null(o.record.id)},
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
    return envelope("run.stop", std::move(data));
}

std::string adopt_json(const std::vector<ops::Adoption>& adoptions,
                       const std::vector<run::Failure>& missing) {
    Json data = Json::array();
    for (const auto& each : adoptions)
        data.push_back(Json{{"id", each.record.id},
                            {"name", or_null(each.record.name)},
                            {"outcome", each.outcome.str()},
                            {"already", each.already},
                            {"reason", or_null(each.why)},
                            {"hint", or_null(each.hint)}});
    for (const run::Failure& failure : missing)
        data.push_back(Json{{"id", nullptr},
                            {"name", or_null(failure.target)},
                            {"outcome", run::Outcome(run::Outcome::not_found).str()},
                            {"already", false},
                            {"reason", failure.what()},
                            {"hint", or_null(failure.hint)}});
    return envelope("run.adopt", std::move(data));
}

std::string wait_json(const std::vector<ops::WaitOutcome>& outcomes) {
    Json data = Json::array();
    for (const auto& o : outcomes)
        data.push_back(Json{
            {"id", o.record.id},
            {"ended", o.end.over},
            {"state", run::state_name(o.end.stale ? run::State::stale : o.record.state)},
            {"result", word_or_null(o.record.result)},
            {"exit_code",
             o.end.status.known && o.end.status.signal == 0 ? Json(o.end.status.code) : Json(nullptr)},
            {"signal", o.end.status.known && o.end.status.signal != 0
                           ? Json(sys::signal_name(o.end.status.signal))
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
    return envelope("config", Json{{"user_file", or_null(user_file)},
                                   {"project_file", or_null(project_file)},
                                   {"settings", std::move(settings)}});
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
        data.push_back(
            Json{{"id", each.run.record.id},
                 {"name", each.run.record.name.empty() ? Json(nullptr) : Json(each.run.record.name)},
                 {"state", run::state_name(each.run.verdict.state)},
                 {"result", word_or_null(each.run.verdict.result)},
                 {"live", each.run.live()},
                 {"causes", std::move(causes)},
                 {"last_lines", each.last_lines},
                 {"ended_by", word_or_null(each.run.record.ended_by)},
                 {"history", each.history},
                 {"used", or_null(each.used)}});
    }
    return envelope("explain", std::move(data));
}

std::string doctor_json(const std::vector<ops::Finding>& findings) {
    Json data = Json::array();
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

std::string ports_json(const std::vector<ops::Listening>& all) {
    Json data = Json::array();
    const sys::Millis now = sys::realtime_ms();
    for (const ops::Listening& each : all) {
        const bool seen = each.pid != 0;
        data.push_back(
            Json{{"address", each.socket.address.text()},
                 {"port", each.socket.port},
                 {"id", each.run ? Json(each.run->id) : Json(nullptr)},
                 {"name", each.run ? or_null(each.run->name) : Json(nullptr)},
                 {"project", each.run ? Json(text::replace_invalid_utf8(each.run->project)) : Json(nullptr)},
                 {"pid", seen ? Json(each.pid) : Json(nullptr)},
                 {"pids", each.pids},
                 {"uid", each.socket.uid},
                 {"command", seen ? Json(text::replace_invalid_utf8(each.command)) : Json(nullptr)},
                 {"age_ms", seen ? Json(each.age_ms) : Json(nullptr)},
                 {"started_ms", seen ? Json(now - each.age_ms) : Json(nullptr)}});
    }
    return envelope("ports", std::move(data));
}

std::string env_json(const std::vector<Variable>& variables) {
    Json data = Json::object();
    for (const auto& [name, value] : variables) data[name] = value;
    return envelope("env", std::move(data));
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
