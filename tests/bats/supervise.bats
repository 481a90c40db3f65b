#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# supervise and unlinkwait. What needs a caller that forks and executes is in helpers/supervise_client.py, a scenario
# a test; an assertion that does not hold is a traceback.

load kin
bats_require_minimum_version 1.5.0
setup() { kin_setup; }

scenario() {
    PYTHONDONTWRITEBYTECODE=1 timeout 60 python3 "$BATS_TEST_DIRNAME/../helpers/supervise_client.py" "$1"
}

@test "supervise: signals a child" {
    scenario signals_a_child
}

@test "supervise: tells how children exit" {
    scenario reports_exit_codes
}

@test "supervise: several commands in one write" {
    scenario takes_several_commands_at_once
}

@test "supervise: signals an adopted orphan" {
    scenario signals_an_adopted_orphan
}

@test "supervise: ignores commands for strangers, grandchildren, itself, 0, negative pids and bad signals" {
    scenario ignores_all_but_children
}

@test "supervise: a part of a command kills everything, exit 1" {
    scenario partial_command
}

@test "supervise: 1,000 events reach a slow reader, by pipe and by SOCK_SEQPACKET" {
    scenario slow_reader
}

@test "supervise: a peer reads the last events, though commands were left unread" {
    scenario peer_reads_after_hang_up
}

@test "supervise: everything is killed when the reader hangs up" {
    scenario reader_hangs_up
}

@test "supervise: end of input kills a setsid chain of 8" {
    scenario eof_kills_a_setsid_chain
}

@test "supervise: end of input kills nested supervisors three deep" {
    scenario nested_three_deep
}

@test "supervise: end of input kills a stopped child" {
    scenario stopped_child
}

@test "supervise: end of input ends a forking tree" {
    scenario forking_tree
}

@test "supervise: each fatal signal kills everything, real-time ones included" {
    scenario each_fatal_signal
}

@test "supervise: other signals do nothing" {
    scenario other_signals_do_nothing
}

@test "supervise: children without an exit signal are supervised" {
    scenario needs_wall
}

@test "supervise: no children: exits" {
    scenario no_children
}

@test "supervise: a child dead before the start is told" {
    scenario dead_before_start
}

@test "supervise: an ignored and blocked SIGCHLD changes nothing" {
    scenario ignored_sigchld
}

@test "supervise: standard input is /dev/null" {
    scenario stdin_dev_null
}

@test "supervise: standard input is a file" {
    scenario stdin_file
}

@test "supervise: standard input is closed" {
    scenario closed_stdin
}

@test "supervise: standard output is closed" {
    scenario closed_stdout
}

@test "supervise: standard error is closed" {
    scenario closed_stderr
}

@test "supervise: standard output cannot be written" {
    scenario unwritable_stdout
}

@test "supervise: no descriptors left" {
    [[ -n ${SIGMUND_SANITIZED:-} ]] || scenario no_descriptors_left # such a build cannot load its libraries then
}

@test "supervise: the shared streams keep their flags" {
    scenario unchanged_streams
}

@test "supervise: asleep for 5 s without a system call" {
    scenario asleep
}

@test "supervise: --json serves" {
    scenario json_service
}

@test "supervise: --json kills at the end of input" {
    scenario json_kills_at_eof
}

@test "supervise: --json puts lines together" {
    scenario json_split_lines
}

@test "supervise: --json refuses what is no command" {
    scenario json_bad_lines
}

@test "supervise: --json limits a line, however it comes" {
    scenario json_long_lines
}

# The examples of the manuals, their commands replaced: `example PAGE WHICH SED-EXPRESSION`.
example() {
    local line
    line=$(sed -n 's/^\.Dl \$ \(.*supervise --json.*\)/\1/p' "$BATS_TEST_DIRNAME/../../man/$1.1" | sed -n "$2p" |
        sed 's/\\-/-/g' | sed "$3")
    run -0 timeout 20 bash -c "$line
:"
}

