#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Restart policies, pools, pipes, health, watching: what a guardian does beyond waiting.
load sigmund
setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
}
teardown() { sigmund_teardown; }

guardian_of() { sigmund show "$1" --json | jq .data[0].guardian.pid; }
is() { [[ $(field "$1" "$2") == "$3" ]]; }
grep_log() { sigmund dump "$1" | grep -q "$2"; }
restarted() { (($(field "$1" restarts) >= $2)); }

@test "on-failure: restarts, backs off, gives up, and tells of it" {
    id=$(sigmund -q --restart on-failure --max-restarts 2 --backoff 50ms..60ms sh -c 'echo life; exit 3')
    wait_until 10 is "$id" state failed
    is "$id" result restart-limit
    is "$id" restarts 2
    [[ $(sigmund show "$id" --json | jq -c .data[0].results) == '["exit=3","exit=3"]' ]]
    [[ $(sigmund dump "$id" | grep -c ^life) == 3 ]]
    [[ $(sigmund dump "$id" | grep -c "starts again after exit=3") == 2 ]]
    id=$(sigmund -q --restart on-failure true)
    wait_until 5 is "$id" state exited
    is "$id" restarts 0
}

@test "always and on-exit: by their words" {
    id=$(sigmund -q --restart always --backoff 20ms..30ms true)
    wait_until 10 restarted "$id" 3
    sigmund stop -q "$id"
    is "$id" result stopped
    id=$(sigmund -q --restart on-exit=7,9 --backoff 20ms sh -c 'n=$(cat n 2>/dev/null || echo 0); echo $((n + 1)) >n; [ "$n" = 2 ] && exit 1; exit 7')
    wait_until 10 is "$id" state exited
    is "$id" result exit=1
    is "$id" restarts 2
}

@test "back-off: a state of its own, with the next attempt; stop ends it at once" {
    id=$(sigmund -q --restart always --backoff 30s false)
    wait_until 5 is "$id" state backoff
    [[ $(field "$id" next_start_ms) -gt $(date +%s000) ]]
    run sigmund list
    assert_output --regexp "backoff [23][0-9]"
    run sigmund show "$id"
    assert_output --partial "next start"
    run timeout 3 "$SIGMUND" stop "$id"
    assert_success
    is "$id" state exited
    id=$(sigmund -q --restart always --backoff 30s sh -c 'test -e go && exec sleep 300; exit 1')
    wait_until 5 is "$id" state backoff
    touch go
    run sigmund restart "$id"
    assert_success
    is "$id" state running
}

