#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# --tty: a command has a terminal of its own, its output is in the log, and send types.
load sigmund

setup() {
    sigmund_setup
    scratch_folder
}
teardown() { sigmund_teardown; }

log_of() { sigmund dump "$1" | tr -d '\r'; }

@test "The command's terminal is its stdin, stdout, stderr and controlling terminal, of the size that was asked for" {
    sigmund -n size --wait --tty=101x33 -- sh -c 'test -t 0 && test -t 1 && test -t 2 && stty size </dev/tty'
    [[ $(log_of size) == "33 101" ]]
    TERM=dumb COLUMNS=7 LINES=7 TMUX=x sigmund -n usual --wait --tty -- \
        sh -c 'stty size; echo "$TERM ${COLUMNS-none} ${TMUX-none}"' </dev/null >"$scratch/out" 2>&1
    [[ $(log_of usual) == $'24 80\nxterm-256color none none' ]]
    TERM=vt220 sigmund -n asked --wait --tty --env COLUMNS=50 -- sh -c 'echo "$TERM $COLUMNS"'
    [[ $(log_of asked) == "vt220 50" ]]
}

@test "A run of a moment keeps all its lines, five hundred times" {
    for round in {1..50}; do
        ids=()
        for _ in {1..10}; do ids+=("$(sigmund -q --tty -- sh -c 'echo one; echo two >&2; printf three')"); done
        timeout $((100 * slowness)) "$SIGMUND" wait "${ids[@]}"
        for id in "${ids[@]}"; do
            [[ $(log_of "$id") == $'one\ntwo\nthree' ]] || fail "round $round: $(log_of "$id")"
        done
    done
}

@test "A shell runs what is sent, with job control, and Ctrl-C ends its command" {
    id=$(sigmund -q -n sh --tty -- bash --norc)
    sigmund send sh 'echo $((40 + 2))'
    wait_until 10 log_has "$id" 42
    sigmund send sh 'trap "echo caught" INT; sleep 1000'
    sleeps() { sigmund tree sh | grep -q 'sleep 1000'; }
    wait_until 10 sleeps
    sigmund send sh --key ctrl-c
    wait_until 10 log_has "$id" caught
    sigmund send sh 'sleep 1001'
    sleeps() { sigmund tree sh | grep -q 'sleep 1001'; }
    wait_until 10 sleeps
    sigmund send sh --key ctrl-z
    wait_until 10 log_has "$id" Stopped
    sigmund send sh 'kill %1; exit 7'
    wait_until 10 bash -c "'$SIGMUND' send sh exit 2>/dev/null; [[ \$('$SIGMUND' show $id --json | jq -r '.data[0].state') == exited ]]"
    run timeout $((100 * slowness)) "$SIGMUND" wait "$id"
    ((status == 7 || status == 0 || status == 1)) || fail "status $status"
}

@test "Programs that read lines and end at their end of input work: cat, python, sqlite3" {
    id=$(sigmund -q -n cat --tty -- cat)
    sigmund send cat hello
    wait_until 10 log_has "$id" hello
    sigmund send cat --eof
    run timeout $((100 * slowness)) "$SIGMUND" wait "$id"
    assert_success
    id=$(sigmund -q -n py --tty -- python3 -q)
    wait_until 10 log_has "$id" '>>> '
    sigmund send py 'print(6 * 7)'
    wait_until 10 log_has "$id" 42
    sigmund send py 'exit(5)'
    run timeout $((100 * slowness)) "$SIGMUND" wait "$id"
    assert_failure 5
    id=$(sigmund -q -n db --tty -- sqlite3 :memory:)
    wait_until 10 log_has "$id" 'sqlite> '
    sigmund send db 'select 6 * 7;'
    wait_until 10 log_has "$id" 42
    sigmund send db .quit
    run timeout $((100 * slowness)) "$SIGMUND" wait "$id"
    assert_success
}

@test "A line that the terminal would cut is refused, and one of the longest length arrives" {
    id=$(sigmund -q -n long --tty -- sh -c 'stty -echo; echo ready; read -r line; echo "${#line}"')
    wait_until 10 log_has "$id" ready
    run sigmund send long "$(printf '%4095d' 1)"
    assert_failure 4
    assert_output --partial "4095 bytes in a line"
    sigmund send long -n "$(printf '%02000d' 1)"
    sigmund send long -n "$(printf '%02000d' 1)"
    run sigmund send long "$(printf '%95d' 1)"
    assert_failure 4
    sigmund send long "$(printf '%094d' 1)"
    run timeout $((100 * slowness)) "$SIGMUND" wait "$id"
    assert_success
    [[ $(log_of "$id") == $'ready\n4094' ]]
}

