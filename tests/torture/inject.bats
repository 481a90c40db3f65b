#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# SIGKILL and errors at the system calls of launcher and guardian: inject.py for each operation, for some seconds.
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

@test "SIGKILL and errors at the system calls of start leave nothing untracked" { inject start; }
@test "SIGKILL and errors at the system calls of a start with a port leave nothing untracked" { inject port; }
@test "SIGKILL and errors at the system calls of up leave nothing untracked" { inject up; }
@test "SIGKILL and errors at the system calls of down leave nothing untracked" { inject down; }
@test "SIGKILL and errors at the system calls of stop leave nothing untracked" { inject stop; }
@test "SIGKILL and errors at the system calls of kill leave nothing untracked" { inject kill; }
@test "SIGKILL and errors at the system calls of restart leave nothing untracked" { inject restart; }
@test "SIGKILL and errors at the system calls of prune leave nothing untracked" { inject prune; }
@test "SIGKILL and errors at the system calls of rename leave nothing untracked" { inject rename; }
@test "SIGKILL and errors at the system calls of shell-exit leave nothing untracked" { inject shell-exit; }
