#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Where the machine says no: a store that cannot be written, another boot, no descriptors, processes or memory
# left, a guardian that does not answer. What only root can bring about, an ordinary user brings about in a user
# namespace where the machine allows one, else by the nearest thing that it may do.
bats_require_minimum_version 1.5.0
load sigmund
setup() {
    sigmund_setup
    scratch=$(mktemp -d /tmp/sgm-scratch.XXXXXX)
}
teardown() {
    local pid
    for pid in $(cat "$scratch/strangers" 2>/dev/null); do kill -KILL "$pid" 2>/dev/null || true; done
    tmux -L "sgm$$" kill-server 2>/dev/null || true
    rm -rf "$scratch"
    sigmund_teardown
}

# in_mounts SCRIPT: runs it where it may mount; 111 where that is not allowed at all.
in_mounts() {
    if [[ $EUID == 0 ]]; then
        timeout 60 unshare --mount --propagation private bash -c "$1"
    elif unshare --user --map-root-user --mount true 2>/dev/null; then
        timeout 60 unshare --user --map-root-user --mount --propagation private bash -c "$1"
    else
        return 111
    fi
}

@test "a read-only store: nothing is started, the reason and a way out are told, all reading verbs work" {
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
    # It is still there, and nothing of the refused start is.
    state_is web running
    [[ $(sigmund list --porcelain | wc -l) == 1 ]]
}

@test "another boot: every record is stale, refused with exit 2, and no stranger is touched" {
    id=$(sigmund -q sleep 300)
    pid=$(field "$id" pid)
    # A group whose number was given away again, its leader gone: the record names the stranger's group.
    setsid bash -c 'sleep 301 & echo "$$ $!" >"$1"; exec 0<&-; kill -KILL $$' - "$scratch/group" || true
    wait_until 3 test -s "$scratch/group"
    read -r group member <"$scratch/group"
    echo "$member" >"$scratch/strangers"
    wait_until 3 gone "$group"
    ns=$(stat -Lc %i /proc/self/ns/pid)
    local n=0
    for boot in "$(cat /proc/sys/kernel/random/boot_id)" 11111111-2222-3333-4444-555555555555; do
        ((++n))
        printf '{"version":2,"id":"aaaaa%s","tags":[],"state":"running","pid":%d,"pgid":%d,"sid":%d,"argv":["sleep","301"],"started_ms":1,"identity":{"boot_id":"%s","pid_ns":%s,"start_ticks":7},"key":"00112233445566778899aabbccddeeff","cwd":"/"}\n' \
            "$n" "$group" "$group" "$group" "$boot" "$ns" >"$SIGMUND_STATE_DIR/aaaaa$n.json"
    done
    cat >"$scratch/play" <<'END'
set -eu

echo 11111111-2222-3333-4444-555555555555 >"$SCRATCH/boot_id"
mount --bind "$SCRATCH/boot_id" /proc/sys/kernel/random/boot_id
[ "$("$SIGMUND" list --porcelain --columns state | sort | uniq -c | tr -s ' ')" = " 3 stale" ]
for id in "$@"; do
    for verb in stop kill killcmd pause resume "signal TERM" "signal --every KILL"; do
        status=0
        "$SIGMUND" $verb "$id" >"$SCRATCH/out" 2>&1 || status=$?
        [ "$status" = 2 ] || { echo "$verb $id: $status"; cat "$SCRATCH/out"; exit 1; }
        grep -qE "refused|stale|booted|belongs" "$SCRATCH/out" || { echo "$verb says:"; cat "$SCRATCH/out"; exit 1; }
    done
done
echo held
END
    export SCRATCH=$scratch
    run in_mounts "bash $scratch/play $id aaaaa1 aaaaa2"
    [[ $status == 111 ]] || {
        assert_success
        assert_output held
    }
    # Without the mount: the forged records only.
    for stale in aaaaa1 aaaaa2; do
        state_is "$stale" stale
        for verb in stop kill killcmd pause "signal TERM" "signal --every KILL"; do
            run sigmund $verb "$stale"
            assert_failure 2
        done
    done
    kill -0 "$member"
    kill -0 "$pid"
    state_is "$id" running
}

