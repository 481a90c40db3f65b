#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Where the store is, who owns it, and what is reported when it cannot be used.
load sigmund
load mounts
load other_user

setup() {
    sigmund_setup
    other_user_setup
    cd "$scratch"
}
teardown() { sigmund_teardown; }

@test "Without a place for the store reading verbs report the problem, and help works" {
    run env -i PATH="$PATH" "$SIGMUND" list
    assert_failure 1
    assert_output --partial "HOME is not set"
    run env -i "$SIGMUND" --help
    assert_success
    run env -i HOME=/nonexistent "$SIGMUND" list
    assert_success
    chmod 777 "$SIGMUND_STATE_DIR"
    run sigmund list
    assert_failure 1
    assert_output --partial "writable by others"
    chmod 700 "$SIGMUND_STATE_DIR"
}

@test "In a store that is not trusted a start ends with 125 and a reading verb with 1" {
    chmod 777 "$SIGMUND_STATE_DIR"
    run sigmund true
    assert_failure 125
    run sigmund list
    assert_failure 1
    chmod 700 "$SIGMUND_STATE_DIR"
}

@test "A store that another user's start has left is explained, with the way out" {
    touch "$BATS_TEST_TMPDIR/file"
    for words in "list" "true"; do
        SIGMUND_STATE_DIR=$BATS_TEST_TMPDIR/file run sigmund $words
        assert_failure
        assert_output --partial "is not a folder"
    done
    # An ordinary user tries the store that root has made.
    ((EUID != 0)) || theirs=$SIGMUND_STATE_DIR
    for words in "list" "true"; do
        SIGMUND_STATE_DIR=${theirs:-/root} run sigmund_as_user $words
        assert_failure
        assert_output --partial "belongs to uid 0"
        assert_output --partial "sudo -H"
    done
}

@test "In a read-only store nothing is started, the reason is reported, and all reading verbs work" {
    id=$(sigmund -q -n web bash -c 'echo hello; exec sleep 300')
    wait_until 3 log_has "$id" hello
    cat >"$scratch/play" <<'END'
set -u
if [ "${1:-}" = mount ]; then
    mount --bind "$SIGMUND_STATE_DIR" "$SIGMUND_STATE_DIR"
    mount -o remount,bind,ro "$SIGMUND_STATE_DIR"
fi
before=$(ls -l --time-style=full-iso "$SIGMUND_STATE_DIR")
"$SIGMUND" sleep 4321
echo "start $?"
for verb in list "list --json" "show web" "tail --no-follow web" "dump web" "tree web"; do
    "$SIGMUND" $verb >"$SCRATCH/out"
    echo "$verb: $?"
    [ "$verb" = "tree web" ] || [ "$verb" = list ] || grep -q hello "$SCRATCH/out" || echo "missing in $verb"
done
[ "$(ls -l --time-style=full-iso "$SIGMUND_STATE_DIR")" = "$before" ] || echo "the store has changed"
END
    export SCRATCH=$scratch
    run in_mounts "bash $scratch/play mount"
    if [[ $status == 111 ]]; then
        chmod 500 "$SIGMUND_STATE_DIR"
        run bash "$scratch/play"
        chmod 700 "$SIGMUND_STATE_DIR"
    else
        assert_output --partial "Read-only file system"
        assert_output --partial "hint: set SIGMUND_STATE_DIR to a folder you can write to"
    fi
    assert_line "start 125"
    for verb in list "list --json" "show web" "tail --no-follow web" "dump web" "tree web"; do assert_line "$verb: 0"; done
    refute_output --partial missing
    refute_output --partial changed
    # The run is still there, and nothing of the refused start is.
    state_is web running
    [[ $(sigmund list --porcelain | wc -l) == 1 ]]
}
