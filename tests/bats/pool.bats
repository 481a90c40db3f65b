#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Pools: workers that are replaced, restarted and stopped one by one.
load sigmund

setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
}
teardown() { sigmund_teardown; }

@test "A pool keeps its workers, with their numbers and prefixes, through deaths, a restart and a stop" {
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

@test "A pool whose guardian was killed is ended by its record" {
    id=$(sigmund -q --pool 3 sh -c 'setsid sleep 300 & exec sleep 301')
    kill -KILL "$(guardian_of "$id")"
    run sigmund stop "$id"
    assert_success
    [[ -z $(keyed_processes) ]]
}

@test "A pool with split logs shows each worker's lines, and a pool can give up" {
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
