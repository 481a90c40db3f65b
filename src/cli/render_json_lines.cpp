// SPDX-License-Identifier: Apache-2.0
// JSON lines, as printed by `tail --jsonl` and `events`.
#include "cli/render_json.hpp"
#include "cli/render_json_parts.hpp"
#include "text/base64.hpp"

namespace sigmund::cli {
namespace {

// Returns the changes that --watch saw, from lines KIND<TAB>PATH. A last line `...` means that there were
// more.
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

}  // namespace

std::string log_head_json() {
    return dump(Json{{"schema", "sigmund/1"}, {"kind", "tail"}});
}

std::string log_line_json(const run::Record& record, bool error, int worker, const ops::LogLine& line) {
    Json out{{"id", record.id},
             {"name", record.name.empty() ? Json(nullptr) : Json(record.name)},
             {"stream", error              ? Json("stderr")
                        : record.split_log ? Json("stdout")
                                           : Json(nullptr)},
             {"worker", worker < 0 ? Json(nullptr) : Json(worker)},
             {"at", line.at ? Json(sys::rfc3339(*line.at)) : Json(nullptr)},
             {"line", text::replace_invalid_utf8(line.text)}};
    if (!text::valid_utf8(line.bytes)) out["line_b64"] = text::base64(line.bytes);
    return dump(out);
}

std::string events_head_json() {
    return dump(Json{{"schema", "sigmund/1"}, {"kind", "events"}});
}

std::string event_json(const ops::RunEvent& e) {
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

}  // namespace sigmund::cli
