#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Readiness: an answer counts when it comes from the run itself.
load sigmund
load listeners

setup() { listeners_setup; }
teardown() { sigmund_teardown; }

@test "When another process takes the port later, the run is not ready: the start fails at once and names it" {
    # The command itself shows that it has started. Then another process takes its port.
    sigmund --ready "tcp:$port" --ready-timeout 100s sh -c 'touch started; exec sleep 300' >out 2>&1 &
    launcher=$!
    OWN_PIDS+=("$launcher")
    wait_until 20 test -e started
    stranger 127.0.0.1 "$port"
    code=0
    wait "$launcher" || code=$?
    [[ $code == 1 ]] || fail "$code: $(cat out)"
    run cat out
    assert_output --partial "port $port is answered by pid $stranger (python3), which does not belong to this run"
    assert_output --partial "hint: --ready-shared"
    [[ $(field @ result) == unready && $(field @ state) == failed ]]
    [[ $(field @ ready_detail) == "port $port is answered by pid $stranger"* ]]
    end_stranger
    # Now another run takes the port.
    rm started
    sigmund --json --ready "http://127.0.0.1:$port" --ready-timeout 100s sh -c 'touch started; exec sleep 300' >out 2>&1 &
    launcher=$!
    OWN_PIDS+=("$launcher")
    wait_until 20 test -e started
    sigmund -q -n thief python3 listen.py 127.0.0.1 "$port" >/dev/null
    wait "$launcher" || code=$?
    [[ $code == 1 && $(grep -o '{"error.*' out | jq -r .error.code) == not_ready ]] || fail "$(cat out)"
    grep -q 'answered by thief' out
    # Now another process takes a unix socket.
    rm started
    sigmund --ready unix:s.sock --ready-timeout 100s sh -c 'touch started; exec sleep 300' >out 2>&1 &
    launcher=$!
    OWN_PIDS+=("$launcher")
    wait_until 20 test -e started
    redis-server --port 0 --unixsocket s.sock --save '' >/dev/null &
    OWN_PIDS+=($!)
    wait "$launcher" || code=$?
    [[ $code == 1 ]] || fail "$code: $(cat out)"
    grep -q "s.sock is answered by pid ${OWN_PIDS[-1]} (redis-server)" out || fail "$(cat out)"
}

@test "A process of the run counts wherever it is in the tree, and beside others" {
    id=$(sigmund -q --ready "tcp:$port" python3 listen.py 127.0.0.1 "$port" fork)
    [[ $(field "$id" ready) == true ]]
    sigmund stop -q "$id"
    # A socket that the caller has opened and passes in.
    cat >activate.py <<'END'
import os, socket, sys
s = socket.create_server(("127.0.0.1", int(sys.argv[2])))
os.set_inheritable(s.fileno(), True)
os.dup2(s.fileno(), 9)
os.execv(sys.argv[1], [sys.argv[1], "-q", "--keep-fd", "9", "--ready", "tcp:" + sys.argv[2],
    "python3", "listen.py", "127.0.0.1", sys.argv[2], "fd=9"])
END
    id=$(python3 activate.py "$SIGMUND" "$port")
    [[ $(field "$id" ready) == true ]]
    sigmund stop -q "$id"
    # Two runs that share a port are both ready, and so is a run that starts another one inside itself.
    one=$(sigmund -q --ready "tcp:127.0.0.1:$port" python3 listen.py 127.0.0.1 "$port" reuse)
    two=$(sigmund -q --ready "tcp:127.0.0.1:$port" python3 listen.py 127.0.0.1 "$port" reuse)
    [[ $(field "$one" ready) == true && $(field "$two" ready) == true ]]
    id=$(sigmund -q --ready "tcp:$other_port" sh -c "'$SIGMUND' -q python3 listen.py 127.0.0.1 $other_port; sleep 300")
    [[ $(field "$id" ready) == true ]]
    # Now a pool and a pipe.
    sigmund stop -q @all
    id=$(sigmund -q --pool 2 --ready "tcp:$port" python3 listen.py 127.0.0.1 "$port" reuse)
    [[ $(field "$id" ready) == true ]]
    id=$(sigmund pipe -q --ready "tcp:$other_port" -- python3 listen.py 127.0.0.1 "$other_port" '|' cat)
    [[ $(field "$id" ready) == true ]]
}

@test "The proxy of a container engine counts, and is noted" {
    sigmund --ready "tcp:$port" --ready-timeout 100s sh -c 'touch started; exec sleep 300' >out 2>&1 &
    launcher=$!
    OWN_PIDS+=("$launcher")
    wait_until 20 test -e started
    stranger 127.0.0.1 "$port" comm=docker-proxy
    wait "$launcher" || fail "$(cat out)"
    grep -q "tcp:$port answered by docker-proxy" out
    [[ $(field @ ready) == true && $(field @ ready_detail) == "tcp:$port answered by docker-proxy" ]]
    if ((EUID == 0)); then
        # Now another user's process.
        rm started
        sigmund --ready "tcp:$other_port" --ready-timeout 100s sh -c 'touch started; exec sleep 300' >out 2>&1 &
        launcher=$!
        OWN_PIDS+=("$launcher")
        wait_until 20 test -e started
        (cd / && exec setpriv --reuid 65534 --regid 65534 --clear-groups redis-server --port "$other_port" --save '' >/dev/null) &
        OWN_PIDS+=($!)
        wait "$launcher" || fail "$(cat out)"
        grep -q "tcp:$other_port answered by redis-server" out
    fi
}

@test "A connection that is closed at once does not count as ready" {
    run sigmund --ready "tcp:$port" --ready-timeout 1s python3 listen.py 127.0.0.1 "$port" close
    assert_failure 124
    assert_output --partial "tcp:$port: the connection was accepted, then closed at once"
}

