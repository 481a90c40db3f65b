#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Process numbers that are used again: real reuse, in a PID namespace. An ordinary user makes one through a user
# namespace where the machine allows it; elsewhere the test only shows that the record stays refused.
load sigmund

setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

@test "A reused process number is stale and refused with exit 2, and its new owner lives" {
    cat >"$SIGMUND_STATE_DIR/play" <<'END'
set -eu
id=$("$SIGMUND" -q sleep 300)
pid=$("$SIGMUND" list --porcelain --columns pid)
guardian=$("$SIGMUND" show "$id" --json | jq .data[0].guardian.pid)
kill -KILL "$guardian"
kill -KILL "$pid"
while [ -e "/proc/$pid" ]; do sleep 0.02; done
# The other process gets the leader's number, as the leader of its own group and session.
for i in $(seq 200); do
    echo $((pid - 1)) >/proc/sys/kernel/ns_last_pid
    setsid sleep 200 &
    [ $! = "$pid" ] && break
    kill $!
done
# It has the number at once. It takes two execs until it is sleep.
until [ "$(tr '\0' ' ' <"/proc/$pid/cmdline")" = "sleep 200 " ]; do sleep 0.02; done
[ "$("$SIGMUND" list --porcelain --columns state)" = stale ]
for verb in stop kill killcmd; do
    status=0
    "$SIGMUND" "$verb" "$id" 2>/dev/null || status=$?
    [ "$status" = 2 ]
done
kill -0 "$pid"
echo "held with $pid"
END
    if [[ $EUID == 0 ]]; then
        run timeout $((120 * slowness)) unshare --pid --fork --mount-proc bash "$SIGMUND_STATE_DIR/play"
        assert_success
        assert_output --partial "held with"
    else
        sleep 300 &
        OWN_PIDS+=($!)
        printf '{"version":2,"id":"aaaaa1","state":"running","pid":%d,"identity":{"boot_id":"%s","pid_ns":%s,"start_ticks":1},"cwd":"/"}\n' \
            "$!" "$(cat /proc/sys/kernel/random/boot_id)" "$(stat -Lc %i /proc/self/ns/pid)" >"$SIGMUND_STATE_DIR/aaaaa1.json"
        run sigmund stop aaaaa1
        assert_failure 2
        kill -0 "${OWN_PIDS[0]}"
    fi
}

@test "A run of another PID namespace is stale here, is not signalled, and prune leaves it alone" {
    if [[ $EUID == 0 ]]; then
        mkfifo "$SIGMUND_STATE_DIR/go"
        unshare --pid --fork --mount-proc bash -c '"$SIGMUND" -q sleep 300 >/dev/null; read -r _ <"$SIGMUND_STATE_DIR/go"' &
        inside=$!
        OWN_PIDS+=("$inside")
        wait_until 5 bash -c '[[ $("$SIGMUND" list --porcelain --columns state) == stale ]]'
        run sigmund stop @
        assert_failure 2
        sigmund prune -q
        [[ $(sigmund list --porcelain | wc -l) == 1 ]]
        echo go >"$SIGMUND_STATE_DIR/go"
        wait "$inside" || true
        rm "$SIGMUND_STATE_DIR/go"
    else
        printf '{"version":2,"id":"aaaaa1","state":"running","pid":1,"identity":{"boot_id":"%s","pid_ns":1,"start_ticks":1},"cwd":"/"}\n' \
            "$(cat /proc/sys/kernel/random/boot_id)" >"$SIGMUND_STATE_DIR/aaaaa1.json"
        run sigmund stop aaaaa1
        assert_failure 2
        sigmund prune -q
        [[ -e $SIGMUND_STATE_DIR/aaaaa1.json ]]
    fi
}
