#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# 500 verbs at a time on one store while guardians and launchers are killed, and then an audit (load.py).
load ../bats/sigmund
setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

@test "After 500 simultaneous verbs and killed guardians every run is known and ended, and nothing is left" {
    # Each of the 500 needs a thread of the driver, a verb and its run.
    local limit concurrent=500
    limit=$(ulimit -u)
    [[ $limit == unlimited ]] || ((limit > 4000)) || concurrent=$((limit / 8))
    run timeout --kill-after=5 240 python3 "$BATS_TEST_DIRNAME/load.py" --seconds "${SIGMUND_LOAD_SECONDS:-60}" \
        --concurrent "$concurrent" --seed "${SIGMUND_TORTURE_SEED:-$RANDOM}"
    printf '# %s\n' "${lines[@]}" >&3
    assert_success
}
