#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What the command line promises where it is easily forgotten: errors, odd words, honest answers.
load sigmund
setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
}
teardown() { sigmund_teardown; }

# error CODE COMMAND...: stderr is one error object of that code, stdout is empty.
error() {
    local code=$1
    shift
    "$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" </dev/null && return 1
    [[ ! -s $BATS_TEST_TMPDIR/out ]] || return 1
    [[ $(jq -rs 'map(.error.code) | join(" ")' "$BATS_TEST_TMPDIR/err") == "$code" ]]
}

# The real binary as one who is not root; a copy, as the build may lie where only root may look.
as_user() {
    ((EUID == 0)) || {
        "$SIGMUND" "$@"
        return
    }
    local copy status=0
    copy=$(mktemp -d /tmp/sgm.XXXXXX)
    chmod 755 "$copy"
    cp "$SIGMUND" "$copy/sigmund"
    runuser -u nobody -- "$copy/sigmund" "$@" || status=$?
    rm -r "$copy"
    return $status
}

is() { [[ $(field "$1" "$2") == "$3" ]]; }

@test "--json words the errors wherever it stands before the command" {
    error command_not_found sigmund -n web --json no-such-program
    error command_not_found sigmund -qn web -t a --json no-such-program
    error command_not_found sigmund run --ready-timeout 3 --json -- no-such-program
    error usage sigmund -t a --json -t / true
    error command_not_found sigmund pipe -n web --json -- no-such-program '|' cat
    # What belongs to the command, or is a value, is not sigmund's.
    run -127 sigmund pipe no-such-program --json '|' cat
    assert_output --partial "sigmund: no-such-program: command not found"
    run sigmund -n --json no-such-program
    assert_output --partial 'sigmund: --name: "--json" is no name'
    run -127 sigmund -tn -- no-such-program --json
    assert_output --partial "sigmund: no-such-program: command not found"
}

@test "a verb without a target: 5, and what could be meant" {
    sigmund -q -n web sleep 300
    for verb in stop kill pause resume restart wait show tail dump logs tree killcmd explain again rename tag guard; do
        run sigmund $verb
        assert_failure 5
        assert_output --partial "$verb needs a target"
        assert_output --partial "live now: web"
    done
    run sigmund signal HUP
    assert_failure 5
    run sigmund guard -- true
    assert_failure 5
    run sigmund version 1
    assert_failure 1
}

@test "stop: each word that names nothing is told, also when none does" {
    run sigmund stop ghost nobody
    assert_failure 5
    assert_output --partial "no run ghost"
    assert_output --partial "no run nobody"
    refute_output --partial "nothing to stop"
    run --separate-stderr sigmund stop --json ghost nobody
    assert_failure 5
    [[ $(jq -r '.data | map(.name + "=" + .outcome) | join(" ")' <<<"$output") == "ghost=not-found nobody=not-found" ]]
}

@test "again --dry-run prints a command, and no JSON" {
    sigmund -q -w true
    run sigmund again --dry-run @
    assert_output --partial "sigmund run -- true"
    error usage sigmund again --dry-run --json @
    run sigmund again --env NONE @
    assert_failure 1
    assert_output --partial '"NONE" is not NAME=VALUE'
}

@test "a store that another user's start left: said, with the way out" {
    touch "$BATS_TEST_TMPDIR/file"
    for deed in "list" "true"; do
        SIGMUND_STATE_DIR=$BATS_TEST_TMPDIR/file run sigmund $deed
        assert_failure
        assert_output --partial "is not a folder"
    done
    # As an ordinary user: the store that root has made.
    ((EUID != 0)) || theirs=$SIGMUND_STATE_DIR
    for deed in "list" "true"; do
        SIGMUND_STATE_DIR=${theirs:-/root} run as_user $deed
        assert_failure
        assert_output --partial "belongs to uid 0"
        assert_output --partial "sudo -H"
    done
}

@test "odd words of a start are refused before anything runs" {
    printf 'A=x\0y\n' >nul.env
    run sigmund --env-file nul.env true
    assert_failure 125
    assert_output --partial "nul.env:1: holds a NUL byte"
    run sigmund --unset-env A=b true
    assert_failure 1
    assert_output --partial "is not the name of a variable"
    ln -s elsewhere link.log
    run sigmund --log link.log true
    assert_failure 125
    assert_output --partial "link.log: it is a symbolic link"
    [[ ! -e elsewhere ]]
    [[ -z $(sigmund list --porcelain) ]]
}

