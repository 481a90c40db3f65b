#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A record that is damaged, replaced or removed while its run lives. The guardian knows the truth, and is asked.
load sigmund

setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

# found_again ID WORD...: the run is listed with its own command, and its record on the disk is complete.
found_again() {
    [[ $(sigmund list --json | jq -r --arg id "$1" '.data[] | select(.id == $id) | .state') == running ]]
    [[ $(field "$1" 'argv[0]') == sleep ]]
    [[ -f $SIGMUND_STATE_DIR/$1.json && ! -L $SIGMUND_STATE_DIR/$1.json ]]
    jq -e --arg id "$1" '.id == $id' "$SIGMUND_STATE_DIR/$1.json" >/dev/null
}

damage() {
    local record=$SIGMUND_STATE_DIR/$2.json
    case $1 in
        truncated) : >"$record" ;;
        halved) truncate -s 300 "$record" ;;
        removed) rm "$record" ;;
        link) ln -sf /etc/passwd "$record" ;;
        fifo) rm "$record" && mkfifo "$record" ;;
        folder) rm "$record" && mkdir "$record" ;;
        full-folder) rm "$record" && mkdir "$record" && touch "$record/file" ;;
        foreign) sed -i 's/"id":"[0-9a-f]*"/"id":"abcdef"/' "$record" ;;
        unreadable) chmod 000 "$record" && : >"$record.new" && mv -f "$record.new" "$record" && chmod 000 "$record" ;;
        temporary) rm -f "$record" && mkdir "$SIGMUND_STATE_DIR/$2.tmp" ;;
    esac
}

# The target of a link is unchanged.
root_of_links() { head -n 1 /etc/passwd | cut -d: -f1; }

@test "A live run is listed, shown and stopped, whatever happened to its record" {
    local how id
    for how in truncated halved removed link fifo folder full-folder foreign unreadable temporary; do
        id=$(sigmund -q sleep 600)
        damage "$how" "$id"
        found_again "$id" || {
            echo "not found again: $how"
            return 1
        }
        damage "$how" "$id"
        sigmund stop -q "$id" || {
            echo "not stopped: $how"
            return 1
        }
        [[ $(field "$id" result) == stopped ]]
    done
    sigmund prune -q @all
    # Nothing of them is left except the folders that were not empty, which were moved out of the way.
    run -0 find "$SIGMUND_STATE_DIR" -maxdepth 1 -name '[0-9a-f]*.*' ! -name 'damaged.*'
    refute_output
    [[ $(find "$SIGMUND_STATE_DIR" -path '*/damaged.*/file' | wc -l) == 2 ]]
    [[ $(root_of_links) == root ]]
}

# A record that can be read and is wrong is as bad as one that cannot be read.
falsify() {
    local record=$SIGMUND_STATE_DIR/$2.json
    case $1 in
        numbers) sed -i 's/"pid":[0-9]*/"pid":1/g; s/"pgid":[0-9]*/"pgid":1/' "$record" ;;
        group) sed -i 's/"pgid":[0-9]*/"pgid":4000000/' "$record" ;;
        guardian) sed -i 's/"guardian":{"pid":[0-9]*/"guardian":{"pid":1/' "$record" ;;
        boot) sed -i 's/"boot_id":"[0-9a-f]*/"boot_id":"00000000/g' "$record" ;;
    esac
}

@test "A run is not lost when the numbers in its record were changed" {
    local how id
    for how in numbers group guardian boot; do
        id=$(sigmund -q sleep 600)
        leader=$(field "$id" pid)
        falsify "$how" "$id"
        found_again "$id"
        falsify "$how" "$id"
        run -0 sigmund killcmd "$id"
        assert_output "kill -TERM -- -$leader"
        falsify "$how" "$id"
        run -0 sigmund kill @all
        gone "$leader"
        [[ $(field "$id" result) == killed ]]
    done
}

@test "--replace ends a holder whose only remaining file is its name" {
    id=$(sigmund -q -n one sleep 600)
    leader=$(field "$id" pid)
    rm "$SIGMUND_STATE_DIR/$id".*
    run -0 timeout $((300 * slowness)) "$SIGMUND" -q --replace -n one sleep 601
    gone "$leader"
    [[ $(sigmund list --json | jq -r '[.data[] | select(.state == "running") | .argv[1]] | join(" ")') == 601 ]]
}

