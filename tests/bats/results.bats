#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The result of a run: what --wait returns, what is recorded, and what is reported about remaining processes.
load sigmund

setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

@test "The exit status, the signal and the core flag of a run are recorded" {
    run sigmund -q --wait sh -c 'exit 42'
    assert_failure 42
    [[ $(field @ result) == exit=42 && $(field @ exit_code) == 42 ]]
    run sigmund -q --wait --rlimit core=0 sh -c 'kill -SEGV $$'
    assert_failure 139
    [[ $(field @ signal) == SIGSEGV && $(field @ core_dumped) == false ]]
    run sigmund -q --wait true
    assert_success
    run sigmund list
    assert_output --partial "killed SIGSEGV"
    assert_output --partial "exited 42"
}

@test "A leader that ends before its children leaves a running run with a known exit status" {
    id=$(sigmund -q bash -c 'sleep 300 & exit 5')
    run sigmund wait "$id"
    assert_failure 5
    state_is "$id" running
    [[ $(field "$id" exit_code) == 5 ]]
    run sigmund wait --gone --timeout 100ms "$id"
    assert_failure 124
    run sigmund stop "$id"
    assert_success
}

@test "--wait returns although a process is left behind, and names it" {
    run timeout $((100 * slowness)) "$SIGMUND" -q --wait sh -c 'sleep 300 >/dev/null & until grep -q sleep /proc/$!/comm; do :; done; exit 3'
    assert_failure 3
    assert_output --partial "left running"
    assert_output --partial "(sleep)"
}

@test "--wait returns the command's status although a daemon is left behind, and names the daemon" {
    run timeout $((100 * slowness)) "$SIGMUND" --wait -q sh -c 'ssh-agent >/dev/null; exit 3'
    assert_failure 3
    assert_output --partial "left running"
    assert_output --partial "(ssh-agent)"
    run sigmund stop @
    assert_success
    [[ -z $(keyed_processes) ]]
}

@test "--wait does not count the --on-exit command as left behind" {
    for _ in {1..6}; do
        run sigmund -q -w --on-exit 'sleep 0.1' sh -c 'exit 4'
        assert_failure 4
        refute_output --partial "left running"
    done
    wait_until 5 nothing_left
}

@test "--timeout ends a run with the result timeout" {
    run sigmund -q --wait --timeout 200ms sleep 300
    assert_failure 124
    [[ $(field @ result) == timeout ]]
}
