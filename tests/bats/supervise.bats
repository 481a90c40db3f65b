#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# supervise and unlinkwait. Tests that need a caller which forks and executes are in helpers/supervise_client.py, one
# scenario per test. A failed assertion is a traceback.
load kin

setup() { kin_setup; }

scenario() {
    PYTHONDONTWRITEBYTECODE=1 timeout $((120 * slowness)) python3 "$BATS_TEST_DIRNAME/../helpers/supervise_client.py" "$1"
}

@test "Supervise signals a child" {
    scenario signals_a_child
}

@test "Supervise reports how children exit" {
    scenario reports_exit_codes
}

@test "Supervise takes several commands in one write" {
    scenario takes_several_commands_at_once
}

@test "Supervise signals an adopted orphan" {
    scenario signals_an_adopted_orphan
}

@test "Supervise ignores commands for foreign processes, grandchildren, itself, 0, negative pids and bad signals" {
    scenario ignores_all_but_children
}

@test "Half a command at the end makes supervise kill everything and exit with 1" {
    scenario partial_command
}

@test "A slow reader gets all 1,000 events, by pipe and by SOCK_SEQPACKET" {
    scenario slow_reader
}

@test "A peer reads the last events though its commands were left unread" {
    scenario peer_reads_after_hang_up
}

@test "Supervise kills everything when the reader hangs up" {
    scenario reader_hangs_up
}

@test "The end of input kills a setsid chain of 8" {
    scenario eof_kills_a_setsid_chain
}

@test "The end of input kills nested supervisors three deep" {
    scenario nested_three_deep
}

@test "The end of input kills a stopped child" {
    scenario stopped_child
}

@test "The end of input ends a forking tree" {
    scenario forking_tree
}

@test "Each fatal signal, real-time ones included, kills everything" {
    scenario each_fatal_signal
}

@test "Other signals do nothing to supervise" {
    scenario other_signals_do_nothing
}

@test "Supervise handles children without an exit signal" {
    scenario needs_wall
}

@test "Supervise exits when it has no children" {
    scenario no_children
}

@test "Supervise reports a child that was dead before the start" {
    scenario dead_before_start
}

@test "An ignored and blocked SIGCHLD changes nothing" {
    scenario ignored_sigchld
}

@test "Supervise works with /dev/null as its standard input" {
    scenario stdin_dev_null
}

@test "Supervise works with a file as its standard input" {
    scenario stdin_file
}

@test "Supervise works with a closed standard input" {
    scenario closed_stdin
}

@test "Supervise works with a closed standard output" {
    scenario closed_stdout
}

@test "Supervise works with a closed standard error" {
    scenario closed_stderr
}

@test "Supervise ends cleanly when its standard output cannot be written" {
    scenario unwritable_stdout
}

@test "Supervise works without a free descriptor" {
    [[ -n ${SIGMUND_SANITIZED:-} ]] || scenario no_descriptors_left # such a build then cannot load its libraries
}

@test "The shared streams keep their flags" {
    scenario unchanged_streams
}

@test "Supervise sleeps for 5 s without a system call" {
    scenario asleep
}

@test "Supervise --json obeys commands" {
    scenario json_service
}

@test "Supervise --json kills at the end of input" {
    scenario json_kills_at_eof
}

@test "Supervise --json puts the parts of a line together" {
    scenario json_split_lines
}

@test "Supervise --json refuses a line that is not a command" {
    scenario json_bad_lines
}

@test "Supervise --json limits the length of a line, however it comes" {
    scenario json_long_lines
}

# example PAGE WHICH SED-EXPRESSION: runs an example of the manuals with its commands replaced.
example() {
    local line
    line=$(sed -n 's/^\.Dl \$ \(.*supervise --json.*\)/\1/p' "$BATS_TEST_DIRNAME/../../man/$1.1" | sed -n "$2p" |
        sed 's/\\-/-/g' | sed "$3")
    run -0 timeout $((100 * slowness)) bash -c "$line
:"
}

@test "The examples of supervise's manuals end when they should" {
    SECONDS=0
    example supervise 2 's|./tests|true|; s|sleep 60|sleep 16 2>/dev/null 3>\&-|' # `run` waits for the processes that have its stderr
    assert_line --partial '"event":"exited"'
    ((SECONDS < 15)) # not as long as the sleep
    example supervise 2 's|sleep 60|sleep 0.2|; s|./tests|sh -c "setsid sleep 300 \& sleep 300"|'
    assert_equal "$(grep -c '"signal":"SIGKILL"' <<<"$output")" 3
    touch server.on
    (sleep 0.3 && rm server.on) 3>&- &
    example unlinkwait 1 's|./server|sleep 300|'
    assert_line --partial '"signal":"SIGKILL"'
}

@test "Supervise --json starts its command in a clean place" {
    scenario json_command_is_clean
}

@test "Supervise --json reports that its command cannot be started" {
    scenario json_cannot_start
}

@test "A child that may not be killed does not protect the others from supervise" {
    ((EUID != 0)) || scenario child_of_another_user
}

@test "Supervise works under all its names, with an empty argv and environment" {
    run -0 timeout $((100 * slowness)) "$SIGMUND_HELPERS/emptyargv" "$(command -v supervise)" </dev/null
    refute_output
    run -0 timeout $((100 * slowness)) "$SIGMUND_HELPERS/emptyargv" "$(command -v supervise)" null </dev/null
    refute_output
    run -0 timeout $((100 * slowness)) "$SIGMUND_BIN" supervise </dev/null
    refute_output
}

@test "Supervise answers --help and --version, and refuses wrong words" {
    run -0 supervise --help
    assert_line --partial "Usage: supervise"
    run -0 supervise --version
    assert_output --regexp '^supervise [0-9]'
    run -1 timeout $((100 * slowness)) supervise --no-such-option </dev/null
    assert_output --partial "supervise: "
}
