#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A short part of tests/torture, always the same, for every run of the suite.
load sigmund
setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

torture() {
    local script=$BATS_TEST_DIRNAME/../torture/$1
    shift
    run timeout --kill-after=5 60 python3 "$script" --seed 1 "$@"
    printf '# %s\n' "${lines[@]}" >&3
    assert_success
}

@test "SIGKILL and errors at system calls of every operation leave nothing untracked" { torture inject.py --budget 12; }
