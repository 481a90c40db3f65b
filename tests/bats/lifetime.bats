#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Logs that rotate, pid files, leases, --on-exit, and starting again.
load sigmund
setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
}
teardown() { sigmund_teardown; }

lines() { seq -f 'line %.0f' 1 "$1"; }

@test "rotation loses and tears no line" {
    id=$(sigmund -q --log-max-size 64K --log-keep 99 seq -f 'line %.0f' 1 60000)
    sigmund wait --gone "$id"
    cmp <(sigmund dump "$id") <(lines 60000)
    (($(ls "$SIGMUND_STATE_DIR/$id".log* | wc -l) > 5))
    for file in "$SIGMUND_STATE_DIR/$id".log*; do (($(stat -c %s "$file") <= 65536)); done
    cmp <(sigmund tail -n 20000 "$id") <(lines 60000 | tail -n 20000)
    sigmund prune -q "$id"
    [[ -z $(ls "$SIGMUND_STATE_DIR"/"$id"* 2>/dev/null) ]]
    id=$(sigmund -q --log-max-size 16K seq -f 'line %.0f' 1 30000)
    sigmund wait --gone "$id"
    [[ $(ls "$SIGMUND_STATE_DIR/$id".log* | wc -l) == 2 ]]
    [[ $(sigmund tail -n 1 "$id") == "line 30000" ]]
}

@test "tail follows over rotations" {
    run bash -c '"$SIGMUND" --tail --log-max-size 8K --log-keep 20 sh -c "for i in \$(seq 40); do seq -f \"\$i %.0f\" 1 150; sleep 0.01; done" 2>/dev/null | wc -l'
    assert_output 6000
}

@test "--log FILE rotates beside itself" {
    id=$(sigmund -q --log my.log --log-max-size 8K --log-keep 2 seq 1 5000)
    sigmund wait --gone "$id"
    [[ -e my.log && -e my.log.1 && -e my.log.2 && ! -e my.log.3 ]]
    [[ $(tail -n 1 my.log) == 5000 ]]
}

@test "tail --since by the lines' own times" {
    id=$(sigmund -q sh -c 'date -d "-1 hour" "+%Y-%m-%dT%H:%M:%S%:z old"; date "+%Y-%m-%d %H:%M:%S new"; echo more')
    sigmund wait --gone "$id"
    run sigmund tail --since 10m "$id"
    assert_line --index 0 --partial new
    assert_line --index 1 more
    run sigmund tail --since 2h "$id"
    assert_line --index 0 --partial old
    id=$(sigmund -q echo timeless)
    sigmund wait --gone "$id"
    run sigmund tail --since 1ms "$id"
    assert_output --partial timeless
    assert_output --partial "carry no times"
}

@test "megabytes on stdout and stderr at once" {
    script='head -c 3000000 /dev/zero | tr "\0" o & head -c 3000000 /dev/zero | tr "\0" e >&2; wait'
    run sigmund -q --wait sh -c "$script"
    assert_success
    [[ $(sigmund dump @ | wc -c) == 6000000 ]]
    run sigmund -q --wait --split-log sh -c "$script"
    assert_success
    [[ $(sigmund dump @ 2>/dev/null | wc -c) == 3000000 ]]
    [[ $(sigmund dump @ 2>&1 >/dev/null | wc -c) == 3000000 ]]
}

@test "--pid-file: there at once, gone at the end, another's is respected" {
    id=$(sigmund -q --pid-file p sleep 300)
    [[ $(cat p) == "$(field "$id" pid)" ]]
    run sigmund --pid-file p sleep 300
    assert_failure 125
    assert_output --partial "$(cat p)"
    sigmund restart "$id" 2>/dev/null
    [[ $(cat p) == "$(field "$id" pid)" ]]
    sigmund stop -q "$id"
    [[ ! -e p ]]
    echo 4194000 >p
    id=$(sigmund -q --pid-file p sleep 300)
    [[ $(cat p) == "$(field "$id" pid)" ]]
    echo 1 >p
    sigmund stop -q "$id"
    [[ $(cat p) == 1 ]]
    run sigmund --pid-file no/such/folder/p true
    assert_failure 125
}

@test "--on-exit: its environment, its output in the log, and no way to hold a stop" {
    id=$(sigmund -q -n job --on-exit 'echo "over: $SIGMUND_ID $SIGMUND_NAME $SIGMUND_RESULT $SIGMUND_EXIT_CODE [$SIGMUND_SIGNAL]"; cp "$SIGMUND_LOG" copy; touch over' sh -c 'echo out; exit 5')
    wait_until 5 test -e over
    [[ $(sigmund dump "$id" | tail -n 1) == "over: $id job exit=5 5 []" ]]
    id=$(sigmund -q --on-exit 'echo "[$SIGMUND_SIGNAL] $SIGMUND_RESULT" >sig; sleep 300' sleep 300)
    run timeout 3 "$SIGMUND" stop "$id"
    assert_success
    wait_until 5 test -s sig
    [[ $(cat sig) == "[SIGTERM] stopped" ]]
    kill -KILL "$(sigmund show "$id" --json | jq .data[0].guardian.pid)"
}

