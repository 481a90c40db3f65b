#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Guardians that live through thousands of restarts, changes and clients, and the resources that they use afterwards
# (soak.py).
load ../bats/sigmund
setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

@test "After many operations a guardian leaks nothing, does not spin, and still answers" {
    run timeout --kill-after=5 120 python3 "$BATS_TEST_DIRNAME/soak.py" --seconds "${SIGMUND_SOAK_SECONDS:-20}" \
        --seed "${SIGMUND_TORTURE_SEED:-$RANDOM}"
    printf '# %s\n' "${lines[@]}" >&3
    assert_success
}
