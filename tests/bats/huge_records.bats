#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Every command line that the kernel accepts can be started, found again, ended and removed.
# This file runs once, since the size of records does not depend on the user.
load sigmund

setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

# words COUNT LENGTH TEXT: fills the array `words`.
words() {
    local word i
    word=$(head -c "$2" /dev/zero | tr '\0' "$3")
    words=()
    for ((i = 0; i < $1; ++i)); do words+=("$word"); done
}

# Starts, lists, stops, restarts, ends and prunes a command with these words.
lives_fully() {
    local id again
    id=$(sigmund -q sh -c 'sleep 600; :' "${words[@]}")
    [[ $(sigmund list --porcelain --columns id,state) == "$id"$'\t'running ]]
    sigmund show "$id" | grep -q running
    sigmund restart "$id" >/dev/null
    sigmund stop -q "$id"
    [[ $(sigmund list --porcelain --columns id,state) == "$id"$'\t'exited ]]
    # With megabytes of JSON each verb takes a second, so each run is shown only once.
    sigmund show "$id" --json | jq -c '.data[0] | .restarts, (.argv | length), (.argv_b64 // .argv)' >"$BATS_TEST_TMPDIR/first"
    again=$(sigmund again -q "$id")
    sigmund list --live --json | jq -c '.data[0] | .id, .state, (.argv | length), (.argv_b64 // .argv)' >"$BATS_TEST_TMPDIR/again"
    [[ $(head -n 2 "$BATS_TEST_TMPDIR/first" | xargs) == "1 $((${#words[@]} + 3))" ]]
    [[ $(head -n 3 "$BATS_TEST_TMPDIR/again" | xargs) == "$again running $((${#words[@]} + 3))" ]]
    cmp <(tail -n +3 "$BATS_TEST_TMPDIR/first") <(tail -n +4 "$BATS_TEST_TMPDIR/again")
    sigmund kill -q @all
    sigmund prune -q @all
    store_empty
}

@test "A command line of a megabyte is started, listed, stopped, started again and pruned" {
    words 9 120000 x
    lives_fully
}

@test "The longest command line that the kernel accepts works, though JSON doubles its quotes" {
    ulimit -s unlimited || ulimit -s "$(ulimit -Hs)"
    # The kernel takes a quarter of the stack's limit, at most 6 MiB, for all words and variables.
    local count=40
    [[ $(ulimit -s) == unlimited ]] || count=$(($(ulimit -s) * 1024 / 4 * 7 / 10 / 125000))
    words "$count" 125000 '"'
    lives_fully
}

@test "Control characters and bytes that are not UTF-8 do not blow up a record" {
    words 9 120000 $'\x01'
    lives_fully
    words 9 120000 $'\xff'
    id=$(sigmund -q sh -c 'sleep 600; :' "${words[@]}")
    (($(stat -c %s "$SIGMUND_STATE_DIR/$id.json") < 2 * 9 * 120000 + 100000))
    [[ $(field "$id" 'argv_b64[11]' | base64 -d | tr -d '\377' | wc -c) == 0 ]]
    sigmund stop -q "$id"
    sigmund prune -q "$id"
}

@test "A pipe of long stages keeps each word exactly, also when it is started again" {
    words 4 120000 $'\x02'
    # shellcheck disable=SC2016 # for the inner shell
    id=$(sigmund pipe -q -- sh -c 'printf "%s" "$1" | od -An -tx1; sleep 600' a $'\xfe' "${words[@]}" '|' sh -c 'cat; :' "${words[@]}")
    wait_until 10 log_has "$id" fe
    sigmund stop -q "$id"
    again=$(sigmund again -q "$id")
    wait_until 10 log_has "$again" fe
    [[ $(field "$again" 'stages | length') == 2 ]]
    [[ $(field "$again" 'stages[0].argv[5] | length') == 120000 ]]
}

@test "A record of version 0.1.0 that is longer than a megabyte is read, ended by its processes and pruned" {
    words 9 120000 y
    id=$(sigmund -q sh -c 'sleep 600; :' "${words[@]}")
    local guardian
    guardian=$(field "$id" guardian.pid)
    kill -KILL "$guardian"
    wait_until 10 gone "$guardian"
    # This is how 0.1.0 wrote control characters: completely, six bytes each.
    sed -i "s/yyyyyyyyyy/\\\\u0001\\\\u0002\\\\u0003\\\\u0004\\\\u0005\\\\u0006\\\\u0007\\\\u000e\\\\u000f\\\\u0010/g" "$SIGMUND_STATE_DIR/$id.json"
    (($(stat -c %s "$SIGMUND_STATE_DIR/$id.json") > 6000000))
    state_is "$id" running
    sigmund stop -q "$id"
    state_is "$id" exited
    sigmund prune -q "$id"
    store_empty
}

@test "A start whose record would become too long later is refused" {
    local name
    printf -v name '%*s' 250 ''
    run -125 sigmund -q --pid-file "$BATS_TEST_TMPDIR/${name// /p}" sleep 600
    assert_output --partial 'its name is longer than 244 bytes'
    {
        printf '[run.job]\nargv = ["touch", "%s"]\non-exit = "' "$BATS_TEST_TMPDIR/ran"
        head -c 140000 /dev/zero | tr '\0' x
        printf '"\n'
    } >"$BATS_TEST_TMPDIR/config"
    SIGMUND_CONFIG=$BATS_TEST_TMPDIR/config run -125 sigmund up job
    assert_output --partial 'longer than 131071 bytes'
    [[ ! -e $BATS_TEST_TMPDIR/ran ]]
    store_empty
}

@test "A hostile store with large files is listed at once" {
    id=$(sigmund -q sleep 600)
    truncate -s 100M "$SIGMUND_STATE_DIR/aaaaaa.json"
    truncate -s 60M "$SIGMUND_STATE_DIR/bbbbbb.json"
    {
        printf '{"version":2,"id":"cccccc","pid":1,"tags":['
        yes '"",' | head -c 60M
        printf '""]}\n'
    } >"$SIGMUND_STATE_DIR/cccccc.json"
    local begin=$EPOCHREALTIME
    run -0 sigmund list
    local took=$((${EPOCHREALTIME/./} - ${begin/./}))
    assert_output --partial "$id"
    assert_output --partial "skipping corrupt record aaaaaa.json"
    assert_output --partial "skipping corrupt record bbbbbb.json"
    assert_output --partial "skipping corrupt record cccccc.json"
    ((took < 20000000))
    rm "$SIGMUND_STATE_DIR/cccccc.json"
}

@test "A record stays within the limit, whatever status and tags a run gets" {
    words 9 120000 z
    # shellcheck disable=SC2016 # for the inner shell
    id=$(sigmund -q --ready notify sh -c 'python3 -c "
import os, socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.connect(os.environ[\"NOTIFY_SOCKET\"])
s.send(b\"READY=1\nSTATUS=\" + b\"\x01\" * 3000)
"; sleep 600' "${words[@]}")
    wait_until 10 eval '[[ $(field "$id" "status_text | length") == 512 ]]'
    # shellcheck disable=SC2046 # one tag a word
    sigmund tag "$id" $(printf 'tag-%057d ' {1..1000})
    [[ $(field "$id" 'tags | length') == 1000 ]]
    sigmund stop -q "$id"
    state_is "$id" exited
}
