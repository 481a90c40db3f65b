#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# stop and kill: no process is left, within one grace period, whatever the processes do.
load sigmund

setup() {
    sigmund_setup
    scratch_folder
}
teardown() { sigmund_teardown; }

@test "After a stop no process is left of setsid, of job control, and of daemons that fork twice" {
    for command in 'setsid sleep 301 & exec sleep 300' 'set -m; sleep 301 & sleep 302 & wait' \
        '(setsid bash -c "sleep 301 & sleep 302" &) ; exec sleep 300'; do
        id=$(sigmund -q bash -c "$command")
        wait_until 3 bash -c "(( \$('$SIGMUND' show $id --json | jq .data[0].processes) >= 2 ))"
        pids=$(keyed_processes)
        run sigmund stop "$id"
        assert_success
        for pid in $pids; do gone "$pid"; done
    done
}

@test "Stop reports processes that had left the group" {
    id=$(sigmund -q bash -c 'setsid sleep 301 & exec sleep 300')
    wait_until 3 bash -c "(( \$('$SIGMUND' show $id --json | jq .data[0].escaped) == 1 ))"
    run sigmund stop "$id"
    assert_success
    assert_output --partial "warning: 1 process of $id had left its group and was stopped, too"
}

@test "A child that ignores SIGTERM is killed when the grace period is over" {
    id=$(sigmund -q bash -c 'trap "" TERM; echo ready; while :; do sleep 0.1; done')
    wait_until 3 log_has "$id" ready
    run sigmund stop --timeout 300ms --json "$id"
    assert_success
    [[ $(jq -r '.data[0].outcome' <<<"$output") == killed ]]
    [[ $(jq -r '.data[0].survivors | length' <<<"$output") == 0 ]]
}

@test "Runs that ignore SIGTERM are stopped together, in one grace period" {
    for _ in {1..20}; do sigmund -q bash -c 'trap "" TERM; echo ready; while :; do sleep 1; done' >>"$SIGMUND_STATE_DIR/ids"; done
    for id in $(cat "$SIGMUND_STATE_DIR/ids"); do wait_until 5 log_has "$id" ready; done
    begin=$(date +%s%N)
    run sigmund stop -q --timeout 1s @all
    assert_success
    (($(date +%s%N) - begin < 10000000000)) # one after the other would take 20 s
    [[ -z $(sigmund list --live --porcelain) ]]
}

@test "Fifty runs that ignore SIGTERM are gone in about one grace period of two seconds" {
    for _ in {1..50}; do
        sigmund -q bash -c 'trap "" TERM; echo ready; while :; do read -rt 10 <> <(:); done' >>"$scratch/ids"
    done
    for id in $(cat "$scratch/ids"); do wait_until 10 log_has "$id" ready; done
    begin=$(date +%s%N)
    run sigmund stop -q --timeout 2s @all
    took=$((($(date +%s%N) - begin) / 1000000))
    assert_success
    ((took >= 1900 && took < 50000)) || fail "took $took ms" # one after the other would take 100 s
    [[ -z $(sigmund list --live --porcelain) ]]
    [[ -z $(keyed_processes) ]]
}

@test "A paused run stops at once" {
    id=$(sigmund -q bash -c 'sleep 300 & sleep 301')
    sigmund pause "$id"
    state_is "$id" paused
    [[ $(cut -d' ' -f3 "/proc/$(field "$id" pid)/stat") == T ]]
    run timeout $((60 * slowness)) "$SIGMUND" stop --timeout 100s "$id"
    assert_success
    id=$(sigmund -q sleep 300)
    sigmund pause "$id"
    sigmund resume "$id"
    state_is "$id" running
}

@test "A target that does not exist does not keep stop from ending the other runs" {
    sigmund -q -n a sleep 300 >/dev/null
    run sigmund stop nosuch a
    assert_failure 5
    assert_output --partial "stopped a"
    assert_output --partial "no run nosuch"
    sigmund -q -n b sleep 300 >/dev/null
    run bash -c "'$SIGMUND' kill --json b nosuch | jq -c '.data[].outcome'"
    assert_output $'"killed"\n"not-found"'
}

@test "Stop reports each word that names no run, even when none of them does" {
    run sigmund stop ghost nobody
    assert_failure 5
    assert_output --partial "no run ghost"
    assert_output --partial "no run nobody"
    refute_output --partial "nothing to stop"
    run --separate-stderr sigmund stop --json ghost nobody
    assert_failure 5
    [[ $(jq -r '.data | map(.name + "=" + .outcome) | join(" ")' <<<"$output") == "ghost=not-found nobody=not-found" ]]
}

@test "Kill records the signal that ended the leader, each time" {
    for _ in {1..15}; do
        sigmund -q sleep 300 >/dev/null
        sigmund kill -q @
    done
    run sigmund list --porcelain --columns exit
    assert_success
    [[ $(sort -u <<<"$output") == SIGKILL ]]
    run sigmund wait @
    assert_failure 137
}

@test "A stop of a process that this user may not signal (sudo) reports it and does not wait for ever" {
    [[ $EUID == 0 ]] || return 0 # only the pass as root can make such a process
    cp "$HELPERS/foreign" "$scratch/foreign"
    chmod 4755 "$scratch/foreign"
    chmod 755 "$scratch"
    cat >"$scratch/as_user" <<'END'
id=$("$SIGMUND" -q "$1" 300) || exit 99
for i in $(seq 100); do
    grep -q foreign "$SIGMUND_STATE_DIR/$id.log" && break
    sleep 0.02
done
timeout $((100 * slowness)) "$SIGMUND" stop --timeout 300ms "$id"
echo "stop $?"
END
    mkdir "$scratch/store"
    chown 54321 "$scratch/store"
    SIGMUND_STATE_DIR=$scratch/store HOME=$scratch \
        run setpriv --reuid 54321 --regid 54321 --clear-groups bash "$scratch/as_user" "$scratch/foreign"
    pid=$(sed -nE 's/.*"pid":([0-9]+),"pgid.*/\1/p' "$scratch"/store/*.json)
    guardian=$(sed -nE 's/.*"guardian":\{"pid":([0-9]+).*/\1/p' "$scratch"/store/*.json)
    kill -KILL "$pid"
    wait_until 5 gone "$guardian"
    [[ $(stat -c %u "$scratch/store"/*.json) == 54321 ]]
    assert_line "stop 4"
    assert_output --partial "not permitted to signal 1 of its processes: $pid"
}
