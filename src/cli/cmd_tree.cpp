// SPDX-License-Identifier: Apache-2.0
// `tree`: shows the processes of runs.
#include <unistd.h>

#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "cli/process_tree.hpp"
#include "cli/render_text.hpp"
#include "cli/styles.hpp"
#include "cli/targets.hpp"
#include "run/label.hpp"
#include "run/state_text.hpp"
#include "text/fold.hpp"

namespace sigmund::cli {

int cmd_tree(const Args& args) {
    const run::View view = run::View::open();
    const bool color = use_color(args, STDOUT_FILENO);
    const std::size_t columns = output_columns();
    text::Page out;
    for (const run::Judged& run : targets_of(view, args, args.words)) {
        text::Page head;
        head.add(label(run.record) + "  ").line(state_text(run), style_if(color, style_of(run)));
        out.add(text::fold(head, columns, 2));
        if (run.live()) out.add(process_tree(run.record, view.census(), "  ", columns));
    }
    print(out);
    return 0;
}

}  // namespace sigmund::cli
