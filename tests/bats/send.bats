#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# --stdin open and send: an input that does not end, and lines that are written whole or not at all.
load sigmund

setup() {
    sigmund_setup
    scratch_folder
}
teardown() { sigmund_teardown; }

# A command that sits still until it is told to read.
idle() { sigmund -q -n reader --stdin open -- sh -c "while [ ! -e '$scratch/go' ]; do sleep 0.05; done; $1"; }

@test "A command with an open input does not read its end, and reads what is sent" {
    id=$(sigmund -q -n cat --stdin open -- sh -c 'while read -r line; do echo "got $line"; done; echo over')
    sigmund send cat hello
    sigmund send cat two words
    sigmund send "$id" -n 'a '
    sigmund send cat ''
    printf 'x\ny\n' | sigmund send cat -
    wait_until 10 log_has "$id" 'got y'
    is "$id" state running
    run sigmund send --eof cat last
    assert_success
    run timeout $((100 * slowness)) "$SIGMUND" wait "$id"
    assert_success
    [[ $(sigmund dump "$id") == $'got hello\ngot two words\ngot a\ngot x\ngot y\ngot last\nover' ]]
}

@test "An input that was ended takes nothing more, and a restart opens a new one" {
    id=$(sigmund -q -n r --stdin open -- sh -c 'cat; echo over; sleep 300')
    sigmund send r one
    sigmund send --eof r
    wait_until 10 log_has "$id" over
    run sigmund send r two
    assert_failure 1
    assert_output --partial "send --eof"
    run timeout $((100 * slowness)) "$SIGMUND" restart r
    assert_success
    sigmund send r three
    wait_until 10 log_has "$id" three
    refute_in_log "$id" two
}
refute_in_log() { ! sigmund dump "$1" | grep -q "$2"; }

@test "What does not fit is refused whole with status 4, and the limit is named" {
    id=$(idle 'wc -c')
    head -c 65536 /dev/zero | tr '\0' a >"$scratch/full"
    sigmund send reader - <"$scratch/full"
    for what in x "$(head -c 5000 "$scratch/full")"; do
        run sigmund send reader "$what"
        assert_failure 4
        assert_output --partial "64 KiB"
    done
    { cat "$scratch/full" && echo; } >"$scratch/more"
    run sigmund send reader - <"$scratch/more"
    assert_failure 4
    sigmund send --eof reader
    : >"$scratch/go"
    run timeout $((100 * slowness)) "$SIGMUND" wait "$id"
    assert_success
    [[ $(sigmund dump "$id" | tr -d ' ') == 65536 ]]
}

@test "Lines that come in small pieces and fill the pages of the pipe are all kept" {
    id=$(idle 'cksum')
    for i in {1..40}; do printf '%01500d\n' "$i"; done >"$scratch/lines"
    while read -r line; do sigmund send reader "$line"; done <"$scratch/lines"
    sigmund send --eof reader
    : >"$scratch/go"
    run timeout $((100 * slowness)) "$SIGMUND" wait "$id"
    [[ $(sigmund dump "$id") == "$(cksum <"$scratch/lines")" ]]
}

@test "The lines of several senders never mix" {
    id=$(sigmund -q -n reader --stdin open -- cat)
    for who in a b c; do
        (for _ in {1..10}; do
            until head -c 20000 /dev/zero | tr '\0' "$who" | { cat && echo; } | sigmund send reader - 2>/dev/null; do
                sleep 0.05
            done
        done) &
    done
    wait
    sigmund send --eof reader
    timeout $((100 * slowness)) "$SIGMUND" wait "$id"
    [[ $(sigmund dump "$id" | grep -cE '^(a{20000}|b{20000}|c{20000})$') == 30 ]]
    [[ $(sigmund dump "$id" | wc -l) == 30 ]]
}

@test "A sender is told when nothing reads, when the input is not open, and when the run is over" {
    id=$(sigmund -q -n closed --stdin open -- sh -c 'exec <&-; echo closed; exec sleep 300')
    wait_until 10 log_has "$id" closed
    run sigmund send closed x
    assert_failure 1
    assert_output --partial "has closed its input"
    sigmund -q -n plain sleep 300
    run sigmund send plain x
    assert_failure 1
    assert_output --partial "--stdin open"
    sigmund stop -q plain
    run sigmund send plain x
    assert_failure 1
    assert_output --partial "has ended"
    run sigmund send nobody x
    assert_failure 5
    run sigmund send closed
    assert_failure 1
    assert_output --partial "send needs a text"
    run sigmund --pool 2 --stdin open cat
    assert_failure 1
    assert_output --partial "--stdin open is the input of one process"
}

