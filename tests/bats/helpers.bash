# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What every end-to-end suite starts with: `load helpers`. Each file gets a fresh store in a folder of its own, and
# fails at its end when a process of its runs is left. Nothing here waits without a bound.

bats_require_minimum_version 1.5.0
for library in bats-support bats-assert bats-file; do
    load "/usr/lib/bats/$library/load"
done
unset library

# --- the store --------------------------------------------------------------------------------------------

# Suites with a setup_file or teardown_file of their own call fresh_store and end_store in them.
setup_file() { fresh_store; }
teardown_file() { end_store; }

# Every test starts in an empty folder below $SIGMUND_TEST_DIR.
setup() { enter_test_folder; }
teardown() { show_on_failure; }

# A short path, since socket addresses are; a home without configuration; `sigmund` and the helpers in PATH.
fresh_store() {
    local tests name
    tests=$(dirname "$BATS_TEST_FILENAME")
    export SIGMUND_SOURCE=${SIGMUND_SOURCE:-$(cd "$tests/../.." && pwd -P)}
    export SIGMUND_BIN=${SIGMUND_BIN:-$SIGMUND_SOURCE/build/sigmund}
    export SIGMUND_HELPERS=${SIGMUND_HELPERS:-$SIGMUND_SOURCE/build/helpers}
    for name in "${!SIGMUND_@}"; do
        case $name in
            SIGMUND_SOURCE | SIGMUND_BIN | SIGMUND_HELPERS) ;;
            *) unset "$name" ;;
        esac
    done
    # What marks a CI, a terminal or a user's own settings.
    unset CI GITHUB_ACTIONS RUNNER_TRACKING_ID GITLAB_CI BUILDKITE TF_BUILD JENKINS_URL BUILD_ID
    unset NO_COLOR CLICOLOR CLICOLOR_FORCE XDG_STATE_HOME XDG_CONFIG_HOME XDG_CONFIG_DIRS XDG_RUNTIME_DIR

    SIGMUND_TEST_DIR=$(mktemp -d "${TMPDIR:-/tmp}/s.XXXXXX")
    SIGMUND_TEST_DIR=$(cd "$SIGMUND_TEST_DIR" && pwd -P)
    export SIGMUND_TEST_DIR
    mkdir "$SIGMUND_TEST_DIR/home" "$SIGMUND_TEST_DIR/bin"
    export HOME=$SIGMUND_TEST_DIR/home SIGMUND_STATE_DIR=$SIGMUND_TEST_DIR/store
    ln -s "$SIGMUND_BIN" "$SIGMUND_TEST_DIR/bin/sigmund"
    export PATH=$SIGMUND_TEST_DIR/bin:$SIGMUND_HELPERS:$PATH
}

enter_test_folder() {
    mkdir "$SIGMUND_TEST_DIR/$BATS_TEST_NUMBER"
    cd "$SIGMUND_TEST_DIR/$BATS_TEST_NUMBER" || return
}

# For whoever reads the report of a failed test.
show_on_failure() {
    [[ -z ${BATS_TEST_COMPLETED:-} ]] || return 0
    echo "the store of the failed test:"
    timeout 10 sigmund list 2>&1 | head -n 30 || true
}

# Stops what the tests left running, then nothing may be left.
end_store() {
    local status=0
    cd / || return
    # An escaped process may have no other trace than its record, so the store goes last.
    if [[ -d $SIGMUND_STATE_DIR ]]; then
        timeout 60 sigmund kill @all >/dev/null || status=1
    fi
    assert_no_processes_left 5 || status=1
    chmod -R u+rwX "$SIGMUND_TEST_DIR" 2>/dev/null || true
    rm -rf "$SIGMUND_TEST_DIR"
    return "$status"
}

# --- processes --------------------------------------------------------------------------------------------

