#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Guardians that live through thousands of restarts, changes, clients and the like, and what is left of it (soak.py).
load ../bats/sigmund
setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

@test "A guardian that lives through much neither leaks nor spins nor goes deaf" {
    run timeout --kill-after=5 120 python3 "$BATS_TEST_DIRNAME/soak.py" --seconds "${SIGMUND_SOAK_SECONDS:-20}" \
        --seed "${SIGMUND_TORTURE_SEED:-$RANDOM}"
    printf '# %s\n' "${lines[@]}" >&3
    assert_success
}
