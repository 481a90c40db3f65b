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
        print(explain_json(all));
        return 0;
    }
    const auto shown = [](const std::string& text) { return text::escape_for_display(text); };
    std::string out;
    for (const ops::Explanation& each : all) {
        out += (out.empty() ? "" : "\n") + label(each.record) + ": " +
               state_text({each.record, each.verdict}) + "  " + shown(run::command_text(each.record)) + '\n';
        if (each.live && each.causes.empty()) out += "  it has not ended\n";
        for (const ops::Cause& cause : each.causes) {
            out += "  " + shown(cause.what) + '\n';
            for (const std::string& line : cause.evidence) out += "      " + shown(line) + '\n';
            if (!cause.way_out.empty()) out += "      hint: " + shown(cause.way_out) + '\n';
        }
        if (!each.history.empty()) out += "  its last restarts:\n";
        for (const std::string& line : each.history) out += "      " + shown(line) + '\n';
        if (each.live || each.last_lines.empty()) continue;
        out += "  last lines of its log:\n";
        for (const std::string& line : each.last_lines) out += "      " + shown(line.substr(0, 300)) + '\n';
    }
    print(out);
    return 0;
}

}  // namespace sigmund::cli
