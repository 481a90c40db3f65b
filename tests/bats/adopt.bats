#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# `adopt`: a live run gets another shell, whatever its guardian does, and its marks tell the same as its record.
load sigmund
load shells

setup() { shells_setup; }
teardown() { shells_teardown; }

@test "A new shell adopts the runs that a closed shell has left" { in_shells adopt_orphans; }
@test "A run that is left behind twice is reported twice" { in_shells left_again; }
@test "The answer of a shell does not concern a run that was taken over meanwhile" { in_shells adopted_during_question; }
@test "A shell adopts runs that were kept" { in_shells adopt_kept; }
@test "A run of another open shell is refused, or taken over with --force" { in_shells adopt_from_open_shell; }
@test "A shell without the hook cannot adopt" { in_shells adopt_without_hook; }

# shell_id PID: the id that the hook gives to the shell with this pid.
shell_id() {
    local stat
    read -r -d '' stat <"/proc/$1/stat" || true
    stat=${stat##*)}
    echo "$1.$(awk '{print $20}' <<<"$stat")"
}

# The test itself is the shell that adopts.
become_shell() {
    SIGMUND_SHELL_ID=$(shell_id $$)
    export SIGMUND_SHELL_ID
    mine=$SIGMUND_STATE_DIR/shells/$SIGMUND_SHELL_ID
}

# begin_shell COMMAND: runs the command in another shell, which stays open. Does not wait for the command.
begin_shell() {
    rm -f "$BATS_TEST_TMPDIR/open"
    [[ -p $scratch/fifo ]] || mkfifo "$scratch/fifo"
    # shellcheck disable=SC2016 # for the inner shell
    bash -c 'read -r -d "" stat <"/proc/$$/stat"
        stat=${stat##*)}
        export SIGMUND_SHELL_ID=$$.$(awk "{print \$20}" <<<"$stat")
        eval "$1"
        : >"$2"
        read -r <>"$3"' - "$1" "$BATS_TEST_TMPDIR/open" "$scratch/fifo" 3>&- &
    OWN_PIDS+=($!)
    other=$!
}

# open_shell COMMAND: also waits for the end of the command.
open_shell() {
    begin_shell "$1"
    wait_until 10 test -e "$BATS_TEST_TMPDIR/open"
}

@test "A run that has ended is refused, and several targets are all tried" {
    id=$(sigmund -q -n web sleep 300)
    over=$(sigmund -q true)
    sigmund wait --gone "$over"
    become_shell
    run -1 sigmund adopt "$over"
    assert_output --partial "$over: it has ended"
    run -5 sigmund adopt "$over" nobody web
    assert_output --partial "adopted web ($id)"
    assert_output --partial "no run nobody"
    [[ -e $mine/run.$id && $(field "$id" shell) == "$SIGMUND_SHELL_ID" && $(find "$mine" -type f | wc -l) == 1 ]]
    run -0 sigmund adopt @all
    run -0 sigmund adopt -q @all
    refute_output
}

@test "The targets of adopt are runs, which a process number is not" {
    id=$(sigmund -q -n web sleep 300)
    become_shell
    sleep 300 3>&- &
    OWN_PIDS+=($!)
    run -5 sigmund adopt $!
    assert_output --partial "a process has this number, and adopt only takes runs"
    run -5 sigmund adopt "$(field "$id" pid)"
    assert_output --partial "sigmund adopt web"
    [[ ! -e $mine ]]
}

@test "The JSON of adopt follows the schema, and tells what became of each target" {
    id=$(sigmund -q -n web sleep 300)
    become_shell
    run -5 sigmund adopt --json web nobody
    printf %s "$output" >"$BATS_TEST_TMPDIR/json"
    python3 - "${SIGMUND_SOURCE:-$BATS_TEST_DIRNAME/../..}/share/schema/sigmund-1.schema.json" "$BATS_TEST_TMPDIR/json" <<'END'
import json, jsonschema, sys
schema, data = (json.load(open(path)) for path in sys.argv[1:3])
jsonschema.Draft202012Validator(schema).validate(data)
END
    [[ $(jq -r '.kind, (.data[] | .outcome)' <<<"$output" | tr '\n' ' ') == "run.adopt done not-found " ]]
    [[ $(jq -r '.data[0].already' <<<"$(sigmund adopt --json web)") == true ]]
}

@test "Of two shells that adopt a run at the same time, one gets it" {
    id=$(sigmund -q sleep 300)
    for round in 1 2 3 4 5; do
        become_shell
        begin_shell "'$SIGMUND' adopt $id >'$BATS_TEST_TMPDIR/theirs' 2>&1; echo \$? >>'$BATS_TEST_TMPDIR/theirs'"
        sigmund adopt "$id" >"$BATS_TEST_TMPDIR/ours" 2>&1 && ours=0 || ours=$?
        wait_until 10 test -e "$BATS_TEST_TMPDIR/open"
        theirs=$(tail -n 1 "$BATS_TEST_TMPDIR/theirs")
        [[ $ours$theirs == 02 || $ours$theirs == 20 ]] || fail "round $round: $ours and $theirs"
        [[ $(find "$SIGMUND_STATE_DIR/shells" -name "run.$id") == "$SIGMUND_STATE_DIR/shells/$(field "$id" shell)/run.$id" ]]
        sigmund stop -q "$id"
        id=$(sigmund -q --keep sleep 300)
    done
}

@test "A frozen guardian is not waited for, and the run stays where it was" {
    id=$(sigmund -q sleep 300)
    guardian=$(field "$id" guardian.pid)
    become_shell
    kill -STOP "$guardian"
    run -1 timeout $((40 * slowness)) "$SIGMUND" adopt "$id"
    assert_output --partial "$id: its guardian does not answer"
    kill -CONT "$guardian"
    [[ ! -e $mine && $(field "$id" shell) == null ]]
    sigmund adopt "$id"
    [[ -e $mine/run.$id ]]
}

@test "A run whose guardian was killed is adopted, and it is said that no notice will come" {
    id=$(sigmund -q sleep 300)
    guardian=$(field "$id" guardian.pid)
    become_shell
    kill -KILL "$guardian"
    wait_until 5 bash -c "! kill -0 $guardian 2>/dev/null"
    run -0 sigmund adopt "$id"
    assert_output --partial "its guardian is gone, so nothing will tell when it ends"
    [[ -e $mine/run.$id && $(field "$id" shell) == "$SIGMUND_SHELL_ID" ]]
    sigmund stop -q "$id" || true
    [[ ! -e $mine/run.$id ]]
}

@test "A guardian that only knows the first shell is not asked to take another one" {
    open_shell "'$SIGMUND' -q -n web sleep 300"
    id=$(sigmund list --porcelain --columns id)
    guardian=$(field "$id" guardian.pid)
    kill -KILL "$other"
    wait "$other" || true
    become_shell
    # A server in its place answers as 0.1.0 did.
    kill -STOP "$guardian"
    mv "$SIGMUND_STATE_DIR/$id.sock" "$SIGMUND_STATE_DIR/aside"
    python3 - "$SIGMUND_STATE_DIR/$id.sock" 3>&- <<'END' &
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.bind(sys.argv[1])
s.listen(8)
while True:
    c, _ = s.accept()
    while text := c.recv(4096):
        c.send(b"hello 1" if text.startswith(b"hello") else b"done 1 unknown request")
END
    OWN_PIDS+=($!)
    wait_until 10 test -S "$SIGMUND_STATE_DIR/$id.sock"
    run -1 sigmund adopt web
    assert_output --partial "an older sigmund"
    mv -f "$SIGMUND_STATE_DIR/aside" "$SIGMUND_STATE_DIR/$id.sock"
    kill -CONT "$guardian"
    [[ ! -e $mine && -n $(find "$SIGMUND_STATE_DIR/shells" -name "run.$id") ]]
}

@test "A run that ends with its first shell still does after an adoption, which says so" {
    open_shell "'$SIGMUND' -q -n web --while shell sleep 300"
    become_shell
    run -2 sigmund adopt web
    run -0 sigmund adopt --force web
    assert_output --partial "it still ends with the shell that started it (--while shell)"
    id=$(sigmund list --porcelain --columns id)
    kill -KILL "$other"
    wait "$other" || true
    wait_until 5 test -e "$mine/done.$id"
}

@test "A run that ends during an adoption is told to the new shell, or is refused" {
    become_shell
    for delay in 0.00 0.005 0.01 0.02 0.03; do
        id=$(env -u SIGMUND_SHELL_ID "$SIGMUND" -q sleep "$delay")
        run sigmund adopt "$id"
        wait_until 10 bash -c "[[ \$('$SIGMUND' show --json $id | jq -r .data[0].state) == exited ]]"
        if ((status == 0)); then
            wait_until 10 test -e "$mine/done.$id"
        else
            assert_output --partial "it has ended"
            [[ ! -e $mine/run.$id && ! -e $mine/done.$id ]]
        fi
    done
}

@test "The completion of adopt offers the runs that no open shell owns" {
    sigmund -q -n free sleep 300
    open_shell "'$SIGMUND' -q -n owned sleep 300"
    become_shell
    sigmund -q -n own sleep 300
    sigmund -q -n over true
    sigmund wait --gone over
    run sigmund completions --porcelain --word 2 -- sigmund adopt ""
    assert_output --partial free
    refute_output --regexp $'\t(owned|own|over)\t'
}
