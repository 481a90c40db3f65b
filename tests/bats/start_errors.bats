#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What fails between fork and exec is reported with its reason, however the processes race.
load sigmund
load other_user

setup() {
    sigmund_setup
    other_user_setup
    cd "$BATS_TEST_TMPDIR"
}
teardown() { sigmund_teardown; }

@test "A value that is refused is called by what is wrong with it" {
    refused() {
        local text=$1
        shift
        run "$SIGMUND" "$@" true
        assert_failure
        assert_output --partial "$text"
    }
    refused '"foo=3" names no limit' --rlimit foo=3
    refused '"nofile" is not NAME=SOFT' --rlimit nofile
    refused 'the command has the variables of this shell anyway' -e HOME
    refused 'as in log:listening' --ready 'log:('
    refused '"week" is not known' --survive week
    refused 'one of step, job, login' --survive week
    refused 'cannot watch ' --watch "$PWD/nothing-here"
    refused '"a b" is not a valid tag' -t 'a b'
}

@test "A niceness that is not permitted is reported with its reason, every time" {
    for _ in {1..25}; do
        run as_user "$scratch/sigmund" --nice -5 sleep 1
        assert_failure 125
        assert_output --partial "cannot set the niceness for sleep: Permission denied"
    done
}

@test "A limit above the hard limit is reported with its reason, every time" {
    for _ in {1..25}; do
        run as_user bash -c 'ulimit -S -n 64; ulimit -H -n 64; exec "$0" --rlimit nofile=4096 sleep 1' "$scratch/sigmund"
        assert_failure 125
        assert_output --partial "cannot set a resource limit for sleep: Operation not permitted"
        assert_output --partial "hint:"
    done
}

@test "A folder that cannot be entered and a closed descriptor are reported before anything is made" {
    mkdir "$scratch/closed"
    chmod 0 "$scratch/closed"
    ((EUID != 0)) || chown nobody "$scratch/closed"
    run as_user "$scratch/sigmund" -C "$scratch/closed" true
    chmod 700 "$scratch/closed"
    assert_failure 125
    assert_output --partial "Permission denied"
    run sigmund --keep-fd 77 true
    assert_failure 1
    assert_output --partial "is not open"
    store_empty
}

@test "The error of each call before the exec reaches the launcher" {
    # CALL ERROR WORDS. Only the leader makes the call, or it fails in all processes in the same way.
    while read -r call error words; do
        for _ in 1 2 3; do
            run timeout $((60 * slowness)) strace -f -qq -o "$BATS_TEST_TMPDIR/trace" -e "inject=$call:error=$error" \
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

@test "The start or the result reports a leader that is killed before its command is executed" {
    run timeout $((60 * slowness)) strace -f -qq -o "$BATS_TEST_TMPDIR/trace" -e inject=setpriority:signal=KILL "$SIGMUND" -q --nice 3 sleep 300
    if ((status == 125)); then
        assert_output --partial "killed before it could execute"
        store_empty
    else # it passed the gate before it was killed
        assert_success
        wait_until 10 state_is "$output" exited
        [[ $(field "$output" result) == signal=SIGKILL ]]
    fi
}

@test "The stage of a pipe that failed is named" {
    for _ in {1..5}; do
        run timeout $((60 * slowness)) strace -f -qq -o "$BATS_TEST_TMPDIR/trace" -e inject=setpriority:error=EACCES \
            "$SIGMUND" pipe -q --nice 3 -- sleep 1 '|' cat
        assert_failure 125
        assert_output --partial "cannot set the niceness for sleep: Permission denied"
    done
}
