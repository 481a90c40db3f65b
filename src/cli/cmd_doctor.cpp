// SPDX-License-Identifier: Apache-2.0
// `doctor`: reports what would end runs here, and what to do about it.
#include "ops/doctor.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "cli/cmd.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "cli/shell_files.hpp"
#include "cli/styles.hpp"
#include "cli/targets.hpp"
#include "run/label.hpp"
#include "text/fold.hpp"

namespace sigmund::cli {
namespace {

// What is wrong comes first, then what is advised, then what is fine. A fix is never folded, as it is there to be copied.
text::Page page_of(std::vector<ops::Finding> findings, bool color) {
    std::stable_sort(findings.begin(), findings.end(),
                     [](const ops::Finding& a, const ops::Finding& b) { return a.level > b.level; });
    const std::size_t columns = output_columns();
    text::Page out;
    for (const ops::Finding& each : findings) {
        const auto [mark, style] = each.level == ops::Level::good    ? std::pair("ok     ", styles::green)
                                   : each.level == ops::Level::wrong ? std::pair("WRONG  ", styles::red)
                                                                     : std::pair("advice ", styles::yellow);
        text::Page said;
        said.add(mark, style_if(color, style)).line(each.what);
        if (!each.why.empty()) said.line("         " + each.why);
        out.add(text::fold(said, columns, std::string_view(mark).size()));
        if (!each.mend.empty()) out.line("         fix: " + each.mend);
    }
    return out;
}

}  // namespace

int cmd_doctor(const Args& args) {
    std::vector<ops::Finding> findings;
    if (args.words.empty()) {
        findings = ops::examine_machine({completion_text, hook_hash});
    } else {
        const run::View view = run::View::open();
        for (const run::Judged& run : targets_of(view, args, args.words))
            for (ops::Finding finding : ops::examine_run(view, run)) {
                finding.what = label(run.record) + ": " + finding.what;
                findings.push_back(std::move(finding));
            }
    }
    const bool wrong = std::any_of(findings.begin(), findings.end(),
                                   [](const ops::Finding& each) { return each.level == ops::Level::wrong; });
    if (wants_json(args))
        print_data(doctor_json(findings));
    else
        print(page_of(std::move(findings), use_color(args, STDOUT_FILENO)));
    return wrong ? 1 : 0;
}

}  // namespace sigmund::cli
