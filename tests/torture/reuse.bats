#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Reused numbers, other boots, other PID namespaces: no process outside a run is ever signalled. An ordinary user
# needs a user namespace for it. Without one, only the parts are tried that work without it.
load ../bats/sigmund
setup() {
    sigmund_setup
    export SCRATCH
    SCRATCH=$(mktemp -d /tmp/sgm-scratch.XXXXXX)
}
teardown() {
    rm -rf "$SCRATCH"
    sigmund_teardown
}

# small_namespace COMMAND...: runs it in a PID namespace with its own mounts. The status is 111 where that is not
# allowed.
small_namespace() {
    local user=()
    [[ $EUID == 0 ]] || user=(--user --map-root-user)
    unshare "${user[@]}" --mount --pid --fork --mount-proc true 2>/dev/null || return 111
    # The command itself is pid 1, so it has to reap orphans.
    timeout --kill-after=5 240 \
        unshare "${user[@]}" --mount --propagation private --pid --fork --mount-proc --kill-child "$@"
}

@test "Reused numbers of a leader, its group and its guardian are never signalled, before and while a verb works" {
    local seconds=${SIGMUND_REUSE_SECONDS:-60}
    run small_namespace python3 "$BATS_TEST_DIRNAME/reuse.py" --seconds "$seconds" --seed "${SIGMUND_TORTURE_SEED:-$RANDOM}"
    printf '# %s\n' "${lines[@]}" >&3
    [[ $status == 111 ]] || assert_success
}

@test "After a reboot all numbers belong to other processes, and every verb refuses them" {
    cat >"$SCRATCH/play" <<'END'
set -eu
for i in $(seq 40); do "$SIGMUND" -q sleep 300; done >"$SCRATCH/ids"
echo 11111111-2222-3333-4444-555555555555 >"$SCRATCH/boot_id"
mount --bind "$SCRATCH/boot_id" /proc/sys/kernel/random/boot_id
[ "$("$SIGMUND" list --porcelain --columns state | sort -u)" = stale ]
for verb in "stop --timeout 50ms" kill killcmd "signal TERM" pause; do
    for id in $(head -5 "$SCRATCH/ids"); do
        status=0
        "$SIGMUND" $verb "$id" >/dev/null 2>&1 || status=$?
        [ "$status" = 2 ] || { echo "$verb: $status"; exit 1; }
    done
done
umount /proc/sys/kernel/random/boot_id
[ "$("$SIGMUND" list --porcelain --columns state | sort -u)" = running ]
"$SIGMUND" kill -q @all
echo held
END
    run small_namespace bash "$SCRATCH/play"
    [[ $status == 111 ]] || assert_line held
}

@test "Two PID namespaces that share a store never signal each other's numbers, and each ends its own runs" {
    cat >"$SCRATCH/play" <<'END'
set -eu
me=$1 other=$2
# The same numbers exist in both namespaces. A verb that confused them would signal these processes.
for i in $(seq 100); do setsid sleep 200 & done
strangers=$(jobs -p)
for i in $(seq 10); do "$SIGMUND" -q -t "$me" sleep 300; done >"$SCRATCH/ids.$me"
: >"$SCRATCH/ready.$me"
until [ -e "$SCRATCH/ready.$other" ]; do sleep 0.02; done
for round in $(seq 3); do
    for id in $(cat "$SCRATCH/ids.$other"); do
        for verb in stop kill "signal TERM"; do
            status=0
            "$SIGMUND" $verb "$id" >/dev/null 2>&1 || status=$?
            [ "$status" = 2 ] || { echo "$verb: $status"; exit 1; }
        done
    done
    "$SIGMUND" prune -q
done
for pid in $strangers; do kill -0 "$pid"; done
: >"$SCRATCH/tried.$me"
until [ -e "$SCRATCH/tried.$other" ]; do sleep 0.02; done
for id in $(cat "$SCRATCH/ids.$me"); do
    [ "$("$SIGMUND" show "$id" --json | jq -r .data[0].state)" = running ]
    "$SIGMUND" stop -q "$id"
done
for pid in $strangers; do kill -0 "$pid"; done
echo held
END
    small_namespace bash "$SCRATCH/play" b a >"$SCRATCH/out.b" 2>&1 &
    run small_namespace bash "$SCRATCH/play" a b
    [[ $status != 111 ]] || return 0
    assert_line held
    wait $! || true
    [[ $(tail -1 "$SCRATCH/out.b") == held ]]
}
