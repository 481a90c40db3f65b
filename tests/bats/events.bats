#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# events: the stream of changes of runs.
load sigmund

setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
}
teardown() { sigmund_teardown; }

@test "Events report each change of each run, also of new runs and killed guardians" {
    "$SIGMUND" events >events 2>err &
    OWN_PIDS+=($!)
    wait_until 5 grep -q '"kind":"events"' events
    id=$(sigmund -q -n job --restart on-failure --max-restarts 1 --backoff 50ms sh -c 'sleep 0.1; exit 3')
    told() { jq -r --arg id "$1" 'select(.id == $id) | .state' events | tr '\n' ' ' | grep -q "$2"; }
    wait_until 10 told "$id" "running backoff running .*failed"
    [[ $(jq -r --arg id "$id" 'select(.id == $id) | .result' events | tail -n 1) == restart-limit ]]
    id=$(sigmund -q sleep 300)
    wait_until 5 told "$id" running
    sigmund pause "$id"
    wait_until 5 told "$id" paused
    kill -KILL "$(sigmund show "$id" --json | jq .data[0].guardian.pid)"
    sigmund kill -q "$id"
    wait_until 5 told "$id" "exited"
    run sigmund events --since 1h --no-follow
    assert_line --index 0 '{"schema":"sigmund/1","kind":"events"}'
    [[ $(grep -c '"state":"starting"' <<<"$output") == 2 ]]
    # For named runs it ends with the last of them.
    id=$(sigmund -q sleep 0.2)
    run timeout $((100 * slowness)) "$SIGMUND" events "$id"
    assert_success
    assert_output --partial '"result":"exit=0"'
}

@test "The snapshot of events gives the time of the last change, not of the request" {
    id=$(sigmund -q sleep 300)
    sleep 0.5 # so that the requested state is in the past
    looked=$(date +%s%3N)
    at() { sigmund events --no-follow "$@" | jq --arg id "$id" 'select(.id == $id) | .at_ms' | tail -n 1; }
    (($(field "$id" started_ms) <= $(at) && $(at) <= looked - 400))
    [[ -z $(at --since 200ms) ]]
    sigmund pause "$id"
    (($(at) >= looked - 10))
    (($(at --since 50s) >= looked - 10))
}

@test "Events wait for a store that does not exist yet, and do not make it" {
    export SIGMUND_STATE_DIR=$SIGMUND_STATE_DIR/a/b/store
    run sigmund events --no-follow
    assert_success
    assert_output '{"schema":"sigmund/1","kind":"events"}'
    "$SIGMUND" events >events &
    OWN_PIDS+=($!)
    wait_until 5 grep -q kind events
    [[ ! -e ${SIGMUND_STATE_DIR%/b/store} ]]
    id=$(sigmund -q sleep 300)
    told() { [[ $(jq -r --arg id "$id" 'select(.id == $id) | .name // .state' events | tr '\n' ' ') == "$1" ]]; }
    wait_until 5 told "starting running "
    # A new name is reported as such, and the end only once.
    sigmund rename "$id" web
    wait_until 5 told "starting running web "
    sigmund kill -q web
    wait_until 5 grep -q '"state":"exited"' events
    [[ $(grep -c '"state":"exited"' events) == 1 ]]
}
