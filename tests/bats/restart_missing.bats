#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A restart for which the command, its folder or its input is missing for a moment: a deployment swaps them.
load sigmund
setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
    quick=(--restart always --backoff 20ms..100ms)
}
teardown() { sigmund_teardown; }

is() { [[ $(field "$1" "$2") == "$3" ]]; }
grep_log() { sigmund dump "$1" | grep -q -- "$2"; }
restarted() { (($(field "$1" restarts) >= $2)); }
sleeper() { cp "$(command -v sleep)" "$1"; }

@test "a program that is gone for a while is started when it is back" {
    sleeper ./mine
    id=$(sigmund -q "${quick[@]}" ./mine 300)
    mv mine away
    kill -KILL "$(field "$id" pid)"
    wait_until 10 grep_log "$id" "cannot be started again: ./mine: No such file or directory"
    wait_until 10 is "$id" state backoff
    run sigmund show "$id"
    assert_output --partial "ENOENT"
    run sigmund explain "$id"
    assert_output --partial "cannot be started again: ENOENT"
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

@test "a folder that is gone, closed, or no folder for a while; a program without its x" {
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

@test "the limit of restarts holds: then the result is why" {
    sleeper ./mine
    id=$(sigmund -q "${quick[@]}" --max-restarts 3 ./mine 0.1)
    rm mine
    wait_until 20 is "$id" state failed
    is "$id" result launch=ENOENT
    run sigmund explain "$id"
    assert_output --partial "could not be started again"
}

@test "without a restart policy a restart that cannot execute ends the run" {
    sleeper ./mine
    id=$(sigmund -q ./mine 300)
    rm mine
    run sigmund restart "$id"
    assert_failure
    assert_output --partial "it cannot be executed: ./mine: No such file or directory"
    wait_until 10 is "$id" state failed
    is "$id" result launch=ENOENT
    # The status of the life before is not that of the restart.
    sleeper ./mine
    id=$(sigmund -q --ready cmd:true ./mine 300)
    rm mine
    run sigmund restart "$id"
    assert_failure 1
    assert_output --partial "it cannot be executed: ./mine: No such file or directory"
}

@test "a folder given as a link is entered by each life where the link points to by then; again too" {
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

@test "the path of a folder is kept without its dots" {
    mkdir -p a/b
    ln -s a/b link
    [[ $(field "$(sigmund -q -C ./a/../a//b/. sleep 300)" cwd) == "$PWD/a/b" ]]
    [[ $(field "$(sigmund -q -C . sleep 300)" cwd) == "$PWD" ]]
    id=$(sigmund -q -C link/.. sh -c 'pwd -P; exec sleep 300')
    wait_until 10 grep_log "$id" "^$(pwd -P)/a$"
}

@test "a reason that lasts is logged once; what belongs into a folder that is gone is not done elsewhere" {
    mkdir place
    sleeper place/mine
    id=$(sigmund -q "${quick[@]}" -C place --on-exit 'touch marker-of-on-exit; pwd' ./mine 300)
    mv place away
    kill -KILL "$(field "$id" pid)"
    wait_until 10 grep_log "$id" "cannot be started again"
    next=$(field "$id" next_start_ms)
    tried_again() { [[ $(field "$id" next_start_ms) != "$next" ]]; }
    for _ in 1 2 3; do
        wait_until 10 tried_again
        next=$(field "$id" next_start_ms)
    done
    [[ $(sigmund dump "$id" | grep -c "cannot be started again") == 1 ]]
    sigmund stop -q "$id"
    wait_until 10 grep_log "$id" "cannot enter $PWD/place"
    [[ ! -e /marker-of-on-exit ]]
}

@test "the log does not say at each attempt that a command starts which is not there" {
    sleeper mine
    id=$(sigmund -q "${quick[@]}" ./mine 300)
    mv mine away
    kill -KILL "$(field "$id" pid)"
    wait_until 10 grep_log "$id" "cannot be started again: ./mine: No such file or directory"
    next=$(field "$id" next_start_ms)
    tried_again() { [[ $(field "$id" next_start_ms) != "$next" ]]; }
    for _ in 1 2 3; do
        wait_until 10 tried_again
        next=$(field "$id" next_start_ms)
    done
    (($(sigmund dump "$id" | grep -c "starts again") <= 1))
    mv away mine
    wait_until 10 is "$id" state running
    wait_until 10 grep_log "$id" "starts again after signal=SIGKILL, pid $(field "$id" pid)"
    sigmund stop -q "$id"
}
