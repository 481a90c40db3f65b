#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A restart for which the command, its folder or its input is missing for a moment, as during a deployment.
load sigmund

setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
}
teardown() { sigmund_teardown; }

quick=(--restart always --backoff 20ms..100ms)

# Waits until the run `id` has been tried to start three times more.
wait_for_three_attempts() {
    local next
    next=$(field "$id" next_start_ms)
    tried_again() { [[ $(field "$id" next_start_ms) != "$next" ]]; }
    for _ in 1 2 3; do
        wait_until 10 tried_again
        next=$(field "$id" next_start_ms)
    done
}

sleeper() { cp "$(command -v sleep)" "$1"; }

@test "A program that is missing for a while is started when it is back" {
    sleeper ./mine
    id=$(sigmund -q "${quick[@]}" ./mine 300)
    mv mine away
    kill -KILL "$(field "$id" pid)"
    wait_until 10 grep_log "$id" "cannot be started again: ./mine: No such file or directory"
    # During an attempt, which is short, the run shows as starting.
    wait_until 10 bash -c '"$SIGMUND" show "$1" | grep -q ENOENT' - "$id"
    wait_until 10 bash -c '"$SIGMUND" explain "$1" | grep -q "cannot be started again: ENOENT"' - "$id"
    run sigmund restart "$id"
    assert_failure
    assert_output --partial "cannot be executed: ./mine: No such file or directory; it is tried again"
    mv away mine
    wait_until 10 is "$id" state running
    [[ $(sigmund show "$id" --json | jq -c '.data[0].results') == '["signal=SIGKILL","launch=ENOENT"]' ]]
    run sigmund stop -q "$id"
    assert_success
    is "$id" result stopped
}

@test "A restart waits for a folder that is missing, closed or replaced by a file, and for a program without permission" {
    mkdir place
    sleeper place/mine
    id=$(sigmund -q "${quick[@]}" -C place ./mine 300)
    mv place old
    touch place # ENOTDIR
    kill -KILL "$(field "$id" pid)"
    wait_until 10 grep_log "$id" "cannot be started again: $PWD/place: Not a directory"
    rm place
    wait_until 10 grep_log "$id" "cannot be started again: $PWD/place: No such file or directory"
    chmod -x old/mine
    mv old place
    wait_until 10 grep_log "$id" "cannot be started again: ./mine: Permission denied"
    chmod +x place/mine
    wait_until 10 is "$id" state running
}

@test "When the limit of restarts is reached, the result says why nothing was started" {
    sleeper ./mine
    id=$(sigmund -q "${quick[@]}" --max-restarts 3 ./mine 0.1)
    rm mine
    wait_until 20 is "$id" state failed
    is "$id" result launch=ENOENT
    run sigmund explain "$id"
    assert_output --partial "could not be started again"
}

@test "Without a restart policy a restart that cannot execute ends the run" {
    sleeper ./mine
    id=$(sigmund -q ./mine 300)
    rm mine
    run sigmund restart "$id"
    assert_failure
    assert_output --partial "it cannot be executed: ./mine: No such file or directory"
    wait_until 10 is "$id" state failed
    is "$id" result launch=ENOENT
    # The status of the previous life is not that of the restart.
    sleeper ./mine
    id=$(sigmund -q --ready cmd:true ./mine 300)
    rm mine
    run sigmund restart "$id"
    assert_failure 1
    assert_output --partial "it cannot be executed: ./mine: No such file or directory"
}

@test "Each life, and again, enters the folder to which a given link points at that time" {
    mkdir one two
    ln -s one current
    id=$(sigmund -q -n web --restart always --backoff 20ms -C current sh -c 'pwd -P; exec sleep 300')
    wait_until 10 grep_log "$id" "/one$"
    is "$id" cwd "$PWD/current"
    ln -s two next
    mv -T next current
    sigmund restart "$id"
    wait_until 10 grep_log "$id" "/two$"
    sigmund stop -q "$id"
    ln -s one next
    mv -T next current
    id=$(sigmund again -q "$id" 2>/dev/null)
    wait_until 10 grep_log "$id" "/one$"
    sigmund stop -q "$id"
}

