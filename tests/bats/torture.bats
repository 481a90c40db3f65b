#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A short part of tests/torture, always the same, for every run of the suite.
load sigmund

setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

torture() {
    local script=$BATS_TEST_DIRNAME/../torture/$1
    shift
    run timeout --kill-after=5 $((600 * slowness)) python3 "$script" --seed 1 "$@"
    printf '# %s\n' "${lines[@]}" >&3
    assert_success
}

@test "Killed and failing system calls in every operation leave nothing untracked" { torture inject.py --budget 12; }

@test "After many simultaneous verbs and killed guardians every run is known and ended, and nothing is left" {
    torture load.py --seconds 5 --concurrent 40
}

@test "Trees that fork as fast as they can are ended" {
    export SIGMUND_HELPERS=$HELPERS
    torture tree.py --rounds 2 stop 8 kill 8 supervise 8
}
