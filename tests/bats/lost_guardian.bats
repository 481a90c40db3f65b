#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Verbs without the guardian's help: it was killed, or it is frozen. What was proven once is not forgotten, what is
# reported was seen, and what cannot be found is said.
load sigmund

setup() {
    sigmund_setup
    work=$(mktemp -d /tmp/sgml.XXXXXX)
    cat >"$work/ign.sh" <<'END'
#!/bin/sh
trap '' TERM
echo $$ >>"$1"
while :; do sleep 0.2; done
END
    chmod +x "$work/ign.sh"
}

teardown() {
    local pid
    for pid in $(cat "$work"/*.pids 2>/dev/null); do kill -KILL "$pid" 2>/dev/null || true; done
    rm -rf "$work"
    sigmund_teardown
}

guardian_of() { field "$1" guardian.pid; }
kill_guardian() {
    local guardian
    guardian=$(guardian_of "$1")
    kill -KILL "$guardian"
    wait_until 10 gone "$guardian"
}
lines() { [[ $(wc -l <"$1" 2>/dev/null) -ge $2 ]]; }

@test "a child without environment and session is stopped although what proved it ends first" {
    id=$(sigmund -q sh -c "env -i setsid $work/ign.sh $work/a.pids & wait")
    wait_until 10 lines "$work/a.pids" 1
    child=$(cat "$work/a.pids")
    kill_guardian "$id"
    run --separate-stderr sigmund stop --timeout 1 --json "$id"
    assert_success
    gone "$child"
    jq -e --argjson pid "$child" '.data[0] | .outcome == "killed" and (.killed | index($pid)) and (.exited | index($pid) | not)' <<<"$output"
}

@test "the same with a parent that takes its time: no claim of a SIGKILL that was not sent" {
    id=$(sigmund -q bash -c "trap 'sleep 0.5; exit' TERM; env -i setsid $work/ign.sh $work/a.pids & wait; wait")
    wait_until 10 lines "$work/a.pids" 1
    child=$(cat "$work/a.pids")
    kill_guardian "$id"
    run sigmund stop --timeout 2 "$id"
    assert_success
    gone "$child"
}

@test "kill, and wait --gone, know such a child too" {
    id=$(sigmund -q sh -c "env -i setsid $work/ign.sh $work/a.pids & wait")
    wait_until 10 lines "$work/a.pids" 1
    child=$(cat "$work/a.pids")
    kill_guardian "$id"
    "$SIGMUND" wait --gone "$id" >"$work/waited" 2>&1 &
    waiter=$!
    OWN_PIDS+=("$waiter")
    pinned() { readlink "/proc/$waiter/fd/"* 2>/dev/null | grep -q pidfd; }
    wait_until 10 pinned
    kill -KILL "$(field "$id" pid)"
    kill -0 "$waiter"
    kill -KILL "$child"
    wait_until 10 gone "$waiter"
    id=$(sigmund -q sh -c "env -i setsid $work/ign.sh $work/b.pids & wait")
    wait_until 10 lines "$work/b.pids" 1
    kill_guardian "$id"
    run sigmund kill "$id"
    assert_success
    gone "$(cat "$work/b.pids")"
}

# A script under an adopter of its own, as a login has one: what it orphans is no suspect in other tests.
under_reaper() {
    python3 -c 'import ctypes, subprocess, sys
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
sys.exit(subprocess.call(sys.argv[1:]))' bash -c "$@"
}

# Starts a run with an orphan that nothing proves any more, without its guardian.
orphaning='
    id=$("$SIGMUND" -q sh -c "(env -i setsid $1/ign.sh $1/a.pids &); exec sleep 300")
    until [[ -s $1/a.pids ]]; do sleep 0.05; done
    child=$(<"$1/a.pids")
    guardian=$("$SIGMUND" show "$id" --json | jq .data[0].guardian.pid)
    kill -KILL "$guardian"
    until ! kill -0 "$guardian" 2>/dev/null || grep -q "^State:.Z" "/proc/$guardian/status"; do sleep 0.05; done
    echo "child=$child"
'

@test "what cannot be proven any more is told by name, is not signalled, and is no plain success" {
    # shellcheck disable=SC2016 # for the inner shell
    run timeout 60 "$BASH" -c "$(declare -f under_reaper); under_reaper \"\$@\"" - "$orphaning"'
        "$SIGMUND" stop "$id"
        echo "status=$?"
        kill -0 "$child" && echo "spared"
        # It is said as long as it is so.
        "$SIGMUND" stop --json "$id" 2>/dev/null | jq -r ".data[0].suspects[].pid"
        "$SIGMUND" stop --json "$id" >/dev/null 2>&1
        echo "again=$?"
        kill -KILL "$child"
    ' - "$work"
    child=$(cat "$work/a.pids")
    assert_output --partial "warning"
    assert_output --partial "$child (/bin/sh $work/ign.sh"
    assert_line "status=4"
    assert_line "spared"
    assert_line "$child"
    assert_line "again=4"
}

@test "signal --every and pause say that they may not have reached all" {
    # shellcheck disable=SC2016 # for the inner shell
    run timeout 60 "$BASH" -c "$(declare -f under_reaper); under_reaper \"\$@\"" - "$orphaning"'
        "$SIGMUND" signal --every CONT "$id"
        echo "status=$?"
        "$SIGMUND" pause "$id"
        echo "paused=$?"
        "$SIGMUND" resume "$id"
        kill -KILL "$child"
    ' - "$work"
    assert_output --partial "$(cat "$work/a.pids") (/bin/sh"
    assert_line "status=4"
    assert_line "paused=4"
}

@test "a run of many processes is stopped with few descriptors" {
    id=$(sigmund -q sh -c 'for i in $(seq 100); do sleep 300 & done; echo $$ >"$0"; wait' "$work/ready")
    wait_until 20 test -s "$work/ready"
    kill_guardian "$id"
    run --separate-stderr prlimit --nofile=20 "$SIGMUND" stop --json "$id"
    assert_success
    [[ $(jq '.data[0].exited | length' <<<"$output") == 101 ]]
    [[ -z $(keyed_processes) ]]
}

@test "many runs are stopped with few descriptors" {
    for _ in $(seq 12); do sigmund -q sleep 300 >/dev/null; done
    run prlimit --nofile=16 "$SIGMUND" stop @all
    assert_success
    [[ -z $(keyed_processes) ]]
}

@test "where no descriptor is to be had at all, nothing is claimed" {
    command -v strace
    id=$(sigmund -q sleep 300)
    pid=$(field "$id" pid)
    kill_guardian "$id"
    for error in EMFILE ENFILE; do
        run timeout 60 strace -qq -o /dev/null -e trace=pidfd_open -e inject=pidfd_open:error=$error "$SIGMUND" stop "$id"
        assert_failure
        [[ $status != 124 ]]
        kill -0 "$pid"
    done
    # For a moment only: it is waited out.
    run strace -qq -o /dev/null -e trace=pidfd_open -e inject=pidfd_open:error=EMFILE:when=1..5 "$SIGMUND" stop "$id"
    assert_success
    gone "$pid"
}

@test "a tree that forks without a pause is ended without its guardian" {
    id=$(sigmund -q bash -c 'f() { while :; do sleep 0.05 & wait $!; done; }; for i in 1 2 3 4 5 6; do f & done; wait')
    pid=$(field "$id" pid)
    wait_until 10 bash -c "[[ \$(ps --no-headers -o pid --ppid $pid | wc -l) -ge 6 ]]"
    kill_guardian "$id"
    run sigmund kill "$id"
    assert_success
    [[ -z $(keyed_processes) ]]
}

@test "a guardian that is killed during the stop: the rest is ended, or said" {
    id=$(sigmund -q sh -c "trap '' TERM; env -i setsid $work/ign.sh $work/a.pids & while :; do sleep 0.2; done")
    wait_until 10 lines "$work/a.pids" 1
    child=$(cat "$work/a.pids")
    guardian=$(guardian_of "$id")
    sigmund stop --timeout 3 "$id" >"$work/said" 2>&1 &
    stopper=$!
    stopping() { state_is "$id" stopping; }
    wait_until 10 stopping
    kill -KILL "$guardian"
    status=0
    wait "$stopper" || status=$?
    [[ $status == 0 ]]
    gone "$child"
}

@test "a frozen guardian that is told in no other way finds the word in the store, and starts nothing again" {
    # Its socket is full, and its identity cannot be proven: what a record without its start time amounts to.
    id=$(sigmund -q --restart always --backoff 1ms sh -c "echo x >>$work/lives; exec sleep 300")
    wait_until 10 test -s "$work/lives"
    guardian=$(guardian_of "$id")
    kill -STOP "$guardian"
    cp "$SIGMUND_STATE_DIR/$id.json" "$work/before"
    jq -c '.guardian.start_ticks = 1' "$work/before" >"$SIGMUND_STATE_DIR/$id.json"
    cat >"$work/fill.py" <<'PY'
import socket, sys, time
held = []
while True:
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    s.setblocking(False)
    try:
        s.connect(sys.argv[1])
    except BlockingIOError:
        break
    held.append(s)
print("full", flush=True)
time.sleep(600)
PY
    python3 "$work/fill.py" "$SIGMUND_STATE_DIR/$id.sock" >"$work/full" &
    OWN_PIDS+=("$!")
    wait_until 10 grep -q full "$work/full"
    run sigmund stop "$id"
    [[ -z $(keyed_processes) ]]
    kill -CONT "$guardian"
    wait_until 20 gone "$guardian"
    [[ $(wc -l <"$work/lives") == 1 ]]
    state_is "$id" exited
    [[ ! -e $SIGMUND_STATE_DIR/$id.stop ]]
}

@test "a stop from another time namespace proves the run and its frozen guardian" {
    ((EUID == 0)) || return 0
    id=$(sigmund -q --restart always --backoff 1ms sh -c "echo x >>$work/lives; exec sleep 300")
    wait_until 10 test -s "$work/lives"
    pid=$(field "$id" pid)
    guardian=$(guardian_of "$id")
    [[ $(unshare -T --boottime 1000 "$SIGMUND" show "$id" --json | jq -r .data[0].state) == running ]]
    kill -STOP "$guardian"
    run unshare -T --boottime 1000 "$SIGMUND" stop "$id"
    assert_success
    gone "$pid"
    kill -CONT "$guardian"
    wait_until 20 gone "$guardian"
    [[ $(wc -l <"$work/lives") == 1 ]]
    # A run that was started there is known here.
    id=$(unshare -T --boottime 1000 "$SIGMUND" -q sleep 300)
    kill_guardian "$id"
    state_is "$id" running
    run sigmund stop "$id"
    assert_success
}

@test "a frozen guardian that thaws after a stop or a kill records that, not a signal of somebody's" {
    for verb in stop kill; do
        id=$(sigmund -q --restart always sleep 300)
        guardian=$(guardian_of "$id")
        kill -STOP "$guardian"
        run sigmund "$verb" "$id"
        assert_success
        kill -CONT "$guardian"
        wait_until 20 gone "$guardian"
        assert_equal "$(field "$id" ended_by)" "$verb"
        run sigmund explain "$id"
        assert_output --partial "it was ended by \`sigmund $verb\`"
    done
}

@test "stages and workers have groups of their own, and are not said to have left the run's" {
    for start in "run -q --pool 3 sleep 300" "pipe -q -- sleep 300 | sleep 300 | sleep 300"; do
        read -ra words <<<"$start"
        id=$(sigmund "${words[@]}")
        kill_guardian "$id"
        run sigmund stop "$id"
        assert_success
        refute_output --partial "had left its group"
    done
}
