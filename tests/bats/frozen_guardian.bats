#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A guardian that does not answer because it is frozen. Verbs answer from the record, and their results stay true when
# it thaws.
load sigmund

setup() {
    sigmund_setup
    scratch_folder
}
teardown() { sigmund_teardown; }

forever=(--restart always --backoff 10ms --restart-window 1ms)

@test "With a frozen guardian list and stop answer soon, and the result is pending until it thaws" {
    id=$(sigmund -q sleep 300)
    guardian=$(field "$id" guardian.pid)
    kill -STOP "$guardian"
    run timeout $((40 * slowness)) "$SIGMUND" list
    assert_success
    run timeout $((120 * slowness)) "$SIGMUND" stop "$id"
    assert_success
    [[ $(field "$id" result) == pending ]]
    kill -CONT "$guardian"
    wait_until 3 bash -c "[[ \$('$SIGMUND' show $id --json | jq -r .data[0].signal) == SIGTERM ]]"
}

@test "With a frozen guardian every verb answers within about two seconds, from the record" {
    id=$(sigmund -q -n web bash -c 'echo out; exec sleep 300')
    wait_until 3 log_has "$id" out
    guardian=$(field web guardian.pid)
    kill -STOP "$guardian"
    for verb in list "list --json" "show web" "tree web" "dump web" "tail --no-follow web" "wait --timeout 100ms web" \
        "rename web api" "tag api x" "pause api" "resume api" "signal USR2 api"; do
        begin=$(date +%s%N)
        run timeout $((100 * slowness)) "$SIGMUND" $verb
        took=$((($(date +%s%N) - begin) / 1000000))
        ((took < 20000)) || fail "$verb took $took ms" # they wait two seconds for its answer
        # The rest of this test finds the run under its old or its new name.
        [[ $verb != rename* ]] || ((status == 0)) || verb_failed=1
        [[ -z ${verb_failed:-} ]] || sigmund list --porcelain --columns name >/dev/null
    done
    run timeout $((100 * slowness)) "$SIGMUND" kill "$id"
    assert_success
    [[ -z $(keyed_processes) ]]
    kill -CONT "$guardian"
    wait_until 5 gone "$guardian"
}

@test "A frozen guardian that thaws does not start again what stop and kill have ended" {
    for verb in stop kill; do
        id=$(sigmund -q "${forever[@]}" sleep 300)
        guardian=$(guardian_of "$id")
        kill -STOP "$guardian"
        run sigmund "$verb" -q "$id"
        assert_success
        nothing_left
        kill -CONT "$guardian"
        wait_until 5 gone "$guardian"
        nothing_left
        [[ $(field "$id" state) == exited ]]
    done
}

@test "A kill of a run with a frozen guardian does not restart it, whatever SIGQUIT means to the guardian" {
    id=$(sigmund -q --restart-on QUIT sleep 300)
    guardian=$(guardian_of "$id")
    kill -STOP "$guardian"
    run sigmund kill -q "$id"
    assert_success
    kill -CONT "$guardian"
    wait_until 5 gone "$guardian"
    nothing_left
}

@test "A frozen guardian that thaws while a stop waits keeps to the requested grace period" {
    id=$(sigmund -q --stop-timeout 100ms sh -c 'trap "" TERM; echo set; while :; do sleep 0.05; done')
    wait_until 5 log_has "$id" set
    guardian=$(guardian_of "$id")
    kill -STOP "$guardian"
    timeout -k 1 $((200 * slowness)) "$SIGMUND" stop -q --timeout 300s "$id" &
    stopper=$!
    OWN_PIDS+=("$stopper")
    sleep 2.5 # a guardian has 2 s to answer
    kill -CONT "$guardian"
    asked() { field "$id" calls | grep -q '"stop"'; }
    wait_until 10 asked
    sleep 0.5 # more than its own 100 ms
    kill -KILL "$(field "$id" pid)"
    wait "$stopper"
    nothing_left
    wait_until 5 state_is "$id" exited
}

@test "A stop continues without a guardian that freezes in the middle of it" {
    asked() { sigmund show "$1" --json | jq -e '.data[0].calls[] | select(.verb == "stop")' >/dev/null; }
    ids=()
    for answer in "" "sleep 1; exit"; do
        ids+=("$(sigmund -q sh -c "trap '$answer' TERM; echo set; while :; do sleep 0.05; done")")
        wait_until 5 log_has "${ids[-1]}" set
    done
    timeout -k 1 $((200 * slowness)) "$SIGMUND" stop --json --timeout 2s "${ids[@]}" >"$scratch/stopped" &
    stopper=$!
    OWN_PIDS+=("$stopper")
    for id in "${ids[@]}"; do
        wait_until 5 asked "$id"
        kill -STOP "$(guardian_of "$id")" || : # on a slow machine it may have ended already
    done
    wait "$stopper"
    nothing_left
    run jq -r '.data[] | "\(.outcome) \(.killed != []) \(.survivors)"' "$scratch/stopped"
    assert_line --index 0 "killed true []"
    assert_line --index 1 --regexp "^stopped false"
    for id in "${ids[@]}"; do
        kill -CONT "$(guardian_of "$id")" || :
        wait_until 5 state_is "$id" exited
    done
}

one_lives() { [[ $(keyed_processes | wc -l) == 1 ]]; }

@test "A frozen guardian in back-off obeys a stop, and a restart never makes two processes" {
    id=$(sigmund -q --restart always --backoff 300ms true)
    wait_until 3 state_is "$id" backoff
    guardian=$(guardian_of "$id")
    kill -STOP "$guardian"
    run sigmund stop -q "$id"
    assert_success
    kill -CONT "$guardian"
    wait_until 5 gone "$guardian"
    state_is "$id" exited

    id=$(sigmund -q "${forever[@]}" sleep 300)
    guardian=$(guardian_of "$id")
    kill -STOP "$guardian"
    kill -KILL "$(field "$id" pid)"
    run timeout $((100 * slowness)) "$SIGMUND" restart "$id"
    assert_success
    kill -CONT "$guardian"
    wait_until 5 gone "$guardian"
    one_lives
}
