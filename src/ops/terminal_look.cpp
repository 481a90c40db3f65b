// SPDX-License-Identifier: Apache-2.0
#include "ops/terminal_look.hpp"

#include <algorithm>

#include "ops/channel.hpp"
#include "run/rescue.hpp"
#include "run/spec.hpp"
#include "text/duration.hpp"

namespace sigmund::ops {
namespace {

std::string size_text(const sys::TerminalSize& size) {
    return std::to_string(size.columns) + 'x' + std::to_string(size.rows);
}

}  // namespace

void take_line(std::optional<TerminalLook>& look, const run::Answer& line) {
    const sys::TerminalSize size{static_cast<std::size_t>(line.columns), static_cast<std::size_t>(line.rows)};
    if (line.kind == Answer::Kind::attached && look)
        look->viewers.push_back({size, line.access, line.number, line.place == run::Place::owner});
    if (line.kind != Answer::Kind::terminal) return;
    if (!look) look.emplace();
    look->size = size;
    if (line.use != run::TerminalUse::busy) look->use = line.use;
}

std::optional<TerminalLook> TerminalLooks::of(const run::Judged& run) {
    if (!run.live() || !run.verdict.guardian_alive || patience_ <= 0 ||
        run::read_spec(run.record).tty.empty())
        return std::nullopt;
    const sys::Millis began = sys::monotonic_ms(), deadline = began + patience_;
    std::optional<TerminalLook> out;
    const sys::Fd channel = run::connect_guardian(store_, run.record.id, deadline);
    const auto answer = channel ? converse(channel.get(), {.kind = Request::Kind::terminal}, deadline,
                                           [&](const Answer& line) { take_line(out, line); })
                                : std::nullopt;
    patience_ -= sys::monotonic_ms() - began;
    return answer && answer->ok() ? std::move(out) : std::nullopt;
}

std::string state_with_need(const std::string& state, const std::string& need) {
    if (need.empty()) return state;
    return state == "running" ? need : state + ", " + need;
}

std::string need_of(const TerminalLook& look) {
    if (look.use == run::TerminalUse::stopped) return "stopped by Ctrl-S";
    return look.use == run::TerminalUse::reading && look.viewers.empty() ? "waits for input" : "";
}

std::string need_in_short(const TerminalLook& look) {
    return need_of(look).empty() ? "" : look.use == run::TerminalUse::stopped ? "Ctrl-S" : "waits";
}

std::string describe(const TerminalLook& look) {
    std::string out = size_text(look.size);
    if (look.viewers.empty()) out += ", nobody is attached";
    for (const TerminalLook::Viewer& each : look.viewers) {
        out += ", attached: " + size_text(each.size);
        if (each.access == run::Access::look) out += " for reading only";
        out += ", idle " + text::format_duration(each.idle, true);
    }
    return out;
}

}  // namespace sigmund::ops