@test "A run with a damaged record is found by name, by prefix and by tag, and by wait, tail, signal and restart" {
    id=$(sigmund -q -n web -t db sh -c 'echo here; trap "exit 7" USR1; while :; do sleep 0.1; done')
    wait_until 10 log_has "$id" here
    local target
    for target in web "${id:0:5}" tag=db @ @all; do
        rm "$SIGMUND_STATE_DIR/$id.json"
        [[ $(field "$target" id) == "$id" ]]
    done
    rm "$SIGMUND_STATE_DIR/$id.json"
    run -0 sigmund tail --no-follow web
    assert_output --partial here
    rm "$SIGMUND_STATE_DIR/$id.json"
    sigmund restart web >/dev/null
    wait_until 10 eval '[[ $(grep -cx here "$SIGMUND_STATE_DIR/$id.log") == 2 ]]'
    sigmund wait "$id" 3>&- &
    local waiter=$!
    : >"$SIGMUND_STATE_DIR/$id.json"
    sigmund signal USR1 "$id"
    local code=0
    wait "$waiter" || code=$?
    [[ $code == 7 ]]
    [[ $(field "$id" result) == exit=7 ]]
}

@test "Prune leaves a live run alone, whichever of its files is missing" {
    id=$(sigmund -q -n web sleep 600)
    local ending leader
    leader=$(field "$id" pid)
    for ending in json lock sock 'json lock' 'json sock' 'lock sock' 'json lock sock'; do
        for each in $ending; do rm -f "$SIGMUND_STATE_DIR/$id.$each"; done
        sigmund prune -q
        sigmund prune -q --force @all
        kill -0 "$leader"
        [[ -e $SIGMUND_STATE_DIR/$id.log ]]
        [[ $(field "$id" state) == running ]] || {
            echo "lost without: $ending"
            return 1
        }
    done
    # After a request, the guardian has made all of them again.
    [[ -e $SIGMUND_STATE_DIR/$id.json && -e $SIGMUND_STATE_DIR/$id.lock && -S $SIGMUND_STATE_DIR/$id.sock ]]
    run ! flock -n "$SIGMUND_STATE_DIR/$id.lock" true
    sigmund stop -q web
    [[ $(field "$id" result) == stopped ]]
}

@test "A run that waits for its restart is not taken for a dead one when its lock is gone" {
    id=$(sigmund -q --restart always --backoff 300s sh -c 'exit 1')
    wait_until 10 state_is "$id" backoff
    rm "$SIGMUND_STATE_DIR/$id.lock"
    sigmund prune -q
    [[ $(field "$id" state) == backoff ]]
    sigmund stop -q "$id"
    [[ $(field "$id" result) == stopped ]]
}

@test "A store that is removed under a live run is made again by the next start" {
    id=$(sigmund -q -n web sleep 600)
    rm -rf "$SIGMUND_STATE_DIR"
    other=$(sigmund -q sleep 600)
    # It is found by its id and by its name.
    sigmund show web | grep -q "$id"
    found_again "$id"
    sigmund stop -q "$id" "$other"
    [[ $(field "$id" result) == stopped ]]
}

@test "The guardian of a run without its store is named, and no command that would end a process by its title" {
    id=$(sigmund -q sleep 600)
    local guardian
    guardian=$(field "$id" guardian.pid)
    mv "$SIGMUND_STATE_DIR" "$SIGMUND_STATE_DIR.aside"
    run -5 sigmund stop "$id"
    assert_output --partial "process $guardian calls itself the guardian of $id"
    assert_output --partial "SIGMUND_STATE_DIR"
    refute_output --partial "kill -TERM"
    mv "$SIGMUND_STATE_DIR.aside" "$SIGMUND_STATE_DIR"
    found_again "$id"
}

@test "When the guardian does not answer, its damaged record is reported, and nothing is removed" {
    id=$(sigmund -q sleep 600)
    local guardian
    guardian=$(field "$id" guardian.pid)
    cp "$SIGMUND_STATE_DIR/$id.json" "$BATS_TEST_TMPDIR/record"
    kill -STOP "$guardian"
    : >"$SIGMUND_STATE_DIR/$id.json"
    run -1 sigmund stop "$id"
    assert_output --partial 'does not answer'
    assert_output --partial "kill -CONT"
    sigmund prune -q
    [[ -e $SIGMUND_STATE_DIR/$id.log ]]
    kill -CONT "$guardian"
    found_again "$id"
}

