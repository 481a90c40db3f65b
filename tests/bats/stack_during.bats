#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What happens from elsewhere while an `up` is at work: stops of what waits, stopped processes, and dependencies that do
# not stand any more.
load sigmund
load stack

setup() { stack_setup; }
teardown() { sigmund_teardown; }

# The templates of most tests: `late` and what depends on it wait for `slow`, which is ready once the file `go` exists.
waiting_stack() {
    {
        before='until test -e go; do sleep 0.05; done;' service slow
        sleeper late 'depends = ["slow"]' 'tag = ["x", "y"]'
        sleeper after 'depends = ["late"]'
        sleeper other 'depends = ["slow"]'
    } | toml
}
never_ran() { [[ -z $(sigmund list --all --porcelain --columns name | grep -x "$1") ]]; }
waiting_lists() { find "$SIGMUND_STATE_DIR/stacks" -name '*.*'; }

@test "A stop or kill of what waits in an up: it never starts, what depends on it neither, and the rest does" {
    waiting_stack
    local verb
    for verb in "stop late" "kill late" "stop tag=y" "stop --json late"; do
        rm -f go ./*.ready
        : >log
        up_behind
        wait_until 10 logged "start slow"
        # shellcheck disable=SC2086
        run sigmund $verb
        assert_success
        assert_output --partial "it waited in sigmund up (pid $up)"
        if [[ $verb == *json* ]]; then
            jq -e '.data | length == 1 and .[0].id == null and .[0].name == "late" and .[0].outcome == "not-started"' \
                <<<"$output"
        else
            assert_line "sigmund: late: stopped before it was started: it waited in sigmund up (pid $up)"
        fi
        # It is told at once.
        wait_until 10 grep -qx "sigmund: late: stopped" err
        grep -qx "sigmund: after: skipped: late was stopped" err
        touch go
        up_ends
        [[ $status == 1 ]] || fail "$status: $(cat err)"
        grep -qx "sigmund: not started: late" err
        live_are "other slow"
        never_ran late
        sigmund down -q
    done
    [[ -z $(waiting_lists) ]]
    nothing_left
}

@test "A stop of what waits, where an older run of that name has ended; a later up is not hindered" {
    waiting_stack
    touch go
    sigmund up -q
    sigmund down -q
    rm go ./*.ready
    up_behind
    wait_until 10 grep -q "slow: starting" err
    run sigmund stop late
    assert_success
    refute_output --partial "already ended"
    # Once more: the older run is meant now.
    run sigmund stop late
    assert_success
    assert_output --partial "had already ended"
    touch go
    up_ends
    [[ $status == 1 ]] || fail "$(cat err)"
    live_are "other slow"
    run sigmund up
    assert_success
    live_are "after late other slow"
    # Where no up is at work, a stop means runs.
    sigmund down -q
    run sigmund stop nobody
    assert_failure 5
}

@test "A stop of several, of what waits, runs, and is unknown" {
    waiting_stack
    up_behind
    wait_until 10 grep -q "slow: starting" err
    sigmund -q -n mine sleep 300
    run sigmund stop late mine nobody
    assert_failure 5
    assert_line --partial "late: stopped before it was started"
    assert_line --partial "stopped mine ("
    assert_line --partial "no run nobody"
    # A stop of what is not ready yet: it does not start again, and what depends on it is skipped.
    run sigmund stop slow
    assert_success
    up_ends
    [[ $status == 1 ]] || fail "$status: $(cat err)"
    grep -qE "^sigmund: slow: stopped \([0-9a-f]+\)$" err
    grep -qx "sigmund: other: skipped: slow was stopped" err
    live_are ""
}

@test "Two up at once: a stop cancels what waits in both" {
    waiting_stack
    up_behind
    first=$up
    wait_until 10 grep -q "slow: starting" err
    mv err err1
    up_behind
    wait_until 10 grep -q "slow: waiting until it is ready" err
    run sigmund stop late
    assert_success
    assert_line --partial "(pid $first)"
    assert_line --partial "(pid $up)"
    touch go
    up_ends "$first"
    [[ $status == 1 ]]
    up_ends
    [[ $status == 1 ]]
    never_ran late
    live_are "other slow"
}

@test "An up that is frozen or killed: a stop of what waits counts, and leaves nothing" {
    waiting_stack
    up_behind
    wait_until 10 grep -q "slow: starting" err
    kill -STOP "$up"
    run timeout $((100 * slowness)) "$SIGMUND" stop late
    assert_success
    assert_line --partial "late: stopped before it was started"
    touch go
    kill -CONT "$up"
    up_ends
    [[ $status == 1 ]] || fail "$(cat err)"
    live_are "other slow"
    sigmund down -q
    rm go ./*.ready
    : >log
    up_behind
    wait_until 10 logged "start slow"
    kill -KILL "$up"
    up_ends
    run sigmund stop late
    # Nobody waits any more.
    assert_failure 5
    [[ -z $(waiting_lists) ]] || fail "$(waiting_lists)"
    touch go
    run sigmund up
    assert_success
    live_are "after late other slow"
}

@test "Stop @all from another folder ends an up that is at work, too" {
    waiting_stack
    up_behind
    wait_until 10 logged "start slow"
    cd "$scratch"
    run sigmund stop @all
    assert_success
    cd "$project"
    up_ends
    ((status != 0)) || fail "$(cat err)"
    live_are ""
    never_ran late
}

@test "A stop of a dependency that ran before: it does not start again, and what depends on it is skipped" {
    {
        sleeper db
        before='until test -e go; do sleep 0.05; done;' service slow
        sleeper web 'depends = ["db", "slow"]'
    } | toml
    sigmund up -q db
    up_behind
    wait_until 10 logged "start slow"
    wait_until 10 grep -q "db: running" err
    sigmund stop -q db
    touch go
    up_ends
    [[ $status == 1 ]] || fail "$(cat err)"
    grep -qx "sigmund: web: skipped: db was stopped" err
    live_are slow
}

# hold_gate: holds the lock of the project's gate, as an up in the middle of a start does; its pid is in `holder`.
hold_gate() {
    python3 - "$SIGMUND_STATE_DIR"/stacks/*[0-9a-f] <<'PY' &
import fcntl, os, struct, sys, time
gate = os.open(sys.argv[1], os.O_RDWR)
fcntl.flock(gate, fcntl.LOCK_EX)
# F_OFD_SETLK, a read lock of one byte behind 1 << 41
fcntl.fcntl(gate, 37, struct.pack("hhqqi", fcntl.F_RDLCK, os.SEEK_SET, (1 << 41) + os.getpid(), 1, 0))
open("held", "w").close()
time.sleep(600)
PY
    holder=$!
    OWN_PIDS+=("$holder")
    wait_until 10 test -e held
}

@test "A process that is stopped in the middle of a start: another up names it soon, and down does not wait for it" {
    { sleeper db && sleeper web 'depends = ["db"]'; } | toml
    sigmund up -q db
    hold_gate
    kill -STOP "$holder"
    run timeout $((50 * slowness)) "$SIGMUND" up
    assert_failure 125
    assert_output --partial "sigmund up (pid $holder) is stopped in the middle of a start"
    assert_output --partial "kill -CONT $holder"
    run timeout $((50 * slowness)) "$SIGMUND" down
    assert_success
    live_are ""
}

@test "What an up starts that was stopped in the middle of the start, while down or stop passed it by, is stopped again" {
    { sleeper web && sleeper other; } | toml
    sigmund up -q
    sigmund down -q
    local verb gate name
    gate=$(echo "$SIGMUND_STATE_DIR"/stacks/*)
    name=$SIGMUND_STATE_DIR/names/=${gate##*/}.web
    gate_is_held() { ! flock -n "$gate" true; }
    for verb in down "stop web"; do
        # A start waits for two seconds for a guardian that has not freed the name of its run yet.
        (umask 077 && field web id >"$name")
        exec 9<"$name"
        flock -n 9
        up_behind web 9<&-
        wait_until 10 gate_is_held
        kill -STOP "$up"
        # shellcheck disable=SC2086
        run timeout $((50 * slowness)) "$SIGMUND" $verb
        assert_success
        exec 9<&-
        kill -CONT "$up"
        up_ends
        ((status != 0)) || fail "$(cat err)"
        grep -q "^sigmund: web: stopped" err || fail "$(cat err)"
        live_are ""
    done
}

