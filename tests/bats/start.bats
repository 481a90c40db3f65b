#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A start: its banner, its answer, what the command gets, and the run that it makes.
load sigmund
load other_user

setup() {
    sigmund_setup
    other_user_setup
    cd "$scratch"
}
teardown() { sigmund_teardown; }

@test "A start prints three lines on stderr and the bare id on stdout, and holds no pipe open" {
    run timeout $((50 * slowness)) bash -c 'id=$("$SIGMUND" sleep 100 2>"$SIGMUND_STATE_DIR/banner"); echo "$id"'
    assert_success
    assert_output --regexp '^[0-9a-f]{6}$'
    id=$output
    run cat "$SIGMUND_STATE_DIR/banner"
    assert_line --index 0 --regexp "^sigmund: id=$id pid=([0-9]+) pgid=[0-9]+ sid=[0-9]+$"
    assert_line --index 1 "sigmund: log: $SIGMUND_STATE_DIR/$id.log"
    assert_line --index 2 "sigmund: stop: sigmund stop $id"
    run timeout $((50 * slowness)) bash -c '"$SIGMUND" -q sleep 100 2>&1 | cat'
    assert_success
}

@test "A run survives the shell that started it, and is listed" {
    id=$(bash -c 'exec "$SIGMUND" -q -n web sleep 100')
    run sigmund list
    assert_output --partial "sleep 100"
    [[ $(field web state) == running ]]
    pid=$(field web pid)
    [[ $(field web pgid) == "$pid" && $(field web sid) == "$pid" ]]
    [[ $(field "$id" guardian.alive) == true ]]
    run sigmund stop web
    assert_success
    gone "$pid"
    [[ $(field "$id" result) == stopped ]]
}

@test "A command that executes another program stays the same run" {
    for command in "sleep 0.2; exec sleep 300" "exec env A=1 sleep 300"; do
        id=$(sigmund -q bash -c "$command")
        wait_until 3 bash -c "tr '\0' ' ' </proc/$(field "$id" pid)/cmdline | grep -q '^sleep 300'"
        state_is "$id" running
        run sigmund stop "$id"
        assert_success
    done
}

@test "A command that cannot be executed leaves nothing behind" {
    run -127 "$SIGMUND" no-such-command-at-all
    assert_output --partial "command not found"
    run sigmund /etc/passwd
    assert_failure 126
    run sigmund -C /no/such/folder true
    assert_failure 125
    store_empty
}

@test "None of 200 simultaneous starts is lost, even while prune runs in a loop" {
    (while [[ ! -e $SIGMUND_STATE_DIR/enough ]]; do sigmund prune -q; done) &
    pruner=$!
    OWN_PIDS+=("$pruner")
    pids=()
    for _ in {1..200}; do
        sigmund -q sleep 300 >>"$SIGMUND_STATE_DIR/ids" &
        pids+=($!)
    done
    wait "${pids[@]}"
    touch "$SIGMUND_STATE_DIR/enough"
    wait "$pruner"
    [[ $(sort -u "$SIGMUND_STATE_DIR/ids" | wc -l) == 200 ]]
    [[ $(sigmund list --live --porcelain | wc -l) == 200 ]]
    for id in $(cat "$SIGMUND_STATE_DIR/ids"); do [[ -e $SIGMUND_STATE_DIR/$id.log ]]; done
    run sigmund stop -q @all
    assert_success
    sigmund prune -q
    [[ -z $(compgen -G "$SIGMUND_STATE_DIR/*.json*") ]]
}

@test "A redis server is started, found by its port, and stopped" {
    free_port port
    id=$(sigmund -q -n redis redis-server --port "$port" --save '' --dir "$SIGMUND_STATE_DIR")
    wait_until 10 bash -c "redis-cli -p $port ping 2>/dev/null | grep -q PONG"
    [[ $(field ":$port" id) == "$id" ]]
    run sigmund stop ":$port"
    assert_success
    run redis-cli -p "$port" ping
    assert_failure
}

@test "A run and its guardian may use the processors that the caller may use" {
    id=$(sigmund -q sleep 300)
    [[ $(taskset -p "$(field "$id" pid)" | sed 's/.*: //') == "$(taskset -p $$ | sed 's/.*: //')" ]]
    [[ $(taskset -p "$(field "$id" guardian.pid)" | sed 's/.*: //') == "$(taskset -p $$ | sed 's/.*: //')" ]]
}

@test "With umask 0777 the command has that umask, and the record can still be read" {
    id=$(umask 0777 && "$SIGMUND" -q sh -c "umask >&2; exec sleep 300")
    [[ $(stat -c %a "$SIGMUND_STATE_DIR/$id.json" "$SIGMUND_STATE_DIR/$id.log" "$SIGMUND_STATE_DIR/$id.sock" | sort -u) == 600 ]]
    wait_until 3 log_has "$id" 0777
    (umask 0777 && "$SIGMUND" stop -q "$id")
    state_is "$id" exited
}

@test "A folder of PATH that may not be searched does not count as a place where the command was found" {
    place=$scratch/path
    mkdir -m 755 "$place"
    mkdir -m 0 "$place/closed"
    mkdir -m 755 "$place/plain"
    touch "$place/plain/tool"
    ((EUID != 0)) || chown -R nobody "$place"
    export SIGMUND_STATE_DIR=$place/store
    answer() { # STATUS PATH COMMAND
        PATH=$2:$PATH run "-$1" sigmund_as_user "$3" || echo "$*: $status: $output" >>"$BATS_TEST_TMPDIR/wrong"
    }
    answer 127 "$place/closed" no-such-program
    [[ $output == *"no-such-program: command not found"* ]] || echo "$output" >>"$BATS_TEST_TMPDIR/wrong"
    answer 126 "$place/closed:$place/plain" tool
    answer 126 /bin "$place/closed/tool"
    answer 127 /bin "$place/plain/none"
    [[ ! -e $BATS_TEST_TMPDIR/wrong ]] || cat "$BATS_TEST_TMPDIR/wrong"
    [[ ! -e $BATS_TEST_TMPDIR/wrong ]]
}
