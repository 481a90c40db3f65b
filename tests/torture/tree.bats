#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Trees that fork as fast as they can, against stop, kill and supervise (tree.py), and processes that must not be
# signalled.
load ../bats/sigmund
setup() {
    sigmund_setup
    export SIGMUND_HELPERS=${SIGMUND_HELPERS:-$BATS_TEST_DIRNAME/../../build/helpers}
}
teardown() { sigmund_teardown; }

race() {
    run timeout --kill-after=5 170 python3 "$BATS_TEST_DIRNAME/tree.py" --rounds "${SIGMUND_TREE_ROUNDS:-10}" "$@"
    printf '# %s\n' "${lines[@]}" >&3
    assert_success
}

@test "Stop ends 1, 8 and 64 chains that fork, each process in a session of its own" { race stop 1 stop 8 stop 64; }
@test "Kill ends 1, 8 and 64 chains that fork" { race kill 1 kill 8 kill 64; }
@test "Supervise ends 1, 8 and 64 chains that fork when its input ends" { race supervise 1 supervise 8 supervise 64; }

# stranger NAME=VALUE...: starts a process of this user that belongs to no run. Its pid is in $stranger.
stranger() {
    env "$@" setsid sleep 300 &
    stranger=$!
    OWN_PIDS+=("$stranger")
    wait_until 5 bash -c "tr '\\0' ' ' <'/proc/$stranger/cmdline' | grep -qx 'sleep 300 '"
}

@test "A process that claims to belong to the run by SIGMUND_RUN, or has the key of another run, is not signalled" {
    local verb
    for verb in stop kill; do
        id=$(sigmund -q sleep 300)
        key=$(sed -nE 's/.*"key":"([0-9a-f]*)".*/\1/p' "$SIGMUND_STATE_DIR/$id.json")
        # While the guardian lives, even a process that has copied the key is spared, since it does not descend from
        # the guardian.
        stranger SIGMUND_RUN="$id" SIGMUND_KEY="$key"
        copied=$stranger
        stranger SIGMUND_RUN="$id" SIGMUND_KEY="${key//[0-7]/8}"
        sigmund "$verb" -q "$id"
        kill -0 "$stranger"
        kill -0 "$copied"
        kill -KILL "$copied"
        # Without the guardian the right key is the proof.
        id=$(sigmund -q sleep 300)
        leader=$(field "$id" pid)
        kill -KILL "$(field "$id" guardian.pid)"
        stranger SIGMUND_RUN="$id"
        sigmund "$verb" -q "$id"
        kill -0 "$stranger"
        wait_until 5 gone "$leader"
    done
}

@test "A process of the leader's group that is in the middle of a fork does not escape" {
    for _ in {1..20}; do
        id=$(sigmund -q bash -c 'for i in {1..3000}; do (sleep 20 & sleep 0.001); done')
        wait_until 5 bash -c "(( \$('$SIGMUND' ps '$id' 2>/dev/null | wc -l) > 3 )) || [[ -n \$(pgrep -g \$('$SIGMUND' show '$id' --json | jq .data[0].pid) sleep) ]]"
        sigmund stop -q --timeout 200ms "$id"
        [[ -z $(keyed_processes) ]]
    done
}