@test "supervise: the manuals' examples end when they should" {
    SECONDS=0
    example supervise 2 's|./tests|true|; s|sleep 60|sleep 16 2>/dev/null 3>\&-|' # `run` waits for who has its stderr
    assert_line --partial '"event":"exited"'
    ((SECONDS < 15)) # not as long as the sleep
    example supervise 2 's|sleep 60|sleep 0.2|; s|./tests|sh -c "setsid sleep 300 \& sleep 300"|'
    assert_equal "$(grep -c '"signal":"SIGKILL"' <<<"$output")" 3
    touch server.on
    (sleep 0.3 && rm server.on) 3>&- &
    example unlinkwait 1 's|./server|sleep 300|'
    assert_line --partial '"signal":"SIGKILL"'
}

@test "supervise: --json starts its command in a clean place" {
    scenario json_command_is_clean
}

@test "supervise: --json tells when its command cannot be started" {
    scenario json_cannot_start
}

@test "supervise: a child that may not be killed does not save the others" {
    ((EUID != 0)) || scenario child_of_another_user
}

@test "supervise: by all its names, with an empty argv and environment" {
    run -0 timeout 10 "$SIGMUND_HELPERS/emptyargv" "$(command -v supervise)" </dev/null
    refute_output
    run -0 timeout 10 "$SIGMUND_HELPERS/emptyargv" "$(command -v supervise)" null </dev/null
    refute_output
    run -0 timeout 10 "$SIGMUND_BIN" supervise </dev/null
    refute_output
}

@test "supervise: --help, --version and wrong words" {
    run -0 supervise --help
    assert_line --partial "Usage: supervise"
    run -0 supervise --version
    assert_output --regexp '^supervise [0-9]'
    run -1 timeout 10 supervise --no-such-option </dev/null
    assert_output --partial "supervise: "
}

@test "unlinkwait: returns at once when there is no such file" {
    run -0 timeout 10 unlinkwait none
    run -0 timeout 10 "$SIGMUND_BIN" unlinkwait none
}

@test "unlinkwait: wrong use is an error" {
    : >plain
    run -1 unlinkwait
    run -1 unlinkwait ""
    run -1 unlinkwait one two
    run -1 unlinkwait plain/x
    assert_output --partial "unlinkwait: "
}

@test "unlinkwait: a mistyped option is no file that has been removed" {
    run -1 timeout 10 unlinkwait --hlep
    assert_output --partial "unknown option"
    run -0 timeout 10 unlinkwait -- --hlep
    for option in --help -h; do
        run -0 unlinkwait "$option"
        assert_line --partial "Usage: unlinkwait"
    done
    run -0 unlinkwait -V
    assert_output --regexp '^unlinkwait [0-9]'
}

# waits_for PATH: unlinkwait in the background, seen asleep; `waiter` is its pid.
waits_for() {
    timeout 20 unlinkwait "$1" 3>&- &
    local watcher=$!
    eventually pgrep -P "$watcher" >/dev/null
    waiter=$(pgrep -P "$watcher")
    eventually in_inotify "$waiter"
}
in_inotify() { [[ $(readlink "/proc/$1/fd/"* 2>/dev/null) == *inotify* ]] && asleep "$1"; }

@test "unlinkwait: waits for the last link, whatever the names" {
    : >one
    ln one two
    waits_for one
    mv one three
    rm two
    sleep 0.1
    asleep "$waiter"
    rm three
    wait
}

@test "unlinkwait: another file in its place" {
    : >old
    : >new
    waits_for old
    mv new old
    wait
}

@test "unlinkwait: a FIFO, a directory, a dangling link's absence" {
    mkfifo fifo
    waits_for fifo
    rm fifo
    wait
    mkdir folder
    waits_for folder
    rmdir folder
    wait
    ln -s nowhere link
    run -0 timeout 10 unlinkwait link
}

@test "unlinkwait: asleep without a system call" {
    : >file
    waits_for file
    timeout -s INT 1 strace -o trace -p "$waiter" 2>strace.log || true
    grep -q attached strace.log
    (($(grep -c '(' trace) <= 1)) # the read it sleeps in
    rm file
    wait
}
