#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A command that writes its log through a pipe outlives its guardian, and so does its log.
load sigmund

setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

newest() { cat "$SIGMUND_STATE_DIR/$1.log.1" "$SIGMUND_STATE_DIR/$1.log" 2>/dev/null | grep -o 'line [0-9]*' | tail -n 1 | cut -d' ' -f2; }

passes() { (($(newest "$1") > $2)); }

heirs() { grep -lzx "sigmund: [l]og of $1" /proc/[0-9]*/cmdline 2>/dev/null | wc -l; }

no_heir() { [[ $(heirs "$1") == 0 ]]; }

@test "With --log-max-size the command, its log and the rotation continue without their guardian" {
    id=$(sigmund -q --log-max-size 4K bash -c "$talker")
    leader=$(field "$id" pid)
    wait_until 20 passes "$id" 10
    kill -KILL "$(field "$id" guardian.pid)"
    wait_until 10 bash -c "[[ \$('$SIGMUND' show --json '$id' | jq .data[0].guardian.alive) == false ]]"
    at=$(newest "$id")
    # This is more than one file holds.
    wait_until 60 passes "$id" $((at + 400))
    kill -0 "$leader"
    (($(stat -c %s "$SIGMUND_STATE_DIR/$id.log") <= 4096))
    state_is "$id" running
    sigmund stop -q "$id"
    gone "$leader"
    wait_until 10 no_heir "$id"
}

@test "Each worker of a pool with prefixed lines keeps its prefix without the guardian" {
    id=$(sigmund -q --pool 2 bash -c "$talker")
    workers=$(sigmund show --json "$id" | jq '.data[0].workers[].pid')
    wait_until 20 log_has "$id" '^1 | line 3 '
    kill -KILL "$(field "$id" guardian.pid)"
    wait_until 60 log_has "$id" '^0 | line 300 '
    wait_until 60 log_has "$id" '^1 | line 300 '
    for worker in $workers; do kill -0 "$worker"; done
    sigmund kill -q "$id"
    wait_until 10 no_heir "$id"
}

@test "The last line without a newline is written when the writers have gone" {
    mkfifo "$BATS_TEST_TMPDIR/go"
    id=$(sigmund -q --log-max-size 4K bash -c 'echo ready; read -r <"$0"; printf "the end"' "$BATS_TEST_TMPDIR/go")
    wait_until 10 log_has "$id" ready
    kill -KILL "$(field "$id" guardian.pid)"
    echo >"$BATS_TEST_TMPDIR/go"
    wait_until 10 log_has "$id" '^the end$'
    wait_until 10 no_heir "$id"
}

@test "The process that writes the log does not belong to the run, and ends with it" {
    id=$(sigmund -q --log-max-size 4K sleep 300)
    wait_until 10 bash -c "grep -lzx 'sigmund: [l]og of $id' /proc/[0-9]*/cmdline"
    assert_equal "$(heirs "$id")" 1
    assert_equal "$(field "$id" processes)" 1
    heir=$(grep -lzx "sigmund: [l]og of $id" /proc/[0-9]*/cmdline 2>/dev/null | cut -d/ -f3)
    # It holds neither the run's lock nor the writing ends of its pipes.
    run bash -c "ls -l /proc/$heir/fd | grep -c '$id.lock'"
    assert_output 0
    sigmund stop -q "$id"
    wait_until 10 gone "$heir"
    # A run that writes its log file itself does not need such a process.
    id=$(sigmund -q sleep 300)
    assert_equal "$(heirs "$id")" 0
    kill -KILL "$(field "$id" guardian.pid)"
    kill -0 "$(field "$id" pid)"
}

@test "When the log's process is killed the guardian continues alone; when both are killed the command gets SIGPIPE" {
    id=$(sigmund -q --log-max-size 4K bash -c "$talker")
    leader=$(field "$id" pid)
    heir=$(grep -lzx "sigmund: [l]og of $id" /proc/[0-9]*/cmdline 2>/dev/null | cut -d/ -f3)
    kill -KILL "$heir"
    at=$(newest "$id")
    wait_until 60 passes "$id" $((${at:-0} + 200))
    kill -KILL "$(field "$id" guardian.pid)"
    wait_until 10 gone "$leader"
}