@test "A dependency that is paused does not count as running" {
    { sleeper db && sleeper web 'depends = ["db"]'; } | toml
    sigmund up -q db
    sigmund pause db
    run sigmund up
    assert_failure 1
    assert_line "sigmund: db: failed: it is paused"
    assert_line "sigmund: db: hint: sigmund resume db"
    assert_line "sigmund: web: skipped: db failed"
    refute_output --partial "the last lines"
    sigmund resume db
    run sigmund up
    assert_success
    live_are "db web"
}

@test "A dependency in back-off is waited for, and fails with a plain sentence when its command does not run again" {
    {
        printf '[run.db]\ncommand = "test ! -e go || exec sleep 300; exit 3"\nrestart = "on-failure"\nbackoff = "200ms..1s"\n'
        sleeper web 'depends = ["db"]'
    } | toml
    in_backoff() { state_is db backoff; }
    sigmund up -q db
    wait_until 10 in_backoff
    touch go
    run sigmund up
    assert_success
    live_are "db web"
    sigmund down -q
    rm go
    sed -i 's/200ms..1s/1h..1h/' sigmund.toml
    sigmund up -q db
    wait_until 10 in_backoff
    run timeout $((100 * slowness)) "$SIGMUND" up
    assert_failure 124
    assert_line "sigmund: db: failed: its command has ended, and has to wait for its next start"
    assert_line "sigmund: web: skipped: db failed"
}

