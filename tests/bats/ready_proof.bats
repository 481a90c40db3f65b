#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Readiness is proven: an answer counts when it comes from the run itself, not from whoever has the port.
load sigmund
setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
    free_port port
    free_port other_port
    # listen.py ADDRESS PORT [WORD...]: listens until it is killed. Words: reuse (SO_REUSEPORT), v6only, close
    # (hangs up at once), fork (a child of a child listens), comm=NAME (calls itself so), fd=N (inherited).
    cat >listen.py <<'END'
import os, socket, sys, time
address, port, words = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
values = dict(w.split("=") for w in words if "=" in w)
if "comm" in values:
    open("/proc/self/comm", "w").write(values["comm"])
if "fork" in words:
    for _ in range(2):
        if os.fork():
            time.sleep(1000)
    os.setsid()
if "fd" in values:
    s = socket.socket(fileno=int(values["fd"]))
else:
    s = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if "reuse" in words:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if ":" in address:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, "v6only" in words)
    s.bind((address, port))
    s.listen(64)
print("listening", flush=True)
kept = []
while True:
    c, _ = s.accept()
    if "close" in words:
        c.close()
    else:
        kept = [c] + kept[:20]
END
}
teardown() { sigmund_teardown; }

# A port that nobody has, in a variable.
free_port() {
    printf -v "$1" %s "$(python3 -c 'import socket
s = socket.socket(socket.AF_INET6)
s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
s.bind(("::", 0))
print(s.getsockname()[1])')"
}
# A listener that is no run, until the end of the test; in $stranger.
stranger() {
    python3 listen.py "$@" >stranger.out 2>&1 &
    stranger=$!
    OWN_PIDS+=("$stranger")
    wait_until 20 grep -q listening stranger.out
}
end_stranger() {
    kill -KILL "$stranger"
    wait "$stranger" || true
}
runs() { sigmund list --porcelain --columns id | wc -l; }
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
# A proof that nothing of a refused start is left.
refused() {
    [[ $status == 125 ]] || fail "$status: $output"
    assert_output --partial "is already in use by"
    assert_output --partial "hint: --ready-shared"
    [[ $(runs) == "${1:-0}" ]]
}

@test "a port that a stranger listens on is taken: nothing is started, the stranger is named" {
    stranger 127.0.0.1 "$port"
    for probe in "tcp:$port" "tcp:127.0.0.1:$port" "http://localhost:$port/" "tcp:[::ffff:127.0.0.1]:$port" "tcp:0.0.0.0:$port"; do
        run sigmund --ready "$probe" sh -c 'touch started; sleep 300'
        refused
        assert_output --partial "port $port is already in use by pid $stranger (python3); choose another port"
        refute_output --regexp 'kill|sigmund stop'
    done
    [[ ! -e started ]]
    run bash -c "'$SIGMUND' --json --ready tcp:$port sleep 300 2>&1 >/dev/null | jq -r .error.code"
    assert_output port_taken
    # Another address of that port is another socket.
    id=$(sigmund -q --ready "tcp:127.0.0.2:$port" python3 listen.py 127.0.0.2 "$port")
    [[ $(field "$id" ready) == true ]]
    # What has ended leaves its port free at once, whatever the kernel still remembers of its connections.
    exec {connection}<>"/dev/tcp/127.0.0.1/$port"
    end_stranger
    exec {connection}>&-
    id=$(sigmund -q --ready "tcp:127.0.0.1:$port" python3 listen.py 127.0.0.1 "$port")
    [[ $(field "$id" ready) == true ]]
}

@test "another run is named with the way to stop it, and with its project if that is another" {
    mkdir -p a b
    touch a/sigmund.toml b/sigmund.toml
    db=$(cd a && sigmund -q -n db --ready "tcp:$port" redis-server --port "$port" --save '')
    cd a
    run sigmund --ready "tcp:$port" sleep 300
    refused 1
    assert_line "sigmund: port $port is already in use by db ($db): sigmund stop db"
    cd ../b
    run env HOME="$BATS_TEST_TMPDIR" "$SIGMUND" --ready "tcp:$port" sleep 300
    refused 1
    assert_line "sigmund: port $port is already in use by db ($db) in ~/a: sigmund stop $db"
    # A run that is replaced gives its port to the one that replaces it.
    cd ../a
    new=$(sigmund -q -n db --replace --ready "tcp:$port" redis-server --port "$port" --save '')
    [[ $(field "$new" ready) == true && $(field "$db" state) == exited ]]
}

