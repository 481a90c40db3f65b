# SPDX-License-Identifier: Apache-2.0
# What every end-to-end test shares: the real binary, a fresh store, and the proof that nothing is left.
bats_require_minimum_version 1.5.0
bats_load_library() { load "/usr/lib/bats/$1/load.bash"; }
bats_load_library bats-support
bats_load_library bats-assert

sigmund_setup() {
    umask 022
    local root
    root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    SIGMUND=${SIGMUND_BIN:-$root/build/sigmund}
    SIGMUND_STATE_DIR=$(mktemp -d /tmp/sgm.XXXXXX)
    export SIGMUND SIGMUND_STATE_DIR
    unset SIGMUND_SHELL_ID SIGMUND_RUN SIGMUND_KEY
    OWN_PIDS=()
}

sigmund() { "$SIGMUND" "$@"; }

# Processes that carry the key of a run of this store.
keyed_processes() {
    local key pattern=()
    while IFS= read -r key; do
        pattern+=(-e "SIGMUND_KEY=$key")
    done < <(sed -nE 's/.*"key":"([0-9a-f]*)".*/\1/p' "$SIGMUND_STATE_DIR"/*.json 2>/dev/null)
    ((${#pattern[@]} > 0)) || return 0
    { grep -lzFx "${pattern[@]}" /proc/[0-9]*/environ || true; } 2>/dev/null | cut -d/ -f3
}

sigmund_teardown() {
    local pid left
    for pid in "${OWN_PIDS[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
    # A frozen guardian is woken, so that it can end.
    while read -r pid; do
        kill -CONT "$pid" 2>/dev/null || true
    done < <(grep -ho '"guardian":{"pid":[0-9]*' "$SIGMUND_STATE_DIR"/*.json 2>/dev/null | grep -o '[0-9]*$')
    sigmund kill -q @all >/dev/null 2>&1 || true
    left=$(keyed_processes)
    rm -rf "$SIGMUND_STATE_DIR"
    [[ -z $left ]] || {
        echo "processes are left: $left"
        return 1
    }
}

# wait_until SECONDS COMMAND...: polls every 20 ms. The seconds are those of a fast machine with nothing else to do;
# others get ten times as long before the wait counts as failed.
wait_until() {
    local end=$((SECONDS + $1 * 10 + 1))
    shift
    until "$@"; do
        ((SECONDS < end)) || {
            echo "time ran out: $*"
            return 1
        }
        sleep 0.02
    done
}

# wait_for_progress FILE NUMBER: until the file holds that number. Fails only when what it holds has not changed for a
# minute, however slow the machine is.
wait_for_progress() {
    local last='' now='' since=$SECONDS
    until [[ $now == "$2" ]]; do
        now=$(cat "$1" 2>/dev/null) || true
        [[ $now == "$last" ]] || last=$now since=$SECONDS
        ((SECONDS - since < 60)) || {
            echo "$1 stays at ${now:-nothing}"
            return 1
        }
        sleep 0.1
    done
}

field() { sigmund show "$1" --json | jq -r ".data[0].$2"; }
gone() { ! kill -0 "$1" 2>/dev/null || [[ $(cut -d' ' -f3 "/proc/$1/stat" 2>/dev/null) == Z ]]; }
state_is() { [[ $(field "$1" state) == "$2" ]]; }
log_has() { grep -q -- "$2" "$SIGMUND_STATE_DIR/$1.log"; }
store_empty() { [[ -z $(find "$SIGMUND_STATE_DIR" -type f -o -type s -o -type p) ]]; }
