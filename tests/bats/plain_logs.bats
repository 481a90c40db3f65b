#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Logs for people: as a terminal would show them, on fresh lines, with an end, and by time.
# This file runs once, since the text of logs does not depend on the user.
load sigmund

setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

@test "Sigmund's own lines begin on a fresh line in each kind of log" {
    for options in "" "--log-max-size 1M"; do
        # shellcheck disable=SC2086
        id=$(sigmund -q $options --restart always --max-restarts 2 --backoff 10ms sh -c 'printf "no newline"')
        sigmund wait "$id" || true
        run sigmund dump "$id"
        assert_line --regexp '^sigmund: .* restarted after exit=0'
        refute_output --partial "newlinesigmund"
    done
    # This is a message after a log that ends in the middle of a line.
    run sigmund -f sh -c 'sleep 300 & printf "no newline"'
    assert_line --regexp '^sigmund: .*left running'
    sigmund stop -q @
    run sigmund tail --since 1ms @
    refute_output --partial "newlinesigmund"
}

@test "Dump and tail without following end, however fast the log grows" {
    for options in "" "--log-max-size 64K --log-keep 2"; do
        # shellcheck disable=SC2086
        id=$(sigmund -q --rlimit fsize=2G $options yes abcdefghij)
        wait_until 20 test -s "$SIGMUND_STATE_DIR/$id.log"
        timeout $((120 * slowness)) "$SIGMUND" dump "$id" >/dev/null
        [[ $(timeout $((120 * slowness)) "$SIGMUND" tail -n 2 --no-follow "$id" | grep -c .) == 2 ]]
        timeout $((120 * slowness)) "$SIGMUND" tail -n all --no-follow --since 1h "$id" >/dev/null
        timeout $((120 * slowness)) "$SIGMUND" tail --jsonl -n 3 --no-follow "$id" >/dev/null
        timeout $((120 * slowness)) "$SIGMUND" dump "$id" "$id" >/dev/null
        sigmund kill -q "$id"
    done
    # Its leader has ended, and the process that it left behind continues to write.
    run timeout $((120 * slowness)) bash -c '"$SIGMUND" -f --log-max-size 1M --log-keep 2 sh -c "yes left >&2 & sleep 0.3; exit 5" >/dev/null 2>&1'
    assert_failure 5
    sigmund kill -q @
}

@test "For tail --since, lines without a time belong to the line before, and the first ones to the start" {
    new=$(date -u +%FT%TZ)
    old=$(date -u -d '3 hours ago' +%FT%TZ)
    sigmund -q -w -n fresh sh -c "echo banner; echo more; echo '$new up'; echo detail"
    run sigmund tail --since 1h fresh
    assert_output "banner
more
$new up
detail"
    sigmund -q -w -n mixed sh -c "echo '$old up'; echo old detail; echo '$new again'; echo detail"
    run sigmund tail --since 1h mixed
    assert_output "$new again
detail"
    sigmund -q -w -n undated sh -c 'echo one; printf two'
    run --separate-stderr sigmund tail --since 1h undated
    assert_output "one
two"
    assert_equal "$stderr" ""
    # Only its last line is new, and has no newline.
    sigmund -q -w -n open sh -c "echo '$old up'; printf '$new last'"
    run sigmund tail --since 1h open
    assert_output "$new last"
    sigmund -q -w -n parts --split-log sh -c "echo banner; echo '$new up'; echo '$old err' >&2; echo '$new err' >&2"
    run --separate-stderr sigmund tail --since 1h parts
    assert_output "banner
$new up"
    assert_equal "$stderr" "$new err"
    run sigmund tail --jsonl --since 1h fresh mixed
    [[ $(jq -r 'select(.line) | .line' <<<"$output" | grep -c .) == 6 ]]
}

@test "Tail --since reads rotated logs, too" {
    new=$(date -u +%FT%TZ)
    sigmund -q -w -n web --log-max-size 1K --log-keep 9 sh -c "echo banner; for i in \$(seq 60); do echo '$new line' \$i; echo detail; done"
    [[ -e $SIGMUND_STATE_DIR/$(field web id).log.1 ]]
    run sigmund tail --since 1h web
    assert_line --index 0 banner
    assert_line "$new line 60"
    [[ ${#lines[@]} == 121 ]]
}

@test "Tail follows to the end, loses nothing, and prefixes the lines of several runs" {
    sigmund -q -n a bash -c 'for i in {1..200}; do echo "a$i"; done; sleep 0.2; echo a-end' >/dev/null
    sigmund -q -n b bash -c 'sleep 0.1; echo b-end' >/dev/null
    run timeout $((100 * slowness)) "$SIGMUND" tail -n all a b
    assert_success
    assert_line "a | a-end"
    assert_line "b | b-end"
    [[ $(grep -c '^a | ' <<<"$output") == 201 ]]
    run sigmund -q --tail bash -c 'echo one; sleep 0.1; echo two; exit 3'
    assert_failure 3
    assert_output $'one\ntwo'
}
