#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# top: the full screen, in a real terminal (top.py has the scenarios).
load sigmund

setup() {
    sigmund_setup
    scratch_folder
    export scratch
}
teardown() { sigmund_teardown; }

# The python of Debian, which has the packages of Debian (python3-pyte).
scenario() {
    run /usr/bin/python3 "$BATS_TEST_DIRNAME/top.py" "$1"
    assert_success
}

@test "The list and the log appear, and q gives the terminal back" {
    scenario the_list_and_the_log
}

@test "A stop wants a y, and any other key is a no" {
    scenario a_stop
}

@test "A question stays with its run when the rows move, or the run ends" {
    scenario the_question_stays
}

@test "Restart, pause, resume, again and prune by their keys" {
    scenario the_other_actions
}

@test "The screen follows the size of the window, down to one line that says what is missing" {
    scenario sizes
}

@test "A killed screen leaves the terminal as it was" {
    scenario a_killed_screen
}

@test "SIGTERM and a closed terminal end the screen and its parent" {
    scenario ended_by_signals
}

@test "Ctrl-Z gives the terminal to the shell, and fg comes back" {
    scenario stopped_and_continued
}

@test "Without a terminal that can draw there is a hint" {
    scenario no_terminal
}

@test "A terminal without a description is served by one that is compiled in" {
    scenario unknown_terminals
}

@test "Logs, names and commands with escape sequences do not break the screen" {
    scenario hostile_text
}

@test "Wide characters keep their columns, and another locale gets ASCII" {
    scenario wide_characters
}

@test "A log that is scrolled up stays, End follows, and / searches" {
    scenario scrolling_and_searching
}

@test "Split, rotated and removed logs" {
    scenario logs_of_all_kinds
}

@test "Each worker of a pool has a log, which o steps to" {
    scenario logs_of_workers
}

@test "A run that waits for input says so, and a frozen guardian holds nothing up" {
    scenario waits_for_input
}

@test "Without a store there are no runs, until the first one starts" {
    scenario no_store_yet
}

@test "A run whose guardian was killed is seen to be lost" {
    scenario lost_guardians
}

@test "Only the end of a huge log is read" {
    scenario a_huge_log
}

@test "A filter shows some runs, and Esc never quits" {
    scenario a_filter
}

@test "Text is copied by y only, the mouse is off until m, and a paste is no keys" {
    scenario copies_mouse_and_pastes
}

@test "attach leaves the screen and comes back" {
    scenario attached_and_back
}

@test "Details, help and explain are pages with the keys of the run" {
    scenario pages
}

@test "NO_COLOR is respected" {
    scenario no_color
}