@test "A program that reads single keys has a queue of 64 KiB and no end of input" {
    id=$(sigmund -q -n raw --tty -- sh -c "stty raw -echo; echo ready; while [ ! -e '$scratch/go' ]; do sleep 0.05; done; head -c 60000 | cksum")
    wait_until 10 log_has "$id" ready
    run sigmund send raw --eof
    assert_failure 1
    assert_output --partial "ctrl-d"
    head -c 60000 /dev/zero | tr '\0' x >"$scratch/text"
    sigmund send raw - <"$scratch/text"
    run sigmund send raw - <"$scratch/text"
    assert_failure 4
    : >"$scratch/go"
    run timeout $((100 * slowness)) "$SIGMUND" wait "$id"
    assert_success
    [[ $(log_of "$id" | tail -n 1) == "$(cksum <"$scratch/text")" ]]
}

@test "Questions to the terminal are answered when nobody watches, also when they are cut" {
    cat >"$scratch/ask.py" <<'PY'
import os, sys, termios, time, tty
tty.setraw(0)
def ask(*parts):
    for part in parts:
        os.write(1, part)
        time.sleep(0.05)
    out = b""
    while not out or out[-1:] not in (b"c", b"n", b"R"):
        out += os.read(0, 100)
    return out
print(ask(b"\x1b[c"), ask(b"\x1b", b"[", b"5n"), ask(b"\x1b[6n"), end="\r\n")
PY
    id=$(sigmund -q --tty -- python3 "$scratch/ask.py")
    run timeout $((100 * slowness)) "$SIGMUND" wait "$id"
    assert_success
    log_has "$id" "b'.x1b\[?1;2c' b'.x1b\[0n' b'.x1b\[1;1R'"
}

@test "A line is typed as its text and, a moment later, the key Enter" {
    cat >"$scratch/reads.py" <<'PY'
import os, tty
tty.setraw(0)
os.write(1, b"ready\r\n")
for _ in range(4):
    os.write(1, repr(os.read(0, 100)).encode() + b"\r\n")
PY
    id=$(sigmund -q -n reads --tty -- python3 "$scratch/reads.py")
    wait_until 10 log_has "$id" ready
    sigmund send reads text
    wait_until 10 log_has "$id" "b'.r'"
    printf 'a\nb' | sigmund send reads -
    wait_until 10 log_has "$id" "b'a.rb'"
    sigmund send reads ''
    timeout $((100 * slowness)) "$SIGMUND" wait "$id"
    [[ $(log_of "$id") == $'ready\nb\'text\'\nb\'\\r\'\nb\'a\\rb\'\nb\'\\r\'' ]]
}

@test "The cursor keys are sent as the program wants them" {
    cat >"$scratch/keys.py" <<'PY'
import os, tty
tty.setraw(0)
os.write(1, b"ready\r\n")
print(os.read(0, 10), end="\r\n", flush=True)
os.write(1, b"\x1b[?1happlication\r\n")
print(os.read(0, 10), end="\r\n", flush=True)
PY
    id=$(sigmund -q -n keys --tty -- python3 "$scratch/keys.py")
    wait_until 10 log_has "$id" ready
    sigmund send keys --key up
    wait_until 10 log_has "$id" application
    sigmund send keys --key up
    timeout $((100 * slowness)) "$SIGMUND" wait "$id"
    log_has "$id" "b'.x1b\[A'"
    log_has "$id" "b'.x1bOA'"
    run sigmund send keys --key nothing
    assert_failure 1
    id=$(sigmund -q -n pipe --stdin open -- cat)
    run sigmund send pipe --key ctrl-c
    assert_failure 1
    assert_output --partial "sigmund signal"
}

@test "A guardian sleeps while its command has closed the terminal, and output of /dev/tty goes on later" {
    id=$(sigmund -q -n closed --tty -- sh -c "exec 3>&1 >/dev/null 2>&1 </dev/null; exec 3>&-; : >'$scratch/quiet'; while [ ! -e '$scratch/go' ]; do sleep 0.1; done; echo again >/dev/tty; sleep 300")
    wait_until 10 test -e "$scratch/quiet"
    guardian=$(field "$id" guardian.pid)
    ticks() { awk '{print $14 + $15}' "/proc/$guardian/stat"; }
    before=$(ticks)
    sleep 1
    (($(ticks) - before < 20)) || fail "the guardian took $(($(ticks) - before)) ticks"
    : >"$scratch/go"
    wait_until 10 log_has "$id" again
    run timeout $((100 * slowness)) "$SIGMUND" stop "$id"
    assert_success
}

