#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Verbs after the guardian was killed: a process that was proven once is not forgotten, only observed facts are
# reported, and what cannot be found is mentioned.
load sigmund
load lost_guardian

setup() { lost_guardian_setup; }
teardown() { lost_guardian_teardown; }

@test "A run without its guardian can be listed, tailed, waited for and stopped, with the processes that left its group" {
    id=$(sigmund -q bash -c 'echo out; setsid sleep 301 & exec sleep 300')
    wait_until 3 bash -c "(( \$('$SIGMUND' show $id --json | jq .data[0].processes) == 2 ))"
    guardian=$(field "$id" guardian.pid)
    kill -KILL "$guardian"
    wait_until 3 gone "$guardian"
    state_is "$id" running
    [[ $(field "$id" guardian.alive) == false ]]
    run sigmund tail --no-follow "$id"
    assert_output out
    run sigmund wait --timeout 100ms "$id"
    assert_failure 124
    run sigmund explain "$id"
    assert_output --partial "its guardian (process $guardian) was killed, so its exit status will be unknown"
    assert_output --partial "hint: sigmund stop $id still stops all of it"
    # A process that only carries the same id does not belong to the run.
    env SIGMUND_RUN="$id" sleep 300 &
    OWN_PIDS+=($!)
    run sigmund stop "$id"
    assert_success
    kill -0 "${OWN_PIDS[0]}"
    [[ -z $(keyed_processes) ]]
    sigmund prune -q
    store_empty
}

@test "A child without environment and session is stopped although the process that proves it ends first" {
    id=$(sigmund -q sh -c "env -i setsid $work/ign.sh $work/a.pids & wait")
    wait_until 10 has_lines "$work/a.pids" 1
    child=$(cat "$work/a.pids")
    kill_guardian "$id"
    run --separate-stderr sigmund stop --timeout 1 --json "$id"
    assert_success
    gone "$child"
    jq -e --argjson pid "$child" '.data[0] | .outcome == "killed" and (.killed | index($pid)) and (.exited | index($pid) | not)' <<<"$output"
}

@test "For a child whose parent ends slowly, stop claims no SIGKILL that was not sent" {
    id=$(sigmund -q bash -c "trap 'sleep 0.5; exit' TERM; env -i setsid $work/ign.sh $work/a.pids & wait; wait")
    wait_until 10 has_lines "$work/a.pids" 1
    child=$(cat "$work/a.pids")
    kill_guardian "$id"
    run sigmund stop --timeout 2 "$id"
    assert_success
    gone "$child"
}

@test "Kill and wait --gone find a child without environment and session, too" {
    id=$(sigmund -q sh -c "env -i setsid $work/ign.sh $work/a.pids & wait")
    wait_until 10 has_lines "$work/a.pids" 1
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
    wait_until 10 has_lines "$work/b.pids" 1
    kill_guardian "$id"
    run sigmund kill "$id"
    assert_success
    gone "$(cat "$work/b.pids")"
}

@test "A process that cannot be proven any more is named, not signalled, and prevents a plain success" {
    # shellcheck disable=SC2016 # for the inner shell
    run timeout $((120 * slowness)) "$BASH" -c "$(declare -f under_reaper); under_reaper \"\$@\"" - "$orphaning"'
        "$SIGMUND" stop "$id"
        echo "status=$?"
        kill -0 "$child" && echo "spared"
        # It is reported as long as it is true.
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

@test "Signal --every and pause say that they may not have reached all processes" {
    # shellcheck disable=SC2016 # for the inner shell
    run timeout $((120 * slowness)) "$BASH" -c "$(declare -f under_reaper); under_reaper \"\$@\"" - "$orphaning"'
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

@test "A run of many processes can be stopped with few descriptors" {
    id=$(sigmund -q sh -c 'for i in $(seq 100); do sleep 300 & done; echo $$ >"$0"; wait' "$work/ready")
    wait_until 20 test -s "$work/ready"
    kill_guardian "$id"
    run --separate-stderr prlimit --nofile=20 "$SIGMUND" stop --json "$id"
    assert_success
    [[ $(jq '.data[0].exited | length' <<<"$output") == 101 ]]
    [[ -z $(keyed_processes) ]]
}

@test "Many runs can be stopped with few descriptors" {
    for _ in $(seq 12); do sigmund -q sleep 300 >/dev/null; done
    run prlimit --nofile=16 "$SIGMUND" stop @all
    assert_success
    [[ -z $(keyed_processes) ]]
}

@test "Nothing is claimed when there is no descriptor at all" {
    command -v strace
    id=$(sigmund -q sleep 300)
    pid=$(field "$id" pid)
    kill_guardian "$id"
    for error in EMFILE ENFILE; do
        run timeout $((60 * slowness)) strace -qq -o /dev/null -e trace=pidfd_open -e inject=pidfd_open:error=$error "$SIGMUND" stop "$id"
        assert_failure
        [[ $status != 124 ]]
        kill -0 "$pid"
    done
    # The lack is short, so the stop waits until it is over.
    run strace -qq -o /dev/null -e trace=pidfd_open -e inject=pidfd_open:error=EMFILE:when=1..5 "$SIGMUND" stop "$id"
    assert_success
    gone "$pid"
}

@test "A tree that forks without a pause is ended without its guardian" {
    id=$(sigmund -q bash -c 'f() { while :; do sleep 0.05 & wait $!; done; }; for i in 1 2 3 4 5 6; do f & done; wait')
    pid=$(field "$id" pid)
    wait_until 10 bash -c "[[ \$(ps --no-headers -o pid --ppid $pid | wc -l) -ge 6 ]]"
    kill_guardian "$id"
    run sigmund kill "$id"
    assert_success
    [[ -z $(keyed_processes) ]]
}

@test "When a guardian is killed during the stop, the rest is ended or reported" {
    id=$(sigmund -q sh -c "trap '' TERM; env -i setsid $work/ign.sh $work/a.pids & while :; do sleep 0.2; done")
    wait_until 10 has_lines "$work/a.pids" 1
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

@test "Stages and workers have their own groups, and are not reported as having left the run's group" {
    for start in "run -q --pool 3 sleep 300" "pipe -q -- sleep 300 | sleep 300 | sleep 300"; do
        read -ra words <<<"$start"
        id=$(sigmund "${words[@]}")
        kill_guardian "$id"
        run sigmund stop "$id"
        assert_success
        refute_output --partial "had left its group"
    done
}