@test "The path of a folder is kept without its dots" {
    mkdir -p a/b
    ln -s a/b link
    [[ $(field "$(sigmund -q -C ./a/../a//b/. sleep 300)" cwd) == "$PWD/a/b" ]]
    [[ $(field "$(sigmund -q -C . sleep 300)" cwd) == "$PWD" ]]
    id=$(sigmund -q -C link/.. sh -c 'pwd -P; exec sleep 300')
    wait_until 10 grep_log "$id" "^$(pwd -P)/a$"
}

@test "A lasting reason is logged once, and no command for a missing folder runs elsewhere" {
    mkdir place
    sleeper place/mine
    id=$(sigmund -q "${quick[@]}" -C place --on-exit 'touch marker-of-on-exit; pwd' ./mine 300)
    mv place away
    kill -KILL "$(field "$id" pid)"
    wait_until 10 grep_log "$id" "cannot be started again"
    wait_for_three_attempts
    [[ $(sigmund dump "$id" | grep -c "cannot be started again") == 1 ]]
    sigmund stop -q "$id"
    wait_until 10 grep_log "$id" "cannot enter $PWD/place"
    [[ ! -e /marker-of-on-exit ]]
}

@test "The log does not say at each attempt that a missing command starts" {
    sleeper mine
    id=$(sigmund -q "${quick[@]}" ./mine 300)
    mv mine away
    kill -KILL "$(field "$id" pid)"
    wait_until 10 grep_log "$id" "cannot be started again: ./mine: No such file or directory"
    wait_for_three_attempts
    (($(sigmund dump "$id" | grep -c "restarted after") <= 1))
    mv away mine
    wait_until 10 is "$id" state running
    wait_until 10 grep_log "$id" "restarted after signal=SIGKILL, pid $(field "$id" pid)"
    sigmund stop -q "$id"
}

@test "A restart that cannot execute ends the run with launch=ENOENT once its limit is reached" {
    cp "$(command -v sleep)" ./mine
    id=$(sigmund -q --restart always --max-restarts 2 --backoff 20ms ./mine 0.3)
    rm ./mine
    wait_until 10 is "$id" state failed
    is "$id" result launch=ENOENT
}

@test "A program that is being written when its restart is due is tried again" {
    cp "$(command -v sleep)" ./mine
    id=$(sigmund -q --restart always --backoff 20ms..40ms ./mine 0.3)
    cp mine new
    exec 9>>new # executing it now fails with ETXTBSY
    mv new mine
    wait_until 10 grep_log "$id" "cannot be started again: ./mine: Text file busy"
    wait_until 5 is "$id" state backoff
    run sigmund restart "$id"
    assert_failure
    assert_output --partial "cannot be executed: ./mine: Text file busy; it is tried again"
    exec 9>&-
    wait_until 10 is "$id" state running
    sigmund stop -q "$id"
}

@test "A stdin that cannot be opened again is reported, and a FIFO without a writer never holds up a stop" {
    echo once >input
    id=$(sigmund -q --stdin input --restart always --max-restarts 2 --backoff 20ms sh -c 'cat; rm -f input')
    wait_until 10 is "$id" result launch=ENOENT
    run sigmund dump "$id"
    assert_output --regexp "cannot be started again: .*/input: No such file or directory"
    mkfifo pipe
    (
        exec 9<>pipe
        exec timeout $((100 * slowness)) "$SIGMUND" -q --stdin pipe --restart always --backoff 20ms head -c 1 >id
    ) &
    starter=$!
    wait_until 10 test -s id
    wait "$starter"
    id=$(<id)
    wait_until 10 restarted "$id" 1
    run timeout $((60 * slowness)) "$SIGMUND" stop --timeout 100s "$id"
    assert_success
}
