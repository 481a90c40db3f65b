// SPDX-License-Identifier: Apache-2.0
// `top`, a full-screen view of the runs and their logs: the list above, the log of the selected run below.
//
//   terminal      which terminal this is, and its description
//   minder        the parent process, which puts the terminal back whatever happens
//   screen        ncurses: characters and keys
//   board         the loop, the keys (board_keys) and the pictures (board_draw)
//   runs, meter   what is known of the runs
//   log_tail      the end of the log of the selected run
//   actions       which key is which verb; verb_child runs it
//   layout, picker, log_lines, spark, cells   pure: what is where, and what is selected
#pragma once

namespace sigmund::top {

// Shows the screen until the user quits. Returns the exit status; 128 + N when signal N has killed the screen. Throws
// run::Failure (usage) when there is no terminal that can draw.
int show();

}  // namespace sigmund::top
