# shellcheck shell=bash disable=SC2154 # `scratch` is set by sigmund.bash
# SPDX-License-Identifier: Apache-2.0
# The tests of lost and frozen guardians share a script that ignores SIGTERM, in the folder `work`, and orphans.

lost_guardian_setup() {
    sigmund_setup
    scratch_folder
    work=$scratch
    cat >"$work/ign.sh" <<'END'
#!/bin/sh
trap '' TERM
echo $$ >>"$1"
while :; do sleep 0.2; done
END
    chmod +x "$work/ign.sh"
}

lost_guardian_teardown() {
    local pid
    while read -r pid; do
        kill -KILL "$pid" 2>/dev/null || true
    done < <(cat "$work"/*.pids 2>/dev/null)
    sigmund_teardown
}

has_lines() { [[ $(wc -l <"$1" 2>/dev/null) -ge $2 ]]; }
kill_guardian() {
    local guardian
    guardian=$(guardian_of "$1")
    kill -KILL "$guardian"
    wait_until 10 gone "$guardian"
}

# under_reaper SCRIPT WORD...: runs it under a subreaper, as a login has one, so that other tests do not suspect its
# orphans.
under_reaper() {
    python3 -c 'import ctypes, subprocess, sys
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
sys.exit(subprocess.call(sys.argv[1:]))' bash -c "$@"
}

# shellcheck disable=SC2016,SC2034 # for a shell of its own, in the tests
# Starts a run without its guardian, and with an orphan that cannot be proven any more.
orphaning='
    id=$("$SIGMUND" -q sh -c "(env -i setsid $1/ign.sh $1/a.pids &); exec sleep 300")
    until [[ -s $1/a.pids ]]; do sleep 0.05; done
    child=$(<"$1/a.pids")
    guardian=$("$SIGMUND" show "$id" --json | jq .data[0].guardian.pid)
    kill -KILL "$guardian"
    until ! kill -0 "$guardian" 2>/dev/null || grep -q "^State:.Z" "/proc/$guardian/status"; do sleep 0.05; done
    echo "child=$child"
'
