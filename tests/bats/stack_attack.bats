#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What must hold when an `up` is killed or frozen, a guardian is lost, the disk is full, or the stack is large.
load sigmund
load mounts
load other_user
load stack

setup() { stack_setup; }
teardown() {
    if ((EUID == 0)) && [[ -x $scratch/sigmund ]]; then
        as_user "$scratch/sigmund" kill -q @all >/dev/null 2>&1 || true
    fi
    sigmund_teardown
}

# Prints the processes whose command line has the word of this test.
marked() { { grep -lzFx -- "$project/marker" /proc/[0-9]*/cmdline || true; } 2>/dev/null | cut -d/ -f3; }
none_marked() { [[ -z $(marked) ]]; }

@test "However often up is killed while others run up and down, nothing is untracked, and the next works" {
    {
        for name in a b c; do
            printf '[run.%s]\ncommand = ["sh", "-c", "touch %s.ready; exec tail -f /dev/null \\"$0\\"", "%s"]\nready = "file:%s.ready"\n' $name $name "$project/marker" $name
        done
        step migrate 'depends = ["a"]'
        printf '[run.web]\ncommand = ["tail", "-f", "/dev/null", "%s"]\ndepends = ["migrate", "b"]\n' "$project/marker"
    } | toml
    touch marker
    local round each pids
    for ((round = 1; round <= 12; ++round)); do
        pids=()
        for each in 1 2 3; do
            sigmund up -q >/dev/null 2>&1 </dev/null &
            pids+=($!)
        done
        sleep "0.$((RANDOM % 4))$((RANDOM % 10))"
        ((round % 3)) || sigmund down -q >/dev/null 2>&1 || true
        for each in "${pids[@]:0:2}"; do
            kill -KILL "$each" 2>/dev/null || true
            sleep "0.0$((RANDOM % 10))"
        done
        wait "${pids[2]}" || ((round % 3 == 0)) || fail "round $round: the one that was not killed failed"
        wait "${pids[@]}" || true
        # Each process is of a run that list knows.
        local known pid
        known=$(sigmund tree --json 2>/dev/null | jq -r '.. | .pid? // empty')
        for pid in $(marked); do
            grep -qx "$pid" <<<"$known" || gone "$pid" || sigmund list --live --porcelain --columns pid | grep -qx "$pid" ||
                fail "round $round: $pid is of no run"
        done
        if ((round % 4 == 0)); then
            run sigmund up
            assert_success
            live_are "a b c web"
            run sigmund down
            assert_success
            wait_until 10 none_marked
            live_are ""
        fi
    done
    run sigmund up
    assert_success
    live_are "a b c web"
    run sigmund down
    assert_success
    wait_until 10 none_marked
    nothing_left
}

@test "A guardian that is killed during an up: up does not wait for ever" {
    {
        before='until test -e go; do sleep 0.05; done;' service slow
        sleeper web 'depends = ["slow"]'
        sleeper other
    } | toml
    up_behind
    wait_until 10 logged "start slow"
    kill -KILL "$(guardian_of slow)"
    up_ends
    [[ $status == 1 ]] || fail "$status: $(cat err)"
    grep -q "^sigmund: slow: failed: it has lost its guardian" err
    grep -qx "sigmund: web: skipped: slow failed" err
    live_are "other slow"
    # Nor does the next one.
    run sigmund up
    assert_failure 1
    assert_line --partial "has lost its guardian"
    run sigmund down
    assert_success
    touch go
    run sigmund up
    assert_success
    live_are "other slow web"
    # A run without its guardian is stopped in order, too.
    kill -KILL "$(guardian_of slow)"
    run sigmund down
    assert_success
    live_are ""
    nothing_left
}

@test "A frozen up does not keep another up or down waiting" {
    {
        before='until test -e go; do sleep 0.05; done;' service slow
        sleeper web 'depends = ["slow"]'
    } | toml
    up_behind
    wait_until 10 logged "start slow"
    wait_until 10 grep -q "slow: starting" err # the gate is free again
    kill -STOP "$up"
    touch go
    run timeout $((100 * slowness)) "$SIGMUND" up
    assert_success
    live_are "slow web"
    run timeout $((100 * slowness)) "$SIGMUND" down
    assert_success
    live_are ""
    # What was stopped by down does not start when it goes on.
    kill -CONT "$up"
    up_ends
    ((status != 0)) || fail "$(cat err)"
    live_are ""
    nothing_left
}

@test "A process that keeps the gate: the others say so in the end, Ctrl-C is heard, and nothing is started" {
    { sleeper db && sleeper other && sleeper web 'depends = ["db"]'; } | toml
    sigmund up -q
    sigmund down -q
    exec 9<"$(echo "$SIGMUND_STATE_DIR"/stacks/*)"
    flock -n 9
    up_behind
    sleep 0.5
    kill -INT "$up"
    up_ends
    exec 9<&-
    [[ $status == 130 ]] || fail "$status: $(cat err)"
    live_are ""
    run sigmund up
    assert_success
}

