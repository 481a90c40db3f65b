// SPDX-License-Identifier: Apache-2.0
// Runs as JSON, as printed by `list`, `show` and a start.
#include "cli/render_json.hpp"
#include "cli/render_json_parts.hpp"
#include "ops/usage.hpp"
#include "sys/signals.hpp"

namespace sigmund::cli {
namespace {

// Returns the signals that the live process ignores, blocks and catches, from /proc/PID/status.
Json signal_state(const run::Record& record, const run::Census& census) {
    if (census.leader(record) != run::LeaderFact::alive) return nullptr;
    Json out = Json::object();
    const std::pair<const char*, const char*> fields[] = {
        {"ignored", "SigIgn"}, {"blocked", "SigBlk"}, {"caught", "SigCgt"}};
    for (const auto& [name, key] : fields) {
        out[name] = sys::signal_names(census.proc().signal_set(record.pid, key).value_or(0));
    }
    return out;
}

void put_usage(Json& out, const run::Judged& judged, const run::Census& census, bool live) {
    for (const char* name : {"cpu_ms", "rss_bytes", "peak_rss_bytes", "ports", "members"})
        out[name] = nullptr;
    if (!live) return;
    const ops::Usage usage = ops::usage_of(judged.record, census);
    out["cpu_ms"] = usage.cpu_ms;
    out["rss_bytes"] = usage.rss_bytes;
    out["peak_rss_bytes"] = usage.peak_rss_bytes;
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
                                      {"peak_rss_bytes", p.peak_rss_bytes},
                                      {"escaped", p.escaped}});
}

Json terminal_of(const std::optional<ops::TerminalLook>& look) {
    if (!look) return nullptr;
    Json viewers = Json::array();
    for (const ops::TerminalLook::Viewer& each : look->viewers)
        viewers.push_back(Json{{"columns", each.size.columns},
                               {"rows", each.size.rows},
                               {"read_only", each.access == run::Access::look},
                               {"owner", each.owner},
                               {"idle_ms", each.idle}});
    return Json{{"columns", look->size.columns},
                {"rows", look->size.rows},
                {"use", text::word_of(run::terminal_use_words, look->use)},
                {"viewers", std::move(viewers)}};
}

Json object_of(const run::Judged& judged, const run::View& view, bool whole, ops::TerminalLooks& looks) {
    const run::Census& census = view.census();
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
            out["terminal"] = terminal_of(looks.of(judged));
        }
        if (name == "guardian") value["alive"] = judged.verdict.guardian_alive;
        out[name] = value;
        if (name == "log") {
            const auto size = view.store().log_size(judged.record);
            out["log_bytes"] = size ? Json(*size) : Json(nullptr);
        }
    }
    if (whole) {
        out["signals"] = live ? signal_state(judged.record, census) : Json(nullptr);
        put_usage(out, judged, census, live);
    }
    return out;
}

}  // namespace

std::string run_json(const run::Judged& run, const run::View& view, bool whole, ops::TerminalLooks& looks) {
    std::string out = dump(object_of(run, view, whole, looks));
    out.pop_back();
    return out;
}

std::string started_json(const run::Judged& run, const run::View& view,
                         const std::vector<std::string>& differences) {
    ops::TerminalLooks looks(view.store());
    Json data = object_of(run, view, false, looks);
    if (!differences.empty()) {
        Json list = Json::array();
        for (const std::string& each : differences) list.push_back(text::replace_invalid_utf8(each));
        data["differences"] = std::move(list);
    }
    return envelope("run.start", std::move(data));
}

}  // namespace sigmund::cli
