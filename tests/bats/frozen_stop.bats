#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A frozen guardian that learns about a stop only through the store, and what it records then.
load sigmund
load lost_guardian

setup() { lost_guardian_setup; }
teardown() { lost_guardian_teardown; }

@test "A frozen guardian that cannot be reached in another way finds the stop in the store, and starts nothing again" {
    # Its socket is full, and its identity cannot be proven, as with a record that lacks its start time.
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

@test "A stop from another time namespace proves the run and its frozen guardian" {
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
    # A run that was started there is recognised here.
    id=$(unshare -T --boottime 1000 "$SIGMUND" -q sleep 300)
    kill_guardian "$id"
    state_is "$id" running
    run sigmund stop "$id"
    assert_success
}

@test "A frozen guardian that thaws after a stop or a kill records that, and not a signal from outside" {
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
