#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Root acts on the runs of another user, whose store may be hostile, and on processes that have become root's.
# Only root can play both users, so an ordinary user can test nothing of this file.
load sigmund

setup() {
    sigmund_setup
    work=$(mktemp -d /tmp/sgmr.XXXXXX)
    theirs=$work/store
    if ((EUID == 0)); then
        chmod 755 "$work"
        cp "$SIGMUND" "$work/sigmund"
        install -d -o 65534 -g 65534 -m 700 "$theirs" "$work/own"
        # This does what sudo does to a command, without its questions.
        install -m 4755 "$(command -v setpriv)" "$work/become"
    fi
}
teardown() {
    local pid
    if ((EUID == 0)); then
        for pid in $(cat "$work"/*.pid 2>/dev/null); do kill -KILL "$pid" 2>/dev/null || true; done
        SIGMUND_STATE_DIR=$theirs "$SIGMUND" kill -q @all >/dev/null 2>&1 || true
    fi
    rm -rf "$work"
    sigmund_teardown
}

as_them() {
    (cd "$work/own" && exec setpriv --reuid=65534 --regid=65534 --clear-groups -- \
        env SIGMUND_STATE_DIR="$theirs" HOME="$work/own" "$work/sigmund" "$@")
}

as_root() { SIGMUND_STATE_DIR=$theirs sigmund "$@"; }

their_field() { as_root show "$1" --json | jq -r ".data[0].$2"; }

all_theirs() { [[ -z $(find "$theirs" ! -user 65534) ]]; }

@test "Root can list, show, signal, wait for, stop and prune the runs in a store that it names" {
    ((EUID == 0)) || return 0
    id=$(as_them -q sleep 300)
    pid=$(their_field "$id" pid)
    run as_root list --porcelain
    assert_success
    assert_output --partial "$id"
    run as_root signal CONT "$id"
    assert_success
    run as_root pause "$id"
    assert_success
    run as_root stop "$id"
    assert_success
    gone "$pid"
    run as_root wait "$id"
    [[ $status == 143 ]]
    run as_root show "$id"
    assert_output --partial stopped
    all_theirs
    run as_root prune "$id"
    assert_success
    [[ -z $(find "$theirs" -name "$id*") ]]
}

their_run_is() { [[ $(their_field "$1" state) == "$2" ]]; }

@test "Root stops a run whose guardian was killed, and the files that it writes belong to the owner of the store" {
    ((EUID == 0)) || return 0
    id=$(as_them -q sleep 300)
    pid=$(their_field "$id" pid)
    kill -KILL "$(their_field "$id" guardian.pid)"
    run as_root stop "$id"
    assert_success
    gone "$pid"
    their_run_is "$id" exited
    all_theirs
}

@test "Root starts nothing in another user's store" {
    ((EUID == 0)) || return 0
    id=$(as_them -q true)
    for words in "true" "again $id" "restart $id"; do
        # shellcheck disable=SC2086 # words
        run as_root $words
        assert_failure
        assert_output --partial "store"
    done
    all_theirs
}

@test "Without SIGMUND_STATE_DIR a kept HOME does not lead root into another user's store" {
    ((EUID == 0)) || return 0
    install -d -o 65534 -g 65534 -m 700 "$work/own/.local" "$work/own/.local/state" "$work/own/.local/state/sigmund"
    run env -u SIGMUND_STATE_DIR HOME="$work/own" "$SIGMUND" list
    assert_failure
    assert_output --partial "belongs to uid 65534"
}

@test "Stop, explain and killcmd name the command that ends a process of root, and a stop by root ends it" {
    ((EUID == 0)) || return 0
    id=$(as_them -q sh -c "$work/become --reuid=0 --clear-groups sleep 300 & echo \$! >$work/own/child; wait")
    wait_until 10 test -s "$work/own/child"
    child=$(cat "$work/own/child")
    cp "$work/own/child" "$work/child.pid"
    wait_until 10 grep -q '^Uid:.0' "/proc/$child/status"
    run as_them stop --timeout 0.2 "$id"
    assert_failure 4
    assert_output --partial "hint: sudo kill $child"
    run as_them explain "$id"
    assert_output --partial "sudo kill $child"
    run as_them killcmd "$id"
    assert_output --partial "sudo kill $child"
    run as_them signal HUP "$id"
    assert_failure 1
    assert_output --partial "belong to another user"
    run as_root stop --timeout 1 "$id"
    assert_success
    gone "$child"
    their_run_is "$id" exited
}

@test "A signal does not count a process of root that its parent has left to the guardian" {
    ((EUID == 0)) || return 0
    id=$(as_them -q sh -c "$work/become --reuid=0 --clear-groups sleep 300 & echo \$! >$work/own/child; exec sleep 0.1")
    wait_until 10 test -s "$work/own/child"
    child=$(cat "$work/own/child")
    cp "$work/own/child" "$work/child.pid"
    wait_until 10 grep -q '^Uid:.0' "/proc/$child/status"
    wait_until 10 grep -q "^PPid:.$(their_field "$id" guardian.pid)\$" "/proc/$child/status"
    for reach in --leader '' --every; do
        # shellcheck disable=SC2086 # one word or none
        run as_them signal $reach HUP "$id"
        assert_failure 1
        assert_output --partial "belong to another user"
    done
    run as_root stop --timeout 1 "$id"
    assert_success
    gone "$child"
}

@test "A process that has become root's is found even without a guardian" {
    ((EUID == 0)) || return 0
    id=$(as_them -q sh -c "$work/become --reuid=0 --clear-groups sleep 300 & echo \$! >$work/own/child; wait")
    wait_until 10 test -s "$work/own/child"
    child=$(cat "$work/own/child")
    cp "$work/own/child" "$work/child.pid"
    wait_until 10 grep -q '^Uid:.0' "/proc/$child/status"
    kill -KILL "$(their_field "$id" guardian.pid)"
    run as_root stop --timeout 1 "$id"
    assert_success
    gone "$child"
}

@test "A forged record does not make root signal a process outside the run" {
    ((EUID == 0)) || return 0
    id=$(as_them -q sleep 300)
    sleep 300 &
    stranger=$!
    OWN_PIDS+=("$stranger")
    # The record has the numbers of root's process and everything right about it. Its guardian is pid 1, which has
    # many children.
    ticks=$(awk '{ print $22 }' "/proc/$stranger/stat")
    inode=$(python3 -c 'import os, sys; print(os.fstat(os.pidfd_open(int(sys.argv[1]))).st_ino)' "$stranger")
    kill -KILL "$(their_field "$id" guardian.pid)"
    as_root kill -q "$id"
    for guardian in 1 "$stranger" "$$"; do
        jq -c --argjson pid "$stranger" --argjson ticks "$ticks" --argjson ino "$inode" --argjson guardian "$guardian" \
            --argjson gticks "$(awk '{ print $22 }' "/proc/$guardian/stat")" \
            '.state = "running" | .result = null | .pid = $pid | .pgid = $pid | .sid = $pid | .ended_ms = null
             | .identity.start_ticks = $ticks | .identity.pidfd_ino = $ino | .guardian.pid = $guardian
             | if .guardian | has("start_ticks") then .guardian.start_ticks = $gticks else . end
             | if has("guardian_ticks") then .guardian_ticks = $gticks else . end' \
            "$theirs/$id.json" >"$work/forged"
        install -o 65534 -g 65534 -m 600 "$work/forged" "$theirs/$id.json"
        for words in "stop" "kill" "signal KILL" "pause"; do
            # shellcheck disable=SC2086 # words
            run timeout $((120 * slowness)) env SIGMUND_STATE_DIR="$theirs" "$SIGMUND" $words "$id"
        done
        kill -0 "$stranger"
        [[ $(cut -d' ' -f3 "/proc/$stranger/stat") != T ]]
    done
}

@test "Root follows no link, FIFO or lock in a hostile store" {
    ((EUID == 0)) || return 0
    id=$(as_them -q sh -c 'echo hello')
    wait_until 10 their_run_is "$id" exited
    echo secret >"$work/secret"
    chmod 600 "$work/secret"
    before=$(stat -c '%Y %s %u' "$work/secret")
    ln -sf "$work/secret" "$theirs/aaaaaa.json"
    ln -sf "$work/secret" "$theirs/bbbbbb.lock"
    ln -sf "$work/secret" "$theirs/$id.log"
    mkfifo "$theirs/cccccc.json" "$theirs/dddddd.lock"
    for words in list "show $id" "dump $id" "explain $id" "stop @all" "prune"; do
        # shellcheck disable=SC2086 # words
        run timeout $((120 * slowness)) env SIGMUND_STATE_DIR="$theirs" "$SIGMUND" $words
        [[ $status != 124 ]]
        refute_output --partial secret$'\n'
        [[ $output != *$'\n'secret && $output != secret ]]
    done
    [[ $(stat -c '%Y %s %u' "$work/secret") == "$before" ]]
    # A log outside of the store that the owner may not read.
    id=$(as_them -q --log "$work/own/mine.log" sh -c 'echo mine')
    wait_until 10 their_run_is "$id" exited
    rm "$work/own/mine.log"
    ln "$work/secret" "$work/own/mine.log"
    run as_root dump "$id"
    assert_failure
    refute_output --partial secret
}

@test "Root does not follow a link of another user to a store" {
    ((EUID == 0)) || return 0
    id=$(sigmund -q sleep 300)
    install -d -o 65534 -g 65534 -m 755 "$work/trap"
    setpriv --reuid=65534 --regid=65534 --clear-groups ln -s "$SIGMUND_STATE_DIR" "$work/trap/store"
    SIGMUND_STATE_DIR=$work/trap/store run sigmund stop @all
    assert_failure
    assert_output --partial "symbolic link"
    state_is "$id" running
}

@test "A guardian of another user, or one that never answers, does not delay root" {
    ((EUID == 0)) || return 0
    id=$(as_them -q sleep 300)
    pid=$(their_field "$id" pid)
    kill -KILL "$(their_field "$id" guardian.pid)"
    rm -f "$theirs/$id.sock"
    cat >"$work/evil.py" <<'PY'
import fcntl, os, socket, sys
folder, run, uid = sys.argv[1], sys.argv[2], int(sys.argv[3])
if uid:
    os.setgroups([]); os.setgid(uid); os.setuid(uid)
lock = os.open(f"{folder}/{run}.lock", os.O_RDWR)
fcntl.flock(lock, fcntl.LOCK_EX)
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.bind(f"{folder}/{run}.sock")
os.chown(f"{folder}/{run}.sock", 65534, 65534)
s.listen(8)
print("ready", flush=True)
held = []
while True:
    c, _ = s.accept()
    held.append(c)
    got = c.recv(100) if not uid else b""
    if got:
        open(sys.argv[4], "wb").write(got)
    try:
        c.send(b"hello 1")
        while uid:
            c.send(b"signalled 1 2 3")
    except OSError:
        pass
PY
    for uid in 65534 0; do
        python3 "$work/evil.py" "$theirs" "$id" "$uid" "$work/got" >"$work/ready" &
        evil=$!
        OWN_PIDS+=("$evil")
        wait_until 10 grep -q ready "$work/ready"
        run timeout $((120 * slowness)) env SIGMUND_STATE_DIR="$theirs" "$SIGMUND" stop --timeout 0.5 "$id"
        [[ $status != 124 ]]
        [[ ! -e $work/got ]]
        kill -KILL "$evil"
        wait "$evil" || true
        rm -f "$theirs/$id.sock"
    done
    gone "$pid"
}
