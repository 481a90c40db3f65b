#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Pipes: several commands that are one run.
load sigmund

setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
}
teardown() { sigmund_teardown; }

@test "A pipe joins its stages, records each status, and fails as pipefail does" {
    run -127 sigmund -q --wait pipe -- true '|' true
    assert_failure
    run sigmund pipe -q --wait -- echo hello world '|' wc -w
    assert_success
    [[ $(sigmund dump @) == 2 ]]
    run sigmund pipe -q --wait -- sh -c 'echo a; exit 3' '|' cat
    assert_failure 3
    [[ $(sigmund show @ --json | jq -c '[.data[0].stages[].exit_code]') == "[3,0]" ]]
    run sigmund pipe -q --wait -- yes '|' head -n 100000 '|' tail -n 1
    [[ $(sigmund dump @) == y ]]
    [[ $(sigmund show @ --json | jq -r '.data[0].stages[0].signal') == SIGPIPE ]]
    before=$(sigmund list --porcelain | wc -l)
    run -127 sigmund pipe -q -- sleep 300 '|' no-such-command
    assert_failure 127
    [[ $(sigmund list --porcelain | wc -l) == "$before" ]]
    run sigmund pipe -- sleep 1 '|'
    assert_failure 1
}

@test "A pipe carries megabytes, and stop, restart and pause reach every stage" {
    run sigmund pipe -q --wait -- head -c 8000000 /dev/zero '|' cat '|' wc -c
    assert_success
    [[ $(sigmund dump @) == 8000000 ]]
    id=$(sigmund pipe -q -- sleep 300 '|' sh -c 'trap "" TERM; sleep 301' '|' sleep 302)
    [[ $(sigmund tree "$id" | grep -c "sleep 30") == 4 ]]
    sigmund pause "$id"
    is "$id" state paused
    sigmund resume "$id"
    run sigmund restart --timeout 200ms "$id"
    assert_success
    [[ $(sigmund tree "$id" | grep -c "sleep 30") == 4 ]]
    run sigmund stop --timeout 200ms "$id"
    assert_success
    [[ -z $(keyed_processes) ]]
}
