#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Limits that the caller has set for its commands: the command has them, and its guardian does not suffer from them.
load sigmund
load other_user

setup() {
    sigmund_setup
    other_user_setup
    cd "$BATS_TEST_TMPDIR"
}
teardown() { sigmund_teardown; }

limit() { awk -v name="$2" 'index($0, name) == 1 {print $(NF - 2), $(NF - 1)}' "/proc/$1/limits"; }

@test "With a soft limit of file sizes the result is recorded, and the command has the limit" {
    id=$(bash -c 'ulimit -S -f 0; exec "$SIGMUND" -q -n small sh -c "exit 3"' | cat)
    wait_until 10 is "$id" state exited
    is "$id" result exit=3
    id=$(bash -c 'ulimit -S -f 5; exec "$SIGMUND" -q sleep 300' | cat)
    [[ $(limit "$(field "$id" pid)" "Max file size" | cut -d' ' -f1) == 5120 ]]
}

@test "The command inherits each soft limit, and the guardian does not" {
    id=$(bash -c 'ulimit -S -n 20 -v 100000 -d 50000 -s 512 -t 100 -f 100 -u 500; ulimit -S -a >limits; exec "$SIGMUND" -q --restart always --backoff 20ms sleep 300' | cat)
    soft() { awk -v name="$2" 'index($0, name) == 1 {print $(NF - 2)}' "/proc/$1/limits"; }
    check() {
        local pid
        pid=$(field "$id" pid)
        [[ $(soft "$pid" "Max open files") == 20 ]] &&
            [[ $(soft "$pid" "Max address space") == 102400000 ]] &&
            [[ $(soft "$pid" "Max data size") == 51200000 ]] &&
            [[ $(soft "$pid" "Max stack size") == 524288 ]] &&
            [[ $(soft "$pid" "Max cpu time") == 100 ]] &&
            [[ $(soft "$pid" "Max file size") == 102400 ]]
    }
    check
    guardian=$(field "$id" guardian.pid)
    for name in "Max address space" "Max data size" "Max cpu time" "Max file size"; do
        [[ $(soft "$guardian" "$name") == unlimited ]]
    done
    # The next life has them, too.
    sigmund restart "$id"
    check
}

@test "The limits of --rlimit override the caller's" {
    id=$(bash -c 'ulimit -S -n 64; exec "$SIGMUND" -q --rlimit nofile=48 sleep 300' | cat)
    [[ $(limit "$(field "$id" pid)" "Max open files") == "48 48" ]]
}

@test "A hard limit of file sizes that is too small for a record is refused before anything runs" {
    run as_user bash -c 'ulimit -f 1; exec "$0" -q sh -c "touch /tmp/sgm-ran.$$" 2>&1 | cat; exit ${PIPESTATUS[0]}' "$scratch/sigmund"
    assert_output --partial "too small to record the run"
    assert_output --partial "hint:"
    run as_user bash -c '(ulimit -f 0; exec "$0" -q true) 2>&1 | cat; exit ${PIPESTATUS[0]}' "$scratch/sigmund"
    assert_failure 125
    assert_output --partial "sigmund:"
    [[ -z $(find "$scratch/store" "$SIGMUND_STATE_DIR" -name '*.json' 2>/dev/null) ]]
}

@test "A guardian that may not raise its limits keeps within the hard ones" {
    id=$(as_user bash -c 'ulimit -S -n 16; ulimit -S -f 0; "$0" -q -w sh -c "exit 3"; "$0" list --porcelain --columns result | cat' "$scratch/sigmund" | cat)
    [[ $id == *exit=3* ]]
}

@test "A command that was offered to the OOM killer stays so, and its guardian does not" {
    wanted=0
    # Where another user has set a minimum (a container), nothing below it is permitted.
    bash -c 'echo 0 >/proc/self/oom_score_adj' 2>/dev/null || wanted=900
    id=$(bash -c 'echo 900 >/proc/self/oom_score_adj; exec "$SIGMUND" -q --restart always --backoff 20ms sleep 300')
    [[ $(<"/proc/$(field "$id" guardian.pid)/oom_score_adj") == "$wanted" ]]
    [[ $(<"/proc/$(field "$id" pid)/oom_score_adj") == 900 ]]
    sigmund restart "$id"
    [[ $(<"/proc/$(field "$id" pid)/oom_score_adj") == 900 ]]
}

@test "With --inherit-signals the command ends by SIGXFSZ as it would without sigmund" {
    run timeout $((120 * slowness)) bash -c '(ulimit -S -f 1; exec "$SIGMUND" -q -w --inherit-signals sh -c "head -c 5000 /dev/zero >big") 2>&1 | cat; exit ${PIPESTATUS[0]}'
    assert_failure 153
}
