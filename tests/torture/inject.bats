#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# SIGKILL and errors at the system calls of launcher and guardian: inject.py for each operation, for so many seconds.
load ../bats/sigmund
setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

inject() {
    local seconds=${SIGMUND_TORTURE_SECONDS:-20}
    run timeout --kill-after=5 $((seconds + 60)) python3 "$BATS_TEST_DIRNAME/inject.py" --budget "$seconds" \
        --seed "${SIGMUND_TORTURE_SEED:-$RANDOM}" "$1"
    printf '# %s\n' "${lines[@]}" >&3
    assert_success
}

@test "start" { inject start; }
@test "stop" { inject stop; }
@test "kill" { inject kill; }
@test "restart" { inject restart; }
@test "prune" { inject prune; }
@test "rename" { inject rename; }
@test "shell-exit" { inject shell-exit; }
