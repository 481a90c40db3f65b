#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Pid files, --on-exit commands and what --while waits for.
load sigmund

setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
}
teardown() { sigmund_teardown; }

@test "A pid file exists at once, is removed with the run, and never replaces that of another run" {
    id=$(sigmund -q --pid-file p sleep 300)
    [[ $(cat p) == "$(field "$id" pid)" ]]
    run sigmund --pid-file p sleep 300
    assert_failure 125
    assert_output --partial "$(cat p)"
    sigmund restart "$id" 2>/dev/null
    [[ $(cat p) == "$(field "$id" pid)" ]]
    sigmund stop -q "$id"
    [[ ! -e p ]]
    echo 4194000 >p
    id=$(sigmund -q --pid-file p sleep 300)
    [[ $(cat p) == "$(field "$id" pid)" ]]
    echo 1 >p
    sigmund stop -q "$id"
    [[ $(cat p) == 1 ]]
    run sigmund --pid-file no/such/folder/p true
    assert_failure 125
}

@test "--on-exit has its environment, writes to the log, and cannot delay a stop" {
    id=$(sigmund -q -n job --on-exit 'echo "over: $SIGMUND_ID $SIGMUND_NAME $SIGMUND_RESULT $SIGMUND_EXIT_CODE [$SIGMUND_SIGNAL]"; cp "$SIGMUND_LOG" copy; touch over' sh -c 'echo out; exit 5')
    wait_until 5 test -e over
    [[ $(sigmund dump "$id" | tail -n 1) == "over: $id job exit=5 5 []" ]]
    id=$(sigmund -q --on-exit 'echo "[$SIGMUND_SIGNAL] $SIGMUND_RESULT" >sig; sleep 300' sleep 300)
    run timeout $((60 * slowness)) "$SIGMUND" stop --timeout 100s "$id"
    assert_success
    wait_until 5 test -s sig
    [[ $(cat sig) == "[SIGTERM] stopped" ]]
    kill -KILL "$(sigmund show "$id" --json | jq .data[0].guardian.pid)"
}

@test "--while ends a run with a process, after a time or with the shell, and refuses dead ones" {
    sleep 300 &
    owner=$!
    OWN_PIDS+=("$owner")
    id=$(sigmund -q --while pid:$owner --while ttl:1h sleep 300)
    kill $owner
    over() { [[ $(field "$id" state) == exited ]]; }
    wait_until 5 over
    [[ $(field "$id" result) == stopped ]]
    run sigmund --while pid:$owner sleep 300
    assert_failure 125
    id=$(sigmund -q --while ttl:200ms sleep 300)
    wait_until 5 over
    id=$(bash -c '"$SIGMUND" -q --while shell sleep 300; true')
    wait_until 5 over
    for bad in pid:x ttl:soon nonsense; do
        run sigmund --while $bad true
        assert_failure 1
    done
}
