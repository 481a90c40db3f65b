#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# --ready-fail: a line of the log that means failure, although the process lives, while the run is not ready yet.
load sigmund
load listeners

setup() {
    listeners_setup
    # Each start below is decided by a line or by readiness, never by the time.
    limit=(--ready-timeout 1000s)
}
teardown() { sigmund_teardown; }

# The start has failed because of this text in its log, and nothing is left of the run.
failed_with() {
    [[ $status == 1 ]] || fail "$status: $output"
    assert_output --partial "failed: its log says \"$1\""
    [[ $(field @ state) == failed && $(field @ result) == unready && $(field @ ended_by) == ready-fail ]]
    [[ $(sigmund list --live --porcelain | wc -l) == 0 ]]
}

@test "A line that means failure ends the start at once, and wait and explain tell it" {
    run sigmund -n web --ready "tcp:$port" "${limit[@]}" --ready-fail 'log:^FATAL' sh -c 'echo preparing; echo "FATAL: no database"; sleep 300'
    failed_with "FATAL: no database"
    assert_output --partial preparing
    assert_output --partial "web"
    [[ $(field web ready_detail) == 'its log says "FATAL: no database"' ]]
    run sigmund explain web
    assert_output --partial "a line in its log means failure"
    assert_output --partial 'its log says "FATAL: no database"'
    run sigmund wait --until ready web
    assert_failure 1
    assert_output --partial 'its log says "FATAL: no database"'
    run bash -c "'$SIGMUND' -q --json --ready tcp:$port --ready-timeout 1000s --ready-fail log:FATAL -- sh -c 'echo FATAL; sleep 300' 2>&1 >/dev/null | jq -r '.error.code, .error.message'"
    assert_line not_ready
    assert_output --partial 'failed: its log says "FATAL"'
    # Each kind of probe is given up, and each of several expressions counts.
    for probe in file:never unix:never.sock cmd:false notify log:never "http://127.0.0.1:$port/"; do
        run sigmund --ready "$probe" "${limit[@]}" --ready-fail log:never-at-all --ready-fail log:FATAL sh -c 'echo FATAL; sleep 300'
        failed_with FATAL
    done
}

@test "In the log itself the order of the lines decides" {
    for _ in 1 2 3; do
        id=$(sigmund -q --ready log:READY "${limit[@]}" --ready-fail log:FATAL sh -c 'printf "READY\nFATAL\n"; exec sleep 300')
        [[ $(field "$id" ready) == true && $(field "$id" state) == running ]]
        run sigmund --ready log:READY "${limit[@]}" --ready-fail log:FATAL sh -c 'printf "FATAL\nREADY\n"; exec sleep 300'
        [[ $status == 1 ]] || fail "$status: $output"
        run sigmund --ready log:READY --ready log:WARM "${limit[@]}" --ready-fail log:FATAL sh -c 'printf "WARM\nFATAL\nREADY\n"; exec sleep 300'
        [[ $status == 1 ]] || fail "$status: $output"
    done
    # A line that both expressions match means failure.
    run sigmund --ready log:server "${limit[@]}" --ready-fail log:FATAL sh -c 'echo "FATAL: server"; exec sleep 300'
    [[ $status == 1 ]] || fail "$status: $output"
}

@test "What was written before a port answers always counts" {
    for probes in "--ready tcp:$port" "--ready tcp:$port --ready log:listening" "--ready log:listening --ready cmd:true --ready tcp:$port"; do
        # shellcheck disable=SC2086
        run sigmund $probes "${limit[@]}" --ready-fail log:FATAL sh -c "echo FATAL; exec python3 listen.py 127.0.0.1 $port"
        [[ $status == 1 ]] || fail "$status: $output"
        # shellcheck disable=SC2086
        id=$(sigmund -q $probes "${limit[@]}" --ready-fail log:FATAL python3 listen.py 127.0.0.1 "$port")
        [[ $(field "$id" ready) == true ]]
        sigmund stop -q "$id"
    done
}

