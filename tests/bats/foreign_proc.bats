#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A /proc that shows the processes of another PID namespace, or none at all. Its numbers prove nothing here.
load sigmund

setup() {
    sigmund_setup
    # An ordinary user needs a user namespace to make a PID namespace.
    inside=(unshare --pid --fork)
    ((EUID == 0)) || inside=(unshare --user --map-root-user --pid --fork)
}
teardown() { sigmund_teardown; }

refuses() {
    local status_wanted=$1 what=$2
    shift 2
    run "$@"
    assert_failure "$status_wanted"
    assert_output --partial "$what"
    assert_output --partial "hint:"
}

@test "With a foreign /proc nothing is started, and no verb touches a run" {
    id=$(sigmund -q -n web sleep 300)
    pid=$(field "$id" pid)
    refuses 125 "another PID namespace" "${inside[@]}" "$SIGMUND" sleep 300
    for verb in "list" "show $id" "stop $id" "stop @all" "kill web" "signal TERM $id" "pause $id" "restart $id" \
        "again $id" "wait $id" "tail $id" "prune" "prune --force $id" "killcmd $id" "explain $id" "tree $id" \
        "rename $id other" "tag $id x" "doctor $id"; do
        # shellcheck disable=SC2086 # the words of a verb
        refuses 2 "another PID namespace" "${inside[@]}" "$SIGMUND" $verb
    done
    run "${inside[@]}" "$SIGMUND" doctor
    assert_failure 1
    assert_output --partial "another PID namespace"
    run "${inside[@]}" "$SIGMUND" version
    assert_success
    kill -0 "$pid"
    state_is "$id" running
}

@test "A foreign /proc is recognised even where a number is the same in both namespaces" {
    # The second process of the namespace uses up numbers until its own is one that also exists in the other
    # namespace.
    run "${inside[@]}" sh -c "echo 299 >/proc/sys/kernel/ns_last_pid 2>/dev/null || true; exec $SIGMUND list"
    assert_failure 2
    assert_output --partial "another PID namespace"
}

@test "In a namespace with its own /proc sigmund can start, list and stop" {
    run "${inside[@]}" --mount-proc sh -c "id=\$('$SIGMUND' -q sleep 300) && '$SIGMUND' list --porcelain && '$SIGMUND' stop \$id"
    assert_success
    assert_output --partial running
    assert_output --partial stopped
}

@test "Without /proc nothing is started or signalled" {
    id=$(sigmund -q sleep 300)
    local space=(unshare --mount)
    ((EUID == 0)) || space=(unshare --user --map-root-user --mount)
    run "${space[@]}" sh -c "mount -t tmpfs none /proc && exec '$SIGMUND' sleep 300"
    assert_failure 125
    assert_output --partial "/proc is not mounted"
    run "${space[@]}" sh -c "mount -t tmpfs none /proc && exec '$SIGMUND' stop $id"
    assert_failure 2
    state_is "$id" running
}

@test "A guardian whose /proc is covered later still ends every process of its run" {
    local space=(unshare --mount)
    ((EUID == 0)) || space=(unshare --user --map-root-user --mount)
    # It is stopped by a signal to the guardian, since /proc cannot identify the guardian.
    run "${space[@]}" sh -c "
        id=\$('$SIGMUND' -q sh -c 'setsid sleep 301 & exec sleep 301') || exit 9
        guardian=\$('$SIGMUND' show \$id --json | jq '.data[0].guardian.pid')
        mount -t tmpfs none /proc || exit 8
        kill -TERM \$guardian
        n=0
        while kill -0 \$guardian 2>/dev/null && [ \$n -lt 600 ]; do sleep 0.1; n=\$((n + 1)); done
        kill -0 \$guardian 2>/dev/null || echo ended"
    assert_success
    assert_output --partial ended
    [[ -z $(keyed_processes) ]]
}

@test "A live run of another PID namespace is not reported as ready for prune" {
    id=$(sigmund -q sleep 300)
    run -2 "${inside[@]}" --mount-proc "$SIGMUND" stop "$id"
    assert_output --partial "its guardian is alive: stop it from where it was started"
    refute_output --partial "prune"
    run "${inside[@]}" --mount-proc "$SIGMUND" explain "$id"
    assert_output --partial "its guardian is alive"
    refute_output --partial "prune"
    run -0 sigmund stop "$id"
}
