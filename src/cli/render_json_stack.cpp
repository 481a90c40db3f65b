// SPDX-License-Identifier: Apache-2.0
// The stack of a project as JSON.
#include "cli/render_json.hpp"
#include "cli/render_json_parts.hpp"
#include "cli/up_display.hpp"

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

std::string_view word_of(ops::UpLook::Act act) {
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
    return "none";
}

}  // namespace

std::string plan_json(const ops::UpRequest& request, const std::vector<ops::UpLook>& looks) {
    Json data = Json::array();
    for (std::size_t i = 0; i < looks.size(); ++i) {
        if (!request.tasks[i].chosen) continue;
        Json after = Json::array(), differences = Json::array();
        for (const std::size_t other : request.tasks[i].depends)
            after.push_back(request.tasks[other].from.name);
        for (const std::string& each : looks[i].differences)
            differences.push_back(text::replace_invalid_utf8(each));
        data.push_back(Json{{"template", request.tasks[i].from.name},
                            {"name", request.tasks[i].name},
                            {"action", word_of(looks[i].act)},
                            {"id", looks[i].live ? Json(looks[i].live->record.id) : Json(nullptr)},
                            {"after", std::move(after)},
                            {"differences", std::move(differences)},
                            {"because", or_null(looks[i].because)}});
    }
    return envelope("stack.plan", std::move(data));
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
            error = Json{{"code", state.failure ? state.failure->code : "failed"},
                         {"message", text::replace_invalid_utf8(up_text(state))},
                         {"hint", state.failure ? or_null(state.failure->hint) : Json(nullptr)}};
        data.push_back(Json{
            {"template", request.tasks[i].from.name},
            {"name", request.tasks[i].name},
            {"outcome", word_of(state.phase)},
            {"id", or_null(now.id)},
            {"pid", now.pid > 0 ? Json(now.pid) : Json(nullptr)},
            {"started", state.started},
            {"took_ms", known ? Json(state.took) : Json(nullptr)},
            {"exit", failed ? Json(state.exit) : Json(nullptr)},
            {"error", std::move(error)},
            {"reason",
             or_null(text::replace_invalid_utf8(
                 state.phase == ops::Phase::skipped || state.phase == ops::Phase::cancelled ? state.detail
                                                                                            : ""))}});
    }
    return envelope("stack.up", std::move(data));
}

}  // namespace sigmund::cli
