#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Files that another process has put where sigmund opens its own: FIFOs, links, folders, other users' files.
# Nothing hangs, no link is followed, and no file of another user becomes the log.
load sigmund

setup() {
    sigmund_setup
    scratch_folder
}
teardown() { sigmund_teardown; }

bounded() { timeout $((100 * slowness)) "$SIGMUND" "$@"; }

# The run's newest line of output has a higher number than $2.
log_passes() {
    local last
    last=$(grep -ho '^line [0-9]*' "$1" 2>/dev/null | tail -n 1 | cut -d' ' -f2)
    [[ -n $last ]] && ((last > $2))
}

obstacle() { # KIND PATH
    case $1 in
        fifo) mkfifo "$2" ;;
        link) ln -s "$scratch/victim" "$2" ;;
        dangling) ln -s "$scratch/nowhere" "$2" ;;
        folder) mkdir "$2" ;;
        full) mkdir -p "$2/in" ;;
        file) echo theirs >"$2" ;;
        socket) python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$2" ;;
    esac
}

@test "Whatever has the name of the new file at a rotation, guardian and command continue and no link is followed" {
    echo precious >"$scratch/victim"
    for kind in fifo link dangling folder file socket; do
        id=$(sigmund -q --log-max-size 2K bash -c "$talker")
        obstacle "$kind" "$SIGMUND_STATE_DIR/$id.log.new"
        wait_until 20 test -s "$SIGMUND_STATE_DIR/$id.log.1"
        wait_until 20 log_passes "$SIGMUND_STATE_DIR/$id.log" 60
        [[ -f $SIGMUND_STATE_DIR/$id.log && ! -L $SIGMUND_STATE_DIR/$id.log ]]
        bounded stop -q "$id"
        bounded prune -q "$id"
    done
    assert_equal "$(cat "$scratch/victim")" precious
    [[ ! -e $scratch/nowhere ]]
}

@test "At a rotation a link or a FIFO in place of the old log is replaced, and a folder stops it without a lost line" {
    echo precious >"$scratch/victim"
    for kind in fifo link socket; do
        id=$(sigmund -q --log-max-size 2K bash -c "$talker")
        obstacle "$kind" "$SIGMUND_STATE_DIR/$id.log.1"
        wait_until 20 bash -c "[[ -f '$SIGMUND_STATE_DIR/$id.log.1' && ! -L '$SIGMUND_STATE_DIR/$id.log.1' ]]"
        bounded stop -q "$id"
        bounded dump "$id" >/dev/null
    done
    id=$(sigmund -q --log-max-size 2K bash -c "$talker")
    obstacle full "$SIGMUND_STATE_DIR/$id.log.1"
    wait_until 20 log_has "$id" "cannot be rotated: $id.log.1: Is a directory"
    wait_until 20 log_passes "$SIGMUND_STATE_DIR/$id.log" 100
    bounded stop -q "$id"
    # Every line from the first to the last exists, once and in order.
    grep -o '^line [0-9]*' "$SIGMUND_STATE_DIR/$id.log" | cut -d' ' -f2 >"$scratch/numbers"
    seq 1 "$(tail -n 1 "$scratch/numbers")" | cmp - "$scratch/numbers"
    rm -r "${SIGMUND_STATE_DIR:?}/$id.log.1"
    assert_equal "$(cat "$scratch/victim")" precious
}

@test "--log takes only a regular file of the user, and no opening hangs" {
    echo precious >"$scratch/victim"
    for kind in fifo link dangling folder socket; do
        obstacle "$kind" "$scratch/$kind.log"
        run bounded -q --log "$scratch/$kind.log" true
        assert_failure 125
        assert_output --partial "cannot open log"
    done
    run bounded -q --log /dev/full true
    assert_failure 125
    assert_equal "$(cat "$scratch/victim")" precious
    [[ ! -e $scratch/nowhere ]]
    store_empty
    # In a folder where others can make names, a second name of a precious file is refused.
    chmod 1777 "$scratch"
    ln "$scratch/victim" "$scratch/second.log"
    run bounded -q --log "$scratch/second.log" true
    assert_failure 125
    assert_output --partial "second name"
    assert_equal "$(cat "$scratch/victim")" precious
    # In the user's own folder only the user can have made it.
    chmod 700 "$scratch"
    run bounded -q -w --log "$scratch/second.log" echo more
    assert_success
}

