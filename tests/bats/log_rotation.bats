#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Logs with a size limit.
# This file runs once, since the content of logs does not depend on the user.
load sigmund

setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
}
teardown() { sigmund_teardown; }

lines() { seq -f 'line %.0f' 1 "$1"; }

@test "Rotation neither loses nor splits a line" {
    id=$(sigmund -q --log-max-size 64K --log-keep 99 seq -f 'line %.0f' 1 60000)
    sigmund wait --gone "$id"
    cmp <(sigmund dump "$id") <(lines 60000)
    (($(ls "$SIGMUND_STATE_DIR/$id".log* | wc -l) > 5))
    for file in "$SIGMUND_STATE_DIR/$id".log*; do (($(stat -c %s "$file") <= 65536)); done
    cmp <(sigmund tail -n 20000 "$id") <(lines 60000 | tail -n 20000)
    sigmund prune -q "$id"
    [[ -z $(ls "$SIGMUND_STATE_DIR"/"$id"* 2>/dev/null) ]]
    id=$(sigmund -q --log-max-size 16K seq -f 'line %.0f' 1 30000)
    sigmund wait --gone "$id"
    [[ $(ls "$SIGMUND_STATE_DIR/$id".log* | wc -l) == 2 ]]
    [[ $(sigmund tail -n 1 "$id") == "line 30000" ]]
}

@test "Tail continues after rotations" {
    run bash -c '"$SIGMUND" --tail --log-max-size 8K --log-keep 20 sh -c "for i in \$(seq 40); do seq -f \"\$i %.0f\" 1 150; sleep 0.01; done" 2>/dev/null | wc -l'
    assert_output 6000
}

@test "A log given by --log is rotated in its own folder" {
    id=$(sigmund -q --log my.log --log-max-size 8K --log-keep 2 seq 1 5000)
    sigmund wait --gone "$id"
    [[ -e my.log && -e my.log.1 && -e my.log.2 && ! -e my.log.3 ]]
    [[ $(tail -n 1 my.log) == 5000 ]]
}

@test "Tail --since uses the times of the lines" {
    id=$(sigmund -q sh -c 'date -d "-1 hour" "+%Y-%m-%dT%H:%M:%S%:z old"; date "+%Y-%m-%d %H:%M:%S new"; echo more')
    sigmund wait --gone "$id"
    run sigmund tail --since 10m "$id"
    assert_line --index 0 --partial new
    assert_line --index 1 more
    run sigmund tail --since 2h "$id"
    assert_line --index 0 --partial old
    id=$(sigmund -q echo timeless)
    sigmund wait --gone "$id"
    run sigmund tail --since 1ms "$id"
    assert_output --partial timeless
    assert_output --partial "carry no times"
}

@test "Megabytes on stdout and stderr at the same time arrive complete" {
    script='head -c 3000000 /dev/zero | tr "\0" o & head -c 3000000 /dev/zero | tr "\0" e >&2; wait'
    run sigmund -q --wait sh -c "$script"
    assert_success
    [[ $(sigmund dump @ | wc -c) == 6000000 ]]
    run sigmund -q --wait --split-log sh -c "$script"
    assert_success
    [[ $(sigmund dump @ 2>/dev/null | wc -c) == 3000000 ]]
    [[ $(sigmund dump @ 2>&1 >/dev/null | wc -c) == 3000000 ]]
}
