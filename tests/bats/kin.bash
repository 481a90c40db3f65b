# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# For the tests of nosig, supervise and unlinkwait: the tools under their own names, and bounds in time.
bats_require_minimum_version 1.5.0
# Every test sources these without their load.bash, which starts a process for each of their files.
for library in /usr/lib/bats/bats-support/src/*.bash /usr/lib/bats/bats-assert/src/*.bash; do
    # shellcheck disable=SC1090
    source "$library"
done

# Limits of time are multiplied by this (see sigmund.bash).
# shellcheck disable=SC2034 # for the tests
slowness=${SIGMUND_SLOWNESS:-1}

kin_setup() {
    umask 022
    local root
    root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    export SIGMUND_BIN=${SIGMUND_BIN:-$root/build/sigmund} SIGMUND_HELPERS=${SIGMUND_HELPERS:-$root/build/helpers}
    local tool
    mkdir "$BATS_TEST_TMPDIR/links"
    for tool in nosig supervise unlinkwait; do ln -s "$SIGMUND_BIN" "$BATS_TEST_TMPDIR/links/$tool"; done
    PATH=$BATS_TEST_TMPDIR/links:$PATH
    cd "$BATS_TEST_TMPDIR" || return
}

# eventually COMMAND...: repeats it for at most 10 s.
eventually() {
    local i
    for ((i = 0; i < 500; ++i)); do
        ! "$@" || return 0
        sleep 0.02
    done
    fail "not within 10 s: $*"
}

# asleep PID: whether it waits in a system call.
asleep() {
    [[ $(cut -d' ' -f3 "/proc/$1/stat") == S ]]
}

# counts WHAT <table of "number options...": checks every row.
counts() {
    local number options got bad=0
    while read -r number options; do
        # shellcheck disable=SC2086
        got=$("$1" $options)
        ((got == number)) || { echo "$1 $options: $got, not $number" && bad=1; }
    done
    ((!bad))
}
