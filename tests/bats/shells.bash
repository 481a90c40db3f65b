# shellcheck shell=bash disable=SC2154 # `scratch` is set by sigmund.bash
# SPDX-License-Identifier: Apache-2.0
# Scenarios of tests/bats/shells in real terminals.

# Each shell gets its own store, so that the three run at the same time.
shells_setup() {
    sigmund_setup
    scratch_folder
}

shells_teardown() {
    local store left=
    for store in "$scratch"/*/; do
        SIGMUND_STATE_DIR=$store sigmund kill -q @all >/dev/null 2>&1 || true
        left+=$(SIGMUND_STATE_DIR=$store keyed_processes)
    done
    sigmund_teardown
    [[ -z $left ]] || {
        echo "processes are left: $left"
        return 1
    }
}

# in_shells SCENARIO: plays it in bash, zsh and fish.
in_shells() {
    local shell players=() failed=0
    for shell in bash zsh fish; do
        mkdir -m 700 "$scratch/$shell"
        SIGMUND_STATE_DIR=$scratch/$shell timeout $((600 * slowness)) python3 -B "$BATS_TEST_DIRNAME/shells" "$shell" "$1" \
            >"$BATS_TEST_TMPDIR/$shell" 2>&1 &
        players+=($!)
    done
    for shell in "${players[@]}"; do wait "$shell" || failed=1; done
    cat "$BATS_TEST_TMPDIR"/{bash,zsh,fish}
    return "$failed"
}
