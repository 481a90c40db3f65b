#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# list and tree: what people see of their runs.
# This file runs once, since the output does not depend on the user.
load sigmund

setup() {
    sigmund_setup
    scratch_folder
}
teardown() {
    on_tmux kill-server 2>/dev/null || true
    sigmund_teardown
}

# A tmux server for this test only.
on_tmux() { TMUX_TMPDIR=$scratch tmux -f /dev/null "$@"; }

@test "Control characters are shown escaped, and JSON keeps them without loss" {
    word=$'x\e[31m\n\xff\t'
    id=$(
        sigmund -q -w bash -c : "$word"
        sigmund list --porcelain --columns id
    )
    run sigmund list
    refute_output --partial $'\e'
    run sigmund list --porcelain
    refute_output --partial $'\e'
    assert_output --partial '\e[31m'
    [[ $(field "$id" 'argv_b64[3]' | base64 -d) == "${word%$'\t'}"* ]]
    long=$(printf 'a%.0s' {1..100000})
    sigmund -q -w true "$long"
    [[ $(field @ 'argv[1] | length') == 100000 ]]
}

@test "List --watch redraws by itself, and Ctrl-C restores the terminal" {
    on_tmux new-session -d -x 100 -y 20 "env SIGMUND='$SIGMUND' SIGMUND_STATE_DIR='$SIGMUND_STATE_DIR' bash --norc"
    type_line() { on_tmux send-keys "$1" Enter; }
    screen_has() { on_tmux capture-pane -p | grep -q -- "$1"; }
    wait_until 5 screen_has '[#$]'
    type_line "stty -g >'$scratch/before'; '$SIGMUND' list --watch; echo status=\$?; stty -g >'$scratch/after'"
    wait_until 5 test -s "$scratch/before"
    sigmund -q -n first sleep 4321
    wait_until 5 screen_has 'first.*running.*sleep 4321'
    sigmund -q -n second sleep 4322
    wait_until 5 screen_has 'second.*running.*sleep 4322'
    sigmund stop -q first
    wait_until 5 screen_has 'first.*stopped'
    on_tmux send-keys C-c
    wait_until 5 screen_has 'status='
    wait_until 5 test -s "$scratch/after"
    cmp "$scratch/before" "$scratch/after"
    # Neither the alternate screen nor a hidden cursor is left.
    [[ $(on_tmux display-message -p '#{alternate_on} #{cursor_flag}') == "0 1" ]]
}

@test "Tree shows the title that a program gives itself, without the arguments that it left empty" {
    id=$(sigmund -q -- python3 -c 'import time; time.sleep(300)' '' '' '')
    run sigmund tree "$id"
    assert_output --partial "time.sleep(300)'  (leader)"
}

@test "Killcmd, signal and tree show and reach the leader" {
    id=$(sigmund -q bash -c 'trap "echo got-usr1" USR1; echo ready; while :; do sleep 0.05; done')
    wait_until 3 log_has "$id" ready
    run sigmund killcmd "$id"
    assert_output "kill -TERM -- -$(field "$id" pgid)"
    sigmund signal --leader USR1 "$id"
    wait_until 3 log_has "$id" got-usr1
    run sigmund tree "$id"
    assert_output --partial "(leader)"
    sigmund stop -q "$id"
    run sigmund killcmd "$id"
    assert_failure
}