@test "--ready-shared accepts any answer, and again keeps it" {
    stranger 127.0.0.1 "$port"
    id=$(sigmund -q --ready "tcp:$port" --ready-shared sleep 300)
    [[ $(field "$id" ready) == true ]]
    run sigmund again --dry-run "$id"
    assert_output --partial "--ready-shared"
    cat >sigmund.toml <<END
[run.app]
command = "sleep 300"
ready = "tcp:$port"
ready-shared = true
END
    id=$(sigmund up -q app)
    [[ $(field "$id" ready) == true ]]
    touch flag
    id=$(sigmund -q --ready file:flag --ready-shared sleep 300)
    [[ $(field "$id" ready) == true ]]
}

# Proves that nothing of a refused start is left.
refused() {
    [[ $status == 125 ]] || fail "$status: $output"
    assert_output --partial "is already in use by"
    assert_output --partial "hint: --ready-shared"
    [[ $(runs) == "${1:-0}" ]]
}

@test "A time-out reports the probe, the last answer and the ports on which the run listens" {
    run sigmund --ready "tcp:$port" --ready-timeout 2s redis-server --port "$other_port" --save ''
    assert_failure 124
    assert_output --partial "tcp:$port: connection refused; the run listens on $other_port, not $port"
    refute_output --partial "buffered"
    cat >unauthorised.py <<'END'
import http.server, sys
class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(401); self.end_headers()
    def log_message(self, *a): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), H).serve_forever()
END
    run sigmund --ready "http://127.0.0.1:$port/x" --ready-timeout 2s python3 unauthorised.py "$port"
    assert_failure 124
    assert_output --partial "http://127.0.0.1:$port/x: 401"
    refute_output --partial "the run listens on"
    assert_output --partial "PYTHONUNBUFFERED=1"
    run sigmund --ready "tcp:$port" --ready 'log:never' --ready-timeout 2s python3 listen.py ::1 "$port"
    assert_failure 124
    assert_output --partial "log:never: no line matches"
    run sigmund --ready "tcp:127.0.0.1:$port" --ready-timeout 1s python3 listen.py ::1 "$port"
    assert_output --partial "the run listens on [::1]:$port, not 127.0.0.1:$port"
    run sigmund --ready "cmd:exit 7" --ready-timeout 1s sleep 300
    assert_output --partial "cmd:exit 7: exit status 7"
    run sigmund --ready notify --ready-timeout 500ms sleep 300
    assert_output --partial "notify: no READY=1 was received"
}

@test "A file or a socket that is older than the run does not count" {
    touch flag
    run sigmund --ready file:flag --ready-timeout 500ms sleep 300
    assert_failure 124
    assert_output --partial "file:flag: it is older than this run (--ready-shared accepts it)"
    id=$(sigmund -q --ready file:flag sh -c 'echo again >flag; sleep 300')
    [[ $(field "$id" ready) == true ]]
    # This is true for each life: what the previous one has made is old.
    touch -d '+1 hour' flag
    run sigmund --ready file:flag --ready-timeout 500ms sleep 300
    assert_failure 124
    # A socket file that a crash has left behind.
    cat >bind.py <<'END'
import os, socket, sys, time
s = socket.socket(socket.AF_UNIX)
s.bind("s.sock")
if "listen" in sys.argv:
    s.listen()
    print("listening", flush=True)
    time.sleep(1000)
END
    python3 bind.py
    run sigmund --ready unix:s.sock --ready-timeout 500ms sleep 300
    assert_failure 124
    assert_output --partial "unix:s.sock: no process listens on it; it is older than this run"
    id=$(sigmund -q --ready unix:s.sock sh -c 'rm s.sock; exec python3 bind.py listen')
    [[ $(field "$id" ready) == true ]]
    run sigmund --ready "unix:$PWD/s.sock" sleep 300
    assert_failure 125
    assert_output --partial "socket $PWD/s.sock is already in use by $id (sh): sigmund stop $id"
}

@test "The probe log: matches what a person sees, also on stderr of a split log" {
    id=$(sigmund -q --split-log --ready 'log:^on stderr$' sh -c 'echo on stderr >&2; sleep 300')
    [[ $(field "$id" ready) == true ]]
    id=$(sigmund -q --ready 'log:^ready in 3 ms$' sh -c "printf '\033[1;32mready\033[0m in \033[1m3\033[22m ms\r\n'; sleep 300")
    [[ $(field "$id" ready) == true ]]
    # A prompt has no newline. A line that is still being written is not a prompt.
    id=$(sigmund -q --ready 'log:^> $' sh -c 'printf "> "; exec sleep 300')
    [[ $(field "$id" ready) == true ]]
    id=$(sigmund -q --pool 2 --split-log --ready 'log:^worker 1$' sh -c 'echo worker $WORKER_ID; sleep 300')
    [[ $(field "$id" ready) == true ]]
}

@test "A command in its own network namespace is not reached, and the time-out says so" {
    if ((EUID == 0)); then
        run sigmund --ready "tcp:127.0.0.1:$port" --ready-timeout 3s unshare -n sh -c "ip link set lo up 2>/dev/null; exec python3 listen.py 0.0.0.0 $port"
        assert_failure 124
        assert_output --partial "the run listens on $port in a network namespace of its own"
        # A socket file is the same in all network namespaces.
        id=$(sigmund -q --ready "unix:$PWD/n.sock" unshare -n redis-server --port 0 --unixsocket "$PWD/n.sock" --save '')
        [[ $(field "$id" ready) == true ]]
    fi
    run sigmund --ready "tcp:192.0.2.1:$port" --ready-timeout 300ms sleep 300
    assert_failure 124
    refute_output --partial "the run listens"
}
