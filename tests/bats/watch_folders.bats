#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# --watch: folders that are created, moved, removed, mounted over or cannot be read.
load sigmund
load watch

setup() { watch_setup; }
teardown() { sigmund_teardown; }

@test "A mirror by rsync follows new, moved and removed folders" {
    mkdir -p src/old dst
    echo 1 >src/old/a
    id=$(sigmund -q --watch src -- rsync -a --delete src/ dst/)
    same() { diff -r src dst >/dev/null 2>&1; }
    wait_until 5 same
    mkdir -p src/new/deep
    echo 2 >src/new/deep/b
    wait_until 5 same
    mv src/new src/moved
    wait_until 5 same
    echo 3 >src/moved/deep/c
    rm -r src/old
    wait_until 5 same
    for i in {1..200}; do echo "$i" >"src/moved/$i"; done
    wait_until 5 same
    run timeout $((60 * slowness)) "$SIGMUND" stop --timeout 100s "$id"
    assert_success
}

@test "A mirror by cp follows moved folders and learns what has changed" {
    mkdir -p from to
    echo 1 >from/a
    id=$(sigmund -q --watch from sh -c 'echo "changed: $SIGMUND_CHANGED"; rm -rf to; cp -r from to')
    wait_until 5 test -e to/a
    mkdir from/sub
    echo 2 >from/sub/b
    wait_until 5 test -e to/sub/b
    mv from/sub from/moved
    wait_until 5 test -e to/moved/b
    echo 3 >from/moved/c
    wait_until 5 test -e to/moved/c
    told() { sigmund dump "$id" | grep -q "from/moved/c"; }
    wait_until 5 told
    run sigmund --watch nowhere true
    assert_failure 125
    assert_output --partial nowhere
}

@test "Saves by editors, moved folders and folders that are created again are changes" {
    mkdir -p src/in
    echo 1 >src/a.c
    started --watch src
    echo 2 >src/.a.c.tmp
    mv src/.a.c.tmp src/a.c
    changes moved-to src/a.c
    [[ $(last_told "$id" | wc -l) == 1 ]]
    wait_until 10 state_is "$id" watching
    mv src away
    changes delete "$scratch/src"
    mv away src
    changes create "$scratch/src"
    wait_until 10 state_is "$id" watching
    echo 3 >src/in/b
    changes create src/in/b
    rm -r src
    changes delete "$scratch/src"
    mkdir -p src/in
    wait_until 10 told "$id" "$scratch/src"
    wait_until 10 state_is "$id" watching
    echo 4 >src/in/c
    changes create src/in/c
    # A folder above it is moved, which the kernel does not report for the folder itself.
    sigmund stop -q "$id"
    mkdir -p top/mid/leaf
    started --watch top/mid/leaf
    mv top/mid top/other
    changes delete top/mid/leaf
    mkdir -p top/mid/leaf
    changes create top/mid/leaf
    wait_until 10 state_is "$id" watching
    echo 1 >top/mid/leaf/x
    changes create top/mid/leaf/x
}

@test "A folder that cannot be read is named in the log, and is watched once it can be read" {
    cat >play <<'PLAY'
cd "$1"
export HOME=$PWD SIGMUND_STATE_DIR=$PWD/store
trap '"$SIGMUND" kill -q @all' EXIT
mkdir -p src/open src/shut
chmod 000 src/shut
id=$("$SIGMUND" -q --debounce 20ms --watch src sh -c 'echo "told: $SIGMUND_CHANGED"')
until "$SIGMUND" list --porcelain --state watching | grep -q "$id"; do sleep 0.05; done
[[ $("$SIGMUND" dump "$id" | grep -c "cannot watch $PWD/src/shut: Permission denied") == 1 ]]
echo 1 >src/open/x
until "$SIGMUND" dump "$id" | grep -q src/open/x; do sleep 0.05; done
chmod 755 src/shut
until "$SIGMUND" dump "$id" | grep -q src/shut/x; do
    echo 1 >>src/shut/x
    sleep 0.05
done
[[ $("$SIGMUND" dump "$id" | grep -c "cannot watch") == 1 ]]
"$SIGMUND" stop -q "$id"
# A path that is named itself must be readable.
chmod 000 src/shut
! "$SIGMUND" --watch src/shut true 2>refused
grep -q "$PWD/src/shut" refused
PLAY
    # Root can read everything, so an ordinary user tries it.
    mkdir place
    chmod 755 .
    local as=()
    if ((EUID == 0)); then
        chown nobody place
        as=(runuser -u nobody --)
    fi
    run timeout $((60 * slowness)) "${as[@]}" env SIGMUND="$SIGMUND" bash -e "$scratch/play" "$scratch/place"
    assert_success
}

