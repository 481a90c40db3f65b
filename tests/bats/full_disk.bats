#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A run that has filled its own disk: it is over, its result has no room, and yet it can be got rid of.
load sigmund

setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

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
        timeout 120 unshare --mount --pid --fork --mount-proc --propagation private bash "$SIGMUND_STATE_DIR/play"
    elif unshare --user --map-root-user --mount true 2>/dev/null; then
        timeout 120 unshare --user --map-root-user --mount --pid --fork --mount-proc --propagation private \
            bash "$SIGMUND_STATE_DIR/play"
    else
        echo "$2" # what root's turn shows
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

@test "prune says why such a run stays, and how it goes" {
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

@test "prune without a name: what it frees is room for the result, and the run goes with the others" {
    # shellcheck disable=SC2016 # for the inner shell
    run -0 on_small_disk '
"$SIGMUND" -q --wait sh -c "head -c 60000 /dev/zero" >/dev/null'"$fill"'
"$SIGMUND" prune 2>&1
ls "$SIGMUND_STATE_DIR"
' 'removed 2 runs'
    assert_output --partial 'removed 2 runs'
    refute_output --partial '.json'
}

@test "a damaged record on a full disk: the guardian tells it all the same" {
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