@test "a disk of a few pages: a start on a full disk is refused, nothing is left, the rest stays readable" {
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
        run timeout 10 strace -f -qq -o /dev/null -e inject=write:error=ENOSPC "$SIGMUND" -q sleep 4321
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

@test "no descriptors left: 125, nothing started, nothing left" {
    # How many are open already depends on who runs the tests: far enough that every call is met.
    for n in $(seq 3 24); do
        run timeout 10 bash -c "ulimit -n $n; exec \"\$SIGMUND\" -q sleep 4321"
        if [[ $status == 0 ]]; then
            sigmund kill -q @all
            sigmund prune -q
        else
            # Below 4 the libraries of a sanitized build cannot be loaded.
            [[ $status == 127 && -n ${SIGMUND_SANITIZED:-} ]] || {
                [[ $status == 125 ]] || fail "ulimit -n $n: exit $status: $output"
                assert_output --partial "Too many open files"
            }
        fi
        [[ -z $(keyed_processes) ]]
        store_empty || fail "left with ulimit -n $n: $(ls -A "$SIGMUND_STATE_DIR")"
    done
}

@test "no processes left: 125 with a hint, nothing left" {
    if [[ $EUID == 0 ]]; then
        # The limit does not count for root: the call fails for guardian and leader in turn.
        for spec in when=1 when=1..2; do
            run timeout 10 strace -f -qq -o /dev/null -e "inject=clone,clone3,fork,vfork:error=EAGAIN:$spec" \
                "$SIGMUND" -q sleep 4321
            assert_failure 125
            assert_output --partial "ulimit -u"
        done
        run timeout 10 strace -f -qq -o /dev/null -e "inject=clone,clone3:error=ENOMEM:when=1" "$SIGMUND" -q sleep 4321
        assert_failure 125
    else
        # As many as there are now, then one more: the launcher, its guardian, the leader.
        threads=$(ps -L -u "$EUID" -o pid= | wc -l)
        for more in 0 1 2; do
            run timeout 10 bash -c "ulimit -u $((threads + more)); exec \"\$SIGMUND\" -q sleep 4321"
            [[ $status == 0 ]] || {
                assert_failure 125
                assert_output --partial "Resource temporarily unavailable"
                assert_output --partial "ulimit -u"
            }
            sigmund kill -q @all || true
            sigmund prune -q
        done
    fi
    [[ -z $(keyed_processes) ]]
    store_empty
}

@test "no memory left: an honest exit status, nothing left" {
    # From where the program can be loaded at all.
    for ((kilobytes = 3800; kilobytes <= 4400; kilobytes += 40)); do
        bash -c "ulimit -v $kilobytes; exec \"\$SIGMUND\" --version" >/dev/null 2>&1 || continue
        run timeout 10 bash -c "ulimit -v $kilobytes; exec \"\$SIGMUND\" -q true"
        [[ $status == 0 || $status == 125 || $status == 126 ]] || fail "$kilobytes KB: exit $status: $output"
    done
    sigmund wait --gone @all || true
    sigmund prune -q
    store_empty
    for when in 1 2 3 4 5 6; do
        status=0
        timeout 10 strace -f -qq -o /dev/null -e "inject=brk,mmap:error=ENOMEM:when=$when+" "$SIGMUND" -q true \
            >"$BATS_TEST_TMPDIR/out" 2>&1 || status=$?
        output=$(<"$BATS_TEST_TMPDIR/out")
        [[ $status == 0 || $status == 125 || $status == 126 || $status == 127 || $status == 139 ]] ||
            fail "ENOMEM from $when on: exit $status: $output"
        [[ $status != 0 ]] || sigmund wait --gone -q @ || true
        sigmund prune -q
        store_empty || fail "left: $(ls -A "$SIGMUND_STATE_DIR")"
    done
}

@test "--wait with a daemon left behind: the command's status, and who is left" {
    run timeout 10 "$SIGMUND" --wait -q sh -c 'ssh-agent >/dev/null; exit 3'
    assert_failure 3
    assert_output --partial "left running"
    assert_output --partial "(ssh-agent)"
    run sigmund stop @
    assert_success
    [[ -z $(keyed_processes) ]]
}

@test "50 runs that ignore SIGTERM, 2 s grace: all gone in about one grace" {
    for _ in {1..50}; do
        sigmund -q bash -c 'trap "" TERM; echo ready; while :; do read -rt 10 <> <(:); done' >>"$scratch/ids"
    done
    for id in $(cat "$scratch/ids"); do wait_until 10 log_has "$id" ready; done
    begin=$(date +%s%N)
    run sigmund stop -q --timeout 2s @all
    took=$((($(date +%s%N) - begin) / 1000000))
    assert_success
    ((took >= 1900 && took < 5000)) || fail "took $took ms"
    [[ -z $(sigmund list --live --porcelain) ]]
    [[ -z $(keyed_processes) ]]
}

@test "list --watch redraws by itself, and Ctrl-C gives the terminal back as it was" {
    tmux -L "sgm$$" -f /dev/null new-session -d -x 100 -y 20 "env SIGMUND='$SIGMUND' SIGMUND_STATE_DIR='$SIGMUND_STATE_DIR' bash --norc"
    type_line() { tmux -L "sgm$$" send-keys "$1" Enter; }
    screen_has() { tmux -L "sgm$$" capture-pane -p | grep -q -- "$1"; }
    wait_until 5 screen_has '[#$]'
    type_line "stty -g >'$scratch/before'; '$SIGMUND' list --watch; echo status=\$?; stty -g >'$scratch/after'"
    wait_until 5 test -s "$scratch/before"
    sigmund -q -n first sleep 4321
    wait_until 5 screen_has 'first.*running.*sleep 4321'
    sigmund -q -n second sleep 4322
    wait_until 5 screen_has 'second.*running.*sleep 4322'
    sigmund stop -q first
    wait_until 5 screen_has 'first.*stopped'
    tmux -L "sgm$$" send-keys C-c
    wait_until 5 screen_has 'status='
    wait_until 5 test -s "$scratch/after"
    cmp "$scratch/before" "$scratch/after"
    # Neither the other screen nor a hidden cursor is left.
    [[ $(tmux -L "sgm$$" display-message -p '#{alternate_on} #{cursor_flag}') == "0 1" ]]
}

@test "a frozen guardian: every verb answers within about 2 s, from the record" {
    id=$(sigmund -q -n web bash -c 'echo out; exec sleep 300')
    wait_until 3 log_has "$id" out
    guardian=$(field web guardian.pid)
    kill -STOP "$guardian"
    for verb in list "list --json" "show web" "tree web" "dump web" "tail --no-follow web" "wait --timeout 100ms web" \
        "rename web api" "tag api x" "pause api" "resume api" "signal USR2 api"; do
        begin=$(date +%s%N)
        run timeout 10 "$SIGMUND" $verb
        took=$((($(date +%s%N) - begin) / 1000000))
        ((status != 124 || took < 4000)) || fail "$verb does not answer"
        ((took < 4000)) || fail "$verb took $took ms"
        # What it renamed or not, the rest of this test finds it.
        [[ $verb != rename* ]] || ((status == 0)) || verb_failed=1
        [[ -z ${verb_failed:-} ]] || sigmund list --porcelain --columns name >/dev/null
    done
    run timeout 10 "$SIGMUND" kill "$id"
    assert_success
    [[ -z $(keyed_processes) ]]
    kill -CONT "$guardian"
    wait_until 5 gone "$guardian"
}
