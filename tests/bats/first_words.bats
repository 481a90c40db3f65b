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
    # pm2
    hints 127 'sigmund list --json' jlist
    hints 127 'sigmund show TARGET' describe web
    hints 127 'sigmund prune TARGET' del web
    hints 127 'sigmund restart TARGET' reload web
    hints 127 '--pool N' scale web 4
    hints 127 'config --systemd NAME' startup
    hints 127 'sigmund again TARGET' save
    hints 127 'removes the logs' flush
    hints 127 'sigmund top' monit
    # docker
    hints 127 'sigmund up' compose up -d
    hints 127 'no images' pull redis
    # systemctl
    hints 127 'config --systemd NAME' enable --now web
    hints 127 '--columns state,pid' is-active web
    hints 127 'no daemon' daemon-reload
    hints 127 'sigmund list' list-units
    # tmux and screen
    hints 127 'sigmund -a -n NAME bash' new-session -s work
    hints 127 'sigmund send TARGET TEXT' send-keys -t web ls Enter
    hints 127 'sigmund logs --plain TARGET' capture-pane -p -t web
    hints 127 'sigmund stop TARGET' kill-session -t web
    hints 127 'sigmund attach TARGET' a
    # shells
    hints 127 '--keep' disown
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
    hints 1 'sigmund -a COMMAND' run -it sh
    hints 1 'sigmund -n NAME COMMAND' -dmS work sleep 300
    hints 1 'sigmund list shows' -ls
    hints 1 'sigmund attach TARGET' -r web
    hints 1 'sigmund attach TARGET' attach -t web
    hints 1 'sigmund signal SIGNAL TARGET' kill -s HUP web
    hints 1 '--columns pid,state' show -p MainPID web
    hints 1 'sigmund show TARGET --porcelain' status --porcelain
    hints 1 'the exit status' pause --json web
}

@test "Mistyped names and verbs are suggested, and distant words are not" {
    hints 5 'did you mean web?' stop wbe
    hints 5 'did you mean web?' show we
    hints 5 'hint: sigmund list' stop database
    hints 1 'did you mean sigmund help stop?' help stpo
    hints 1 'sigmund list shows' help jobs
    hints 1 'did you mean --live?' list --lvie
}

@test "The name of a run, and a file of the folder, get the command that was meant" {
    hints 127 'web is a run: sigmund status web' web
    gone=$(sigmund -q -n old true)
    wait_until 10 over "$gone"
    hints 127 'old is a finished run: sigmund again old' old
    touch app.js
    hints 127 'app.js is a file of this folder: sigmund node app.js' app.js
    hints 127 'sigmund node app.js --name x; options of sigmund come before the command' app.js --name x
    run "$SIGMUND" start sh -c : --name x
    assert_line 'sigmund: --name goes to sh, since options of sigmund come before the command'
    printf '#!/bin/sh\n' >tool
    hints 127 'if it is an alias' tool
    chmod +x tool
    hints 127 'tool is a file of this folder: sigmund ./tool' tool
}

@test "A file as the target of a verb, and an editor without a terminal, get the command that was meant" {
    hints 5 'to start the program tail: sigmund -- tail -n 3 /etc/passwd' tail -n 3 /etc/passwd
    hints 5 'to start the program kill: sigmund -- kill ./x' kill ./x
    hints 5 'an id, a name, tag=TAG' stop a/b
    printf '#!/bin/sh\n' >"$scratch/vim"
    chmod +x "$scratch/vim"
    PATH=$scratch:$PATH run "$SIGMUND" vim notes.txt
    assert_success
    assert_line 'sigmund: vim needs a terminal, which -a gives it: sigmund -a vim notes.txt'
}

@test "The beginning of a program or of a script names the live runs that may be meant" {
    mkdir -p sub
    printf 'sleep 300\n' >sub/train_model.sh
    one=$(sigmund -q sh sub/train_model.sh)
    run "$SIGMUND" stop train
    assert_failure 5
    assert_output --partial "did you mean $one (sh sub/train_model.sh)?"
    two=$(sigmund -q sh ./sub/train_model.sh)
    run "$SIGMUND" logs train
    assert_failure 5
    assert_output --partial "$one (sh sub/train_model.sh)"
    assert_output --partial "$two (sh ./sub/train_model.sh)"
    run "$SIGMUND" status web.service
    assert_output --partial 'did you mean web?'
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
    assert_output --partial 'sigmund logs web prints the log of the run web'
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
