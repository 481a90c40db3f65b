#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# wait, --wait and guard return the run's own status, and never success for a run that failed.
load sigmund

setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

@test "A wait for a failed run does not succeed, although its command exited with 0" {
    run sigmund -q -n late --ready tcp:1 --ready-timeout 200ms "${polite[@]}"
    assert_failure 124
    id=$(sigmund -q -n ill --health false --health-interval 100ms --health-retries 1 --max-restarts 0 "${polite[@]}")
    run sigmund wait "$id"
    assert_failure 1
    wait_until 20 over ill
    run sigmund wait ill
    assert_failure 1
    run sigmund -q -w --restart always --max-restarts 1 --backoff 10ms true
    assert_failure 1
    [[ $(field @ result) == restart-limit ]]
    run sigmund wait late
    assert_failure 1
    run sigmund wait --gone ill late @
    assert_failure 1
    run sigmund wait @!
    assert_failure 1
    run sigmund wait --json ill
    assert_failure 1
    [[ $(jq -c '.data[0] | [.failed, .exit, .ended_by]' <<<"$output") == '[true,1,"unhealthy"]' ]]
    run sigmund wait --until ready late
    assert_failure 124
    run sigmund -q -w --health false --health-interval 100ms --health-retries 1 --max-restarts 0 "${polite[@]}"
    assert_failure 1
    run sigmund -q -f --health false --health-interval 100ms --health-retries 1 --max-restarts 0 "${polite[@]}"
    assert_failure 1
}

@test "A wait reports the end of the leader before its remaining processes are gone, and knows that the run failed" {
    # The second process ignores the stop signal, so that the run is still being stopped.
    id=$(sigmund -q --stop-timeout 60s --health false --health-interval 200ms --health-retries 1 --max-restarts 0 -- \
        sh -c 'trap "" TERM; sh -c "while :; do sleep 0.05; done" & trap "exit 0" TERM; while :; do sleep 0.05; done')
    run sigmund wait "$id"
    assert_failure 1
    state_is "$id" stopping
    sigmund kill -q "$id"
}

@test "A wait returns the run's own status, the highest of several, the first of any, or a time-out" {
    sigmund -q -n zero true
    sigmund -q -n three sh -c 'exit 3'
    sigmund -q -n seg sh -c 'kill -SEGV $$'
    sigmund -q -n lives sleep 300
    for name in zero three seg; do wait_until 20 over $name; done
    run sigmund wait zero
    assert_success
    run sigmund wait zero three
    assert_failure 3
    run sigmund wait zero seg three
    assert_failure 139
    run sigmund wait --any zero lives
    assert_success
    run sigmund wait --timeout 100ms lives zero
    assert_failure 124
    run sigmund wait --until ready zero
    assert_failure 1
    cd "$BATS_TEST_TMPDIR" # no run was started from this folder
    run sigmund wait @here
    assert_success
    cd "$OLDPWD"
    sigmund stop -q lives
    run sigmund wait lives
    assert_failure 143
    id=$(sigmund -q "${polite[@]}")
    sigmund stop -q "$id"
    run sigmund wait "$id"
    assert_success
    run sigmund -q -w --timeout 200ms "${polite[@]}"
    assert_failure 124
    run sigmund wait @
    assert_failure 124
}

@test "The end of a run whose guardian was killed is unknown to wait" {
    id=$(sigmund -q sleep 300)
    kill -KILL "$(field "$id" guardian.pid)"
    sigmund wait "$id" &
    local waiting=$!
    sigmund stop -q "$id"
    # `run` waits in a subshell, which knows the status only when the process ended before it was forked.
    status=0
    wait $waiting || status=$?
    ((status == 1))
}