@test "A wait gets the exit status although the socket was removed or replaced" {
    local how id waiter code guardian
    for how in removed folder fifo; do
        id=$(sigmund -q sh -c 'trap "exit 7" USR1; echo here; while :; do sleep 0.1; done')
        wait_until 10 log_has "$id" here
        # It has synced its record, and knows its socket.
        guardian=$(guardian_of "$id")
        wait_until 10 grep -q '^State:.S' "/proc/$guardian/status"
        rm "$SIGMUND_STATE_DIR/$id.sock"
        case $how in
            folder) mkdir "$SIGMUND_STATE_DIR/$id.sock" ;;
            fifo) mkfifo "$SIGMUND_STATE_DIR/$id.sock" ;;
        esac
        sigmund wait "$id" 3>&- &
        waiter=$!
        wait_until 10 test -S "$SIGMUND_STATE_DIR/$id.sock"
        sigmund signal USR1 "$id"
        code=0
        wait "$waiter" || code=$?
        [[ $code == 7 ]]
    done
}

@test "A socket that is replaced while the guardian still syncs its files is made again" {
    # The launcher is answered before the last sync. A delay of one second imitates a slow disk.
    strace -f -qq -o /dev/null -e trace=fsync,fdatasync -e inject=fsync,fdatasync:delay_enter=1000000 \
        "$SIGMUND" -q sh -c 'trap "exit 7" USR1; echo here; while :; do sleep 0.1; done' >"$BATS_TEST_TMPDIR/id" 3>&- &
    local strace=$! id waiter code=0
    wait_until 20 test -s "$BATS_TEST_TMPDIR/id"
    id=$(<"$BATS_TEST_TMPDIR/id")
    rm "$SIGMUND_STATE_DIR/$id.sock"
    mkdir "$SIGMUND_STATE_DIR/$id.sock"
    wait_until 10 log_has "$id" here
    sigmund wait "$id" 3>&- &
    waiter=$!
    wait_until 10 test -S "$SIGMUND_STATE_DIR/$id.sock"
    sigmund signal USR1 "$id"
    wait "$waiter" || code=$?
    [[ $code == 7 ]]
    wait "$strace" || true
}

@test "An idle guardian does not wake to check its files" {
    id=$(sigmund -q sleep 600)
    local guardian
    guardian=$(field "$id" guardian.pid)
    switches() { awk '/^voluntary_ctxt_switches/ {print $2}' "/proc/$guardian/status"; }
    wait_until 10 grep -q '^State:.S' "/proc/$guardian/status"
    local before
    before=$(switches)
    rm "$SIGMUND_STATE_DIR/$id.json"
    sleep 1
    [[ $(switches) == "$before" ]]
}

@test "A damaged record without a guardian keeps stop @all from plain success, and is reported with its processes" {
    id=$(sigmund -q -n lone sleep 600)
    leader=$(field "$id" pid)
    guardian=$(field "$id" guardian.pid)
    kill -STOP "$guardian"
    : >"$SIGMUND_STATE_DIR/$id.json"
    run -2 sigmund kill @all
    assert_output --partial "its guardian does not answer"
    run -1 sigmund stop lone
    assert_output --partial "the record of $id is damaged"
    kill -KILL "$guardian"
    wait_until 5 gone "$guardian"
    run -2 sigmund stop @all
    assert_output --partial "these processes claim to belong to it: $leader"
    assert_output --partial "ps -f $leader shows what they are"
    refute_output --partial "kill -"
    run -1 sigmund stop "$id"
    assert_output --partial "ps -f $leader shows what they are"
    refute_output --partial "kill -"
    run -2 --separate-stderr sigmund stop --json @all
    [[ $(jq -r '.data[0] | .outcome + " " + .name' <<<"$output") == "refused $id" ]]
    kill -KILL "$leader"
    wait_until 5 gone "$leader"
    run -0 sigmund stop @all
    sigmund prune -q
    [[ ! -e $SIGMUND_STATE_DIR/$id.json ]]
}
