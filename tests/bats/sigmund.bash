# SPDX-License-Identifier: Apache-2.0
# All end-to-end tests share this: the real binary, a fresh store, and the proof that no process is left.
bats_require_minimum_version 1.5.0
# Every test sources these without their load.bash, which starts a process for each of their files.
for library in /usr/lib/bats/bats-support/src/*.bash /usr/lib/bats/bats-assert/src/*.bash; do
    # shellcheck disable=SC1090
    source "$library"
done

sigmund_setup() {
    umask 022
    local root
    root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    SIGMUND=${SIGMUND_BIN:-$root/build/sigmund}
    # shellcheck disable=SC2034 # for the tests
    HELPERS=${SIGMUND_HELPERS:-$root/build/helpers}
    SIGMUND_STATE_DIR=$(mktemp -d /tmp/sgm.XXXXXX)
    export SIGMUND SIGMUND_STATE_DIR
    unset SIGMUND_SHELL_ID SIGMUND_SHELL_MARKS SIGMUND_RUN SIGMUND_KEY
    OWN_PIDS=()
    scratch=
}

# Makes a folder with a short path for the test, in `scratch`. It is removed with the test.
scratch_folder() { scratch=$(mktemp -d /tmp/sgm.XXXXXX); }

sigmund() { "$SIGMUND" "$@"; }

# in_records COMMAND...: the command with the paths of the store's records behind it, however many there are. A FIFO or a
# link that a test has put there is not opened.
in_records() {
    find "$SIGMUND_STATE_DIR" -maxdepth 1 -name '*.json' -type f -exec "$@" {} + 2>/dev/null || true
}

# Processes that carry the key of a run of this store.
keyed_processes() {
    local key pattern=()
    while IFS= read -r key; do
        pattern+=(-e "SIGMUND_KEY=$key")
    done < <(in_records sed -nE 's/.*"key":"([0-9a-f]*)".*/\1/p')
    ((${#pattern[@]} > 0)) || return 0
    { grep -lzFx "${pattern[@]}" /proc/[0-9]*/environ || true; } 2>/dev/null | cut -d/ -f3
}

sigmund_teardown() {
    local pid left
    for pid in "${OWN_PIDS[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
    # A frozen guardian is woken, so that it can end.
    while read -r pid; do
        kill -CONT "$pid" 2>/dev/null || true
    done < <(in_records grep -ho '"guardian":{"pid":[0-9]*' | grep -o '[0-9]*$')
    sigmund kill -q @all >/dev/null 2>&1 || true
    left=$(keyed_processes)
    cd / || return
    if [[ -n $scratch ]]; then
        chmod -R u+rwX "$scratch" 2>/dev/null || true
        rm -rf "$scratch"
    fi
    rm -rf "$SIGMUND_STATE_DIR"
    [[ -z $left ]] || {
        echo "processes are left: $left"
        return 1
    }
}

# How many times slower than a fast, idle machine this one is: scripts/test measures it. Limits of time that nothing should
# reach are multiplied by it.
slowness=${SIGMUND_SLOWNESS:-1}

# wait_until SECONDS COMMAND...: polls every 20 ms. The seconds are those of a fast, idle machine; ten times as long
# must pass before the wait fails.
wait_until() {
    local end=$((SECONDS + $1 * 10 * slowness + 1))
    shift
    until "$@"; do
        ((SECONDS < end)) || {
            echo "time ran out: $*"
            return 1
        }
        sleep 0.02
    done
}

# wait_for_progress FILE NUMBER: waits until the file contains that number. It fails only when the content has not
# changed for a minute (longer on a slow machine).
wait_for_progress() {
    local last='' now='' since=$SECONDS
    until [[ $now == "$2" ]]; do
        now=$(cat "$1" 2>/dev/null) || true
        [[ $now == "$last" ]] || last=$now since=$SECONDS
        ((SECONDS - since < 60 * slowness)) || {
            echo "$1 stays at ${now:-nothing}"
            return 1
        }
        sleep 0.1
    done
}

# free_port NAME: puts a port on which nothing listens into the variable NAME.
free_port() {
    printf -v "$1" %s "$(python3 -c 'import socket
s = socket.socket(socket.AF_INET6)
s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
s.bind(("::", 0))
print(s.getsockname()[1])')"
}

# json_error CODE COMMAND...: stderr is one error object with that code, and stdout is empty.
json_error() {
    local code=$1
    shift
    "$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" </dev/null && return 1
    [[ ! -s $BATS_TEST_TMPDIR/out ]] || return 1
    [[ $(jq -rs 'map(.error.code) | join(" ")' "$BATS_TEST_TMPDIR/err") == "$code" ]]
}

# shellcheck disable=SC2016,SC2034 # for the tests, and for shells of their own
{
    # A command that exits with 0 when it is told to end, so that its status does not tell what ended it.
    polite=(sh -c 'trap "exit 0" TERM; while :; do sleep 0.05; done')
    # A shell script that writes lines for ever, not fast.
    talker='i=0; while :; do echo "line $((i += 1)) ........................................"; sleep 0.01; done'
}

# What is known about a run. `is RUN FIELD VALUE` and the like can follow wait_until.
field() { sigmund show "$1" --json | jq -r ".data[0].$2"; }
gone() { ! kill -0 "$1" 2>/dev/null || [[ $(cut -d' ' -f3 "/proc/$1/stat" 2>/dev/null) == Z ]]; }
is() { [[ $(field "$1" "$2") == "$3" ]]; }
state_is() { [[ $(field "$1" state) == "$2" ]]; }
over() { [[ $(field "$1" state) == @(exited|failed) ]]; }
restarted() { (($(field "$1" restarts) >= $2)); }
guardian_of() { field "$1" guardian.pid; }
grep_log() { sigmund dump "$1" | grep -q -- "$2"; }
nothing_left() {
    local left
    left=$(keyed_processes | paste -sd, -)
    [[ -n $left ]] || return 0
    ps -o pid,ppid,pgid,sid,stat,lstart,args -p "$left" || true
    return 1
}
log_has() { grep -q -- "$2" "$SIGMUND_STATE_DIR/$1.log"; }
# Whether nothing of any run is left. The gates of projects, which `up` makes, stay for a day.
store_empty() { [[ -z $(find "$SIGMUND_STATE_DIR" -path '*/stacks' -prune -o '(' -type f -o -type s -o -type p ')' -print) ]]; }
