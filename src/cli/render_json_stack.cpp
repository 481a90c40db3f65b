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

}  // namespace

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
        data.push_back(Json{{"template", request.tasks[i].from.name},
                            {"name", request.tasks[i].name},
                            {"outcome", word_of(state.phase)},
                            {"id", or_null(now.id)},
                            {"pid", now.pid > 0 ? Json(now.pid) : Json(nullptr)},
                            {"started", state.started},
                            {"took_ms", known ? Json(state.took) : Json(nullptr)},
                            {"exit", failed ? Json(state.exit) : Json(nullptr)},
                            {"error", std::move(error)}});
    }
    return envelope("stack.up", std::move(data));
}

}  // namespace sigmund::cli
