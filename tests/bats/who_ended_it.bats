#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# explain says what ended a run, for every way in which sigmund ends one. The command exits with 0 when it is told to
# end, so that its exit status does not give it away.
load sigmund

setup() {
    sigmund_setup
    cd "$SIGMUND_STATE_DIR" || return
    mkdir work && cd work || return
}
teardown() { cd / && sigmund_teardown; }

# ended_by ID WORD TEXT: the record has the word, explain has the text, and no other process is blamed.
ended_by() {
    wait_until 20 over "$1"
    [[ $(field "$1" ended_by) == "$2" ]] || { field "$1" ended_by && return 1; }
    run sigmund explain "$1"
    assert_success
    assert_output --partial "$3"
    assert_output --partial "it got the stop signal from sigmund, and it exited normally (0)"
    refute_output --partial "a user or program"
    refute_line --regexp '^  it exited normally'
    [[ $(sigmund explain --json "$1" | jq -r '.data[0].ended_by') == "$2" ]]
    [[ $(field "$1" leader_ended_first) == false ]]
}

@test "Explain names a stop, a kill, a signal to the guardian and another start as what ended a run" {
    id=$(sigmund -q "${polite[@]}")
    sigmund stop -q "$id"
    ended_by "$id" stop "it was ended by \`sigmund stop\`"
    id=$(sigmund -q "${polite[@]}")
    sigmund kill -q "$id"
    [[ $(field "$id" ended_by) == kill ]]
    run sigmund explain "$id"
    assert_output --partial "it was ended by \`sigmund kill\`"
    refute_output --partial "killed by a user"
    id=$(sigmund -q "${polite[@]}")
    kill -TERM "$(field "$id" guardian.pid)"
    ended_by "$id" guardian-signal "its guardian got a signal that told it to stop the run"
    id=$(sigmund -q -n web "${polite[@]}")
    sigmund -q -n web --replace sleep 300 >/dev/null
    ended_by "$id" replace "another run was started under its name"
}

@test "Explain names the exit of the shell as what ended its run" {
    shell="$$.$(sed 's/.*) //' /proc/$$/stat | cut -d' ' -f20)"
    id=$(SIGMUND_SHELL_ID=$shell sigmund -q "${polite[@]}")
    [[ $(field "$id" shell) == "$shell" ]]
    SIGMUND_ON_EXIT_NOTTY=stop setsid -w "$SIGMUND" shell-exit --id "$shell" </dev/null >/dev/null 2>&1
    ended_by "$id" shell-exit "the shell that it belonged to exited"
}

@test "Explain names time limits, leases, readiness and health as what ended a run" {
    id=$(sigmund -q --timeout 300ms "${polite[@]}")
    ended_by "$id" timeout "it timed out (--timeout 300ms)"
    id=$(sigmund -q --while ttl:300ms "${polite[@]}")
    ended_by "$id" lease "a condition of --while no longer held"
    sleep 300 &
    OWN_PIDS+=($!)
    id=$(sigmund -q --while "pid:$!" "${polite[@]}")
    kill -KILL $!
    ended_by "$id" lease "--while pid:$!"
    run sigmund -q -n late --ready tcp:1 --ready-timeout 300ms "${polite[@]}"
    assert_failure 124
    ended_by late unready "it was not ready in time (300ms), and was stopped"
    # A restarted life is not ready in time, until the limit. No health check is involved.
    id=$(sigmund -q --restart always --max-restarts 1 --backoff 20ms --ready-timeout 1s \
        --ready "cmd:test ! -e '$BATS_TEST_TMPDIR/unready'" "${polite[@]}")
    touch "$BATS_TEST_TMPDIR/unready"
    run sigmund restart "$id"
    assert_failure 124
    wait_until 20 state_is "$id" failed
    assert_equal "$(field "$id" result)" unready
    ended_by "$id" unready "it was not ready in time (1s), and was stopped"
    id=$(sigmund -q --health false --health-interval 100ms --health-retries 1 --max-restarts 0 "${polite[@]}")
    ended_by "$id" unhealthy "its health check failed too often, and sigmund stopped it"
}