@test "a folder of PATH that may not be searched holds nothing that was found" {
    place=$(mktemp -d /tmp/sgm.XXXXXX)
    mkdir -m 0 "$place/closed"
    mkdir -m 755 "$place/plain"
    touch "$place/plain/tool"
    ((EUID != 0)) || chown -R nobody "$place"
    export SIGMUND_STATE_DIR=$place/store
    cd /       # which that user may enter
    answer() { # STATUS PATH COMMAND
        PATH=$2:$PATH run "-$1" as_user "$3" || echo "$*: $status: $output" >>"$BATS_TEST_TMPDIR/wrong"
    }
    answer 127 "$place/closed" no-such-program
    [[ $output == *"no-such-program: command not found"* ]] || echo "$output" >>"$BATS_TEST_TMPDIR/wrong"
    answer 126 "$place/closed:$place/plain" tool
    answer 126 /bin "$place/closed/tool"
    answer 127 /bin "$place/plain/none"
    chmod 700 "$place/closed"
    rm -r "$place"
    [[ ! -e $BATS_TEST_TMPDIR/wrong ]] || cat "$BATS_TEST_TMPDIR/wrong"
    [[ ! -e $BATS_TEST_TMPDIR/wrong ]]
}

@test "tree: the title that a program gives itself, without what it leaves behind" {
    id=$(sigmund -q -- python3 -c 'import time; time.sleep(300)' '' '' '')
    run sigmund tree "$id"
    assert_output --partial "time.sleep(300)'  (leader)"
}

@test "events: the snapshot tells when it became so, not when one looked" {
    id=$(sigmund -q sleep 300)
    sleep 0.5 # the past that is asked for
    looked=$(date +%s%3N)
    at() { sigmund events --no-follow "$@" | jq --arg id "$id" 'select(.id == $id) | .at_ms' | tail -n 1; }
    (($(field "$id" started_ms) <= $(at) && $(at) <= looked - 400))
    [[ -z $(at --since 200ms) ]]
    sigmund pause "$id"
    (($(at) >= looked - 10))
    [[ -n $(at --since 5s) ]]
}

@test "explain: a kill by the limit of processor time, by sigmund signal, by somebody" {
    run sigmund -q -w --rlimit cpu=1 sh -c 'while :; do :; done'
    assert_failure 137
    run sigmund explain @
    assert_output --partial "most likely killed by the kernel: its limit of CPU time was reached"
    assert_output --partial "the hard limit is 1s"
    run sigmund -q -w --rlimit cpu=1:9 sh -c 'while :; do :; done'
    assert_failure 152
    run sigmund explain @
    assert_output --partial "SIGXCPU: its limit of CPU time was reached"
    id=$(sigmund -q --rlimit cpu=1000 sleep 300)
    kill -KILL "$(field "$id" pid)"
    wait_until 5 is "$id" state exited
    run sigmund explain "$id"
    assert_output --partial "killed by a user, a program or the kernel (out of memory, CPU limit)"
    assert_output --partial "the kernel's log"
    refute_output --partial "most likely"
    for signal in KILL USR1; do
        id=$(sigmund -q sleep 300)
        sigmund signal $signal "$id"
        wait_until 5 is "$id" state exited
        run sigmund explain "$id"
        assert_output --partial "SIG$signal: it was sent by \`sigmund signal\`"
        assert_output --partial "signal $signal $id"
        refute_output --partial "a user or program"
    done
}

@test "up: what runs already is answered too, and one that fails keeps no other from starting" {
    cat >sigmund.toml <<'END'
[run.db]
command = ["sleep", "300"]
[run.bad]
command = ["no-such-program"]
[run.web]
command = ["sleep", "301"]
END
    run -127 --separate-stderr sigmund up db bad web
    [[ $(wc -w <<<"$output") == 2 ]]
    [[ $stderr == *"no-such-program: command not found"* ]]
    is db state running
    is web state running
    id=$(sigmund up db 2>err)
    [[ $id == "$(field db id)" ]]
    grep -q "db runs already: $id" err
    [[ $(sigmund up -q --json db | jq -r '.kind + .data.id') == "run.start$id" ]]
    run sigmund up db nobody
    assert_failure 5
}

@test "rename and guard of a form that stands for no run: 5" {
    run sigmund rename tag=none web
    assert_failure 5
    run sigmund guard tag=none -- touch started
    assert_failure 5
    assert_output --partial "tag=none stands for no run"
    [[ ! -e started ]]
}

@test "events: a store that is not there is waited for, and not made" {
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
    # A new name is told as such, and the end only once.
    sigmund rename "$id" web
    wait_until 5 told "starting running web "
    sigmund kill -q web
    wait_until 5 grep -q '"state":"exited"' events
    [[ $(grep -c '"state":"exited"' events) == 1 ]]
}
