#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# list and tree: what people see of their runs.
# This file runs once, since the output does not depend on the user.
load sigmund

setup() {
    sigmund_setup
    scratch_folder
}
teardown() {
    on_tmux kill-server 2>/dev/null || true
    sigmund_teardown
}

# A tmux server for this test only.
on_tmux() { TMUX_TMPDIR=$scratch tmux -f /dev/null "$@"; }

@test "Control characters are shown escaped, and JSON keeps them without loss" {
    word=$'x\e[31m\n\xff\t'
    id=$(
        sigmund -q -w bash -c : "$word"
        sigmund list --porcelain --columns id
    )
    run sigmund list
    refute_output --partial $'\e'
    run sigmund list --porcelain
    refute_output --partial $'\e'
    assert_output --partial '\e[31m'
    [[ $(field "$id" 'argv_b64[3]' | base64 -d) == "${word%$'\t'}"* ]]
    long=$(printf 'a%.0s' {1..100000})
    sigmund -q -w true "$long"
    [[ $(field @ 'argv[1] | length') == 100000 ]]
}

@test "List --watch redraws by itself, and Ctrl-C restores the terminal" {
    on_tmux new-session -d -x 100 -y 20 "env SIGMUND='$SIGMUND' SIGMUND_STATE_DIR='$SIGMUND_STATE_DIR' bash --norc"
    type_line() { on_tmux send-keys "$1" Enter; }
    screen_has() { on_tmux capture-pane -p | grep -q -- "$1"; }
    wait_until 5 screen_has '[#$]'
    type_line "stty -g >'$scratch/before'; '$SIGMUND' list --watch; echo status=\$?; stty -g >'$scratch/after'"
    wait_until 5 test -s "$scratch/before"
    sigmund -q -n first sleep 4321
    wait_until 5 screen_has 'first.*running.*sleep 4321'
    sigmund -q -n second sleep 4322
    wait_until 5 screen_has 'second.*running.*sleep 4322'
    sigmund stop -q first
    wait_until 5 screen_has 'first.*stopped'
    on_tmux send-keys C-c
    wait_until 5 screen_has 'status='
    wait_until 5 test -s "$scratch/after"
    cmp "$scratch/before" "$scratch/after"
    # Neither the alternate screen nor a hidden cursor is left.
    [[ $(on_tmux display-message -p '#{alternate_on} #{cursor_flag}') == "0 1" ]]
}

@test "Tree shows the title that a program gives itself, without the arguments that it left empty" {
    id=$(sigmund -q -- python3 -c 'import time; time.sleep(300)' '' '' '')
    run sigmund tree "$id"
    assert_output --partial "time.sleep(300)'  (leader)"
}

@test "Killcmd, signal and tree show and reach the leader" {
    id=$(sigmund -q bash -c 'trap "echo got-usr1" USR1; echo ready; while :; do sleep 0.05; done')
    wait_until 3 log_has "$id" ready
    run sigmund killcmd "$id"
    assert_output "kill -TERM -- -$(field "$id" pgid)"
    sigmund signal --leader USR1 "$id"
    wait_until 3 log_has "$id" got-usr1
    run sigmund tree "$id"
    assert_output --partial "(leader)"
    sigmund stop -q "$id"
    run sigmund killcmd "$id"
    assert_failure
}

# Prints what the command shows on a terminal that is 100 columns wide.
on_terminal() {
    python3 -c '
import fcntl, os, pty, struct, sys, termios
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    os.execv(sys.argv[1], sys.argv[1:])
try:
    while True:
        os.write(1, os.read(fd, 65536))
except OSError:
    pass
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))' "$SIGMUND" "$@" | tr -d '\r'
}

@test "On a terminal, list shows the live runs and those that ended last, and says how many others there are" {
    live=$(sigmund -q -n old sleep 300)
    for i in {1..12}; do sigmund -q -w -n "run$i" bash -c "exit $((i == 1))" || true; done
    run on_terminal list
    assert_output --partial "$live"
    assert_output --partial run12
    assert_output --partial 'run3 '
    refute_output --partial 'run2 '
    assert_line '... and 2 more, 1 failed: sigmund list --all'
    for shown in --all -a --sort=name --state=exited,running --limit=100 @all; do
        run on_terminal list "$shown"
        assert_output --partial 'run1 '
        refute_output --partial 'more'
    done
    # A pipe gets everything.
    [[ $(sigmund list | wc -l) == 14 ]]
    # A run whose guardian was killed may live.
    kill -KILL "$(field "$live" guardian.pid)"
    run on_terminal list
    assert_output --partial "$live"
    # There is no such line where nothing is left out.
    sigmund prune -q --keep 10
    run on_terminal list
    refute_output --partial 'more'
}

@test "JSON is the same whether a record can be copied or must be parsed, and one that is damaged is left out" {
    for word in plain $'x\e[31m\n\xff' $'\u202e' 'gr\"u'; do sigmund -q -w -- true "$word"; done
    sigmund -q -w -n named --tag a -- bash -c 'exit 3' || true
    sigmund pipe -q -w -- true '|' false || true
    sigmund -q -w -- bash -c 'kill -SEGV $$' || true
    id=$(sigmund -q sleep 300)
    sigmund stop -q "$id"
    for words in 'list --json' 'list --jsonl' 'show --json @all' 'show --jsonl @all'; do
        # shellcheck disable=SC2086 # they are words
        sigmund $words >"$scratch/copied.${words// /}"
    done
    # With a blank in it the text is not as sigmund writes it, so that it is parsed.
    sed -i 's/^{/{ /' "$SIGMUND_STATE_DIR"/*.json
    for words in 'list --json' 'list --jsonl' 'show --json @all' 'show --jsonl @all'; do
        # shellcheck disable=SC2086
        sigmund $words >"$scratch/parsed"
        cmp "$scratch/copied.${words// /}" "$scratch/parsed"
    done
    echo '{"version":2,' >"$SIGMUND_STATE_DIR/$id.json"
    for words in 'list --json' 'show --json @all'; do
        # shellcheck disable=SC2086
        run --separate-stderr sigmund $words
        assert_success
        assert [ "$(jq '.data | length' <<<"$output")" = 7 ]
        [[ $stderr == *"skipping corrupt record $id.json"* ]]
    done
}

@test "JSON of many runs is printed in pieces, and a reader that goes away ends it" {
    id=$(
        sigmund -q -w true
        sigmund list --porcelain --columns id
    )
    for number in {100000..100999}; do
        sed "s/$id/$number/g" "$SIGMUND_STATE_DIR/$id.json" >"$SIGMUND_STATE_DIR/$number.json"
    done
    chmod 600 "$SIGMUND_STATE_DIR"/*.json
    sigmund list --json | jq -e '.data | length == 1001' >/dev/null
    [[ $(sigmund list --jsonl | jq -c 'select(.id) | .id' | sort -u | wc -l) == 1001 ]]
    run bash -c "set -o pipefail; '$SIGMUND' list --json | head -c 100 >/dev/null"
    assert_failure
    run --separate-stderr bash -c "'$SIGMUND' list --json >/dev/full"
    assert_failure 1
    [[ $stderr == *'write stdout: No space left on device'* ]]
}
