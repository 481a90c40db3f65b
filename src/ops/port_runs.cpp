// SPDX-License-Identifier: Apache-2.0
#include "ops/port_runs.hpp"

#include <utility>

namespace sigmund::ops {
namespace {

std::vector<run::Judged> live_runs(const run::View& view, bool unguarded_only) {
    std::vector<run::Judged> out;
    if (!view.store().present()) return out;
    for (const std::string& id : view.store().overview(0).perhaps_live) {
        run::Record record;
        if (view.store().load(id, run::Depth::full, record) != run::Read::ok || record.port == 0 ||
            run::is_final(record.state))
            continue;
        if (unguarded_only && view.store().id_locked(id)) continue;
        run::Judged run = view.judge(std::move(record));
        if (run.live()) out.push_back(std::move(run));
    }
    return out;
}

}  // namespace

std::vector<run::Judged> live_runs_with_ports(const run::View& view) {
    return live_runs(view, false);
}

std::vector<run::Judged> unguarded_runs_with_ports(const run::View& view) {
    return live_runs(view, true);
}

}  // namespace sigmund::ops
