#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Stores on other file systems than that of the machine: the whole life of runs, or a refusal that leaves nothing.
load sigmund
load lost_guardian
load lives
# Runs once: it mounts, which needs root.

setup() {
    lost_guardian_setup
    [[ $EUID == 0 ]] || skip "only root can mount"
    mkdir "$scratch/mount"
}

teardown() {
    local status=0
    lost_guardian_teardown_of_mount || status=$?
    return "$status"
}

# The runs in the mounted store are ended before it is unmounted.
lost_guardian_teardown_of_mount() {
    [[ $EUID == 0 ]] || return 0
    local status=0 mounted=$scratch/mount kept=$scratch
    scratch=
    lost_guardian_teardown || status=$?
    umount "$mounted" 2>/dev/null || umount -l "$mounted" 2>/dev/null || true
    rm -rf "$kept"
    return "$status"
}

w() { sigmund "$@"; }

# use_mount COMMAND...: mounts something on $scratch/mount, and puts the store there.
use_mount() {
    "$@" "$scratch/mount"
    mkdir -m 700 "$scratch/mount/store"
    rm -rf "$SIGMUND_STATE_DIR"
    export SIGMUND_STATE_DIR=$scratch/mount/store
}

layers() {
    mkdir -p "$scratch/lower" "$scratch/upper" "$scratch/work"
    mount -t overlay overlay -o "lowerdir=$scratch/lower,upperdir=$scratch/upper,workdir=$scratch/work" "$1"
}

# image OPTIONS-OF-MKFS OPTIONS-OF-MOUNT FOLDER: a small ext4 in a file
image() {
    truncate -s 24M "$scratch/image"
    # shellcheck disable=SC2086 # they are several words
    mkfs.ext4 -q $1 "$scratch/image"
    mount -o "loop$2" "$scratch/image" "$3"
}

@test "A store on overlayfs, as in a container" {
    use_mount layers
    lives
}

@test "A store on tmpfs" {
    use_mount mount -t tmpfs -o size=32m tmpfs
    lives
}

@test "A store on ext4" {
    use_mount image "" ""
    lives
}

@test "A store that comes from a lower layer, as in the image of a container, is used and stays as it was there" {
    mkdir "$scratch/lower"
    mkdir -m 700 "$scratch/lower/store"
    SIGMUND_STATE_DIR=$scratch/lower/store sigmund -w -q -n built sh -c 'echo from the image'
    SIGMUND_STATE_DIR=$scratch/lower/store wait_until 10 over built
    before=$(cat "$scratch"/lower/store/*.json)
    rm -rf "$SIGMUND_STATE_DIR"
    layers "$scratch/mount"
    export SIGMUND_STATE_DIR=$scratch/mount/store
    [[ $(sigmund dump built) == 'from the image' ]]
    id=$(sigmund list --porcelain --columns id)
    sigmund rename built older
    sigmund again -q older
    wait_until 10 over older
    sigmund prune -q @all
    store_empty
    [[ $(cat "$scratch"/lower/store/*.json) == "$before" && -f $scratch/lower/store/$id.log ]]
}

@test "When an error makes the file system read-only, runs are listed and stopped all the same, and none is started" {
    use_mount image '-e remount-ro' ""
    trigger=/sys/fs/ext4/$(basename "$(findmnt -no SOURCE "$scratch/mount")")/trigger_fs_error
    [[ -w $trigger ]] || fail "this kernel cannot make an error in a file system"
    id=$(sigmund -q -n before sh -c "setsid '$work/ign.sh' '$work/before.pids' & exec sleep 4321")
    wait_until 10 has_lines "$work/before.pids" 1
    OWN_PIDS+=("$(guardian_of "$id")") # it would wait for a file system that can be written
    echo 'a test of sigmund' >"$trigger"
    findmnt -no OPTIONS "$scratch/mount" | grep -qE '(^|,)(ro|emergency_ro)(,|$)'
    [[ $(sigmund list --porcelain --columns id,state) == "$id"$'\trunning' ]]
    run -125 sigmund -n after sleep 4321
    assert_output --partial "Read-only file system"
    run sigmund stop --timeout 0.2s before
    wait_until 10 gone "$(<"$work/before.pids")"
    wait_until 10 nothing_left
}

@test "A user whose quota is used up starts nothing, and is told why" {
    for calls in fsync,fdatasync mkdirat renameat,renameat2,rename,linkat openat; do
        run -125 timeout $((100 * slowness)) strace -f -qq -o /dev/null -P "$SIGMUND_STATE_DIR" -e "inject=$calls:error=EDQUOT" \
            "$SIGMUND" -n more sleep 4321
        assert_output --partial "quota exceeded"
        [[ $calls == openat ]] || assert_output --partial "hint: make room"
        [[ -z $(keyed_processes) ]]
        store_empty
    done
}
