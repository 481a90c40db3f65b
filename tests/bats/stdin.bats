#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# --stdin FILE: whatever the file is, a start never waits for it.
load sigmund

setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
}
teardown() { sigmund_teardown; }

ended() { is "$1" state exited; }

@test "A start with a FIFO returns, and its command waits for the first writer and ends with the last" {
    mkfifo fifo
    run timeout $((100 * slowness)) "$SIGMUND" -q -n reader --stdin fifo -- sh -c 'cat; echo over'
    assert_success
    is reader state running
    is reader status_text "waiting for a writer of $PWD/fifo"
    id=$(field reader id)
    echo first >fifo
    wait_until 10 ended "$id"
    [[ $(sigmund dump "$id") == $'first\nover' ]]
    is "$id" status_text null
}

@test "A FIFO may have several writers, also one that is silent at first and one that writes nothing" {
    mkfifo fifo
    id=$(timeout $((100 * slowness)) "$SIGMUND" -q --stdin fifo -- sh -c 'cat; echo over')
    exec 8>fifo
    exec 9>fifo
    echo a >&8
    wait_until 10 log_has "$id" a
    exec 8>&-
    echo b >&9
    wait_until 10 log_has "$id" b
    is "$id" state running
    exec 9>&-
    wait_until 10 ended "$id"
    [[ $(sigmund dump "$id") == $'a\nb\nover' ]]
    id=$(timeout $((100 * slowness)) "$SIGMUND" -q --stdin fifo -- sh -c 'cat; echo over')
    : >fifo
    wait_until 10 ended "$id"
    [[ $(sigmund dump "$id") == over ]]
}

@test "A run whose FIFO has no writer is stopped at once, and each life waits for its own writer" {
    mkfifo fifo
    id=$(timeout $((100 * slowness)) "$SIGMUND" -q --stdin fifo --restart always --backoff 20ms -- sh -c 'cat; echo over')
    for i in 1 2 3; do
        waits() { is "$id" status_text "waiting for a writer of $PWD/fifo" && is "$id" restarts $((i - 1)); }
        wait_until 10 waits
        timeout $((100 * slowness)) sh -c "echo $i >fifo"
    done
    restarted() { (($(field "$id" restarts) >= 3)); }
    wait_until 10 restarted
    run timeout $((100 * slowness)) "$SIGMUND" stop -q "$id"
    assert_success
    [[ $(sigmund dump "$id" | grep -c '^[123]$') == 3 ]]
}

@test "A pipe without a name ends with its writer" {
    run timeout $((100 * slowness)) bash -c 'echo hello | "$SIGMUND" -q -w --stdin /dev/stdin cat'
    assert_success
    [[ $(sigmund dump @) == hello ]]
    run timeout $((100 * slowness)) bash -c '"$SIGMUND" -q -w --stdin <(echo substituted) cat'
    assert_success
    [[ $(sigmund dump @) == substituted ]]
}

@test "Folders, sockets and missing files are refused as stdin, with the reason" {
    run sigmund -q --stdin . cat
    assert_failure 125
    assert_output --partial "cannot open stdin $PWD/.: it is a folder"
    python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
    run sigmund -q --stdin socket cat
    assert_failure 125
    assert_output --partial "it is a socket"
    run sigmund -q --stdin none cat
    assert_failure 125
    assert_output --partial "No such file or directory"
    ln -s loop loop
    run sigmund -q --stdin loop cat
    assert_failure 125
    store_empty
}

@test "Devices are read as they are, and a terminal does not become the controlling one" {
    run timeout $((100 * slowness)) "$SIGMUND" -q -w --stdin /dev/zero head -c 3
    assert_success
    run timeout $((120 * slowness)) python3 - <<'END'
import os, pty, subprocess
master, slave = pty.openpty()
out = subprocess.run([os.environ["SIGMUND"], "-q", "-w", "--stdin", os.ttyname(slave), "sh", "-c",
                      "cut -d' ' -f7 /proc/self/stat; : </dev/tty && echo controlling"], timeout=30)
END
    run sigmund dump @
    assert_line --index 0 0
    refute_output --partial controlling
}

@test "A restart waits for an input that has vanished" {
    echo once >input
    id=$(sigmund -q --stdin input --restart always --backoff 20ms..40ms -- sh -c 'cat; mv input away; exit 1')
    failed() { sigmund dump "$id" | grep -q "cannot be started again: $PWD/input: No such file"; }
    wait_until 10 failed
    mv away input
    twice() { (($(sigmund dump "$id" | grep -c ^once) >= 2)); }
    wait_until 10 twice
}