has_life() { [[ $(field "$1" "lives[-1].ended_by") == "$2" ]]; }

@test "Explain gives the reason of each restart" {
    id=$(sigmund -q --restart-on USR1 --watch . --debounce 50ms "${polite[@]}")
    sigmund restart "$id"
    wait_until 20 has_life "$id" restart
    touch changed
    wait_until 20 has_life "$id" watch
    kill -USR1 "$(field "$id" guardian.pid)"
    wait_until 20 has_life "$id" restart-signal
    run sigmund explain "$id"
    assert_output --partial "it has not ended"
    assert_output --partial "restarted by \`sigmund restart\` (it exited 0)"
    assert_output --partial "restarted because a watched file changed (it exited 0)"
    assert_output --partial "restarted by the signal of --restart-on (it exited 0)"
    refute_output --partial "somebody"
    id=$(sigmund -q --health false --health-interval 100ms --health-retries 1 --backoff 60s "${polite[@]}")
    wait_until 20 state_is "$id" backoff
    run sigmund explain "$id"
    assert_output --partial "its health check failed too often, and sigmund ended it, to restart it"
    refute_output --partial "a user or program"
    sigmund stop -q "$id"
    run sigmund explain "$id"
    assert_output --partial "it was ended by \`sigmund stop\`"
}

@test "Explain distinguishes a worker that was replaced from one that ended before it was stopped" {
    id=$(sigmund -q --pool 2 "${polite[@]}")
    kill -KILL "$(field "$id" workers[1].pid)"
    wait_until 20 restarted "$id" 1
    [[ $(field "$id" "lives[0] | [.result, .ended_by, .worker] | @csv") == '"signal=SIGKILL","itself",1' ]]
    run sigmund explain "$id"
    assert_output --partial "worker 1: it was killed by SIGKILL"
    sigmund stop -q "$id"
    ended_by "$id" stop "it was ended by \`sigmund stop\`"
    # The processes that its leader left behind are stopped, but the command itself had ended before.
    id=$(sigmund -q sh -c 'sleep 300 & exit 0')
    wait_until 20 eval '[[ $(field "$id" exit_code) == 0 ]]'
    sigmund stop -q "$id"
    run sigmund explain "$id"
    assert_output --partial "its command had already ended: it exited normally (0)"
    id=$(sigmund -q --restart always --backoff 60s sh -c 'exit 3')
    wait_until 20 state_is "$id" backoff
    sigmund stop -q "$id"
    run sigmund explain "$id"
    assert_output --partial "it was ended by \`sigmund stop\`"
    assert_output --partial "it exited with status 3"
}

@test "Explain says that a command ended by itself" {
    run sigmund -q -w true
    run sigmund explain @
    assert_output --partial "it exited normally (0)"
    [[ $(field @ ended_by) == itself && $(field @ leader_ended_first) == true ]]
    run sigmund -q -w sh -c 'kill -SEGV $$'
    run sigmund explain @
    assert_output --partial "SIGSEGV: segmentation fault (invalid memory access)"
    id=$(sigmund -q --stop-timeout 100ms sh -c 'trap "" TERM; echo up; while :; do sleep 0.05; done')
    wait_until 20 log_has "$id" up
    sigmund stop -q "$id"
    run sigmund explain "$id"
    assert_output --partial "it did not end in time after the stop signal, and was killed (SIGKILL)"
}

@test "Explain reads a record that was written before the reason was recorded" {
    id=$(sigmund -q "${polite[@]}")
    sigmund stop -q "$id"
    sed -i 's/,"ended_by":"stop","leader_ended_first":false,"lives":\[\]//' "$SIGMUND_STATE_DIR/$id.json"
    [[ $(field "$id" ended_by) == null && $(field "$id" leader_ended_first) == null ]]
    run sigmund explain "$id"
    assert_success
    assert_output --partial "it was ended by \`sigmund stop\`"
}
