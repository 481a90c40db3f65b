#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Records in the store that come from another boot, an older sigmund or another program.
load sigmund
load mounts

setup() {
    sigmund_setup
    scratch_folder
}
teardown() { sigmund_teardown; }

@test "Stale records are refused, never signalled, and can be pruned" {
    sleep 300 &
    OWN_PIDS+=($!)
    pid=${OWN_PIDS[0]}
    start=$(cut -d' ' -f22 "/proc/$pid/stat")
    boot=$(cat /proc/sys/kernel/random/boot_id)
    ns=$(stat -Lc %i /proc/self/ns/pid)
    record() { # id boot ns start
        printf '{"version":2,"id":"%s","tags":[],"state":"running","pid":%d,"pgid":%d,"sid":%d,"argv":["sleep","300"],"started_ms":1,"identity":{"boot_id":"%s","pid_ns":%s,"start_ticks":%s},"key":"k","cwd":"/"}\n' \
            "$1" "$pid" "$pid" "$pid" "$2" "$3" "$4" >"$SIGMUND_STATE_DIR/$1.json"
    }
    record aaaaa1 other-boot "$ns" "$start"
    record aaaaa2 "$boot" 1 "$start"
    record aaaaa3 "$boot" "$ns" $((start + 1))
    record aaaaa4 "$boot" "$ns" "$start"
    for id in aaaaa1 aaaaa2 aaaaa3 aaaaa4; do
        state_is "$id" stale
        for verb in stop kill killcmd pause "signal TERM"; do
            run sigmund $verb "$id"
            assert_failure 2
        done
    done
    kill -0 "$pid"
    sigmund prune -q --force
    store_empty
}

@test "After another boot every record is stale and refused with exit 2, and no other process is touched" {
    id=$(sigmund -q sleep 300)
    pid=$(field "$id" pid)
    # A group whose leader is gone and whose number is in use again. The record names this group.
    setsid bash -c 'sleep 301 & echo "$$ $!" >"$1"; exec 0<&-; kill -KILL $$' - "$scratch/group" || true
    wait_until 3 test -s "$scratch/group"
    read -r group member <"$scratch/group"
    OWN_PIDS+=("$member")
    wait_until 3 gone "$group"
    ns=$(stat -Lc %i /proc/self/ns/pid)
    local n=0
    for boot in "$(cat /proc/sys/kernel/random/boot_id)" 11111111-2222-3333-4444-555555555555; do
        ((++n))
        printf '{"version":2,"id":"aaaaa%s","tags":[],"state":"running","pid":%d,"pgid":%d,"sid":%d,"argv":["sleep","301"],"started_ms":1,"identity":{"boot_id":"%s","pid_ns":%s,"start_ticks":7},"key":"00112233445566778899aabbccddeeff","cwd":"/"}\n' \
            "$n" "$group" "$group" "$group" "$boot" "$ns" >"$SIGMUND_STATE_DIR/aaaaa$n.json"
    done
    cat >"$scratch/play" <<'END'
set -eu

echo 11111111-2222-3333-4444-555555555555 >"$SCRATCH/boot_id"
mount --bind "$SCRATCH/boot_id" /proc/sys/kernel/random/boot_id
[ "$("$SIGMUND" list --porcelain --columns state | sort | uniq -c | tr -s ' ')" = " 3 stale" ]
for id in "$@"; do
    for verb in stop kill killcmd pause resume "signal TERM" "signal --every KILL"; do
        status=0
        "$SIGMUND" $verb "$id" >"$SCRATCH/out" 2>&1 || status=$?
        [ "$status" = 2 ] || { echo "$verb $id: $status"; cat "$SCRATCH/out"; exit 1; }
        grep -qE "refused|stale|booted|belongs" "$SCRATCH/out" || { echo "$verb says:"; cat "$SCRATCH/out"; exit 1; }
    done
done
echo held
END
    export SCRATCH=$scratch
    run in_mounts "bash $scratch/play $id aaaaa1 aaaaa2"
    [[ $status == 111 ]] || {
        assert_success
        assert_output held
    }
    # Without the mount, only the forged records are checked.
    for stale in aaaaa1 aaaaa2; do
        state_is "$stale" stale
        for verb in stop kill killcmd pause "signal TERM" "signal --every KILL"; do
            run sigmund $verb "$stale"
            assert_failure 2
        done
    done
    kill -0 "$member"
    kill -0 "$pid"
    state_is "$id" running
}

@test "Hostile records are skipped with a warning, no link is followed, and prune removes them" {
    cd "$SIGMUND_STATE_DIR"
    echo garbage >aaaaa1.json
    printf '{"version":2,"id":"aaaaa2","pid":1' >aaaaa2.json
    python3 -c 'print("{\"id\":\"aaaaa3\",\"pid\":1,\"x\":" + "[" * 300000 + "]" * 300000 + "}")' >aaaaa3.json
    truncate -s 1G aaaaa4.json
    mkfifo aaaaa5.json
    ln -s /etc/passwd aaaaa6.json
    python3 -c 'import socket; s = socket.socket(socket.AF_UNIX); s.bind("aaaaa7.json")'
    echo '{"version":2,"id":"../../x","pid":1}' >aaaaa8.json
    run timeout $((50 * slowness)) "$SIGMUND" list
    assert_success
    for n in 1 2 3 4 5 6 7 8; do assert_output --partial "warning: skipping corrupt record aaaaa$n.json"; done
    for target in ../../x /etc/passwd '' 'a b' 'tag=' ':0' ':99999' '@nope'; do
        run sigmund stop "$target"
        assert_failure 5
    done
    sigmund prune -q
    store_empty
    [[ -s /etc/passwd ]]
}

@test "Runs with records of version 1 are listed, tailed, stopped and pruned" {
    setsid sleep 300 &
    pid=$!
    OWN_PIDS+=("$pid")
    wait_until 3 bash -c "[[ \$(cut -d' ' -f6 /proc/$pid/stat) == $pid ]]"
    echo hello >"$SIGMUND_STATE_DIR/abc123.log"
    printf '{"version":1,"id":"abc123","pid":%d,"pgid":%d,"sid":%d,"start_unix_ns":1700000000000000000,"cmdline_display":"sleep 300","proc_starttime_ticks":%s,"boot_id":"%s","log_path":"%s"}' \
        "$pid" "$pid" "$pid" "$(cut -d' ' -f22 "/proc/$pid/stat")" "$(cat /proc/sys/kernel/random/boot_id)" \
        "$SIGMUND_STATE_DIR/abc123.log" >"$SIGMUND_STATE_DIR/abc123.json"
    run sigmund list
    assert_output --regexp 'abc123 .* running .*sleep 300'
    run sigmund tail --no-follow abc123
    assert_output hello
    run sigmund stop abc123
    assert_success
    wait_until 3 gone "$pid"
    sigmund prune -q abc123
    store_empty
}