@test "After the run is ready, such a line has no effect" {
    for probe in file:flag 'cmd:test -e flag' log:ready notify; do
        rm -f flag go
        id=$(sigmund -q --ready "$probe" "${limit[@]}" --ready-fail log:FATAL \
            sh -c 'echo ready; echo >flag; [ -z "$NOTIFY_SOCKET" ] || python3 -c "import os, socket
p = os.environ[\"NOTIFY_SOCKET\"]
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b\"READY=1\", \"\\0\" + p[1:] if p[0] == \"@\" else p)"
            while [ ! -e go ]; do sleep 0.05; done; echo FATAL; echo finished; exec sleep 300')
        [[ $(field "$id" ready) == true ]]
        touch go
        wait_until 20 log_has "$id" finished
        run sigmund wait --until ready "$id"
        assert_success
        [[ $(field "$id" state) == running ]]
        sigmund stop -q "$id"
    done
}

@test "READY=1 that follows a failure does not make the run ready" {
    cat >notify.py <<'END'
import os, socket, time
print("FATAL", flush=True)
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
path = os.environ["NOTIFY_SOCKET"]
s.sendto(b"READY=1", "\0" + path[1:] if path[0] == "@" else path)
time.sleep(1000)
END
    for _ in 1 2 3; do
        run sigmund --ready notify "${limit[@]}" --ready-fail log:FATAL python3 notify.py
        failed_with FATAL
    done
}

@test "The line is matched as a person sees it: stderr of a split log, colours, very long lines, workers" {
    run sigmund --split-log --ready file:never "${limit[@]}" --ready-fail 'log:^on stderr$' sh -c 'echo on stderr >&2; sleep 300'
    failed_with "on stderr"
    run sigmund --ready file:never "${limit[@]}" --ready-fail 'log:^failed in 3 ms$' sh -c "printf '\033[1;31mfailed\033[0m in \033[1m3\033[22m ms\r\n'; sleep 300"
    failed_with "failed in 3 ms"
    [[ $(field @ ready_detail) == 'its log says "failed in 3 ms"' ]]
    # An incomplete line.
    run sigmund --ready file:never "${limit[@]}" --ready-fail 'log:^panic' sh -c 'printf "panic: at the disco"; exec sleep 300'
    failed_with "panic: at the disco"
    # A line of a megabyte is shown around the match. Hidden characters become visible.
    run sigmund --ready file:never "${limit[@]}" --ready-fail log:FATAL sh -c 'head -c 30000 /dev/zero | tr "\0" a; printf "FATAL\342\200\256"; head -c 1000000 /dev/zero | tr "\0" b; echo; sleep 300'
    [[ $status == 1 ]] || fail "$status"
    assert_output --regexp 'its log says "…a+FATAL\\u202eb+…"'
    [[ $(field @ ready_detail) != *$'\n'* ]]
    detail=$(field @ ready_detail)
    ((${#detail} < 300))
    run sigmund --ready file:never "${limit[@]}" --pool 2 --ready-fail 'log:FATAL 1$' sh -c 'echo FATAL $WORKER_ID; sleep 300'
    failed_with "1 | FATAL 1"
}

@test "A line that does not match, and what an earlier life has written, do no harm" {
    id=$(sigmund -q --ready file:flag "${limit[@]}" --ready-fail log:FATAL sh -c 'echo fatal; echo "no failure"; sleep 0.3; echo >flag; sleep 300')
    [[ $(field "$id" ready) == true ]]
    # The log of the run has the word already.
    echo FATAL >app.log
    id=$(sigmund -q --log app.log --ready log:READY "${limit[@]}" --ready-fail log:FATAL sh -c 'echo READY; sleep 300')
    [[ $(field "$id" ready) == true ]]
    # A time-out stays a time-out.
    run sigmund --ready "tcp:$port" --ready-timeout 500ms --ready-fail log:FATAL sleep 300
    assert_failure 124
    assert_output --partial "tcp:$port: connection refused"
    run sigmund --ready log:READY --ready-timeout 500ms --ready-fail log:FATAL sh -c 'echo hello; sleep 300'
    assert_failure 124
    assert_output --partial "log:READY: no line matches"
    run sigmund --ready notify --ready-timeout 500ms --ready-fail log:FATAL sh -c 'echo hello; sleep 300'
    assert_failure 124
    assert_output --partial "notify: no READY=1 was received"
    # So does the end of the command.
    run sigmund --ready "tcp:$port" "${limit[@]}" --ready-fail log:FATAL sh -c 'exit 7'
    assert_failure 7
}

@test "Before the run is ready for the first time, a failure ends it also with a restart policy" {
    run sigmund --restart always --ready file:never "${limit[@]}" --ready-fail log:FATAL sh -c 'echo FATAL; sleep 300'
    failed_with FATAL
    [[ $(field @ restarts) == 0 ]]
}

@test "After a restart a failure ends that life, within the limit of the policy" {
    cat >lives.sh <<'END'
echo life >>lives
case $(wc -l <lives) in
1 | 3) echo READY ;;
*) echo FATAL ;;
esac
exec sleep 300
END
    id=$(sigmund -q -n web --restart on-failure --backoff 10ms --max-restarts 3 --ready log:READY "${limit[@]}" --ready-fail log:FATAL sh lives.sh)
    kill -KILL "$(field web pid)"
    third() { [[ $(field web restarts) == 2 && $(field web ready) == true ]]; }
    wait_until 20 third
    run sigmund explain web
    assert_output --partial "restarted because a line in its log means failure"
    # The fourth life fails, and the policy gives up.
    kill -KILL "$(field web pid)"
    run sigmund wait --gone web
    failed_with_state() { [[ $(field web state) == failed && $(field web result) == unready && $(field web ended_by) == ready-fail ]]; }
    failed_with_state || fail "$(sigmund show web)"
    # Without a policy a restart that fails stops the run.
    rm lives
    sigmund -q -n web --ready log:READY "${limit[@]}" --ready-fail log:FATAL sh lives.sh
    run sigmund restart web
    failed_with FATAL
}

@test "A wrong expression, or one without --ready, is refused before the start" {
    for bad in 'log:(' log: tcp:1 FATAL ''; do
        run sigmund --ready file:never --ready-fail "$bad" touch started
        assert_failure 1
        assert_output --partial "--ready-fail"
    done
    run sigmund --ready-fail log:FATAL touch started
    assert_failure 1
    assert_output --partial "needs --ready"
    [[ ! -e started && $(runs) == 0 ]]
    json_error usage "$SIGMUND" --json --ready file:x --ready-fail 'log:(' true
}

@test "A template has it as fail, and again keeps it" {
    cat >sigmund.toml <<END
[run.web]
command = "echo 'Failed to compile'; sleep 300"
ready = "tcp:$port"
ready-timeout = "1000s"
fail = "log:Failed to compile"
END
    run sigmund up web
    failed_with "Failed to compile"
    run sigmund again --dry-run web
    assert_output --partial "--ready-fail 'log:Failed to compile'"
    run sigmund again web
    failed_with "Failed to compile"
    printf '[run.web]\ncommand = "true"\n\nfail = "log:x"\n' >sigmund.toml
    run sigmund up web
    assert_failure 1
    assert_output --partial "sigmund.toml:4: "
    assert_output --partial 'needs `ready`'
    printf '[run.web]\ncommand = "true"\nready = "tcp:1"\nfail = ["log:x", "log:("]\n' >sigmund.toml
    run sigmund up web
    assert_failure 1
    assert_output --partial "sigmund.toml:4: "
    printf '[run.web]\ncommand = "true"\nready = "tcp:1"\nfail = "log:x"\nready-fail = "log:x"\n' >sigmund.toml
    run sigmund up web
    assert_failure 1
    assert_output --partial "both are given"
}
