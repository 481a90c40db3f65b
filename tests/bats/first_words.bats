#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What people type first, by the habit of other tools: each answer helps.
load sigmund

setup() {
    sigmund_setup
    scratch_folder
    cd "$scratch"
    id=$(sigmund -q -n web sleep 300)
    search=$PATH
}
teardown() { sigmund_teardown; }

# hints STATUS TEXT WORD...: the command ends with this status, says the text, and starts nothing.
hints() {
    local wanted=$1 text=$2
    shift 2
    PATH=$search run "-$wanted" "$SIGMUND" "$@"
    assert_output --partial "$text"
    [[ $(sigmund list --live -q) == "$id" ]] || fail "sigmund $* has started something"
}

@test "Words of other tools get what sigmund has instead" {
    search=/nowhere
    hints 127 'sigmund stop TARGET' delete web
    hints 127 'sigmund stop TARGET' cancel web
    hints 127 'sigmund COMMAND' exec web
    hints 127 'sigmund COMMAND' create web
    hints 127 'sigmund list shows' jobs
    hints 127 'sigmund attach TARGET' fg web
    hints 127 'sigmund status' stats
    hints 127 'sigmund top' monitor
    hints 127 'sigmund tail TARGET' follow web
    hints 127 'sigmund tail TARGET' log web
    hints 127 'sigmund prune' clean
    hints 127 'sigmund prune' clear
    hints 127 'shell-init' setup
    hints 127 'shell-init' install
    hints 127 'did you mean sigmund stop?' stpo web
    hints 127 'did you mean sigmund list?' lsit
}

@test "Aliases do what the verbs do" {
    for verb in ls ps; do
        run "$SIGMUND" "$verb"
        assert_line --partial "$id"
    done
    for verb in inspect info; do
        run "$SIGMUND" "$verb" web
        assert_line --partial "$id"
    done
    gone=$(sigmund -q true)
    wait_until 10 over "$gone"
    hints 5 'rm needs a target' rm
    hints 0 'removed 1 run' rm "$gone"
    hints 1 'stays' rm web
}

@test "Options of other tools are taken, or get what sigmund has instead" {
    gone=$(sigmund -q -n old sh -c 'echo 1; echo 2; echo 3')
    wait_until 10 over "$gone"
    run "$SIGMUND" list -a -q
    assert_line "$gone"
    run "$SIGMUND" -v
    assert_output --partial 'sigmund '
    run "$SIGMUND" logs --tail 2 old
    assert_output $'2\n3'
    run "$SIGMUND" logs --tail=1 old
    assert_output 3
    hints 1 'in the background anyway' -d sleep 300
    hints 1 'in the background anyway' run --detach sleep 300
    hints 1 'sigmund kill TARGET' stop -f web
    hints 1 '--force' rm -f old
    hints 1 'without a grace period' restart -f web
    hints 1 'sigmund signal 9 TARGET' kill -9 web
    hints 1 'sigmund stop @all' stop -a
    hints 1 'sigmund stop @all' stop --all
    hints 5 'sigmund stop @all' stop all
}

@test "Mistyped names and verbs are suggested, and distant words are not" {
    hints 5 'did you mean web?' stop wbe
    hints 5 'did you mean web?' show we
    hints 5 'hint: sigmund list' stop database
    hints 1 'did you mean sigmund help stop?' help stpo
    hints 1 'sigmund list shows' help jobs
    hints 1 'did you mean --live?' list --lvie
}

@test "A line for the shell gets the command that runs it" {
    hints 127 "sigmund sh -c 'a | b'" 'a | b'
    hints 127 'sigmund -e A=1 sleep 300' A=1 sleep 300
    hints 127 'sigmund -C DIR COMMAND' cd /tmp
    hints 127 "sigmund sh -c 'source x'" source x
    SHELL=/bin/zsh hints 127 "sigmund zsh -ic 'll -a'" ll -a
    # The commands that are named do what was meant.
    run "$SIGMUND" --wait -q -e A=1 sh -c '[ "$A" = 1 ]'
    assert_success
}

@test "A program with the name of such a word is started, and one line says what else was possible" {
    printf '#!/bin/sh\necho program\n' >"$scratch/clear"
    chmod +x "$scratch/clear"
    PATH=$scratch:$PATH run "$SIGMUND" --wait clear
    assert_success
    run "$SIGMUND" clear
    assert_output --partial 'this starts the program clear; sigmund prune removes finished runs'
    PATH=$scratch:$PATH run "$SIGMUND" -- clear
    refute_output --partial 'sigmund prune'
}

@test "cat of a live run names the log" {
    run "$SIGMUND" cat web
    assert_success
    assert_output --partial 'sigmund dump web prints the log of the run web'
    run "$SIGMUND" cat nothing
    refute_output --partial 'sigmund dump'
}

@test "Words that will be verbs are refused, unless they come behind --" {
    for word in slots queue check mcp; do
        hints 1 "sigmund -- $word" "$word"
        printf '#!/bin/sh\necho program\n' >"$scratch/$word"
        chmod +x "$scratch/$word"
        PATH=$scratch:$PATH run "$SIGMUND" --wait -- "$word"
        assert_success
    done
}

@test "start starts a template, a finished run, or a command" {
    printf '[run.api]\ncommand = "sleep 300"\n' >sigmund.toml
    git init -q .
    run "$SIGMUND" start api
    assert_success
    assert_output --partial 'api is a template: sigmund up api'
    state_is api running
    run "$SIGMUND" start api
    assert_success
    assert_output --partial 'running'
    run "$SIGMUND" start -n job true
    wait_until 10 over job
    run "$SIGMUND" start job
    assert_output --partial 'job is a finished run: sigmund again job'
    run -127 "$SIGMUND" start nothing-of-this-name
    live=$(sigmund start -q -n live sleep 300)
    run "$SIGMUND" start "$live"
    assert_failure 1
    assert_output --partial 'is running already'
    assert_output --partial 'hint: sigmund restart'
    # A template with the name of a finished run that was not started from it.
    sigmund down
    sigmund prune -q
    one=$(sigmund -q -n api true)
    wait_until 10 over "$one"
    run "$SIGMUND" start api
    assert_failure 6
    assert_output --partial "sigmund up api, or sigmund again $one"
}

@test "The name of a program means its only run, where a person sees which" {
    run "$SIGMUND" show sleep
    assert_failure 5
    assert_output --partial "sleep is the command of web ($id): sigmund show web"
    run script -qec "$SIGMUND show sleep" /dev/null
    assert_output --partial "sleep: run web ($id)"
    assert_output --partial 'state:'
    # Not for what ends runs for good, nor with --json, nor when there are two.
    run script -qec "$SIGMUND kill sleep" /dev/null
    assert_output --partial 'no run sleep'
    run script -qec "$SIGMUND show --json sleep" /dev/null
    assert_output --partial 'no run sleep'
    two=$(sigmund -q sleep 300)
    run script -qec "$SIGMUND show sleep" /dev/null
    assert_output --partial 'no run sleep'
    sigmund stop -q "$two"
    run script -qec "$SIGMUND stop sleep" /dev/null
    assert_output --partial 'stopped web'
}
