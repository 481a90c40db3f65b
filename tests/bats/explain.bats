#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# explain: why a run ended, and what its log says.
# This file runs once, since the words of explain do not depend on the user.
load sigmund

setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
}
teardown() { sigmund_teardown; }

@test "Explain names the process that stopped a run, and says what the status and the log mean" {
    id=$(sigmund -q sleep 300)
    run sigmund explain "$id"
    assert_output --partial "has not ended"
    sigmund stop -q "$id"
    run sigmund explain "$id"
    assert_output --partial "ended by \`sigmund stop\`"
    assert_output --partial "stop -q $id"
    sigmund -q -n seg sh -c 'kill -SEGV $$'
    wait_until 5 is seg state exited
    run sigmund explain seg
    assert_output --partial "SIGSEGV: segmentation fault (invalid memory access)"
    sigmund -q -n none sh -c 'no-such-thing'
    wait_until 5 is none state exited
    run sigmund explain none
    assert_output --partial "it exited with status 127"
    assert_output --partial "not found"
    free_port port
    sigmund -q -n first --ready tcp:$port python3 -m http.server $port --bind 127.0.0.1
    sigmund -q -n second python3 -m http.server $port --bind 127.0.0.1
    wait_until 10 is second state exited
    run sigmund explain second
    assert_output --partial "address already in use"
    assert_output --partial "port $port is held by first ($(field first id)): sigmund stop first"
    [[ $(sigmund explain second --json | jq -r '.data[0].causes[0].code') == address-in-use ]]
    id=$(sigmund -q sleep 300)
    kill -TERM "$(sigmund show "$id" --json | jq .data[0].guardian.pid)"
    wait_until 5 is "$id" state exited
    run sigmund explain "$id"
    assert_output --partial "signal SIGTERM to the guardian"
    sed -i 's/"boot_id":"[^"]*"/"boot_id":"00000000-0000-0000-0000-000000000000"/g; s/"state":"exited"/"state":"running"/; s/"result":"stopped"/"result":null/' "$SIGMUND_STATE_DIR/$id.json"
    run sigmund explain "$id"
    assert_output --partial "before this machine was booted"
}

@test "Explain recognises a signal of sigmund's own, and names a pipe's failed stage" {
    run sigmund -q -w --timeout 100ms sleep 300
    assert_failure 124
    run sigmund explain @
    assert_output --partial "it timed out (--timeout"
    refute_output --partial "sent it"
    run sigmund --ready tcp:1 -- sh -c 'exit 7'
    run sigmund explain @
    assert_output --partial "it ended before it was ready"
    run sigmund pipe -q -w -- sh -c 'exit 3' '|' cat
    assert_failure 3
    run sigmund explain @
    assert_output --partial "stage 1 (sh -c 'exit 3') exited 3"
}

@test "Explain distinguishes a kill by the limit of processor time, by sigmund signal and by another process" {
    run sigmund -q -w --rlimit cpu=1 sh -c 'while :; do :; done'
    assert_failure 137
    run sigmund explain @
    assert_output --partial "most likely killed by the kernel: its limit of CPU time was reached"
    assert_output --partial "the hard limit is 1s"
    run sigmund -q -w --rlimit cpu=1:9 sh -c 'while :; do :; done'
    assert_failure 152
    run sigmund explain @
    assert_output --partial "SIGXCPU: its limit of CPU time was reached"
    id=$(sigmund -q --rlimit cpu=1000 sleep 300)
    kill -KILL "$(field "$id" pid)"
    wait_until 5 is "$id" state exited
    run sigmund explain "$id"
    assert_output --partial "killed by a user, a program or the kernel (out of memory, CPU limit)"
    assert_output --partial "the kernel's log"
    refute_output --partial "most likely"
    for signal in KILL USR1; do
        id=$(sigmund -q sleep 300)
        sigmund signal $signal "$id"
        wait_until 5 is "$id" state exited
        run sigmund explain "$id"
        assert_output --partial "SIG$signal: sent by \`sigmund signal\`"
        assert_output --partial "signal $signal $id"
        refute_output --partial "a user or program"
    done
}

@test "Explain names a kill by the limit of CPU time as one cause" {
    run sigmund -q -w --rlimit cpu=1 sh -c 'while :; do :; done'
    assert_failure 137
    run sigmund explain --json @
    [[ $(jq -r '[.data[0].causes[].code] | @csv' <<<"$output") == '"cpu-limit"' ]]
}

@test "Explain shows the last state of a progress bar" {
    run sigmund -q -w sh -c 'printf " 10%%\r 50%%\r\033[31m100%%\033[0m\n"; printf "a 1\n\033[A\033[Ka 2\n\033]0;title\007"; printf "loading\r\033[Kdone"; exit 3'
    run sigmund explain @
    output=${output#*last lines}
    assert_line --regexp '^ +100%$'
    assert_line --regexp '^ +a 2$'
    assert_line --regexp '^ +done$'
    refute_output --partial "50%"
    assert_line --regexp '^ +a 1$' # where the cursor moves up, each picture is a line of its own
    refute_output --partial title
}

@test "Explain names the run that holds the port, and shows a title without empty arguments" {
    free_port port
    sigmund -q -n db --ready tcp:$port redis-server --port $port --save '' >/dev/null
    run sigmund -q -w -n second redis-server --port $port --save ''
    assert_failure
    run sigmund explain second
    assert_output --partial "address already in use"
    assert_output --partial "port $port is held by db ($(field db id)): sigmund stop db"
    assert_output --regexp "process $(field db pid): redis-server [^']*:$port"
    refute_output --partial "''"$'\n'"      process"
}