@test "what a life left is ended before the next one starts: no address in use" {
    cat >server.py <<'END'
import os, socket, sys, time
s = socket.socket(); s.bind(("127.0.0.1", int(sys.argv[1]))); s.listen()
if os.fork() == 0:
    os.setsid(); time.sleep(1000)   # keeps the port
time.sleep(0.2); sys.exit(1)
END
    port=$((20000 + $$ % 20000))
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

@test "a restart that cannot execute ends the run with launch=ENOENT once its limit is reached" {
    cp "$(command -v sleep)" ./mine
    id=$(sigmund -q --restart always --max-restarts 2 --backoff 20ms ./mine 0.3)
    rm ./mine
    wait_until 10 is "$id" state failed
    is "$id" result launch=ENOENT
}

@test "a program that is being written when its restart is due is tried again" {
    cp "$(command -v sleep)" ./mine
    id=$(sigmund -q --restart always --backoff 20ms..40ms ./mine 0.3)
    cp mine new
    exec 9>>new # ETXTBSY for whom executes it
    mv new mine
    wait_until 10 grep_log "$id" "cannot be started again: ./mine: Text file busy"
    wait_until 5 is "$id" state backoff
    run sigmund restart "$id"
    assert_failure
    assert_output --partial "cannot be executed: ./mine: Text file busy; it is tried again"
    exec 9>&-
    wait_until 10 is "$id" state running
    sigmund stop -q "$id"
}

@test "a stdin that cannot be opened again is told; a FIFO nobody writes never holds up a stop" {
    echo once >input
    id=$(sigmund -q --stdin input --restart always --max-restarts 2 --backoff 20ms sh -c 'cat; rm -f input')
    wait_until 10 is "$id" result launch=ENOENT
    run sigmund dump "$id"
    assert_output --regexp "cannot be started again: .*/input: No such file or directory"
    mkfifo pipe
    (
        exec 9<>pipe
        exec timeout 10 "$SIGMUND" -q --stdin pipe --restart always --backoff 20ms head -c 1 >id
    ) &
    starter=$!
    wait_until 10 test -s id
    wait "$starter"
    id=$(<id)
    wait_until 10 restarted "$id" 1
    run timeout 3 "$SIGMUND" stop "$id"
    assert_success
}

@test "100,000 signals to the guardian: one child, bounded memory, the last one counts" {
    id=$(sigmund -q --restart-on HUP sleep 300)
    guardian=$(guardian_of "$id")
    before=$(awk '/VmRSS/ {print $2}' "/proc/$guardian/status")
    python3 - "$guardian" <<'END'
import os, sys
pid = int(sys.argv[1])
worst = 0
for i in range(100000):
    os.kill(pid, 1)
    if i % 2000 == 0:
        alive = 0
        for child in open(f"/proc/{pid}/task/{pid}/children").read().split():
            try:
                stat = open(f"/proc/{child}/stat").read()
                alive += stat[stat.rindex(")") + 2] != "Z"
            except OSError:
                pass
        worst = max(worst, alive)
assert worst <= 1, worst
END
    wait_until 10 is "$id" state running
    restarted "$id" 1
    (($(awk '/VmRSS/ {print $2}' "/proc/$guardian/status") < before + ${SIGMUND_SANITIZED:+40}2048))
    pid=$(field "$id" pid)
    kill -HUP "$guardian"
    changed() { [[ $(field "$id" state) == running && $(field "$id" pid) != "$pid" ]]; }
    wait_until 5 changed
    for bad in TERM KILL STOP CHLD; do
        run sigmund --restart-on $bad true
        assert_failure 1
    done
}

@test "a pool keeps its workers: numbers, prefix, replacement, restart, stop" {
    id=$(sigmund -q --pool 3 sh -c 'echo "I am $WORKER_ID"; setsid sleep 300 & exec sleep 301')
    said() { [[ $(sigmund dump "$id" | grep -c "I am") == "$1" ]]; }
    wait_until 5 said 3
    [[ $(sigmund dump "$id" | grep "I am" | sort | tr '\n' ,) == "0 | I am 0,1 | I am 1,2 | I am 2," ]]
    run sigmund list
    assert_output --partial "running 3/3"
    worker() { sigmund show "$id" --json | jq ".data[0].workers[$1].pid"; }
    full() { [[ $(field "$id" workers_alive) == 3 ]]; }
    for _ in 1 2 3; do
        victim=$(worker 1)
        kill -KILL "$victim"
        replaced() { full && [[ $(worker 1) != "$victim" && $(worker 1) != null ]]; }
        wait_until 10 replaced
    done
    [[ $(sigmund tree "$id" | grep -c "sleep 301") == 3 ]]
    old=$(worker 0)
    run sigmund restart "$id"
    assert_success
    full
    [[ $(worker 0) != "$old" ]]
    run sigmund stop "$id"
    assert_success
    [[ -z $(keyed_processes) ]]
}

@test "a pool whose guardian was killed is ended by its record" {
    id=$(sigmund -q --pool 3 sh -c 'setsid sleep 300 & exec sleep 301')
    kill -KILL "$(guardian_of "$id")"
    run sigmund stop "$id"
    assert_success
    [[ -z $(keyed_processes) ]]
}

@test "a pool with split logs, and one that gives up" {
    id=$(sigmund -q --pool 2 --split-log sh -c 'echo out $WORKER_ID; sleep 300')
    two() { [[ $(sigmund dump "$id" | sort | tr '\n' ,) == "0 | out 0,1 | out 1," ]]; }
    wait_until 5 two
    sigmund stop -q "$id"
    sigmund prune -q "$id"
    [[ -z $(ls "$SIGMUND_STATE_DIR"/"$id"* 2>/dev/null) ]]
    run sigmund -q --wait --pool 2 --max-restarts 1 --backoff 20ms sh -c 'exit 4'
    assert_failure 4
    is @ result restart-limit
}

@test "a pipe: the classic, statuses of the stages, pipefail" {
    run -127 sigmund -q --wait pipe -- true '|' true
    assert_failure
    run sigmund pipe -q --wait -- echo hello world '|' wc -w
    assert_success
    [[ $(sigmund dump @) == 2 ]]
    run sigmund pipe -q --wait -- sh -c 'echo a; exit 3' '|' cat
    assert_failure 3
    [[ $(sigmund show @ --json | jq -c '[.data[0].stages[].exit_code]') == "[3,0]" ]]
    run sigmund pipe -q --wait -- yes '|' head -n 100000 '|' tail -n 1
    [[ $(sigmund dump @) == y ]]
    [[ $(sigmund show @ --json | jq -r '.data[0].stages[0].signal') == SIGPIPE ]]
    before=$(sigmund list --porcelain | wc -l)
    run -127 sigmund pipe -q -- sleep 300 '|' no-such-command
    assert_failure 127
    [[ $(sigmund list --porcelain | wc -l) == "$before" ]]
    run sigmund pipe -- sleep 1 '|'
    assert_failure 1
}

@test "a pipe: megabytes through; stop, restart and pause reach every stage" {
    run sigmund pipe -q --wait -- head -c 8000000 /dev/zero '|' cat '|' wc -c
    assert_success
    [[ $(sigmund dump @) == 8000000 ]]
    id=$(sigmund pipe -q -- sleep 300 '|' sh -c 'trap "" TERM; sleep 301' '|' sleep 302)
    [[ $(sigmund tree "$id" | grep -c "sleep 30") == 4 ]]
    sigmund pause "$id"
    is "$id" state paused
    sigmund resume "$id"
    run sigmund restart --timeout 200ms "$id"
    assert_success
    [[ $(sigmund tree "$id" | grep -c "sleep 30") == 4 ]]
    run sigmund stop --timeout 200ms "$id"
    assert_success
    [[ -z $(keyed_processes) ]]
}

@test "health: an unhealthy run starts again, a hanging check ends with its tree" {
    touch well
    id=$(sigmund -q --health 'test -e well' --health-interval 100ms --health-retries 2 --backoff 20ms sleep 300)
    wait_until 5 is "$id" health healthy
    rm well
    wait_until 5 restarted "$id" 1
    touch well
    wait_until 5 is "$id" health healthy
    sigmund stop -q "$id"
    id=$(sigmund -q --health 'setsid sleep 4242' --health-interval 100ms --health-timeout 200ms --health-retries 1 \
        --max-restarts 0 sleep 300)
    wait_until 10 is "$id" state failed
    is "$id" result unhealthy
    gone_all() { ! pgrep -f '^sleep 4242$' >/dev/null; }
    wait_until 5 gone_all
    run sigmund dump "$id"
    assert_output --partial "timed out"
    id=$(sigmund -q --health false --health-interval 100ms --health-retries 1 --health-start 1h sleep 300)
    sleep 0.5
    is "$id" restarts 0
}

@test "watch: rebuild on change; one restart for a burst; what is hidden or excluded does not count" {
    mkdir -p src/.git src/out
    printf 'built: in.c\n\tcp in.c built; echo made\n' >Makefile
    mv Makefile src/
    echo 1 >src/in.c
    id=$(sigmund -q -C src --watch src --watch-ext .c,.h --watch-exclude out make)
    made() { [[ $(sigmund dump "$id" | grep -c ^made) == "$1" ]]; }
    wait_until 5 made 1
    wait_until 5 is "$id" state watching
    for i in 1 2 3 4 5 6 7 8 9; do echo "$i" >src/in.c; done
    touch src/.git/x.c src/out/y.c src/README
    wait_until 5 made 2
    [[ $(cat src/built) == 9 ]]
    touch src/.git/x.c src/out/y.c src/README
    sleep 0.4
    restarts=$(field "$id" restarts)
    [[ $restarts -le 2 ]]
    mkdir -p src/new/deep
    sleep 0.2
    echo >src/new/deep/z.h
    wait_until 5 restarted "$id" $((restarts + 1))
    run timeout 3 "$SIGMUND" stop "$id"
    assert_success
}

@test "watch: rsync keeps a mirror, of new, moved and removed folders too" {
    mkdir -p src/old dst
    echo 1 >src/old/a
    id=$(sigmund -q --watch src -- rsync -a --delete src/ dst/)
    same() { diff -r src dst >/dev/null 2>&1; }
    wait_until 5 same
    mkdir -p src/new/deep
    echo 2 >src/new/deep/b
    wait_until 5 same
    mv src/new src/moved
    wait_until 5 same
    echo 3 >src/moved/deep/c
    rm -r src/old
    wait_until 5 same
    for i in {1..200}; do echo "$i" >"src/moved/$i"; done
    wait_until 5 same
    run timeout 3 "$SIGMUND" stop "$id"
    assert_success
}

@test "watch: mirrors a folder, follows moved folders, names what has changed" {
    mkdir -p from to
    echo 1 >from/a
    id=$(sigmund -q --watch from sh -c 'echo "changed: $SIGMUND_CHANGED"; rm -rf to; cp -r from to')
    wait_until 5 test -e to/a
    mkdir from/sub
    echo 2 >from/sub/b
    wait_until 5 test -e to/sub/b
    mv from/sub from/moved
    wait_until 5 test -e to/moved/b
    echo 3 >from/moved/c
    wait_until 5 test -e to/moved/c
    told() { sigmund dump "$id" | grep -q "from/moved/c"; }
    wait_until 5 told
    run sigmund --watch nowhere true
    assert_failure 125
    assert_output --partial nowhere
}

@test "watch: an overflowed queue means that something has changed" {
    mkdir w
    id=$(sigmund -q --watch w true)
    wait_until 5 is "$id" state watching
    guardian=$(guardian_of "$id")
    kill -STOP "$guardian"
    python3 -c '
for i in range(9000):
    open(f"w/f{i % 50}", "w").close()'
    kill -CONT "$guardian"
    wait_until 10 restarted "$id" 1
}

@test "ten thousand short orphans: the guardian stays small and leaves no zombie" {
    id=$(sigmund -q sh -c 'i=0; while [ $i -lt 10000 ]; do (: &); i=$((i + 1)); [ $((i % 100)) != 0 ] || echo $i >count; done; sleep 300')
    guardian=$(guardian_of "$id")
    wait_for_progress count 10000
    clean() { [[ $(ps --ppid "$guardian" -o stat= | grep -c Z) == 0 ]]; }
    wait_until 5 clean
    (($(awk '/VmRSS/ {print $2}' "/proc/$guardian/status") < ${SIGMUND_SANITIZED:+20}4096))
}