# The processes that belong to the runs of this file, guardians included, as "PID COMMAND" lines: those outside the
# session of the tests that carry this store or the key of one of its runs in their environment, or that have their
# working folder or an open file below $SIGMUND_TEST_DIR. Zombies do not count.
store_processes() {
    local pid stat pattern=(-e "SIGMUND_STATE_DIR=$SIGMUND_STATE_DIR") key own
    stat_of "$$"
    own=${stat[3]}
    while IFS= read -r key; do
        pattern+=(-e "SIGMUND_KEY=$key")
    done < <(sed -nE 's/.*"key":"([0-9a-f]{32})".*/\1/p' "$SIGMUND_STATE_DIR"/*.json 2>/dev/null)
    {
        grep -lzFx "${pattern[@]}" /proc/[0-9]*/environ
        find /proc/[0-9]*/cwd /proc/[0-9]*/fd -lname "$SIGMUND_TEST_DIR*"
    } 2>/dev/null | cut -d/ -f3 | sort -nu | while IFS= read -r pid; do
        stat_of "$pid" || continue
        [[ ${stat[0]} != [ZX] && ${stat[3]} != "$own" ]] || continue
        printf '%s %s\n' "$pid" "$(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline")"
    done
}

# stat_of PID: into the array `stat` the fields of /proc/PID/stat from the third on: state ppid pgrp session ...
# Not by $(</proc/...): where the file is missing, that ends a bash with errexit even behind ||.
stat_of() {
    local text=
    { IFS= read -rd '' text <"/proc/$1/stat"; } 2>/dev/null || [[ -n $text ]] || return 1
    read -ra stat <<<"${text##*) }"
}

no_store_processes() { [[ -z $(store_processes) ]]; }

# assert_no_processes_left [SECONDS]: a guardian may need a moment (2 s) to leave after its run has ended. Whatever is
# left is told and killed, so that one failure does not become many.
assert_no_processes_left() {
    wait_until "${1:-2}" no_store_processes 2>/dev/null && return
    local left pid
    left=$(store_processes)
    [[ -n $left ]] || return 0
    printf 'processes are left:\n%s\n' "$left" >&2
    while read -r pid _; do kill -KILL "$pid" 2>/dev/null || true; done <<<"$left"
    return 1
}

alive() {
    local stat
    stat_of "$1" && [[ ${stat[0]} != [ZX] ]]
}

gone() { ! alive "$1"; }

# --- waiting ----------------------------------------------------------------------------------------------

# wait_until SECONDS COMMAND...: until COMMAND succeeds, tried every 20 ms; fails, and says so, after SECONDS.
wait_until() {
    local seconds=$1 now=${EPOCHREALTIME/[.,]/}
    local deadline=$((now + seconds * 1000000))
    shift
    until "$@"; do
        now=${EPOCHREALTIME/[.,]/}
        if ((now >= deadline)); then
            printf 'not within %s s: %s\n' "$seconds" "$*" >&2
            return 1
        fi
        sleep 0.02
    done
}

# --- runs -------------------------------------------------------------------------------------------------

# start [LAUNCH OPTION...] COMMAND...: starts a run, its id is in $id then.
# shellcheck disable=SC2034 # read by the tests
start() { id=$(sigmund -q "$@"); }

# field TARGET NAME: one field of a run, as `sigmund show --json` tells it; lists and objects as JSON, null as "null".
field() {
    sigmund show --json "$1" | jq -r --arg name "$2" \
        '.data[0] | if has($name) then .[$name] else error("no field " + $name) end'
}

# is TARGET NAME VALUE: for wait_until.
is() { [[ $(field "$1" "$2") == "$3" ]]; }

# log_has TARGET TEXT: that a line of its log contains TEXT; for wait_until.
log_has() { sigmund dump "$1" | grep -qF -- "$2"; }

# --- terminals --------------------------------------------------------------------------------------------

# in_pty [--expect REGEX | --send TEXT | --hangup]... -- COMMAND...: COMMAND on a terminal of its own (24 x 80);
# see in_pty.py. Prints what the terminal showed and returns COMMAND's status.
in_pty() { /usr/bin/python3 "$SIGMUND_SOURCE/tests/bats/in_pty.py" "$@"; }