@test "A restart gives the command a new terminal, and the log tells the lives apart" {
    id=$(sigmund -q -n again --tty=90x20 --restart always --backoff 10ms -- sh -c 'stty size; printf unfinished; read -r x')
    wait_until 10 log_has "$id" unfinished
    sigmund send again go
    twice() { (($(log_of "$id" | grep -c '^20 90') == 2)); }
    wait_until 10 twice
    log_has "$id" '^sigmund: .* restarted after'
    run timeout $((100 * slowness)) "$SIGMUND" restart again
    assert_success
    thrice() { (($(log_of "$id" | grep -c '^20 90') == 3)); }
    wait_until 10 thrice
}

@test "Caps, a pool and a pause work with a terminal" {
    id=$(sigmund -q -n cap --tty --log-max-size 1K --log-keep 2 -- sh -c 'for i in $(seq 1 200); do echo "line $i"; done; sleep 300')
    wait_until 10 log_has "$id" 'line 200'
    (($(stat -c %s "$(field "$id" log)") <= 1024))
    id=$(sigmund -q -n pool --tty --pool 2 -- sh -c 'tty; sleep 300')
    both() { (($(log_of "$id" | grep -c '^[01] | /dev/pts/') == 2)); }
    wait_until 10 both
    (($(log_of "$id" | grep -o '/dev/pts/[0-9]*' | sort -u | wc -l) == 2))
    sigmund pause cap
    is cap state paused
    sigmund resume cap
    run timeout $((100 * slowness)) "$SIGMUND" stop @all
    assert_success
}

@test "What does not go together with a terminal is refused" {
    run sigmund --tty --split-log true
    assert_failure
    assert_output --partial "--split-log"
    run sigmund --tty --stdin /dev/null true
    assert_failure
    run sigmund --tty=80 true
    assert_failure
    assert_output --partial "80x24"
}

@test "When the guardian is killed the terminal hangs up, and stop ends what is left" {
    id=$(sigmund -q -n hup --tty -- sh -c "trap 'echo hup >\"$scratch/hup\"; exit' HUP; echo ready; while :; do sleep 0.1; done")
    wait_until 10 log_has "$id" ready
    kill -KILL "$(field "$id" guardian.pid)"
    wait_until 10 test -s "$scratch/hup"
    run timeout $((100 * slowness)) "$SIGMUND" stop "$id"
    assert_success
}

@test "A template may ask for a terminal" {
    mkdir "$scratch/project"
    cd "$scratch/project"
    printf '[run.a]\ncommand = "stty size"\ntty = true\n[run.b]\ncommand = "stty size"\ntty = "70x17"\n' >sigmund.toml
    sigmund up >/dev/null
    wait_until 10 is b state exited
    [[ $(log_of b) == "17 70" ]]
    wait_until 10 is a state exited
    [[ $(log_of a) == "24 80" ]]
}

@test "A shell that ignores SIGTERM is stopped at once, as if its terminal was closed" {
    for shell in 'bash --norc -i' 'zsh -f -i' 'fish --no-config' 'dash -i'; do
        id=$(sigmund -q --tty --stop-timeout 100s -- $shell)
        sigmund send --wait x_42_x "$id" 'echo x""_42_x'
        run timeout $((90 * slowness)) "$SIGMUND" stop --json "$id"
        assert_success
        [[ $(jq -r '.data[0].outcome' <<<"$output") == stopped ]]
    done
    # Without a terminal, and with another signal, nothing else is sent.
    id=$(sigmund -q --stop-timeout 1s -- sh -c 'trap "" TERM; echo now; while :; do sleep 0.1; done')
    wait_until 10 log_has "$id" now
    run "$SIGMUND" stop --json "$id"
    [[ $(jq -r '.data[0].outcome' <<<"$output") == killed ]]
}

@test "A program that is killed on the alternate screen does not hide what its next life writes" {
    id=$(sigmund -q --tty -n screen -- sh -c 'printf "life\n\033[?1049hon the screen\n"; sleep 300')
    wait_until 10 log_has "$id" 'on the screen'
    sigmund restart screen
    second_life() { (($(sigmund dump --plain "$id" | grep -c life) == 2)); }
    wait_until 10 second_life
    [[ $(sigmund dump --plain "$id") != *'on the screen'* ]]
}
