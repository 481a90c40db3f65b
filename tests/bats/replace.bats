#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# --replace: of several simultaneous starts exactly one run is left, and each start reports the truth.
load sigmund

setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
}
teardown() { sigmund_teardown; }

live() { sigmund list --live --porcelain --columns id; }

one_live() { [[ $(live | wc -w) == 1 ]]; }

# replace_at_once N COMMAND...: makes N starts at once. Their answers go to starts/I, and their statuses to
# starts/I.status.
replace_at_once() {
    local count=$1 i pids=()
    shift
    rm -rf starts
    mkdir starts
    for ((i = 0; i < count; ++i)); do
        {
            status=0
            timeout $((120 * slowness)) "$SIGMUND" -q -n one --replace -- "$@" >"starts/$i" 2>"starts/$i.err" || status=$?
            echo "$status" >"starts/$i.status"
        } &
        pids+=($!)
    done
    wait "${pids[@]}"
}

# Every start that returns 0 has started a run, and all but the last of these runs were stopped.
all_tell_the_truth() {
    local status id
    for status in starts/*.status; do
        id=$(<"${status%.status}")
        [[ $(<"$status") == 0 ]] || {
            cat "${status%.status}.err"
            return 1
        }
        [[ $id == "$(live)" ]] || [[ $(field "$id" result) =~ ^(stopped|killed)$ ]] || return 1
    done
}

@test "After 2 to 30 simultaneous starts exactly one run is left, and it has the name" {
    for count in 2 3 5 12 30; do
        replace_at_once "$count" sleep 300
        one_live
        [[ $(field one id) == "$(live)" ]]
        all_tell_the_truth
        [[ $(ls "$SIGMUND_STATE_DIR/names") == one ]]
    done
}

@test "Simultaneous starts replace a holder that ends slowly, and one that ignores SIGTERM" {
    for answer in "sleep 0.3; exit" ""; do
        id=$(sigmund -q -n one --replace --stop-timeout 1s -- sh -c "trap '$answer' TERM; echo set; while :; do sleep 0.05; done")
        wait_until 10 log_has "$id" set
        replace_at_once 4 sleep 300
        one_live
        all_tell_the_truth
        state_is "$id" exited
    done
}

@test "A holder whose guardian is frozen is replaced, and the guardian changes nothing when it wakes" {
    id=$(sigmund -q -n one sleep 300)
    guardian=$(field "$id" guardian.pid)
    kill -STOP "$guardian"
    replace_at_once 3 sleep 300
    one_live
    all_tell_the_truth
    kill -CONT "$guardian"
    wait_until 10 gone "$guardian"
    one_live
    [[ $(field one id) == "$(live)" ]]
    run sigmund -q -n one true
    assert_failure 1
    assert_output --partial "name one is taken by $(live)"
}

@test "A killed start with --replace does not prevent later ones from replacing" {
    id=$(sigmund -q -n one --stop-timeout 60s sh -c 'trap "" TERM; echo set; while :; do sleep 0.05; done')
    wait_until 10 log_has "$id" set
    "$SIGMUND" -q -n one --replace -- sleep 301 &
    killed=$!
    wait_until 10 test -e "$SIGMUND_STATE_DIR/names/+one"
    kill -KILL "$killed"
    wait "$killed" || true
    # The holder is being stopped for a start that does not exist any more. Another start may still replace it.
    "$SIGMUND" -q -n one --replace -- sleep 302 >other &
    other=$!
    OWN_PIDS+=("$other")
    sigmund kill -q "$id"
    wait "$other"
    [[ $(field one id) == "$(<other)" ]]
    one_live
    [[ ! -e $SIGMUND_STATE_DIR/names/+one ]]
}

@test "While a holder is being replaced no other run gets the name, and the holder cannot give it away" {
    id=$(sigmund -q -n one --stop-timeout 60s sh -c 'trap "" TERM; echo set; while :; do sleep 0.05; done')
    wait_until 10 log_has "$id" set
    "$SIGMUND" -q -n one --replace -- sleep 300 >replacer &
    replacer=$!
    OWN_PIDS+=("$replacer")
    claimed() { [[ -s $SIGMUND_STATE_DIR/names/+one ]]; }
    wait_until 10 claimed
    run sigmund rename "$id" other
    assert_failure
    assert_output --partial "the run is being replaced"
    two=$(sigmund -q -n two sleep 300)
    run sigmund rename two one
    assert_failure
    sigmund kill -q "$id"
    # This is also true in the gap between the two runs.
    run sigmund -q -n one true
    assert_failure 1
    assert_output --partial "name one is taken by"
    wait "$replacer"
    [[ $(field one id) == "$(<replacer)" ]]
    sigmund stop -q "$two"
}

@test "When renames race with --replace, one run of the name is left, and the renamed run lives" {
    for _ in 1 2 3 4; do
        id=$(sigmund -q -n one --replace sleep 300)
        "$SIGMUND" rename "$id" other 2>/dev/null &
        renamer=$!
        replace_at_once 2 sleep 300
        renamed=0
        wait "$renamer" || renamed=$?
        all_tell_the_truth || ((renamed == 0))
        # A run that had been replaced by then is renamed, too, as any run that is over.
        if ((renamed == 0)) && is "$id" ended_by replace; then
            is "$id" name other
        elif ((renamed == 0)); then
            state_is "$id" running
            sigmund stop -q "$id"
        fi
        one_live
        [[ $(field one id) == "$(live)" ]]
    done
}

@test "A command that cannot start does not end the holder" {
    id=$(sigmund -q -n one sleep 300)
    printf '#!/no/such/interpreter\n' >script
    printf 'no program\n' >plain
    chmod +x script
    run -127 sigmund -q -n one --replace -- no-such-command-at-all
    run -127 sigmund -q -n one --replace -- ./none
    run -127 sigmund -q -n one --replace -- ./script
    assert_output --partial "its interpreter"
    run -126 sigmund -q -n one --replace -- ./plain
    run -126 sigmund -q -n one --replace -- /
    run -127 sigmund pipe -q -n one --replace -- cat '|' no-such-command-at-all
    run sigmund -q -n one --replace -C none -- true
    assert_failure 125
    run sigmund -q -n one --replace --stdin none -- true
    assert_failure 125
    run sigmund -q -n one --replace --watch none -- true
    assert_failure 125
    state_is "$id" running
    [[ $(field one id) == "$id" ]]
    [[ $(ls "$SIGMUND_STATE_DIR/names") == one ]]
}

@test "A run does not end itself to be replaced, and a pid file passes from the old run to the new one" {
    id=$(sigmund -q -n one --pid-file pid sh -c 'until test -e go; do sleep 0.05; done; "$SIGMUND" -q -n one --replace -- sleep 300; sleep 300')
    [[ $(<pid) == "$(field one pid)" ]]
    touch go
    wait_until 10 log_has "$id" "this start is part of that run"
    state_is "$id" running
    sigmund -q -n one --replace --pid-file pid -- sleep 300
    one_live
    [[ $(<pid) == "$(field one pid)" ]]
    run sigmund -q -n other --pid-file pid -- sleep 300
    assert_failure 125
}

@test "A run whose guardian was killed keeps its name for as long as it lives" {
    id=$(sigmund -q -n one sleep 600)
    leader=$(field "$id" pid)
    kill -KILL "$(field "$id" guardian.pid)"
    no_guardian() { [[ $(sigmund list --json | jq -r '.data[0].guardian.alive') == false ]]; }
    wait_until 5 no_guardian
    sigmund prune -q
    run -1 sigmund -q -n one sleep 601
    assert_output --partial "name one is taken by $id"
    run -0 sigmund again "$id"
    assert_output --partial "the name one stays with $id"
    run -0 sigmund -q --replace -n one sleep 602
    wait_until 5 gone "$leader"
    [[ $(sigmund list --json | jq '[.data[] | select(.state == "running" and .name == "one")] | length') == 1 ]]
    [[ $(field one 'argv[1]') == 602 ]]
}

@test "--replace ends the holder although the files of the names were removed" {
    id=$(sigmund -q -n one sleep 600)
    leader=$(field "$id" pid)
    rm -r "$SIGMUND_STATE_DIR/names"
    run -0 sigmund -q --replace -n one sleep 601
    wait_until 5 gone "$leader"
    [[ $(sigmund list --json | jq '[.data[] | select(.state == "running" and .name == "one")] | length') == 1 ]]
}
