# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The tests of readiness share free ports in `port` and `other_port`, and processes that listen on them.

listeners_setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR" || return
    free_port port
    free_port other_port
    cp "$BATS_TEST_DIRNAME/listen.py" .
}

# Starts a listener that does not belong to a run, until the end of the test; its pid is in $stranger.
stranger() {
    rm -f stranger.out # the output of an earlier one must not count
    python3 listen.py "$@" >stranger.out 2>&1 &
    stranger=$!
    OWN_PIDS+=("$stranger")
    wait_until 20 grep -q listening stranger.out
}
end_stranger() {
    rm -f stranger.out # the output of an earlier one must not count
    kill -KILL "$stranger"
    wait "$stranger" || true
}
runs() { sigmund list --porcelain --columns id | wc -l; }
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
