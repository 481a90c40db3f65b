// SPDX-License-Identifier: Apache-2.0
// `doctor`: reports what would end runs here, and what to do about it.
#include "ops/doctor.hpp"

#include <unistd.h>

#include "cli/cmd.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "cli/shell_files.hpp"
#include "cli/targets.hpp"
#include "run/label.hpp"

namespace sigmund::cli {

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
    int exit = 0;
    text::Page out;
    for (const ops::Finding& each : findings) {
        if (each.level == ops::Level::wrong) exit = 1;
        const char* mark = each.level == ops::Level::good    ? "ok     "
                           : each.level == ops::Level::wrong ? "WRONG  "
                                                             : "advice ";
        out.line(mark + each.what);
        if (!each.why.empty()) out.line("         " + each.why);
        if (!each.mend.empty()) out.line("         fix: " + each.mend);
    }
    if (wants_json(args))
        print_data(doctor_json(findings));
    else
        print(out);
    return exit;
}

}  // namespace sigmund::cli