@test "A life that a policy starts again has an input of its own" {
    id=$(sigmund -q -n again --stdin open --restart always --backoff 10ms -- sh -c 'read -r x; echo "got $x"')
    for i in 1 2 3; do
        until sigmund send again "$i" 2>/dev/null; do sleep 0.02; done
        wait_until 10 log_has "$id" "got $i"
    done
    sigmund stop -q again
}

@test "The guardian of an open input sleeps, and a run of it is stopped like any other" {
    id=$(sigmund -q --stdin open -- sh -c 'trap "" TERM; cat')
    wait_until 10 is "$id" state running
    run timeout $((100 * slowness)) "$SIGMUND" stop --timeout 100ms "$id"
    assert_success
}

@test "A file named open is ./open" {
    cd "$scratch"
    echo content >open
    id=$(sigmund -q --stdin ./open -- cat)
    timeout $((100 * slowness)) "$SIGMUND" wait "$id"
    [[ $(sigmund dump "$id") == content ]]
    id=$(sigmund again -q "$id")
    timeout $((100 * slowness)) "$SIGMUND" wait "$id"
    [[ $(sigmund dump "$id") == content ]]
}

@test "What was sent is in no record" {
    id=$(sigmund -q -n secret --stdin open -- sh -c 'read -r x; exec sleep 300')
    sigmund send secret hunter2
    sigmund stop -q secret
    run grep -rl hunter2 "$SIGMUND_STATE_DIR"
    assert_failure
}

@test "Bytes of any kind are sent as they are" {
    id=$(sigmund -q -n bin --stdin open -- sha256sum)
    head -c 30000 /dev/urandom >"$scratch/bytes"
    sigmund send bin --eof - <"$scratch/bytes"
    timeout $((100 * slowness)) "$SIGMUND" wait "$id"
    [[ $(sigmund dump "$id") == "$(sha256sum <"$scratch/bytes")" ]]
}

@test "A watcher that ended because it had no input is told of --stdin open" {
    id=$(sigmund -q -n dev -- cat)
    timeout $((100 * slowness)) "$SIGMUND" wait "$id"
    run sigmund explain "$id"
    assert_output --partial "--stdin open"
    id=$(sigmund -q -n other -- cat)
    timeout $((100 * slowness)) "$SIGMUND" wait "$id"
    run sigmund explain "$id"
    refute_output --partial "--stdin open"
}

@test "send --wait prints the new output up to the line that matches, also up to a prompt" {
    id=$(sigmund -q -n calc --stdin open -- sh -c 'echo before; while read -r a; do echo "a line"; echo "sum $((a + 1))"; echo after; done')
    wait_until 10 log_has "$id" before
    run timeout $((100 * slowness)) "$SIGMUND" send calc 41 --wait '^sum [0-9]+$'
    assert_success
    assert_output $'a line\nsum 42'
    id=$(sigmund -q -n py --tty -- python3 -q)
    wait_until 10 log_has "$id" '>>> '
    run timeout $((100 * slowness)) "$SIGMUND" send py 'print("\033[31mred\033[0m")' --wait '^>>> $'
    assert_success
    assert_line red
    [[ ${lines[-1]} == '>>> '* ]]
}

@test "send --wait gives up in time, and when the run ends" {
    id=$(sigmund -q -n quiet --stdin open -- cat)
    run timeout $((100 * slowness)) "$SIGMUND" send quiet x --wait nothing --timeout 300ms
    assert_failure 124
    assert_output --partial "printed no line that matches nothing within"
    run timeout $((100 * slowness)) "$SIGMUND" send quiet last --eof --wait nothing
    assert_failure 1
    assert_output --partial "has ended"
    run sigmund send quiet x --wait '('
    assert_failure
}

@test "send --wait goes on in a log that is rotated" {
    id=$(sigmund -q -n many --stdin open --log-max-size 1K -- sh -c 'while read -r n; do seq 1 "$n"; echo "done $n"; done')
    run timeout $((100 * slowness)) "$SIGMUND" send many 2000 --wait '^done 2000$'
    assert_success
    [[ ${lines[-1]} == "done 2000" ]]
}
