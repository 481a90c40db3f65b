// SPDX-License-Identifier: Apache-2.0
// The end of a run as its keeper writes it.
#include <cerrno>

#include "guard/keeper.hpp"

namespace sigmund::guard {

void Keeper::finish() {
    stage_ = Stage::over;
    retry_.reset();
    log_.end_output(-1);
    show();
    write_end();
}

void Keeper::write_end() {
    const bool folder_gone = files_.folder_gone();
    const int error = folder_gone ? ENOENT : files_.write(record_, sys::Durable::yes);
    // This comes before any client is told: the process that stopped the run takes its mark away, and may
    // take its name.
    if (error == 0) files_.mark_done(record_.shell);
    if (error == 0 || folder_gone) {
        files_.free_name(run::scoped_name(record_));
        files_.free_ports();
    }
    listener_.record_shown();
    if (error == 0 || folder_gone) return let_go();
    retry_later();
}

void Keeper::let_go() {
    retry_.at = -1;
    files_.free_name(run::scoped_name(record_));
    files_.free_ports();
    stage_ = Stage::written;
    listener_.run_over();
}

void Keeper::discard() {
    if (stage_ == Stage::written) return;
    log_.empty();
    write_end();
    if (stage_ == Stage::written) return;
    files_.remove_all();
    let_go();
}

}  // namespace sigmund::guard
