// SPDX-License-Identifier: Apache-2.0
// `explain`: tells why a run ended.
#include <unistd.h>

#include "cli/cmd.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "cli/render_text.hpp"
#include "cli/styles.hpp"
#include "cli/targets.hpp"
#include "ops/explain.hpp"
#include "run/label.hpp"
#include "run/state_text.hpp"
#include "text/escape.hpp"
#include "text/fold.hpp"

namespace sigmund::cli {

int cmd_explain(const Args& args) {
    const run::View view = run::View::open();
    std::vector<ops::Explanation> all;
    for (const run::Judged& run : targets_of(view, args, args.words)) all.push_back(ops::explain(view, run));
    if (wants_json(args)) {
        print_data(explain_json(all));
        return 0;
    }
    const bool color = use_color(args, STDOUT_FILENO);
    const std::size_t columns = output_columns();
    text::Page out;
    for (const ops::Explanation& each : all) {
        if (!out.empty()) out.line("");
        text::Page head;
        head.add(label(each.run.record), style_if(color, styles::bold)).add(": ");
        head.add(state_text(each.run), style_if(color, style_of(each.run)));
        out.add(text::fold(head.line("  " + command_beginning(each.run.record, columns)), columns, 2));
        if (each.run.live() && each.causes.empty())
            out.line("  it has not ended; sigmund status " + run::short_label(each.run.record) +
                     " shows how it is now");
        for (const ops::Cause& cause : each.causes) {
            out.add(text::fold(text::Page().line("  " + cause.what), columns, 2));
            for (const std::string& line : cause.evidence) out.line("      " + line);
            if (!cause.way_out.empty()) out.line("      hint: " + cause.way_out);
        }
        if (!each.used.empty()) out.line("  " + each.used);
        if (!each.history.empty()) out.line("  its last restarts:");
        for (const std::string& line : each.history) out.line("      " + line);
        if (each.run.live() || each.last_lines.empty()) continue;
        out.line("  last lines of its log:");
        for (const std::string& line : each.last_lines)
            out.add(text::cut(text::Page().line("      " + text::truncate(line, 300)), columns));
    }
    print(out);
    return 0;
}

}  // namespace sigmund::cli
