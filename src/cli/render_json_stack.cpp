// SPDX-License-Identifier: Apache-2.0
// The stack of a project as JSON.
#include "cli/render_json.hpp"
#include "cli/render_json_parts.hpp"
#include "cli/up_display.hpp"
#include "run/option_words.hpp"

namespace sigmund::cli {
namespace {

// The words of the machine output.
std::string_view word_of(ops::Phase phase) {
    using ops::Phase;
    switch (phase) {
        case Phase::ready:
            return "started";
        case Phase::running:
            return "running";
        case Phase::done:
            return "done";
        case Phase::done_before:
            return "done-before";
        case Phase::failed:
            return "failed";
        case Phase::skipped:
            return "skipped";
        case Phase::cancelled:
        case Phase::unused:
        case Phase::waiting:
        case Phase::starting:
            break;
    }
    return "cancelled";
}

bool is_lost(ops::Phase phase) {
    return phase == ops::Phase::failed || phase == ops::Phase::skipped || phase == ops::Phase::cancelled;
}

// Returns a stable word for why a template is not up; empty when it is.
std::string reason_of(const ops::UpState& state, const ops::UpOutcome& outcome) {
    switch (state.phase) {
        case ops::Phase::failed:
            if (state.failure) return state.failure->code;
            if (!state.outcome || state.record.from.once) return "ended";
            return state.outcome->end.late                                 ? "timed_out"
                   : state.outcome->end.foreign || state.outcome->end.told ? "not_ready"
                                                                           : "ended";
        case ops::Phase::skipped:
            return "dependency";
        case ops::Phase::cancelled:
            return outcome.interrupted ? "interrupted" : outcome.closed ? "down" : "aborted";
        default:
            return "";
    }
}

// Returns the template for whose sake this one was not started; empty when there is none.
std::string because_of(const ops::UpRequest& request, const ops::UpOutcome& outcome, std::size_t task) {
    if (outcome.states[task].phase != ops::Phase::skipped) return "";
    for (const std::size_t other : request.tasks[task].depends)
        if (is_lost(outcome.states[other].phase)) return request.tasks[other].from.name;
    return "";
}

Json names_of(const ops::UpRequest& request, const std::vector<std::size_t>& tasks) {
    Json out = Json::array();
    for (const std::size_t each : tasks) out.push_back(request.tasks[each].from.name);
    return out;
}

}  // namespace

std::string_view act_word(ops::UpLook::Act act) {
    using Act = ops::UpLook::Act;
    switch (act) {
        case Act::start:
            return "start";
        case Act::restart:
            return "restart";
        case Act::keep:
            return "keep";
        case Act::run_step:
            return "run";
        case Act::skip_step:
            return "skip";
        case Act::none:
            break;
    }
    return "";
}

std::string plan_json(const ops::UpRequest& request, const std::vector<ops::UpLook>& looks) {
    Json data = Json::array();
    for (std::size_t i = 0; i < looks.size(); ++i) {
        if (!request.tasks[i].chosen) continue;
        Json differences = Json::array();
        for (const std::string& each : looks[i].differences)
            differences.push_back(text::replace_invalid_utf8(each));
        data.push_back(Json{{"template", request.tasks[i].from.name},
                            {"name", request.tasks[i].name},
                            {"action", act_word(looks[i].act)},
                            {"id", looks[i].live ? Json(looks[i].live->record.id) : Json(nullptr)},
                            {"depends", names_of(request, request.tasks[i].depends)},
                            {"because", or_null(looks[i].because)},
                            {"differences", std::move(differences)}});
    }
    return envelope("stack.plan", std::move(data));
}

std::string port_json(const std::vector<run::Judged>& runs) {
    Json data = Json::array();
    for (const run::Judged& run : runs) {
        const run::PortRange range = run::ports_of(run.record);
        Json ports = Json::array();
        for (int port = range.first; range.count > 0 && port <= range.last(); ++port) ports.push_back(port);
        data.push_back(Json{{"id", run.record.id},
                            {"name", or_null(run.record.name)},
                            {"project", text::replace_invalid_utf8(run.record.project)},
                            {"live", run.live()},
                            {"ports", std::move(ports)}});
    }
    return envelope("port", std::move(data));
}

std::string up_json(const ops::UpRequest& request, const ops::UpOutcome& outcome, const run::View& view) {
    Json data = Json::array();
    for (std::size_t i = 0; i < outcome.states.size(); ++i) {
        const ops::UpState& state = outcome.states[i];
        if (state.phase == ops::Phase::unused) continue;
        const bool failed = state.phase == ops::Phase::failed;
        const bool known = state.started && state.phase != ops::Phase::cancelled;  // how long it took
        run::Record now = state.record;
        if (!now.id.empty()) view.store().load(now.id, run::Depth::full, now);
        Json error = nullptr;
        if (failed)
            error = Json{
                {"code", state.failure ? state.failure->code : "failed"},
                {"message", text::replace_invalid_utf8(why_failed(state))},
                {"hint", state.failure ? or_null(run::options_as_keys(state.failure->hint)) : Json(nullptr)}};
        data.push_back(Json{{"template", request.tasks[i].from.name},
                            {"name", request.tasks[i].name},
                            {"outcome", word_of(state.phase)},
                            {"id", or_null(now.id)},
                            {"pid", now.pid > 0 ? Json(now.pid) : Json(nullptr)},
                            {"started", state.started},
                            {"took_ms", known ? Json(state.took) : Json(nullptr)},
                            {"exit", failed ? Json(state.exit) : Json(nullptr)},
                            {"error", std::move(error)},
                            {"reason", or_null(reason_of(state, outcome))},
                            {"because", or_null(because_of(request, outcome, i))}});
    }
    return envelope("stack.up", std::move(data));
}

}  // namespace sigmund::cli
