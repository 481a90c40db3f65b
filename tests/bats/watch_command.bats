#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# --watch: what the command gets when something changes, and what the verbs report about a run that watches.
load sigmund
load watch

setup() { watch_setup; }
teardown() { sigmund_teardown; }

@test "A burst of changes restarts once, and hidden or excluded files do not count" {
    mkdir -p src/.git src/out
    printf 'built: in.c\n\tcp in.c built; echo made\n' >Makefile
    mv Makefile src/
    echo 1 >src/in.c
    id=$(sigmund -q -C src --watch src --watch-ext .c,.h --watch-exclude out make)
    made() { [[ $(sigmund dump "$id" | grep -c ^made) == "$1" ]]; }
    wait_until 5 made 1
    wait_until 5 is "$id" state watching
    for i in 1 2 3 4 5 6 7 8 9; do echo "$i" >src/in.c; done
    touch src/.git/x.c src/out/y.c src/README
    wait_until 5 made 2
    [[ $(cat src/built) == 9 ]]
    touch src/.git/x.c src/out/y.c src/README
    sleep 0.4
    restarts=$(field "$id" restarts)
    [[ $restarts -le 2 ]]
    mkdir -p src/new/deep
    sleep 0.2
    echo >src/new/deep/z.h
    wait_until 5 restarted "$id" $((restarts + 1))
    run timeout $((60 * slowness)) "$SIGMUND" stop --timeout 100s "$id"
    assert_success
}

@test "--watch-signal sends a signal instead of a restart, and starts a command that has ended" {
    mkdir src
    id=$(sigmund -q --debounce 20ms --watch src --watch-signal USR1 sh -c '
        trap "echo got; test -e src/end && exit 0" USR1
        echo began
        while :; do sleep 0.05; done')
    wait_until 10 log_has "$id" began
    echo 1 >src/a
    wait_until 10 log_has "$id" got
    restarts_are "$id" 0
    echo 1 >src/end
    wait_until 10 state_is "$id" watching
    rm src/end
    wait_until 10 restarts_are "$id" 1
    run sigmund --watch src --watch-signal KILL true
    assert_failure 1
    assert_output --partial "hint:"
}

@test "Signal, pause and resume report that no process runs which they could reach" {
    mkdir src
    started --watch src
    for verb in "signal USR1" pause resume; do
        # shellcheck disable=SC2086 # a verb and its word
        run sigmund $verb "$id"
        assert_failure 1
        assert_output --partial "no process of it"
        state_is "$id" watching
    done
    run sigmund explain "$id"
    assert_output --partial "it starts again when a file that --watch names changes"
}

@test "Again repeats the options of --watch, and events and list show the state and the changes" {
    mkdir -p src/.hidden
    id=$(sigmund -q --debounce 20ms --watch src --watch-all --watch-exclude '*.o' --watch-poll 60ms --watch-signal HUP true)
    wait_until 10 state_is "$id" watching
    [[ $(sigmund list --porcelain --state watching | cut -f1,2) == "$id"$'\t'watching ]]
    run sigmund show "$id"
    assert_output --partial "at the next change"
    sigmund events "$id" >events.jsonl &
    OWN_PIDS+=($!)
    wait_until 10 test -s events.jsonl
    printf x >"src/.hidden/a b
c"
    seen() { jq -se --arg path "$scratch/src/.hidden/a b
c" 'any(.[]; .changes != null and any(.changes[]; .kind == "create" and .path == $path))' events.jsonl >/dev/null; }
    wait_until 10 seen
    sigmund stop -q "$id"
    other=$(sigmund again -q "$id")
    [[ $other =~ ^[0-9a-f]+$ ]] || other=$(sigmund list --porcelain --live | cut -f1)
    run sigmund show "$other" --json
    run cat "$SIGMUND_STATE_DIR/$other.json"
    for word in '"watch_all":true' '"watch_poll_ms":60' '"watch_signal":"SIGHUP"' '"*.o"'; do assert_output --partial "$word"; done
}

@test "Names with newlines and bytes that are not text are escaped in SIGMUND_CHANGES" {
    mkdir src
    id=$(sigmund -q --debounce 20ms --watch src -- python3 -c '
import os
print(os.environb.get(b"SIGMUND_CHANGES"), os.environb.get(b"SIGMUND_CHANGED"))')
    wait_until 10 state_is "$id" watching
    python3 -c 'import os
os.close(os.open(b"src/a\nb\t\xff\\c", os.O_CREAT | os.O_WRONLY))'
    has() { grep -qF -- "$1" "$SIGMUND_STATE_DIR/$id.log"; }
    wait_until 10 has "create\\t$scratch/src/a"'\\nb\\t\\xff\\\\c'
    has "$scratch/src/a"'\nb\t\xff\\c'
}

@test "Ten thousand changed paths are cut at a whole line" {
    mkdir src
    id=$(sigmund -q --debounce 500ms --watch src sh -c 'printf "%s\n" "$SIGMUND_CHANGES" >told')
    wait_until 10 state_is "$id" watching
    python3 -c '
for i in range(6000): open("src/%05d" % i, "w").close()'
    cut() { [[ $(tail -n 1 told) == ... ]] && ! grep -v '^\.\.\.$' told | grep -qv "^create.$scratch/src/[0-9]*$"; }
    wait_until 20 cut
}

@test "A command that writes into the folder it watches is warned once" {
    mkdir src
    id=$(sigmund -q --debounce 20ms --watch src sh -c 'date +%N >src/log')
    wait_until 20 log_has "$id" 'seems to write to the files that it watches'
    before=$(field "$id" restarts)
    further() { (($(field "$id" restarts) > before + 8)); }
    wait_until 20 further
    [[ $(sigmund dump "$id" | grep -c 'seems to write') == 1 ]]
    sigmund dump "$id" | grep -q "change of $scratch/src/log"
}
