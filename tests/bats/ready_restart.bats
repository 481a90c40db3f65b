#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Readiness over restarts: each life is waited for.
load sigmund
load listeners

setup() { listeners_setup; }
teardown() { sigmund_teardown; }

@test "With a restart policy readiness waits until the time is over or the policy gives up" {
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
    assert_output --partial "its command has ended, and has to wait for its next start"
}

# Proves that nothing of a refused start is left.
refused() {
    [[ $status == 125 ]] || fail "$status: $output"
    assert_output --partial "is already in use by"
    assert_output --partial "hint: --ready-shared"
    [[ $(runs) == "${1:-0}" ]]
}

@test "Restart returns when the run is ready again, or says why it is not" {
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
    # A run that has ended is started again, and waited for as well.
    rm broken
    run sigmund restart web
    assert_success
    [[ $(field web ready) == true ]]
}

@test "After an automatic restart wait --until ready waits for the new life" {
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

@test "A port that is taken between two lives is a failed start, which is tried again" {
    id=$(sigmund -q -n web --ready "tcp:$port" --restart always --backoff 200ms..200ms python3 listen.py 127.0.0.1 "$port")
    # The other process waits for the moment when the port is free.
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
    # A stop works while the port is being checked.
    run sigmund stop web
    assert_success
    [[ $(field web result) == stopped ]]
}

@test "A restart whose port is taken meanwhile reports it, and the run waits for its port" {
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
