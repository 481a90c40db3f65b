// SPDX-License-Identifier: Apache-2.0
// Prints runs as JSON, one after the other, so that the memory that it takes does not depend on their number.
#pragma once
#include <string>
#include <string_view>

#include "ops/terminal_look.hpp"
#include "run/machine_text.hpp"
#include "run/view.hpp"

namespace sigmund::cli {

class RunsStream {
  public:
    // `kind` is run.list or run.show, which has more keys. With `lines`, prints one object per line instead of one
    // document. `view` must outlive this.
    RunsStream(const char* kind, bool lines, const run::View& view);
    void add(const run::Judged& run);
    // Adds a run whose result is known, from the text of its file. Returns false and adds nothing when the file is
    // gone, or must be parsed.
    bool add_finished(const std::string& id);
    // Prints the rest. Like add() it throws std::system_error when stdout cannot be written to.
    void end();

  private:
    void add_object(std::string_view object);
    void compose(const std::string& id);

    const run::View& view_;
    ops::TerminalLooks looks_;
    const bool whole_, lines_;
    bool first_ = true;
    std::string out_;            // what was not printed yet
    std::string file_, object_;  // of one run; they keep their memory
    run::MachineText machine_;
};

}  // namespace sigmund::cli
