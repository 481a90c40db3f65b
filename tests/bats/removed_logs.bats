#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Logs that are removed or moved away while their runs live.
load sigmund

setup() {
    sigmund_setup
    scratch_folder
}
teardown() { sigmund_teardown; }

has() { grep -q -- "$2" "$1"; }

# Prints which life this is, then waits.
# A life counts itself before it prints anything: a restart may follow as soon as its line is seen.
lives='life=$(cat "$0" 2>/dev/null | wc -l); echo >>"$0"; echo "life $life out"; echo "life err" >&2; exec sleep 300'

@test "A removed log is made again at the next start, with its parts, also outside of the store" {
    for options in "" "--split-log" "--log $scratch/own.log"; do
        rm -f "$scratch/count"
        id=$(sigmund -q $options bash -c "$lives" "$scratch/count")
        log=$(field "$id" log)
        wait_until 10 has "$log" "life 0 out"
        rm "$log"
        rm -f "$SIGMUND_STATE_DIR/$id.err"
        sigmund restart "$id"
        wait_until 10 has "$log" "life 1 out"
        wait_until 10 has "$log" "removed while the run lived"
        [[ $options != --split-log ]] || wait_until 10 has "$SIGMUND_STATE_DIR/$id.err" "life err"
        [[ $(stat -c %a "$log") == 600 ]]
        # A log that was moved away is not touched any more.
        mv "$log" "$scratch/moved"
        sigmund restart "$id"
        wait_until 10 has "$log" "life 2 out"
        run grep -c "life 2" "$scratch/moved"
        assert_output 0
        sigmund stop -q "$id"
    done
}

@test "The removed log of a pool's worker is made again" {
    id=$(sigmund -q --pool 2 --split-log --restart always bash -c 'echo worker; exec sleep 300')
    wait_until 10 has "$SIGMUND_STATE_DIR/$id.w1.log" worker
    rm "$SIGMUND_STATE_DIR/$id.w1.log"
    kill -KILL "$(field "$id" 'workers[1].pid')"
    wait_until 20 has "$SIGMUND_STATE_DIR/$id.w1.log" worker
}

@test "A removed log with a size limit is made again with its next line" {
    id=$(sigmund -q --log-max-size 1M bash -c 'while :; do echo tick; sleep 0.02; done')
    wait_until 10 log_has "$id" tick
    for _ in 1 2 3; do
        rm "$SIGMUND_STATE_DIR/$id.log"
        wait_until 10 log_has "$id" tick
    done
}

@test "Dump and tail say that the log was removed, and what helps" {
    id=$(sigmund -q sleep 300)
    rm "$SIGMUND_STATE_DIR/$id.log"
    for verb in dump tail "logs -f" "tail --no-follow"; do
        run timeout $((100 * slowness)) "$SIGMUND" $verb "$id"
        assert_failure 1
        assert_output --partial "has been removed, and the run keeps writing to the removed file"
        assert_output --partial "sigmund restart $id"
    done
    sigmund stop -q "$id"
    run sigmund dump "$id"
    assert_failure 1
    assert_output --partial "has been removed"
    refute_output --partial "keeps writing"
}

@test "Tail continues with a log that is made again although its folder cannot be watched" {
    rm -f "$scratch/count"
    id=$(sigmund -q bash -c "$lives" "$scratch/count")
    log=$(field "$id" log)
    wait_until 10 has "$log" "life 0 out"
    # The limit of watches is reached after that of the log itself.
    strace -qq -o /dev/null -e trace=inotify_add_watch -e inject=inotify_add_watch:error=ENOSPC:when=2+ \
        "$SIGMUND" tail "$id" >"$scratch/seen" 2>"$scratch/errors" &
    tail_pid=$!
    OWN_PIDS+=("$tail_pid")
    wait_until 10 has "$scratch/seen" "life 0 out"
    rm -f "$log"
    sigmund restart "$id"
    wait_until 10 has "$scratch/seen" "life 1 out"
    sigmund stop -q "$id"
    wait_until 10 gone "$tail_pid"
}

@test "Tail continues with a log that is removed and made again, also outside of the store" {
    for options in "" "--log $scratch/own.log" "--split-log"; do
        rm -f "$scratch/count" "$scratch/seen" "$scratch/errors"
        id=$(sigmund -q $options bash -c "$lives" "$scratch/count")
        log=$(field "$id" log)
        wait_until 10 has "$log" "life 0 out"
        "$SIGMUND" tail "$id" >"$scratch/seen" 2>"$scratch/errors" &
        tail_pid=$!
        OWN_PIDS+=("$tail_pid")
        wait_until 10 has "$scratch/seen" "life 0 out" 2>/dev/null
        for life in 1 2; do
            rm -f "$log" "$SIGMUND_STATE_DIR/$id.err"
            sigmund restart "$id"
            wait_until 10 has "$scratch/seen" "life $life out"
        done
        [[ $options != --split-log ]] || wait_until 10 bash -c "(( \$(grep -c 'life err' '$scratch/errors') == 3 ))"
        sigmund stop -q "$id"
        wait_until 10 gone "$tail_pid"
    done
}
