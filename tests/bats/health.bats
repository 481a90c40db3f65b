#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Health checks: what they show, what they restart, and that they leave nothing behind.
load sigmund

setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
}
teardown() { sigmund_teardown; }

@test "Show, list and JSON show a run as starting, healthy or unhealthy" {
    id=$(sigmund -q --health 'test -e well' --health-interval 100ms --health-retries 1 --health-start 1h sleep 300)
    is "$id" health starting
    run sigmund show "$id"
    assert_line --regexp '^health: +starting$'
    touch well
    wait_until 5 is "$id" health healthy
    run sigmund list --porcelain --columns id,health
    assert_output "$id"$'\t'healthy
    sigmund stop -q "$id"
    # The back-off is long enough to see the state that led to it.
    id=$(sigmund -q --health false --health-interval 100ms --health-retries 2 --backoff 30s sleep 300)
    wait_until 5 is "$id" state backoff
    is "$id" health unhealthy
    is "$id" restarts 0
    run sigmund dump "$id"
    assert_output --partial "health check failed (1 of 2): exit=1"
    assert_output --partial "health check failed (2 of 2): exit=1"
    run timeout $((60 * slowness)) "$SIGMUND" stop --timeout 100s "$id"
    assert_success
}

@test "One failure that is followed by a success does not count" {
    # This check fails every second time.
    id=$(sigmund -q --health 'if test -e odd; then rm odd; exit 1; else touch odd; echo checked >>checks; fi' \
        --health-interval 100ms --health-retries 2 sleep 300)
    often() { [[ $(wc -l <checks) -ge 4 ]]; }
    wait_until 10 often
    is "$id" restarts 0
}

@test "The restart limit applies to lives that are longer than its window but were never healthy" {
    id=$(sigmund -q --health false --health-interval 100ms --health-retries 3 --restart-window 1ms --max-restarts 2 \
        --backoff 10ms sleep 300)
    wait_until 10 is "$id" state failed
    is "$id" result unhealthy
    is "$id" restarts 2
    run sigmund list --state failed
    assert_output --partial "failed unhealthy"
    run sigmund wait "$id"
    assert_failure 143
}

running_like() { pgrep -f "^$1\$" >/dev/null; }

ended_like() { ! running_like "$1"; }

@test "A hanging check ends with all it has started, also at a stop and when the guardian dies" {
    nap="sleep 4343.$$" # a number that no other test has
    hang="setsid sh -c 'setsid $nap & $nap' & $nap"
    id=$(sigmund -q --health "$hang" --health-interval 100ms --health-timeout 300ms --health-retries 1000 sleep 300)
    wait_until 5 log_has "$id" "timed out"
    before=$(pgrep -cf "^$nap\$" || true)
    ((before <= 3))
    run timeout $((60 * slowness)) "$SIGMUND" stop --timeout 100s "$id"
    assert_success
    wait_until 2 ended_like "$nap"
    id=$(sigmund -q --health "$hang" --health-interval 100ms --health-timeout 1h sleep 300)
    wait_until 5 running_like "$nap"
    run timeout $((60 * slowness)) "$SIGMUND" stop --timeout 100s "$id"
    assert_success
    ended_like "$nap"
    id=$(sigmund -q --health "$hang" --health-interval 100ms --health-timeout 1h sleep 300)
    wait_until 5 running_like "$nap"
    kill -KILL "$(guardian_of "$id")"
    wait_until 5 ended_like "$nap"
    run sigmund stop "$id"
    assert_success
}

@test "Checks have the run's folder and environment, and their output is in its log" {
    mkdir dir
    id=$(sigmund -q -C dir -e WHERE=here --health 'echo "$PWD $WHERE $SIGMUND_RUN" | sed s,.*/,,' --health-interval 100ms \
        sleep 300)
    wait_until 5 log_has "$id" "^dir here $id"
}

@test "A paused run is not unhealthy" {
    cat >answer.sh <<'END2'
trap 'touch pong' USR1
echo $$ >pid
while :; do sleep 0.05; done
END2
    id=$(sigmund -q --health 'rm -f pong; kill -USR1 $(cat pid); sleep 0.3; test -e pong' --health-interval 100ms \
        --health-retries 1 --health-start 300ms sh answer.sh)
    wait_until 5 is "$id" health healthy
    sigmund pause "$id"
    is "$id" state paused
    sleep 1
    is "$id" restarts 0
    is "$id" state paused
    sigmund resume "$id"
    is "$id" state running
}

@test "The workers of a pool are checked in every life" {
    id=$(sigmund -q --pool 2 --health false --health-interval 100ms --health-retries 1 --backoff 10ms sleep 300)
    wait_until 10 restarted "$id" 6
    sigmund stop -q "$id"
    # This also works when the log has been rotated since: the check still has an output to write to.
    id=$(sigmund -q --pool 2 --log-max-size 1K --health 'echo checked' --health-interval 100ms --health-retries 1 \
        sh -c 'seq 1 3000; sleep 300')
    wait_until 5 is "$id" health healthy
    wait_until 5 log_has "$id" '^checked'
    sleep 0.3
    is "$id" restarts 0
}

@test "An unhealthy run starts again, and a hanging check ends with its processes" {
    touch well
    id=$(sigmund -q --health 'test -e well' --health-interval 100ms --health-retries 2 --backoff 20ms sleep 300)
    wait_until 5 is "$id" health healthy
    rm well
    wait_until 5 restarted "$id" 1
    touch well
    wait_until 5 is "$id" health healthy
    sigmund stop -q "$id"
    nap="sleep 4242.$$" # a number that no other test has
    id=$(sigmund -q --health "setsid $nap" --health-interval 100ms --health-timeout 200ms --health-retries 1 \
        --max-restarts 0 sleep 300)
    wait_until 10 is "$id" state failed
    is "$id" result unhealthy
    wait_until 5 ended_like "$nap"
    run sigmund dump "$id"
    assert_output --partial "timed out"
    id=$(sigmund -q --health false --health-interval 100ms --health-retries 1 --health-start 1h sleep 300)
    sleep 0.5
    is "$id" restarts 0
}
