#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The output of sigmund: it has nothing that a terminal acts on, its hints are true, and sigmund says a last word when
# it is ended itself.
load sigmund

setup() {
    sigmund_setup
    scratch_folder
    export HOME=$scratch XDG_CONFIG_HOME=$scratch/config
    cd "$scratch" || return
}
teardown() { sigmund_teardown; }

@test "No verb sends control characters to a terminal, whatever names, paths, records and files contain" {
    mkdir work
    run python3 "$BATS_TEST_DIRNAME/terminal_safety.py" "$SIGMUND" "$scratch/work"
    assert_success
    refute_output
}

@test "A hint cannot forge a line or a title" {
    run sigmund up $'\e]0;X\a'
    assert_failure 5
    assert_line --index 0 'sigmund: no template \e]0;X\x07'
    run sigmund show $'a\nsigmund: all is well'
    assert_failure 5
    assert_line --index 0 'sigmund: "a\nsigmund: all is well" is not a target'
    run sigmund show 'a\\b c'
    assert_line --index 0 'sigmund: "a\\b c" is not a target'
}

@test "JSON keeps what it escapes, and a command that will be pasted stays exact" {
    word=$'it\'s \xc2\x9b\e\x7f\u202e\U000E0041\\'
    id=$(sigmund -q printf '%s' "$word")
    sigmund wait "$id"
    [[ $(sigmund dump "$id") == "$word" ]]
    [[ $(sigmund show --json "$id" | jq -r '.data[0].argv[2]') == "$word" ]]
    run grep -P '[\x7f]|\xc2\x9b|\xe2\x80\xae' <(sigmund show --json "$id")
    assert_failure
    line=$(sigmund again --dry-run "$id")
    local words=()
    eval "words=(${line#*-- })"
    [[ ${words[2]} == "$word" ]]
}

@test "The shells' files show the command as people see it" {
    id=$(sigmund -q sleep 300 $'\e\xc2\x9b\u202e\u200b\\')
    run sigmund list --porcelain --columns id,shown
    assert_output "$id"$'\t'"sleep 300 '\\e\\u009b\\u202e\\u200b\\'"
    run grep -rnE -- '--columns [a-z,]*,cmd' "$BATS_TEST_DIRNAME/../../shell"
    assert_failure
}

@test "A guardian's own lines in the log are escaped" {
    id=$(sigmund -q --restart always --max-restarts 1 --backoff 10ms sh -c 'exit 1' $'\e[31m\u202e')
    run sigmund wait --gone "$id"
    run grep -P '\e|\xe2\x80\xae' "$SIGMUND_STATE_DIR/$id.log"
    assert_failure
}

@test "An unknown signal gets a hint about signals" {
    id=$(sigmund -q sleep 300)
    run sigmund signal HUPP "$id"
    assert_failure 1
    assert_line "sigmund: hint: did you mean HUP?"
    run sigmund signal sigtrm "$id"
    assert_line "sigmund: hint: did you mean TERM?"
    run sigmund signal xyzzy "$id"
    assert_line --partial "hint: a name as in HUP or SIGHUP"
    run sigmund signal "$id" HUP
    assert_line "sigmund: hint: the signal comes first: sigmund signal HUP $id"
    for option in --stop-signal --restart-on --ignore --default --block --unblock; do
        run sigmund "$option" USR sleep 1
        assert_failure
        assert_line "sigmund: $option: \"USR\" is not a signal"
        assert_line "sigmund: hint: did you mean USR1?"
    done
    run sigmund kill -9 "$id"
    assert_failure 1
    assert_line --partial "hint: sigmund signal 9 TARGET"
}

@test "Hints about unknown words name the nearest word, or all of them" {
    run sigmund list --state runing
    assert_line "sigmund: hint: did you mean running?"
    run sigmund list --state nonsense
    assert_line --partial "hint: one of starting, running"
    run sigmund list --sort newst
    assert_line "sigmund: hint: did you mean newest?"
    run sigmund list --sort size
    assert_line "sigmund: hint: one of newest, oldest, name, state"
    run sigmund list --columns stat
    assert_line "sigmund: hint: did you mean state?"
    run sigmund --survive jobb sleep 1
    assert_line "sigmund: hint: did you mean job?"
    run sigmund list --color=sometimes
    assert_line "sigmund: hint: auto, always or never"
    run sigmund list --stat running
    assert_line "sigmund: hint: did you mean --state?"
    PATH=$scratch run "$SIGMUND" start
    refute_output --partial restart
}

# Its handler is set, and it is asleep and stays so: a short wait for a guardian's answer does not count.
waits() {
    local caught switches
    caught=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$1/status")
    ((16#${caught:-0} & 0x4000)) && [[ $(cut -d' ' -f3 "/proc/$1/stat") == S ]] || return
    switches=$(grep ctxt_switches "/proc/$1/status")
    sleep 0.2
    [[ $(grep ctxt_switches "/proc/$1/status") == "$switches" ]]
}

# follower SIGNAL EXIT VERB...: the verb is ended by SIGNAL while it waits for the run.
follower() {
    local signal=$1 expected=$2 pid
    shift 2
    "$SIGMUND" "$@" >"$scratch/out" 2>"$scratch/err" &
    pid=$!
    OWN_PIDS+=("$pid")
    wait_until 20 waits "$pid"
    kill -s "$signal" "$pid"
    local ended=0
    wait "$pid" || ended=$?
    ((ended == expected))
}

@test "A verb that waits for a run says at SIGTERM and SIGHUP that the run keeps running" {
    id=$(sigmund -q --name web sleep 300)
    for verb in wait tail; do
        follower TERM 143 "$verb" web
        run cat "$scratch/err"
        assert_line "sigmund: this command was ended by SIGTERM; web ($id) keeps running"
        assert_line "sigmund: stop: sigmund stop web"
        follower HUP 129 "$verb" web
        run cat "$scratch/err"
        assert_line "sigmund: this command was ended by SIGHUP; web ($id) keeps running"
        state_is "$id" running
    done
    for option in --wait --tail --ready=tcp:1; do
        follower TERM 143 "$option" --name "w$RANDOM" sleep 300
        run cat "$scratch/err"
        assert_line --regexp '^sigmund: this command was ended by SIGTERM; w[0-9]* \(.*\) keeps running$'
        assert_line --regexp '^sigmund: stop: sigmund stop '
    done
    slow=$(sigmund -q --ready log:now sh -c '[ -e "$0" ] || { : >"$0"; echo now; }; exec sleep 300' "$scratch/again")
    follower TERM 143 restart "$slow"
    run cat "$scratch/err"
    assert_line "sigmund: this command was ended by SIGTERM; $slow keeps running"
    assert_line "sigmund: stop: sigmund stop $slow"
    sigmund stop -q @all
}

@test "Guard says which runs keep running when it is ended" {
    id=$(sigmund -q --name web sleep 300)
    follower TERM 143 guard web -- sleep 300
    run cat "$scratch/err"
    assert_line "sigmund: sleep got SIGTERM and has ended; web ($id) keeps running"
    state_is "$id" running
}

@test "A reader that has seen enough causes no error" {
    id=$(sigmund -q sh -c 'seq 100000; exec sleep 300')
    wait_until 20 log_has "$id" '^100000$'
    for trap in - ''; do
        run bash -c "trap '$trap' PIPE; { '$SIGMUND' dump $id; echo \$? >$scratch/exit; } | head -1"
        assert_output 1
        wait_until 20 grep -qx 141 "$scratch/exit"
    done
}
