// SPDX-License-Identifier: Apache-2.0
// `explain`: why a run ended.
#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "cli/render_text.hpp"
#include "ops/explain.hpp"
#include "text/escape.hpp"

namespace sigmund::cli {

int cmd_explain(const Args& args) {
    const run::Store store = run::Store::open();
    const run::Census census;
    std::vector<ops::Explanation> all;
    for (const run::Record& record : targets_of(store, census, args, args.words))
        all.push_back(ops::explain(store, record));
    if (wants_json(args)) {
        print_data(explain_json(all));
        return 0;
    }
    text::Page out;
    for (const ops::Explanation& each : all) {
        if (!out.empty()) out.line("");
        out.line(label(each.record) + ": " + state_text({each.record, each.verdict}) + "  " +
                 run::command_text(each.record));
        if (each.live && each.causes.empty()) out.line("  it has not ended");
        for (const ops::Cause& cause : each.causes) {
            out.line("  " + cause.what);
            for (const std::string& line : cause.evidence) out.line("      " + line);
            if (!cause.way_out.empty()) out.line("      hint: " + cause.way_out);
        }
        if (!each.history.empty()) out.line("  its last restarts:");
        for (const std::string& line : each.history) out.line("      " + line);
        if (each.live || each.last_lines.empty()) continue;
        out.line("  last lines of its log:");
        for (const std::string& line : each.last_lines) out.line("      " + text::truncate(line, 300));
    }
    print(out);
    return 0;
}

}  // namespace sigmund::cli
