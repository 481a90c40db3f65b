#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Restart policies, back-off and requested restarts.
load sigmund

setup() {
    sigmund_setup
    scratch_folder
    cd "$scratch"
}
teardown() { sigmund_teardown; }

forever=(--restart always --backoff 10ms --restart-window 1ms)

@test "The policy on-failure restarts, backs off, gives up, and reports it" {
    id=$(sigmund -q --restart on-failure --max-restarts 2 --backoff 50ms..60ms sh -c 'echo life; exit 3')
    wait_until 10 is "$id" state failed
    is "$id" result restart-limit
    is "$id" restarts 2
    [[ $(sigmund show "$id" --json | jq -c .data[0].results) == '["exit=3","exit=3"]' ]]
    [[ $(sigmund dump "$id" | grep -c ^life) == 3 ]]
    [[ $(sigmund dump "$id" | grep -c "restarted after exit=3") == 2 ]]
    id=$(sigmund -q --restart on-failure true)
    wait_until 5 is "$id" state exited
    is "$id" restarts 0
}

@test "The policies always and on-exit work as their names say" {
    id=$(sigmund -q --restart always --backoff 20ms..30ms true)
    wait_until 10 restarted "$id" 3
    sigmund stop -q "$id"
    is "$id" result stopped
    id=$(sigmund -q --restart on-exit=7,9 --backoff 20ms sh -c 'n=$(cat n 2>/dev/null || echo 0); echo $((n + 1)) >n; [ "$n" = 2 ] && exit 1; exit 7')
    wait_until 10 is "$id" state exited
    is "$id" result exit=1
    is "$id" restarts 2
}

@test "Back-off is a state with the time of the next attempt, and a stop ends it at once" {
    id=$(sigmund -q --restart always --backoff 30s false)
    wait_until 5 is "$id" state backoff
    [[ $(field "$id" next_start_ms) -gt $(date +%s000) ]]
    run sigmund list
    assert_output --regexp "backoff [23][0-9]"
    run sigmund show "$id"
    assert_output --partial "next start"
    run timeout $((25 * slowness)) "$SIGMUND" stop --timeout 100s "$id"
    assert_success
    is "$id" state exited
    id=$(sigmund -q --restart always --backoff 30s sh -c 'test -e go && exec sleep 300; exit 1')
    wait_until 5 is "$id" state backoff
    touch go
    run sigmund restart "$id"
    assert_success
    is "$id" state running
}

@test "What one life left behind is ended before the next one starts, so that its addresses are free" {
    cat >server.py <<'END'
import os, socket, sys, time
s = socket.socket(); s.bind(("127.0.0.1", int(sys.argv[1]))); s.listen()
if os.fork() == 0:
    os.setsid(); time.sleep(1000)   # keeps the port
time.sleep(0.2); sys.exit(1)
END
    free_port port
    id=$(sigmund -q --restart always --backoff 20ms python3 server.py $port)
    wait_until 15 restarted "$id" 3
    run sigmund dump "$id"
    refute_output --partial "Address already in use"
    [[ $(pgrep -fc "server.py $port") -le 2 ]]
    run sigmund stop "$id"
    assert_success
    run pgrep -f "server.py $port"
    assert_failure
}

@test "Restart keeps the id and the guardian, and starts a finished run under a new id" {
    id=$(sigmund -q sleep 300)
    pid=$(field "$id" pid)
    run sigmund restart "$id"
    assert_success
    [[ $(field "$id" pid) != "$pid" && $(field "$id" restarts) == 1 ]]
    gone "$pid"
    sigmund stop -q "$id"
    run bash -c "'$SIGMUND' restart $id 2>/dev/null"
    assert_success
    [[ $output != "$id" && $(field "$output" state) == running ]]
}

@test "A restart keeps the scheduling policy and the niceness, also of a pool" {
    shape() { awk '{print $19, $41}' "/proc/$1/stat"; }
    for before in "chrt --batch 0" "chrt --idle 0" "nice -n 7"; do
        id=$($before "$SIGMUND" -q "${forever[@]}" sleep 300)
        was=$(shape "$(field "$id" pid)")
        sigmund restart "$id"
        [[ $(shape "$(field "$id" pid)") == "$was" ]]
        sigmund stop -q "$id"
    done
    id=$(nice -n 7 "$SIGMUND" -q "${forever[@]}" --pool 2 -- sh -c 'trap "" TERM; while :; do sleep 0.1; done')
    was=$(shape "$(field "$id" pid)")
    sigmund restart --timeout 200ms "$id"
    [[ $(shape "$(field "$id" pid)") == "$was" ]]
}

@test "A stop that arrives together with the end of a restarting life applies to the next life" {
    for request in kill "stop TERM 200"; do
        id=$(sigmund -q sh -c 'trap "" TERM; echo set; while :; do sleep 0.05; done')
        wait_until 5 log_has "$id" set
        "$SIGMUND" restart --timeout 60s "$id" 2>/dev/null &
        OWN_PIDS+=($!)
        restarting() { sigmund show "$id" --json | jq -e '.data[0].calls[] | select(.verb == "restart")' >/dev/null; }
        wait_until 5 restarting
        # Both the end of the life and the request are pending when the guardian wakes.
        run python3 - "$SIGMUND_STATE_DIR/$id.sock" "$(guardian_of "$id")" "$(field "$id" pid)" "$request" <<'END'
import os, signal, socket, sys, time
path, guardian, leader, request = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
control.settimeout(5)
control.connect(path)
control.send(b"hello 1")
control.recv(4096)
os.kill(guardian, signal.SIGSTOP)
os.kill(-leader, signal.SIGKILL)
while open(f"/proc/{leader}/stat").read().rsplit(")", 1)[1].split()[0] != "Z":
    time.sleep(0.01)
control.send(request.encode())
os.kill(guardian, signal.SIGCONT)
while not (answer := control.recv(4096)).startswith(b"done"):
    print(answer.decode())
END
        assert_success
        wait_until 3 state_is "$id" exited
        nothing_left
    done
}