@test "wildcards, IPv6 and both families of localhost" {
    stranger :: "$port"
    for probe in "tcp:127.0.0.1:$port" "tcp:[::1]:$port" "tcp:$port"; do
        run sigmund --ready "$probe" sleep 300
        refused
    done
    end_stranger
    stranger :: "$port" v6only
    run sigmund --ready "tcp:localhost:$port" sleep 300
    refused
    id=$(sigmund -q --ready "tcp:127.0.0.1:$port" python3 listen.py 127.0.0.1 "$port")
    [[ $(field "$id" ready) == true ]]
    for address in ::1 :: 127.0.0.1 0.0.0.0; do
        id=$(sigmund -q --ready "tcp:$other_port" python3 listen.py $address "$other_port")
        [[ $(field "$id" ready) == true ]]
        sigmund stop -q "$id"
    done
}

@test "a stranger that comes later does not make a run ready: it fails at once, and is named" {
    # The command itself tells when it has started; then the stranger takes its port.
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
    # The same of another run.
    rm started
    sigmund --json --ready "http://127.0.0.1:$port" --ready-timeout 100s sh -c 'touch started; exec sleep 300' >out 2>&1 &
    launcher=$!
    OWN_PIDS+=("$launcher")
    wait_until 20 test -e started
    sigmund -q -n thief python3 listen.py 127.0.0.1 "$port" >/dev/null
    wait "$launcher" || code=$?
    [[ $code == 1 && $(grep -o '{"error.*' out | jq -r .error.code) == not_ready ]] || fail "$(cat out)"
    grep -q 'answered by thief' out
    # And of a unix socket.
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

@test "a process of the run counts, wherever in its tree, and beside others" {
    id=$(sigmund -q --ready "tcp:$port" python3 listen.py 127.0.0.1 "$port" fork)
    [[ $(field "$id" ready) == true ]]
    sigmund stop -q "$id"
    # A socket that the caller has opened and hands in.
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
    # Two runs that share a port are both ready; so is one that starts another inside itself.
    one=$(sigmund -q --ready "tcp:127.0.0.1:$port" python3 listen.py 127.0.0.1 "$port" reuse)
    two=$(sigmund -q --ready "tcp:127.0.0.1:$port" python3 listen.py 127.0.0.1 "$port" reuse)
    [[ $(field "$one" ready) == true && $(field "$two" ready) == true ]]
    id=$(sigmund -q --ready "tcp:$other_port" sh -c "'$SIGMUND' -q python3 listen.py 127.0.0.1 $other_port; sleep 300")
    [[ $(field "$id" ready) == true ]]
    # A pool and a pipe.
    sigmund stop -q @all
    id=$(sigmund -q --pool 2 --ready "tcp:$port" python3 listen.py 127.0.0.1 "$port" reuse)
    [[ $(field "$id" ready) == true ]]
    id=$(sigmund pipe -q --ready "tcp:$other_port" -- python3 listen.py 127.0.0.1 "$other_port" '|' cat)
    [[ $(field "$id" ready) == true ]]
}

@test "a container engine's proxy counts, and is noted" {
    sigmund --ready "tcp:$port" --ready-timeout 100s sh -c 'touch started; exec sleep 300' >out 2>&1 &
    launcher=$!
    OWN_PIDS+=("$launcher")
    wait_until 20 test -e started
    stranger 127.0.0.1 "$port" comm=docker-proxy
    wait "$launcher" || fail "$(cat out)"
    grep -q "tcp:$port answered by docker-proxy" out
    [[ $(field @ ready) == true && $(field @ ready_detail) == "tcp:$port answered by docker-proxy" ]]
    if ((EUID == 0)); then
        # Another user's process.
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

@test "a port of another user's process is taken, though the process cannot be seen" {
    if ((EUID == 0)); then
        stranger 127.0.0.1 "$port"
        store=$(mktemp -d /tmp/sgm.XXXXXX)
        chown 65534:65534 "$store"
        cd /
        run setpriv --reuid 65534 --regid 65534 --clear-groups env SIGMUND_STATE_DIR="$store" HOME=/nonexistent \
            "$SIGMUND" --ready "tcp:$port" sleep 300
        rm -r "$store"
        assert_failure 125
        assert_output --partial "port $port is already in use by a process of user 0; choose another port"
    fi
}

@test "a connection that is closed at once is not ready" {
    run sigmund --ready "tcp:$port" --ready-timeout 1s python3 listen.py 127.0.0.1 "$port" close
    assert_failure 124
    assert_output --partial "tcp:$port: the connection was accepted, then closed at once"
}

@test "--ready-shared accepts any answer, and is kept for again" {
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

@test "a time-out tells the probe, the last answer and what the run listens on" {
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

@test "a file or a socket that is older than the run does not count" {
    touch flag
    run sigmund --ready file:flag --ready-timeout 500ms sleep 300
    assert_failure 124
    assert_output --partial "file:flag: it is older than this run (--ready-shared accepts it)"
    id=$(sigmund -q --ready file:flag sh -c 'echo again >flag; sleep 300')
    [[ $(field "$id" ready) == true ]]
    # The same holds for each life: what the one before has made is old.
    touch -d '+1 hour' flag
    run sigmund --ready file:flag --ready-timeout 500ms sleep 300
    assert_failure 124
    # A socket file that a crash has left.
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

@test "log: matches what a person sees, also stderr of a split log" {
    id=$(sigmund -q --split-log --ready 'log:^on stderr$' sh -c 'echo on stderr >&2; sleep 300')
    [[ $(field "$id" ready) == true ]]
    id=$(sigmund -q --ready 'log:^ready in 3 ms$' sh -c "printf '\033[1;32mready\033[0m in \033[1m3\033[22m ms\r\n'; sleep 300")
    [[ $(field "$id" ready) == true ]]
    # A prompt has no end of line; a line that is still being written is no prompt.
    id=$(sigmund -q --ready 'log:^> $' sh -c 'printf "> "; exec sleep 300')
    [[ $(field "$id" ready) == true ]]
    id=$(sigmund -q --pool 2 --split-log --ready 'log:^worker 1$' sh -c 'echo worker $WORKER_ID; sleep 300')
    [[ $(field "$id" ready) == true ]]
}

@test "with a restart policy readiness waits through restarts, until the time is over or the policy gives up" {
    cat >third.sh <<END
echo life >>lives
[ \$(wc -l <lives) -ge 3 ] || exit 3
exec python3 listen.py 127.0.0.1 $port
END
    id=$(sigmund -q --ready "tcp:$port" --restart on-failure --backoff 10ms sh third.sh)
    [[ $(field "$id" ready) == true && $(field "$id" restarts) == 2 ]]
    run sigmund --ready "tcp:$other_port" --restart always --max-restarts 2 --backoff 10ms sh -c 'exit 9'
    assert_failure 9
    [[ $(field @ result) == unready && $(field @ restarts) == 2 ]]
    run sigmund --ready "tcp:$other_port" --ready-timeout 2s --restart always --backoff 10ms sh -c 'exit 9'
    assert_failure 124
    [[ $(field @ result) == unready ]]
    run sigmund --ready "tcp:$other_port" --ready-timeout 2s --restart always --backoff 1h..1h sh -c 'exit 9'
    assert_failure 124
    assert_output --partial "it ended, and waits for its restart"
}

@test "restart returns when the run is ready again, or says why it is not" {
    cat >slow.sh <<END
sleep 0.5
[ ! -e broken ] || exec sleep 300
[ ! -e failing ] || exit 7
exec python3 listen.py 127.0.0.1 $port
END
    id=$(sigmund -q -n web --ready "tcp:$port" --ready-timeout 20s sh slow.sh)
    run sigmund restart web
    assert_success
    assert_output --partial "restarted web ($id): pid $(field web pid)"
    [[ $(field web ready) == true ]]
    listens "$port"
    touch failing
    run sigmund restart web
    assert_failure 7
    rm failing
    id=$(sigmund -q -n web --ready "tcp:$port" --ready-timeout 3s sh slow.sh)
    touch broken
    run sigmund restart web
    assert_failure 124
    assert_output --partial "tcp:$port: connection refused"
    [[ $(field web result) == unready ]]
    # One that has ended is started again, and waited for as well.
    rm broken
    run sigmund restart web
    assert_success
    [[ $(field web ready) == true ]]
}

@test "after an automatic restart wait --until ready waits for the new life" {
    cat >second.sh <<END
[ ! -e ran ] || while [ ! -e go ]; do sleep 0.05; done
touch ran
exec python3 listen.py 127.0.0.1 $port
END
    id=$(sigmund -q -n web --ready "tcp:$port" --restart always --backoff 10ms sh second.sh)
    kill -KILL "$(field web pid)"
    unready() { [[ $(field web ready) == false ]]; }
    wait_until 20 unready
    run sigmund wait --until ready --timeout 300ms web
    assert_failure 124
    touch go
    run sigmund wait --until ready --timeout 60s web
    assert_success
    listens "$port"
}

@test "a port that is taken between two lives is a failed start, and tried again" {
    id=$(sigmund -q -n web --ready "tcp:$port" --restart always --backoff 200ms..200ms python3 listen.py 127.0.0.1 "$port")
    # The stranger waits for the moment when the port is free.
    cat >grab.sh <<END
until python3 listen.py 127.0.0.1 $port; do :; done
END
    bash grab.sh >stranger.out 2>/dev/null &
    OWN_PIDS+=($!)
    grabbed() {
        grep -q listening stranger.out || {
            kill -KILL "$(field web pid)" 2>/dev/null || true
            false
        }
    }
    wait_until 60 grabbed
    wait_until 20 log_has "$id" "cannot be started again: port $port is already in use by pid"
    [[ $(field web state) == @(backoff|starting) && $(field web ready) == false ]]
    stranger=$(pgrep -f "listen.py 127.0.0.1 $port\$" | head -1)
    kill -KILL "${OWN_PIDS[-1]}" "$stranger"
    run sigmund wait --until ready --timeout 60s web
    assert_success
    # A stop is heard while the port is being looked at.
    run sigmund stop web
    assert_success
    [[ $(field web result) == stopped ]]
}

@test "restart of a run whose port is taken meanwhile says so, and the run waits for its port" {
    cat >lingers.py <<'END'
import os, signal, socket, sys, time
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
def end(*_):
    s.close()
    open("closed", "w")
    while not os.path.exists("grabbed"):
        time.sleep(0.02)
    os._exit(0)
signal.signal(signal.SIGTERM, end)
time.sleep(1000)
END
    id=$(sigmund -q -n web --stop-timeout 100s --ready "tcp:$port" python3 lingers.py "$port")
    sigmund restart web >out 2>&1 &
    restarter=$!
    OWN_PIDS+=("$restarter")
    wait_until 20 test -e closed
    stranger 127.0.0.1 "$port"
    touch grabbed
    code=0
    wait "$restarter" || code=$?
    [[ $code == 1 ]] || fail "$code: $(cat out)"
    grep -q "port $port is already in use by pid $stranger (python3).*tried again" out || fail "$(cat out)"
    [[ $(field web state) == @(backoff|starting) && $(field web ready) == false ]]
    end_stranger
    run sigmund wait --until ready --timeout 60s web
    assert_success
    [[ $(field web ready_detail) == null ]]
}

@test "a look that fails is not a free port" {
    run strace -f -o trace -P /proc/self/net/tcp -e trace=openat -e inject=openat:error=EACCES \
        "$SIGMUND" --ready "tcp:$port" sleep 300
    assert_failure 125
    assert_output --partial "cannot tell whether port $port is free: Permission denied"
    [[ $(runs) == 0 ]]
}

@test "a command in a network namespace of its own is not reached, and the time-out says so" {
    if ((EUID == 0)); then
        run sigmund --ready "tcp:127.0.0.1:$port" --ready-timeout 3s unshare -n sh -c "ip link set lo up 2>/dev/null; exec python3 listen.py 0.0.0.0 $port"
        assert_failure 124
        assert_output --partial "the run listens on $port in a network namespace of its own"
        # A socket file is the same for all of them.
        id=$(sigmund -q --ready "unix:$PWD/n.sock" unshare -n redis-server --port 0 --unixsocket "$PWD/n.sock" --save '')
        [[ $(field "$id" ready) == true ]]
    fi
    run sigmund --ready "tcp:192.0.2.1:$port" --ready-timeout 300ms sleep 300
    assert_failure 124
    refute_output --partial "the run listens"
}
