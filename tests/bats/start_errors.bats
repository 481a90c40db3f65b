#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What fails between fork and exec is told as what it is, however the processes race.
bats_require_minimum_version 1.5.0
load sigmund
setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
    # An ordinary user must reach the binary and the store.
    place=$(mktemp -d /tmp/sgm-start.XXXXXX)
    chmod 755 "$place"
    cp "$SIGMUND" "$place/sigmund"
}
teardown() {
    rm -rf "$place"
    sigmund_teardown
}

as_user() {
    if ((EUID == 0)); then
        mkdir -p "$place/store"
        chown nobody "$place/store"
        (cd / && SIGMUND_STATE_DIR=$place/store HOME=$place exec runuser -u nobody -- "$@")
    else
        "$@"
    fi
}

@test "a niceness that is not permitted: the reason, every time" {
    for _ in {1..25}; do
        run as_user "$place/sigmund" --nice -5 sleep 1
        assert_failure 125
        assert_output --partial "cannot set the niceness for sleep: Permission denied"
    done
}

@test "a limit above the hard limit: the reason, every time" {
    for _ in {1..25}; do
        run as_user bash -c 'ulimit -S -n 64; ulimit -H -n 64; exec "$0" --rlimit nofile=4096 sleep 1' "$place/sigmund"
        assert_failure 125
        assert_output --partial "cannot set a resource limit for sleep: Operation not permitted"
        assert_output --partial "hint:"
    done
}

@test "a folder that cannot be entered, a descriptor that is not open: told before anything is made" {
    mkdir "$place/closed"
    chmod 0 "$place/closed"
    ((EUID != 0)) || chown nobody "$place/closed"
    run as_user "$place/sigmund" -C "$place/closed" true
    chmod 700 "$place/closed"
    assert_failure 125
    assert_output --partial "Permission denied"
    run sigmund --keep-fd 77 true
    assert_failure 1
    assert_output --partial "is not open"
    store_empty
}

@test "each call before the exec, failing: its own error reaches the launcher" {
    # CALL ERROR WORDS; each is made by the leader alone, or fails in all of them alike.
    while read -r call error words; do
        for _ in 1 2 3; do
            run timeout 60 strace -f -qq -o "$BATS_TEST_TMPDIR/trace" -e "inject=$call:error=$error" \
                "$SIGMUND" -q -C / --umask 022 --nice 3 --rlimit core=0 sleep 1
            assert_failure 125
            assert_output --partial "$words"
        done
    done <<'END'
setpriority EPERM cannot set the niceness for sleep: Operation not permitted
fchdir ENOMEM cannot change directory for sleep: Cannot allocate memory
END
    [[ -z $(keyed_processes) ]]
    [[ -z $(sigmund list --live --porcelain) ]]
}

@test "a leader that is killed before its command is executed: told by the start or by the result" {
    run timeout 60 strace -f -qq -o "$BATS_TEST_TMPDIR/trace" -e inject=setpriority:signal=KILL "$SIGMUND" -q --nice 3 sleep 300
    if ((status == 125)); then
        assert_output --partial "killed before it could execute"
        store_empty
    else # it was let through before it died
        assert_success
        wait_until 10 state_is "$output" exited
        [[ $(field "$output" result) == signal=SIGKILL ]]
    fi
}

@test "a pipe: the stage that failed is named" {
    for _ in {1..5}; do
        run timeout 60 strace -f -qq -o "$BATS_TEST_TMPDIR/trace" -e inject=setpriority:error=EACCES \
            "$SIGMUND" pipe -q --nice 3 -- sleep 1 '|' cat
        assert_failure 125
        assert_output --partial "cannot set the niceness for sleep: Permission denied"
    done
}
