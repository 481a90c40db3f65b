// SPDX-License-Identifier: Apache-2.0
// For "address already in use": finds the process that holds the port now, and its run.
#include <algorithm>
#include <cstdlib>

#include "ops/explain_parts.hpp"
#include "ops/listening.hpp"
#include "run/handle.hpp"
#include "run/label.hpp"
#include "sys/ports.hpp"

namespace sigmund::ops {
namespace {

// Returns the live run that a process belongs to, or nullptr.
const run::Record* run_of(const std::vector<run::Record>& live, const run::Census& census, pid_t pid) {
    for (const run::Record& record : live) {
        const auto members = census.members(record);
        if (std::any_of(members.begin(), members.end(), [&](const run::Member& m) { return m.pid == pid; }))
            return &record;
    }
    return nullptr;
}

}  // namespace

int port_in_arguments(const run::Record& record) {
    for (auto word = record.argv.rbegin(); word != record.argv.rend(); ++word) {
        const auto mark = word->find_last_of(":=");
        const std::string number = mark == std::string::npos ? *word : word->substr(mark + 1);
        const bool digits =
            !number.empty() && number.size() <= 5 &&
            std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
        const int port = digits ? std::atoi(number.c_str()) : 0;
        if (port > 0 && port <= 65535 && !sys::listening_sockets(port).empty()) return port;
    }
    return 0;
}

void add_port_owner(const run::View& view, const run::Record& record, std::vector<Cause>& causes, int port) {
    const auto found = std::find_if(causes.begin(), causes.end(),
                                    [](const Cause& cause) { return cause.code == "address-in-use"; });
    if (found == causes.end() || port == 0) return;
    const std::string held = "port " + std::to_string(port) + " is held by ";
    const auto sockets = sys::listening_sockets(port);
    if (sockets.empty()) {
        found->evidence.push_back("port " + std::to_string(port) + " is free now");
        return;
    }
    const sys::Procfs& proc = view.census().proc();
    for (const pid_t pid : proc.processes()) {
        if (!sys::holds_socket(proc, pid, sockets)) continue;
        std::vector<run::Record> live;
        for (run::Record& each : view.store().list(run::Depth::full))
            if (run::Judged run = view.judge(std::move(each)); run.live())
                live.push_back(std::move(run.record));
        const std::string title = title_of(proc.command_line(pid));
        const std::string process = "process " + std::to_string(pid) + (title.empty() ? "" : ": " + title);
        if (const run::Record* holder = run_of(live, view.census(), pid)) {
            found->evidence.push_back(held +
                                      (holder->id == record.id ? "this run itself" : run::label(*holder)) +
                                      ": sigmund stop " + run::handle(view, *holder));
            found->evidence.push_back(process);
        } else {
            found->evidence.push_back(held + process);
        }
        return;
    }
    found->evidence.push_back(held + "a process of another user");
}

}  // namespace sigmund::ops