@test "Another user's file never becomes the log or the pid file" {
    ((EUID == 0)) || { # an ordinary user cannot make one, so a file of root is used
        run bounded -q --log /etc/passwd true
        assert_failure 125
        assert_output --partial "belongs to another user"
        return 0
    }
    chmod 1777 "$scratch"
    install -o nobody -m 666 /dev/null "$scratch/theirs.log"
    run bounded -q --log "$scratch/theirs.log" echo secret
    assert_failure 125
    assert_output --partial "belongs to another user"
    [[ ! -s $scratch/theirs.log ]]
    run bounded -q --pid-file "$scratch/theirs.log" true
    assert_failure 125
    assert_output --partial "belongs to another user"
    # A file of another user is in the way of a rotation outside of the store.
    install -o nobody -m 666 /dev/null "$scratch/own.log.new"
    id=$(bounded -q --log "$scratch/own.log" --log-max-size 2K bash -c "$talker")
    wait_until 20 test -s "$scratch/own.log.1"
    [[ $(stat -c %u "$scratch/own.log" "$scratch/own.log.1" | sort -u) == 0 ]]
    [[ ! -s $scratch/own.log.new ]]
    bounded stop -q "$id"
}

@test "A FIFO, a link or a folder in place of the pid file is refused at once" {
    for kind in fifo link folder socket; do
        obstacle "$kind" "$scratch/$kind.pid"
        run bounded -q --pid-file "$scratch/$kind.pid" true
        assert_failure 125
        assert_output --partial "--pid-file"
    done
    store_empty
}

@test "A FIFO or a link in place of names, markers and locks causes no hang and no harm" {
    cd "$scratch" # which is in no project, so that the file of a name is the name
    echo precious >"$scratch/victim"
    mkdir -m 700 "$SIGMUND_STATE_DIR/names" "$SIGMUND_STATE_DIR/shells"
    for kind in fifo link folder; do
        obstacle "$kind" "$SIGMUND_STATE_DIR/names/$kind"
        run bounded -q -n "$kind" true
        assert_failure 125
        assert_output --partial "names/$kind"
        obstacle "$kind" "$SIGMUND_STATE_DIR/shells/.orphans"
        run bounded shell-notify --orphans --id "$$.1"
        rm -rf "${SIGMUND_STATE_DIR:?}/shells/.orphans"
        obstacle "$kind" "$SIGMUND_STATE_DIR/aaaa00.lock"
        obstacle "$kind" "$SIGMUND_STATE_DIR/aaaa00.json"
        bounded list >/dev/null 2>&1
        run bounded show aaaa00
        run bounded prune
        [[ $status != 124 ]]
        rm -rf "${SIGMUND_STATE_DIR:?}"/aaaa00.*
    done
    assert_equal "$(cat "$scratch/victim")" precious
}

@test "Links in place of the folders of names and markers do not lead out of the store" {
    cd "$scratch" # which is in no project, so that the file of a name is the name
    mkdir -m 700 "$scratch/outside"
    ln -s "$scratch/outside" "$SIGMUND_STATE_DIR/names"
    run bounded -q -n web true
    assert_failure 125
    assert_output --partial "names/web"
    assert_equal "$(find "$scratch/outside" -mindepth 1)" ""
    rm "$SIGMUND_STATE_DIR/names"
    # The marker of a run that was started from a shell with the hook.
    ln -s "$scratch/outside" "$SIGMUND_STATE_DIR/shells"
    export SIGMUND_SHELL_ID
    local shell=$BASHPID
    SIGMUND_SHELL_ID=$shell.$(cut -d' ' -f22 "/proc/$shell/stat")
    status=0
    timeout $((100 * slowness)) "$SIGMUND" -q true >"$scratch/said" 2>&1 || status=$?
    ((status == 125))
    grep -q "cannot create .*/shells/" "$scratch/said"
    assert_equal "$(find "$scratch/outside" -type f)" ""
    rm "$SIGMUND_STATE_DIR/shells"
}

@test "A log that has become a FIFO, a link out of the store or a folder is reported, not read" {
    echo precious >"$scratch/victim"
    id=$(sigmund -q -w sh -c 'echo out; exit 3') || true
    id=$(sigmund list --porcelain --columns id | head -n 1)
    for kind in fifo link folder socket; do
        rm -rf "${SIGMUND_STATE_DIR:?}/$id.log"
        obstacle "$kind" "$SIGMUND_STATE_DIR/$id.log"
        for verb in dump "tail --no-follow" tail "logs -f"; do
            run bounded $verb "$id"
            assert_failure
            [[ $status != 124 && $output == *"$id.log"* && $output != *precious* ]]
        done
        for verb in explain show doctor "events --no-follow"; do
            run bounded $verb "$id"
            [[ $status != 124 && $output != *precious* ]]
        done
    done
}