# Runs the script `play` where it may mount. Where users may not make namespaces, only the pass as root runs it.
plays_with_mounts() {
    unshare --user --map-root-user --mount true 2>/dev/null || {
        ((EUID != 0))
        return
    }
    run timeout $((120 * slowness)) unshare --user --map-root-user --mount --propagation private bash -e play
    assert_success
}

@test "A file that is mounted from elsewhere, as into a container, is watched" {
    mkdir -p etc host
    echo 1 >host/app.conf
    touch etc/app.conf
    cat >play <<'PLAY'
mount --bind host/app.conf etc/app.conf
id=$("$SIGMUND" -q --debounce 20ms --watch etc/app.conf sh -c 'echo "told: $SIGMUND_CHANGED"')
until "$SIGMUND" list --porcelain --state watching | grep -q "$id"; do sleep 0.05; done
echo 2 >host/app.conf
until "$SIGMUND" dump "$id" | grep -q etc/app.conf; do sleep 0.05; done
"$SIGMUND" stop -q "$id"
PLAY
    plays_with_mounts
}

@test "A mount over a watched folder is a change, and the mounted files are watched" {
    mkdir -p src/in other/in
    cat >play <<'PLAY'
id=$("$SIGMUND" -q --debounce 20ms --watch src sh -c 'echo "told: $SIGMUND_CHANGED"')
until "$SIGMUND" list --porcelain --state watching | grep -q "$id"; do sleep 0.05; done
mount --bind other src
until "$SIGMUND" dump "$id" | grep -q "told: $PWD/src$"; do sleep 0.05; done
echo 1 >src/in/x
until "$SIGMUND" dump "$id" | grep -q src/in/x; do sleep 0.05; done
umount src
until [[ $("$SIGMUND" dump "$id" | grep -c "told: $PWD/src$") == 2 ]]; do sleep 0.05; done
mount -t tmpfs none src/in
until "$SIGMUND" dump "$id" | grep -q src/in/y; do
    echo 1 >>src/in/y
    sleep 0.05
done
"$SIGMUND" stop -q "$id"
PLAY
    plays_with_mounts
}

@test "A big tree is watched, lost and found without delaying the guardian" {
    python3 -c '
import os
for i in range(60):
    for j in range(50):
        os.makedirs(f"src/{i}/{j}")'
    started --watch src --debounce 100ms
    mv src/7 elsewhere
    changes moved-from src/7
    mv elsewhere src/back
    changes moved-to src/back/49
    wait_until 10 state_is "$id" watching
    echo 1 >src/back/49/x
    changes create src/back/49/x
    rm -r src
    wait_until 20 told "$id" $'delete\t'"$scratch/src" -x
    run timeout $((100 * slowness)) "$SIGMUND" stop -q "$id"
    assert_success
}

@test "Folders that are created inside each other at once are all found" {
    mkdir top
    started --watch "$scratch/top" --watch-all
    sigmund stop -q "$id"
    for _ in {1..12}; do
        mkdir -p top/a/b/c/d
        started --watch top/a/b/c/d
        rm -r top/a
        changes delete top/a/b/c/d
        mkdir -p top/a/b/c/d
        changes create top/a/b/c/d
        sigmund stop -q "$id"
        rm -r top/a
    done
}
