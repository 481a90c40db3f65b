#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A guardian under load stays small and keeps one process alive.
load sigmund

setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
}
teardown() { sigmund_teardown; }

@test "After 100,000 signals the guardian has one child, is still small, and obeys the last signal" {
    id=$(sigmund -q --restart-on HUP sleep 300)
    guardian=$(guardian_of "$id")
    before=$(awk '/RssAnon/ {print $2}' "/proc/$guardian/status")
    python3 - "$guardian" <<'END'
import os, sys
pid = int(sys.argv[1])
worst = 0
for i in range(100000):
    os.kill(pid, 1)
    if i % 2000 == 0:
        alive = 0
        for child in open(f"/proc/{pid}/task/{pid}/children").read().split():
            try:
                stat = open(f"/proc/{child}/stat").read()
                alive += stat[stat.rindex(")") + 2] != "Z"
            except OSError:
                pass
        worst = max(worst, alive)
assert worst <= 1, worst
END
    wait_until 10 is "$id" state running
    restarted "$id" 1
    (($(awk '/RssAnon/ {print $2}' "/proc/$guardian/status") < before + ${SIGMUND_SANITIZED:+40}2048))
    pid=$(field "$id" pid)
    kill -HUP "$guardian"
    changed() { [[ $(field "$id" state) == running && $(field "$id" pid) != "$pid" ]]; }
    wait_until 5 changed
    for bad in TERM KILL STOP CHLD; do
        run sigmund --restart-on $bad true
        assert_failure 1
    done
}

@test "After ten thousand short orphans the guardian is small and leaves no zombie" {
    id=$(sigmund -q sh -c 'i=0; while [ $i -lt 10000 ]; do (: &); i=$((i + 1)); [ $((i % 100)) != 0 ] || echo $i >count; done; sleep 300')
    guardian=$(guardian_of "$id")
    wait_for_progress count 10000
    clean() { [[ $(ps --ppid "$guardian" -o stat= | grep -c Z) == 0 ]]; }
    wait_until 5 clean
    (($(awk '/RssAnon/ {print $2}' "/proc/$guardian/status") < ${SIGMUND_SANITIZED:+20}4096))
}
