#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# attach and detach: people's terminals joined to that of a run (attach.py has the scenarios).
load sigmund

setup() {
    sigmund_setup
    scratch_folder
    export scratch
}
teardown() { sigmund_teardown; }

scenario() {
    run python3 "$BATS_TEST_DIRNAME/attach.py" "$1"
    assert_success
}

@test "A person types into a shell, resizes the window, detaches, comes back and ends it" {
    scenario a_shell_in_it
}

@test "The detach keys count in each encoding, and never in a paste" {
    scenario keys_of_newer_terminals
}

@test "A long paste with the detach keys in it arrives whole" {
    scenario a_long_paste
}

@test "vim and less draw their screen for who attaches, and leave it as it was" {
    scenario full_screen_programs
}

@test "A python is talked to, and its signal is the status" {
    scenario a_python_in_it
}

@test "The size is that of the last who typed, and a reader changes nothing" {
    scenario the_size_of_the_last_who_typed
}

@test "Of several terminals one answers what the program asks" {
    scenario only_one_terminal_answers
}

@test "A closed terminal, a killed viewer and each signal leave the run alone" {
    scenario closed_and_killed
}

@test "A stopped attach gives the terminal back, and goes on when it is continued" {
    scenario stopped_and_continued
}

@test "A viewer that does not read delays nobody, and is told what it missed" {
    scenario a_viewer_that_does_not_read
}

@test "Ctrl-C ends a flood" {
    scenario an_interrupted_flood
}

@test "All output comes before the end of the run, whose status is that of attach" {
    scenario the_end_of_the_run
}

@test "A restart goes on in the same terminal" {
    scenario a_restart
}

@test "Without its guardian the run has no terminal, and attach ends with 125" {
    scenario a_lost_guardian
}

@test "A file gets the whole log" {
    scenario a_file_gets_all
}

@test "A start with --attach misses nothing of the shortest run" {
    scenario attached_from_the_start
}

@test "attach is refused for a run without a terminal, from inside it, and for a pool" {
    scenario refused
}

@test "Clients that ask for nonsense, too many terminals or type without end change nothing" {
    scenario hostile_clients
}
