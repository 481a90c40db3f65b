#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The question that a shell asks at its exit, in each of the three shells.
load sigmund
load shells

setup() { shells_setup; }
teardown() { shells_teardown; }

@test "k, Enter, Esc, Ctrl-C and Ctrl-D keep the runs, and the status of the shell stays" { in_shells answer_keep; }
@test "Stop all names the runs in their order, and does not ask about those with --keep" { in_shells answer_stop; }
@test "Ctrl-C lets a slow stop continue in the background" { in_shells answer_stop_slow; }
@test "Choose takes numbers, and accepts a mistake and a correction" { in_shells answer_choose; }
@test "An arrow key is not an answer" { in_shells answer_sequence; }
@test "In a narrow window the question stays in one line" { in_shells answer_narrow; }
@test "Without an answer in time the runs are kept, and shown as orphaned" { in_shells answer_time_out; }
@test "Ctrl-D ends a shell as exit does" { in_shells end_of_file; }
@test "Neither text that was typed ahead nor Ctrl-Z is an answer" { in_shells type_ahead; }
@test "A terminal that closes during the question leaves the runs alone" { in_shells hang_up; }
@test "The policies stop and keep do not ask" { in_shells policies; }
@test "An exit that is refused because of stopped jobs does not ask" { in_shells stopped_jobs; }