@test "Down stops the runs although the gate of the project cannot be closed, and says so" {
    { sleeper db && sleeper web 'depends = ["db"]'; } | toml
    local gate make
    for make in mkfifo mkdir "ln -s /dev/null" "ln -s /etc/passwd"; do
        sigmund up -q
        gate=$(echo "$SIGMUND_STATE_DIR"/stacks/*)
        rm "$gate"
        $make "$gate"
        run timeout $((100 * slowness)) "$SIGMUND" down
        assert_failure 1
        assert_line --partial "a running \`sigmund up\` may still start runs"
        live_are ""
        # Nothing is started that a down could not hold back.
        run timeout $((100 * slowness)) "$SIGMUND" up
        assert_failure 125
        live_are ""
        sigmund -q sleep 300
        run timeout $((100 * slowness)) "$SIGMUND" stop @here
        assert_failure 1
        assert_line --partial "a running \`sigmund up\` may still start runs"
        live_are ""
        rm -d "$gate"
    done
    # Nonsense in the file does no harm.
    sigmund up -q
    echo 99999999999999999999999999 >"$gate"
    run sigmund down
    assert_success
    live_are ""
}

@test "On a full disk up fails, starts nothing, and works once there is room" {
    { sleeper db && sleeper web 'depends = ["db"]'; } | toml
    cat >"$scratch/play" <<'END_OF_PLAY'
set -u
mkdir "$SCRATCH/small"
mount -t tmpfs -o size=96k,mode=0700 none "$SCRATCH/small"
export SIGMUND_STATE_DIR=$SCRATCH/small/store
id=$("$SIGMUND" -q -n keeper sleep 300)
head -c 200k /dev/zero >"$SCRATCH/small/filler" 2>/dev/null
"$SIGMUND" up
echo "up $?"
"$SIGMUND" list --live --porcelain --columns name
rm "$SCRATCH/small/filler"
"$SIGMUND" up -q
echo "up $?"
head -c 200k /dev/zero >"$SCRATCH/small/filler" 2>/dev/null
"$SIGMUND" down -q
echo "down $?"
rm "$SCRATCH/small/filler"
"$SIGMUND" list --live --porcelain --columns name
"$SIGMUND" stop -q @all
END_OF_PLAY
    export SCRATCH=$scratch
    run in_mounts "bash $scratch/play"
    [[ $status != 111 ]] || return 0
    assert_line "up 125"
    assert_output --partial "No space left on device"
    assert_line "up 0"
    assert_line "down 0"
    [[ $(grep -cx keeper <<<"$output") == 2 ]] || fail "$output"
    refute_line db
    refute_line web
}

@test "Root takes down the stack of another user in a store that it names" {
    ((EUID == 0)) || return 0
    other_user_setup
    mkdir "$scratch/theirs"
    { sleeper db && sleeper web 'depends = ["db"]'; } >"$scratch/theirs/sigmund.toml"
    chown -R nobody "$scratch/theirs"
    run as_user env -C "$scratch/theirs" SIGMUND_CONFIG=/dev/null "$scratch/sigmund" up
    assert_success
    cd "$scratch/theirs"
    SIGMUND_STATE_DIR=$scratch/store run sigmund down
    assert_success
    assert_line --partial "stopped web"
    assert_line --partial "stopped db"
    # What root did left nothing that the user cannot use.
    [[ -z $(find "$scratch/store" ! -user nobody) ]] || fail "$(find "$scratch/store" ! -user nobody -ls)"
    run as_user env -C "$scratch/theirs" SIGMUND_CONFIG=/dev/null "$scratch/sigmund" up
    assert_success
    run as_user env -C "$scratch/theirs" SIGMUND_CONFIG=/dev/null "$scratch/sigmund" down
    assert_success
    [[ -z $(SIGMUND_STATE_DIR=$scratch/store keyed_processes) ]]
}

@test "Two hundred templates come up and go down" {
    python3 - <<'PY' >sigmund.toml
for i in range(200):
    print(f'[run.t{i}]\ncommand = ["sleep", "300"]')
    if i >= 20:
        print(f'depends = ["t{i - 20}", "t{i - 19}"]')
PY
    run sigmund up
    assert_success
    [[ $(sigmund list --live --porcelain | wc -l) == 200 ]]
    run sigmund up
    assert_success
    [[ $(grep -c ': running (' <<<"$output") == 200 ]]
    run --separate-stderr sigmund down --json
    assert_success
    [[ $(jq '.data | length' <<<"$output") == 200 ]]
    live_are ""
    nothing_left
}
