#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# guard: a command that lives as long as its runs.
load sigmund

setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

@test "Guard ends with the command's status, or with 123 when a run ends" {
    sigmund -q -n db sleep 300
    run sigmund guard db -- sh -c 'echo works; exit 4'
    assert_failure 4
    assert_output --partial works
    run sigmund guard db -- sh -c 'kill -SEGV $$'
    assert_failure 139
    run -127 sigmund guard db -- no-such-command
    assert_failure 127
    sigmund -q -n web sh -c 'echo the reason; sleep 0.3; exit 7'
    run timeout $((80 * slowness)) "$SIGMUND" guard db web -- sleep 300
    assert_failure 123
    assert_output --partial "web"
    assert_output --partial "the reason"
    assert_output --partial " exited 7"
    run sigmund guard web -- touch started
    assert_failure 123
    [[ ! -e started ]]
    run sigmund guard db
    assert_failure 1
    run sigmund guard -- true
    assert_failure 5
    run sigmund guard nobody -- true
    assert_failure 5
}

@test "Guard passes on the signals that it alone gets, and the command does not outlive it" {
    local signal guard
    sigmund -q -n web sleep 300 >/dev/null
    for signal in TERM HUP; do
        "$SIGMUND" guard web -- sh -c 'echo $$ >"$SIGMUND_STATE_DIR/pid"; exec sleep 300' &
        guard=$!
        OWN_PIDS+=("$guard")
        wait_until 5 test -s "$SIGMUND_STATE_DIR/pid"
        kill -$signal "$guard"
        status=0
        wait "$guard" || status=$?
        [[ $status == $((128 + $(kill -l $signal))) ]]
        wait_until 5 gone "$(<"$SIGMUND_STATE_DIR/pid")"
        rm "$SIGMUND_STATE_DIR/pid"
    done
}

@test "Guard reports how a run ended whose processes are not all gone" {
    id=$(sigmund -q -n web sh -c 'sleep 300 & read -r line <'"$SIGMUND_STATE_DIR"'/gate; exit 4')
    mkfifo "$SIGMUND_STATE_DIR/gate"
    sigmund stop -q "$id"
    id=$(sigmund -q -n web sh -c 'sleep 300 & read -r line <'"$SIGMUND_STATE_DIR"'/gate; exit 4')
    (sleep 0.3 && echo >"$SIGMUND_STATE_DIR/gate") &
    run sigmund guard web -- sleep 60
    assert_failure 123
    assert_output --partial "web ($id) exited 4"
}
