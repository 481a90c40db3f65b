#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What each verb shows a person, on terminals from 40 to 200 columns (screens.py has the scenarios).
# This file runs once, since the output does not depend on the user.
load sigmund

setup() {
    sigmund_setup
    scratch_folder
    export scratch
    cd "$scratch"
}
teardown() { sigmund_teardown; }

# The python of Debian, which has the packages of Debian (python3-pyte).
scenario() {
    run /usr/bin/python3 "$BATS_TEST_DIRNAME/screens.py" "$1"
    assert_success
}

@test "No row of a table is wider than the terminal, and each has its id, name and state" {
    scenario tables
}

@test "Lists of keys and values go on below their values" {
    scenario keys_and_values
}

@test "Processes, ports and logs have one row each" {
    scenario rows
}

@test "Wide characters keep the columns of tables" {
    scenario wide_characters
}

@test "Help fits every terminal, and says the same" {
    scenario help_pages
}

@test "explain, doctor and messages of errors leave nothing out" {
    scenario prose
}

@test "up shows a row for each task, which is cut and not wrapped" {
    scenario stacks
}

@test "With NO_COLOR there is no escape sequence, and the words are the same as with colours" {
    scenario without_colors
}

@test "In a pipe nothing is cut or folded, and there is no escape sequence" {
    scenario pipes
}

@test "Of hundreds of runs, each has a row that fits" {
    scenario many_runs
}
