#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A leader that /proc does not show as a living process.
load sigmund

setup() {
    sigmund_setup
    scratch_folder
}
teardown() { sigmund_teardown; }

lives() { (($(grep -c . "$scratch/lives") >= $1)); }

@test "A process whose first thread has ended counts as alive, with and without a guardian" {
    for guarded in yes no; do
        id=$(sigmund -q "$HELPERS/headless")
        pid=$(field "$id" pid)
        wait_until 3 log_has "$id" headless
        wait_until 3 grep -q '^State:.Z' "/proc/$pid/status"
        state_is "$id" running
        if [[ $guarded == no ]]; then
            guardian=$(guardian_of "$id")
            kill -KILL "$guardian"
            wait_until 3 gone "$guardian"
            state_is "$id" running
        fi
        sigmund stop -q "$id"
        # At most the zombie of its first thread is left, until it is reaped.
        (($(find "/proc/$pid/task" -mindepth 1 -maxdepth 1 2>/dev/null | wc -l) <= 1))
    done
}

@test "A leader that /proc hides (hidepid=2) is recognised by its pidfd, and is ended without a guardian" {
    [[ $EUID == 0 ]] || return 0 # only the pass as root mounts such a /proc
    cat >"$scratch/play" <<'END'
set -eu
mount -t proc -o hidepid=2 none /proc
exec setpriv --reuid 54321 --regid 54321 --clear-groups bash "$SCRATCH/as_user"
END
    cat >"$scratch/as_user" <<'END'
set -u
state() { "$SIGMUND" list --porcelain --columns state; }
id=$("$SIGMUND" -q python3 -c 'import ctypes, time; ctypes.CDLL(None).prctl(4, 0); print("hidden", flush=True); time.sleep(300)')
until grep -q hidden "$SIGMUND_STATE_DIR/$id.log"; do sleep 0.02; done
pid=$("$SIGMUND" show "$id" --json | jq .data[0].pid)
[ ! -e "/proc/$pid/stat" ] || { echo "not hidden"; exit; }
echo "guarded $(state)"
kill -KILL "$("$SIGMUND" show "$id" --json | jq .data[0].guardian.pid)"
sleep 0.1
echo "alone $(state)"
"$SIGMUND" stop -q "$id"
echo "stop $?"
kill -0 "$pid" 2>/dev/null && echo "it lives"
exit 0
END
    chmod 755 "$scratch"
    mkdir "$scratch/store"
    chown 54321 "$scratch/store"
    SCRATCH=$scratch SIGMUND_STATE_DIR=$scratch/store HOME=$scratch run timeout $((120 * slowness)) unshare --mount --pid --fork bash "$scratch/play"
    assert_success
    [[ $output != "not hidden" ]] || skip "this kernel has no hidepid"
    # Without pidfs (Linux before 6.9) this proof does not exist.
    [[ $(sed -nE 's/.*"pidfd_ino":([0-9a-z]*).*/\1/p' "$scratch"/store/*.json) != null ]] || skip "no pidfs"
    assert_line "guarded running"
    assert_line "alone running"
    assert_line "stop 0"
    refute_line "it lives"
}
