#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The suites' own tools: a check that cannot fail would guard nothing.
load helpers

@test "a store of this file alone, and a folder of this test" {
    assert_not_exists "$SIGMUND_STATE_DIR"
    assert_equal "$PWD" "$SIGMUND_TEST_DIR/$BATS_TEST_NUMBER"
    assert_equal "$(command -v sigmund)" "$SIGMUND_TEST_DIR/bin/sigmund"
    run sigmund list
    assert_success
    assert_not_exists "$SIGMUND_STATE_DIR"
}

@test "wait_until waits no longer than asked, and tells what for" {
    run --separate-stderr wait_until 1 false
    assert_failure
    assert_equal "$stderr" "not within 1 s: false"
    (sleep 0.1 && touch here) &
    wait_until 5 test -e here
}

@test "a run, its guardian and a daemon of it are seen, and gone after stop" {
    start daemonizer "$PWD/pid" 60
    wait_until 5 test -s pid
    run store_processes
    assert_output --partial "daemonizer"
    assert_output --partial "$(field "$id" guardian | jq .pid) "
    sigmund stop "$id"
    gone "$(head -n 1 pid)"
    assert_no_processes_left
}

@test "a process without any mark is seen, told and killed" {
    setsid --fork daemonizer --bare "$PWD/pid" 60
    wait_until 5 test -s pid
    run assert_no_processes_left 0
    assert_failure
    assert_output --partial "processes are left"
    assert_output --partial "$(<pid)"
    wait_until 5 gone "$(<pid)"
    assert_no_processes_left
}

@test "a field by its name, null, and no such field" {
    start --name web true
    sigmund wait "$id"
    assert_equal "$(field "$id" name)" web
    assert_equal "$(field "$id" signal)" null
    assert_equal "$(field "$id" argv)" '[
  "true"
]'
    is "$id" result exit=0
    run field "$id" nonsense
    assert_failure
}

@test "a command on a terminal: what it shows, what it reads, its status" {
    run in_pty -- sh -c 'test -t 0 && test -t 1 && stty size; exit 3'
    assert_failure 3
    assert_output "24 80"
    run in_pty --expect 'name\?' --send 'ann\r' --expect 'hi ann' -- sh -c 'printf "name? "; read n; echo "hi $n"'
    assert_success
    run in_pty --expect ready --send '\x03' -- trapper --exit-on INT=5
    assert_failure 5
    run in_pty --expect ready --hangup -- trapper --exit-on HUP=6
    assert_failure 6
    run in_pty -- sh -c 'kill -KILL $$'
    assert_failure 137
}

@test "a command on a terminal that never says what is expected" {
    run in_pty --timeout 0.3 --expect never -- trapper
    assert_failure 124
    assert_output --partial "ready"
    assert_output --partial "TIMEOUT"
}
