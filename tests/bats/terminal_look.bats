#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What list, show and explain say of the terminal of a run: who waits for input, what Ctrl-S has stopped, and who is
# attached.
load sigmund

setup() {
    sigmund_setup
    scratch_folder
}
teardown() { sigmund_teardown; }

use_is() { [[ $(field "$1" 'terminal.use') == "$2" ]]; }
# Starts a command with a terminal, and waits until that has this use.
begin() {
    local use=$1
    shift
    id=$(sigmund -q -n prog --tty=90x20 -- "$@")
    wait_until 10 use_is "$id" "$use"
}

@test "A program that reads its terminal waits for input, whichever call it sleeps in" {
    for code in 'import sys; sys.stdin.readline()' 'import os; os.read(0, 1)' \
        'import os; os.readv(os.open("/dev/tty", os.O_RDONLY), [bytearray(9)])' \
        'import select; select.select([0], [], [])' \
        'import select; p = select.poll(); p.register(0, select.POLLIN); p.poll()' 'input("name? ")'; do
        begin reading python3 -c "$code"
        run sigmund list
        assert_output --regexp 'prog +waits for input'
        run sigmund explain "$id"
        assert_output --partial 'it waits for input on its terminal, and nobody is attached'
        assert_output --partial 'hint: sigmund attach prog, or sigmund send prog TEXT'
        sigmund stop "$id"
    done
    is "$id" terminal null
}

@test "A program in the background of a shell, or behind a pipe, is found by the foreground group" {
    begin reading bash --norc -i
    sigmund send prog 'sleep 300 & echo be""gun | cat - /dev/tty'
    wait_until 10 log_has "$id" begun
    wait_until 10 use_is "$id" reading
    sigmund send --eof prog
    sigmund send prog 'sleep 301'
    wait_until 10 use_is "$id" busy
}

@test "What waits for something else does not wait for input" {
    for code in 'import socket; a, b = socket.socketpair(); print("now", flush=True); a.recv(1)' \
        'import select; print("now", flush=True); [select.select([0], [], [], 60) for _ in range(9)]' \
        'import os, select; r, w = os.pipe(); print("now", flush=True); select.select([0, r], [], [])' \
        'import os; r, w = os.pipe(); print("now", flush=True); os.read(r, 1)'; do
        begin busy python3 -c "$code"
        wait_until 10 log_has "$id" now
        sleeps() { [[ $(cut -d' ' -f3 "/proc/$(field "$id" pid)/stat") == S ]]; }
        wait_until 10 sleeps
        use_is "$id" busy
        run sigmund list
        refute_output --partial 'waits'
        sigmund stop "$id"
    done
}

@test "Output that Ctrl-S has stopped is told, until Ctrl-Q or another program starts it again" {
    begin busy sh -c 'while :; do echo tick; sleep 0.05; done'
    sigmund send --key ctrl-s prog
    wait_until 10 use_is "$id" stopped
    run sigmund list
    assert_output --regexp 'prog +stopped by Ctrl-S'
    run sigmund show "$id"
    assert_output --partial '90x20, nobody is attached, stopped by Ctrl-S'
    run sigmund explain "$id"
    assert_output --partial 'hint: sigmund send --key ctrl-q prog'
    size=$(stat -c %s "$SIGMUND_STATE_DIR/$id.log")
    sigmund send --key ctrl-q prog
    wait_until 10 use_is "$id" busy
    grows() { (($(stat -c %s "$SIGMUND_STATE_DIR/$id.log") > size)); }
    wait_until 10 grows
    sigmund restart prog
    use_is "$id" busy
}

@test "list and show tell who is attached, and such a run needs nothing" {
    begin reading cat
    # script(1) gives attach a terminal, which lives until its input ends.
    mkfifo "$scratch/keys"
    script -qec "stty cols 70 rows 15; exec $SIGMUND attach prog" /dev/null <"$scratch/keys" >/dev/null &
    exec 8>"$scratch/keys"
    viewers() { [[ $(sigmund list --json | jq -c '.data[0].terminal.viewers | map([.columns, .rows, .read_only, .owner])') == "$1" ]]; }
    wait_until 10 viewers '[[70,15,false,true]]'
    script -qec "stty cols 60 rows 10; exec $SIGMUND attach --read-only prog" /dev/null <"$scratch/keys" >/dev/null &
    wait_until 10 viewers '[[70,15,false,true],[60,10,true,false]]'
    run sigmund show prog
    assert_output --regexp 'terminal: +70x15, attached: 70x15, idle [^,]*, attached: 60x10 for reading only, idle'
    run sigmund list
    refute_output --partial 'waits'
    (($(field "$id" 'terminal.viewers[0].idle_ms') >= 0))
    run sigmund detach --all prog
    assert_success
    exec 8>&-
    wait
    viewers '[]'
}

@test "Neither a frozen guardian nor one that is gone holds up list" {
    begin reading cat
    guardian=$(guardian_of "$id")
    kill -STOP "$guardian"
    run sigmund list --json
    kill -CONT "$guardian"
    assert_success
    [[ $(jq -r '.data[0].terminal' <<<"$output") == null ]]
    [[ $(jq -r '.data[0].state' <<<"$output") == running ]]
}

@test "Only runs with a terminal have one" {
    id=$(sigmund -q sleep 300)
    is "$id" terminal null
    sigmund stop "$id"
    [[ $(sigmund list --json | jq '.data[0] | has("terminal")') == true ]]
}