@test "A dependency that is being stopped does not count, and what depends on it does not start" {
    {
        printf '[run.db]\ncommand = """trap "until test -e end; do sleep 0.05; done; exit 0" TERM; touch db.ready; while :; do sleep 0.05; done"""\n'
        printf 'ready = "file:db.ready"\nstop-timeout = "10m"\n'
        before='until test -e go; do sleep 0.05; done;' service slow
        sleeper web 'depends = ["db", "slow"]'
    } | toml
    up_behind
    wait_until 10 logged "start slow"
    wait_until 10 grep -q "db: ready" err
    sigmund stop db 2>stop.err &
    stop=$!
    wait_until 10 is db state stopping
    touch go
    wait_until 10 grep -q "slow: ready" err
    sleep 0.3
    live_are "db slow"
    touch end
    wait "$stop"
    up_ends
    [[ $status == 1 ]] || fail "$(cat err)"
    grep -q "^sigmund: db: stopped" err
    grep -qx "sigmund: web: skipped: db was stopped" err
    live_are slow
}

@test "Ctrl-C while changed runs are being stopped is heard at once" {
    {
        printf '[run.db]\ncommand = """trap "" TERM; touch db.ready; while :; do sleep 0.05; done"""\n'
        printf 'ready = "file:db.ready"\nstop-timeout = "10m"\n'
        sleeper web 'depends = ["db"]'
    } | toml
    sigmund up -q
    db=$(field db id)
    sed -i 's/10m/20m/' sigmund.toml
    up_behind
    wait_until 10 is "$db" state stopping
    kill -INT "$up"
    up_ends
    [[ $status == 130 ]] || fail "$status: $(cat err)"
    grep -q "db: not started: db ($db) is still being stopped" err
    sigmund kill -q "$db"
    live_are ""
}
