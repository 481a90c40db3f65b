#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Disks without room: a start is refused, and a run that has filled its own disk can be removed.
load sigmund
load mounts

setup() {
    sigmund_setup
    scratch_folder
}
teardown() {
    if mountpoint -q "$SIGMUND_STATE_DIR/small"; then umount -l "$SIGMUND_STATE_DIR/small"; fi
    sigmund_teardown
}

@test "On a full disk a start is refused and leaves nothing, and the other runs stay readable" {
    cat >"$scratch/play" <<'END'
set -u
mkdir "$SCRATCH/small"
mount -t tmpfs -o size=64k,mode=0700 none "$SCRATCH/small"
export SIGMUND_STATE_DIR=$SCRATCH/small/store
id=$("$SIGMUND" -q sleep 300)
head -c 100k /dev/zero >"$SCRATCH/small/filler" 2>/dev/null
before=$(ls "$SIGMUND_STATE_DIR")
"$SIGMUND" sleep 4321
echo "start $?"
[ "$(ls "$SIGMUND_STATE_DIR")" = "$before" ] || { echo "left behind:"; ls "$SIGMUND_STATE_DIR"; }
"$SIGMUND" list --porcelain --columns id,state
rm "$SCRATCH/small/filler"
"$SIGMUND" stop "$id"
echo "stop $?"
END
    export SCRATCH=$scratch
    run in_mounts "bash $scratch/play"
    if [[ $status == 111 ]]; then
        run timeout $((100 * slowness)) strace -f -qq -o /dev/null -e inject=write:error=ENOSPC "$SIGMUND" -q sleep 4321
        assert_failure 125
        store_empty
    else
        assert_line "start 125"
        assert_output --partial "No space left on device"
        assert_output --regexp $'[0-9a-f]{6}\trunning'
        assert_line "stop 0"
        refute_output --partial "left behind"
    fi
}

# on_small_disk SCRIPT: runs it with a store on a tmpfs of 256 KiB, in namespaces that end with it.
on_small_disk() {
    cat >"$SIGMUND_STATE_DIR/play" <<END
set -eu
mkdir -p "$SIGMUND_STATE_DIR/small"
mount -t tmpfs -o size=256k,mode=0700 none "$SIGMUND_STATE_DIR/small"
export SIGMUND_STATE_DIR=$SIGMUND_STATE_DIR/small
$1
END
    if ((EUID == 0)); then
        timeout $((120 * slowness)) unshare --mount --pid --fork --mount-proc --propagation private bash "$SIGMUND_STATE_DIR/play"
    elif unshare --user --map-root-user --mount true 2>/dev/null; then
        timeout $((120 * slowness)) unshare --user --map-root-user --mount --pid --fork --mount-proc --propagation private \
            bash "$SIGMUND_STATE_DIR/play"
    else
        echo "$2" # only the pass as root can show this
    fi
}

# shellcheck disable=SC2016 # for the inner shell
fill='
id=$("$SIGMUND" -q sh -c "yes >&1 2>/dev/null; exit 3")
leader=$("$SIGMUND" show "$id" --json | jq -r ".data[0].pid")
until [ "$(df --output=avail "$SIGMUND_STATE_DIR" | tail -n 1)" -eq 0 ]; do sleep 0.02; done
while [ -e "/proc/$leader" ]; do sleep 0.02; done
until [ "$("$SIGMUND" show "$id" --json | jq -r ".data[0].result")" = pending ]; do sleep 0.02; done
'

@test "Prune says why a run on a full disk stays, and how it can be removed" {
    # shellcheck disable=SC2016 # for the inner shell
    run -0 on_small_disk "$fill"'
"$SIGMUND" prune 2>&1
"$SIGMUND" prune "$id" 2>&1 || echo "status $?"
"$SIGMUND" prune --dry-run "$id" 2>&1 || true
"$SIGMUND" doctor "$id" 2>&1 || true
test -s "$SIGMUND_STATE_DIR/$id.log"
"$SIGMUND" prune --force "$id" 2>&1
ls "$SIGMUND_STATE_DIR"
' "still being written (its disk was full) removed 1 run status 1 prune --force"
    assert_output --partial 'still being written (its disk was full)'
    assert_output --partial 'status 1'
    assert_output --partial 'prune --force'
    assert_output --partial 'removed 1 run'
    refute_output --partial '.json'
    refute_output --partial '.lock'
}

@test "Prune without a name makes room for the result, and removes the run with the others" {
    # shellcheck disable=SC2016 # for the inner shell
    run -0 on_small_disk '
"$SIGMUND" -q --wait sh -c "head -c 60000 /dev/zero" >/dev/null'"$fill"'
"$SIGMUND" prune 2>&1
ls "$SIGMUND_STATE_DIR"
' 'removed 2 runs'
    assert_output --partial 'removed 2 runs'
    refute_output --partial '.json'
}

@test "The guardian provides a damaged record even on a full disk" {
    # shellcheck disable=SC2016 # for the inner shell
    run -0 on_small_disk '
id=$("$SIGMUND" -q -n web sleep 600)
head -c 1M /dev/zero >"$SIGMUND_STATE_DIR/ballast" 2>/dev/null || true
: >"$SIGMUND_STATE_DIR/$id.json"
head -c 1M /dev/zero >>"$SIGMUND_STATE_DIR/ballast" 2>/dev/null || true
"$SIGMUND" list 2>&1
"$SIGMUND" show web --json | jq -r ".data[0].argv | join(\" \")"
"$SIGMUND" stop web 2>&1
rm "$SIGMUND_STATE_DIR/ballast"
until [ "$("$SIGMUND" show "$id" --json | jq -r ".data[0].result")" = stopped ]; do sleep 0.02; done
echo written
' 'sleep 600 written'
    assert_output --partial 'sleep 600'
    assert_output --partial 'written'
    refute_output --partial 'corrupt'
}

@test "The result of a run that fills the disk is written once there is room" {
    if [[ $EUID == 0 ]]; then
        mkdir "$SIGMUND_STATE_DIR/small"
        mount -t tmpfs -o size=300k none "$SIGMUND_STATE_DIR/small"
        store=$SIGMUND_STATE_DIR/small/store
        id=$(SIGMUND_STATE_DIR=$store "$SIGMUND" -q bash -c 'cat /dev/zero; exit 7')
        wait_until 5 bash -c "[[ \$(SIGMUND_STATE_DIR=$store '$SIGMUND' show $id --json | jq -r .data[0].result) == pending ]]"
        run env SIGMUND_STATE_DIR="$store" "$SIGMUND" -q sleep 300
        assert_failure 125
        : >"$store/$id.log"
        wait_until 6 bash -c "[[ \$(SIGMUND_STATE_DIR=$store '$SIGMUND' show $id --json | jq -r .data[0].result) == exit=7 ]]"
    else
        # The limit on file size takes the place of a full disk: SIGXFSZ ends the writer, and the result is recorded.
        run sigmund -q --wait --rlimit fsize=4K bash -c 'trap "" XFSZ; cat /dev/zero; exit 7'
        assert_failure 7
    fi
}