@test "--while: a process, a time, the shell; dead ones are refused" {
    sleep 300 &
    owner=$!
    OWN_PIDS+=("$owner")
    id=$(sigmund -q --while pid:$owner --while ttl:1h sleep 300)
    kill $owner
    over() { [[ $(field "$id" state) == exited ]]; }
    wait_until 5 over
    [[ $(field "$id" result) == stopped ]]
    run sigmund --while pid:$owner sleep 300
    assert_failure 125
    id=$(sigmund -q --while ttl:200ms sleep 300)
    wait_until 5 over
    id=$(bash -c '"$SIGMUND" -q --while shell sleep 300; true')
    wait_until 5 over
    for bad in pid:x ttl:soon nonsense; do
        run sigmund --while $bad true
        assert_failure 1
    done
}

@test "--clean-env: exactly the documented variables" {
    run env -i FOO=bar PATH="$PATH" HOME=/root USER=u LANG=C TERM=dumb LC_ALL=C \
        SIGMUND_STATE_DIR="$SIGMUND_STATE_DIR" "$SIGMUND" -q --wait --clean-env -e MINE=1 env
    assert_success
    [[ $(sigmund dump @ | cut -d= -f1 | sort | tr '\n' ' ') == "HOME LANG MINE PATH SIGMUND_KEY SIGMUND_RUN TERM USER " ]]
}

@test "again: the same once more, after saying what differs" {
    mkdir dir
    id=$(sigmund -q -C dir -e FOO=bar -t a --stop-timeout 3s sh -c 'pwd; echo "[$FOO]"')
    sigmund wait --gone "$id"
    run sigmund again --dry-run "$id"
    assert_success
    assert_output --partial "the variable FOO was set then"
    assert_output --partial "sigmund run --tag a --stop-timeout 3s -- sh -c"
    run bash -c "'$SIGMUND' again -q -e FOO=new $id"
    assert_success
    new=$output
    sigmund wait --gone "$new"
    [[ $new != "$id" && $(sigmund dump "$new" | tail -n 1) == "[new]" ]]
    [[ $(sigmund show "$new" --json | jq -c '.data[0].tags') == '["a"]' ]]
    [[ $(field "$new" stop_timeout_ms) == 3000 ]]
    rmdir dir
    run sigmund again "$id"
    assert_failure 125
    assert_output --partial "its folder"
    PATH=$PATH:/nowhere run sigmund again --dry-run "$id"
    assert_output --partial "PATH is not what it was"
}

@test "again --dry-run prints a command that makes the same run" {
    export PATH=${SIGMUND%/*}:$PATH
    id=$(sigmund -q -n job -t a -t b --umask 027 --unset-env B --rlimit nofile=100:200 --ignore HUP --block USR1 \
        --stop-signal INT --stop-timeout 1500ms --timeout 1h --restart on-exit=3,4 --backoff 1s..2s --max-restarts 2 \
        --health 'true; x' --health-interval 7s --while ttl:5h --log-max-size 1M --on-exit 'echo over' --keep --nice 3 \
        --clean-env --survive job --restart-on HUP sh -c 'echo "a  b"')
    sigmund wait --gone "$id"
    run sigmund again --dry-run "$id"
    assert_success
    [[ $output == "cd "*" && sigmund run "* ]]
    new=$(bash -c "$output")
    sigmund wait --gone "$new"
    for part in .options .argv .tags .stop_signal .stop_timeout_ms .keep .survive .split_log .cwd .name; do
        [[ $(jq -cS "$part" "$SIGMUND_STATE_DIR/$id.json") == "$(jq -cS "$part" "$SIGMUND_STATE_DIR/$new.json")" ]] ||
            fail "$part: $(jq -cS "$part" "$SIGMUND_STATE_DIR/$id.json" "$SIGMUND_STATE_DIR/$new.json")"
    done
}

@test "kill records the signal that ended the leader, each time" {
    for _ in {1..15}; do
        sigmund -q sleep 300 >/dev/null
        sigmund kill -q @
    done
    run sigmund list --porcelain --columns exit
    assert_success
    [[ $(sort -u <<<"$output") == SIGKILL ]]
    run sigmund wait @
    assert_failure 137
}
