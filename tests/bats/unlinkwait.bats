#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# unlinkwait returns when a file has no name left.
load kin

setup() { kin_setup; }

@test "Unlinkwait returns at once when there is no such file" {
    run -0 timeout $((100 * slowness)) unlinkwait none
    run -0 timeout $((100 * slowness)) "$SIGMUND_BIN" unlinkwait none
}

@test "Wrong use of unlinkwait is an error" {
    : >plain
    run -1 unlinkwait
    run -1 unlinkwait ""
    run -1 unlinkwait one two
    run -1 unlinkwait plain/x
    assert_output --partial "unlinkwait: "
}

@test "A mistyped option of unlinkwait is not taken for a removed file" {
    run -1 timeout $((100 * slowness)) unlinkwait --hlep
    assert_output --partial "unknown option"
    run -0 timeout $((100 * slowness)) unlinkwait -- --hlep
    for option in --help -h; do
        run -0 unlinkwait "$option"
        assert_line --partial "Usage: unlinkwait"
    done
    run -0 unlinkwait -V
    assert_output --regexp '^unlinkwait [0-9]'
}

in_inotify() { [[ $(readlink "/proc/$1/fd/"* 2>/dev/null) == *inotify* ]] && asleep "$1"; }

# waits_for PATH: starts unlinkwait in the background and waits until it sleeps. `waiter` is its pid.
waits_for() {
    timeout $((100 * slowness)) unlinkwait "$1" 3>&- &
    local watcher=$!
    eventually pgrep -P "$watcher" >/dev/null
    waiter=$(pgrep -P "$watcher")
    eventually in_inotify "$waiter"
}

@test "Unlinkwait waits for the last link, whatever the names" {
    : >one
    ln one two
    waits_for one
    mv one three
    rm two
    sleep 0.1
    asleep "$waiter"
    rm three
    wait
}

@test "Unlinkwait waits for the file that it has seen, not for another one in its place" {
    : >old
    : >new
    waits_for old
    mv new old
    wait
}

@test "Unlinkwait waits for a FIFO and a directory, but not for the missing target of a link" {
    mkfifo fifo
    waits_for fifo
    rm fifo
    wait
    mkdir folder
    waits_for folder
    rmdir folder
    wait
    ln -s nowhere link
    run -0 timeout $((100 * slowness)) unlinkwait link
}

@test "Unlinkwait sleeps without a system call" {
    : >file
    waits_for file
    timeout -s INT 1 strace -o trace -p "$waiter" 2>strace.log || true
    grep -q attached strace.log
    (($(grep -c '(' trace) <= 1)) # the read in which it sleeps
    rm file
    wait
}
