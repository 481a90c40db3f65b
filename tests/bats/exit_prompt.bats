#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The question that a shell asks at its exit, in each of the three shells.
load sigmund
load shells

setup() { shells_setup; }
teardown() { shells_teardown; }

@test "k, Enter, Esc and Ctrl-C keep the runs, and the status of the shell stays" { in_shells answer_keep; }
@test "Stop all names the runs in their order, and does not ask about those with --keep" { in_shells answer_stop; }
@test "Ctrl-C lets a slow stop continue in the background" { in_shells answer_stop_slow; }
@test "Choose takes numbers, and accepts a mistake and a correction" { in_shells answer_choose; }
@test "An arrow key is not an answer" { in_shells answer_sequence; }
@test "In a narrow window the question stays in one line" { in_shells answer_narrow; }
@test "Without an answer in time the runs are kept, and shown as orphaned" { in_shells answer_time_out; }
@test "Ctrl-D ends a shell as exit does, and a second one leaves its runs as orphans" { in_shells end_of_file; }
@test "Neither text that was typed ahead nor Ctrl-Z is an answer" { in_shells type_ahead; }
@test "A terminal that closes during the question leaves the runs alone" { in_shells hang_up; }
@test "The policies stop and keep do not ask" { in_shells policies; }
@test "An exit that is refused because of stopped jobs does not ask" { in_shells stopped_jobs; }
@test "Somebody who types on while the question comes up does not answer it" { in_shells typing_on; }
@test "Neither a paste nor a key that is held down is an answer" { in_shells pasted; }
@test "A key that is held down stops nothing, however late it repeats" { in_shells held_key; }
@test "A stop that has not begun is taken back by any key" { in_shells stop_taken_back; }
@test "A key without a meaning starts the time of the question again" { in_shells time_restarts; }
@test "What is typed on in choose stops nothing, and a time-out there keeps the runs" { in_shells choose_typing_on; }
@test "Choose lists all runs" { in_shells choose_of_many; }
@test "In a low window choose lists the runs in pages" { in_shells choose_pages; }
@test "The question is drawn again when the window is resized" { in_shells resized; }
@test "Keeping runs with frozen guardians does not wait for them" { in_shells keep_frozen; }
@test "The question ends when its shell is killed, and the outer shell has its terminal" { in_shells killed_shell; }
