#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Readiness, tested with real servers.
load sigmund

setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
    free_port port
}
teardown() { sigmund_teardown; }

answers() { redis-cli -p "$port" ping 2>/dev/null | grep -q PONG; }

@test "The start of redis returns when the tcp and log probes succeed, and redis answers then" {
    for probe in "tcp:$port" "log:Ready to accept connections" "tcp:127.0.0.1:$port"; do
        id=$(sigmund -q --ready "$probe" redis-server --port $port --save '')
        answers
        [[ $(field "$id" ready) == true && $(field "$id" state) == running ]]
        sigmund stop -q "$id"
    done
}

@test "The probes unix and file wait for a socket and a file" {
    id=$(sigmund -q --ready "unix:$PWD/redis.sock" redis-server --port 0 --unixsocket "$PWD/redis.sock" --save '')
    redis-cli -s redis.sock ping | grep -q PONG
    id=$(sigmund -q --ready file:there sh -c 'sleep 0.2; touch there; sleep 300')
    [[ -e there ]]
}

@test "The probes http and cmd succeed for a Python server, also together" {
    id=$(sigmund -q --ready "http://localhost:$port/" --ready "tcp:$port" python3 -m http.server $port --bind 127.0.0.1)
    run python3 -c "import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:$port/').status)"
    assert_output 200
    sigmund stop -q "$id"
    id=$(sigmund -q --ready 'cmd:test -e made' sh -c 'sleep 0.2; touch made; sleep 300')
    [[ -e made ]]
    run sigmund -q --ready "http://localhost:$port/no-such-page" --ready-timeout 2s python3 -m http.server $port
    assert_failure 124
    assert_output --partial "no-such-page: 404"
}

@test "The probe notify accepts READY=1 and STATUS= only from the run itself" {
    cat >notify.py <<'END'
import os, socket, time
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
path = os.environ["NOTIFY_SOCKET"]
path = "\0" + path[1:] if path[0] == "@" else path
s.sendto(b"X" * 3000, path)
time.sleep(0.2)
s.sendto(b"STATUS=warming up", path)
s.sendto(b"READY=1\nSTATUS=serving \x1b[31m3 clients", path)
time.sleep(300)
END
    id=$(sigmund -q --ready notify python3 notify.py)
    [[ $(field "$id" ready) == true ]]
    [[ $(field "$id" status_text) == serving* ]]
    run sigmund show "$id"
    assert_output --partial 'serving \e[31m3 clients'
    # Without --ready notify the caller's own socket is not passed on.
    id=$(NOTIFY_SOCKET=/run/nobody sigmund -q sh -c 'echo "[$NOTIFY_SOCKET]"')
    sigmund wait "$id"
    [[ $(sigmund dump "$id") == "[]" ]]
}

@test "A run that ends before it is ready returns its own status (1 instead of 0) and its last lines" {
    run sigmund -q --ready tcp:$port sh -c 'echo oops; exit 7'
    assert_failure 7
    assert_output --partial oops
    assert_output --partial "exited 7 before it was ready"
    run sigmund -q --ready tcp:$port true
    assert_failure 1
    run sigmund -q --ready tcp:$port --restart always --max-restarts 2 --backoff 10ms sh -c 'exit 9'
    assert_failure 9
    [[ $(field @ state) == failed && $(field @ result) == unready ]]
}

@test "A run that is not ready in time is stopped with 124, and its last lines are shown" {
    run sigmund -q --ready tcp:$port --ready-timeout 300ms sh -c 'echo waiting; sleep 300'
    assert_failure 124
    assert_output --partial waiting
    [[ $(sigmund list --live --porcelain | wc -l) == 0 ]]
    [[ $(field @ result) == unready ]]
    # The reason, which is also in the log, is said once.
    [[ $(grep -c 'connection refused' <<<"$output") == 1 ]]
    run sigmund explain @
    [[ $(grep -c 'connection refused' <<<"$output") == 1 ]]
    assert_line --partial waiting
}

@test "Ctrl-C during the wait leaves the run alone" {
    # A shell without job control ignores SIGINT in its background commands.
    env --default-signal=INT "$SIGMUND" --ready tcp:$port sleep 300 2>err >out &
    launcher=$!
    OWN_PIDS+=("$launcher")
    wait_until 5 grep -q "stop:" err
    kill -INT $launcher
    status=0
    wait $launcher || status=$?
    [[ $status == 130 ]]
    run cat err
    assert_output --partial "sigmund stop"
    [[ $(sigmund list --live --porcelain | wc -l) == 1 ]]
}

@test "A slow expression and a long line do no harm" {
    id=$(sigmund -q --ready 'log:^(a+)+b$|READY' sh -c 'head -c 200000 /dev/zero | tr "\0" a; echo; echo READY; sleep 300')
    [[ $(field "$id" ready) == true ]]
    for bad in 'log:(' tcp:0 tcp:x http:// https://localhost/ nonsense file: tcp:example.org:80; do
        run sigmund --ready "$bad" true
        assert_failure 1
        assert_output --partial "$bad"
    done
}

@test "Wait --until ready returns when the run is ready" {
    run sigmund wait --until ready "$(sigmund -q sleep 300)"
    assert_success
    "$SIGMUND" -q --ready file:flag sleep 300 >id 2>/dev/null &
    OWN_PIDS+=($!)
    starting() { [[ $("$SIGMUND" list --state starting --porcelain --columns state) == starting ]]; }
    wait_until 5 starting
    run sigmund wait --until ready --timeout 200ms @
    assert_failure 124
    touch flag
    run sigmund wait --until ready --timeout 5s @
    assert_success
}

@test "With --json a failed readiness is one error object" {
    run bash -c "'$SIGMUND' -q --json --ready tcp:1 -- sh -c 'echo no; exit 3' 2>&1 >/dev/null | jq -r .error.code"
    assert_output failed
    run bash -c "'$SIGMUND' -q --json --ready tcp:1 --ready-timeout 100ms -- sleep 300 2>&1 >/dev/null | jq -r .error.code"
    assert_output timed_out
}

@test "A prompt without a newline, and each state of a bar, make a run ready" {
    prompt='printf "\033[1mContinue? \033[0m"; sleep 300'
    bar='for i in 10 50 100; do printf "\r\033[32mload %s%%\033[0m" "$i"; done; sleep 300'
    dots='printf "waiting "; while :; do printf .; sleep 0.05; done'
    for each in '^Continue\? $' "$prompt" '^load 10%$' "$bar" '^load 100%$' "$bar" '^waiting \.' "$dots"; do
        [[ -n ${expression:-} ]] || { expression=$each && continue; }
        id=$(sigmund -q --ready "log:$expression" --ready-timeout 1000s sh -c "$each")
        [[ $(field "$id" ready) == true ]]
        sigmund kill -q "$id"
        expression=
    done
}
