#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A start for which the kernel has no resources, or which is killed at a system call: it gives a correct error and
# leaves nothing untracked.
load sigmund

setup() {
    sigmund_setup
    scratch_folder
}
teardown() { sigmund_teardown; }

# A plain start shares memory, so it makes other system calls than one that goes on afterwards (--json).
killed_starts=(setsid:1 setsid:2 chdir:1 prctl:1 signalfd4:1 pidfd_open:1 fsync:1 renameat:1 renameat:2 close_range:1
    write:1 write:2 flock:1 bind:1 listen:1 pipe2:1 clone:1 clone:2 '?dup2,dup3:4' fchdir:1 rt_sigaction:12 set_tid_address:2
    close_range:3 execve:2 exit_group:1 wait4:1)
killed_forked_starts=(setsid:1 setsid:2 chdir:1 prctl:1 signalfd4:1 socketpair:1 pidfd_open:1 fsync:1 renameat:1 renameat:2
    sendto:1 recvfrom:1 close_range:1 write:1 write:2 flock:1 bind:1 listen:1 pipe2:1)

@test "A start that is killed at any system call leaves nothing untracked, and nothing that prune does not remove" {
    for spec in "${killed_starts[@]}" "${killed_forked_starts[@]/%/:--json}"; do
        IFS=: read -r call number option <<<"$spec"
        timeout -k 1 1 strace -f -qq -o /dev/null -e "inject=$call:signal=SIGKILL:when=$number" \
            "$SIGMUND" -q ${option:+"$option"} sleep 4321 >/dev/null 2>&1 </dev/null || true
        listed=$(sigmund list --live --porcelain --columns pid)
        for pid in $(keyed_processes); do grep -qx "$pid" <<<"$listed"; done
        sigmund stop -q @all
        sigmund prune -q
        store_empty || {
            echo "left after $spec:"
            ls -A "$SIGMUND_STATE_DIR"
            false
        }
    done
}

@test "A start whose system calls fail ends with 125 and a clear error, and leaves nothing" {
    for spec in flock:EIO:1 bind:ENOSPC:1 pipe2:EMFILE:1 clone:EAGAIN:1 setsid:EPERM:1 pidfd_open:EMFILE:1 \
        fsync:EIO:1 fsync:EIO:2 renameat:ENOSPC:1 '?dup2,dup3:EMFILE:1' fchdir:EIO:1 {flock:EIO,bind:ENOSPC,pipe2:EMFILE,clone:EAGAIN}:1:--json \
        {fsync:EIO,renameat:ENOSPC,socketpair:EMFILE}:1:--json; do
        # UBSan checks memory through a pipe of its own. A sanitized start always forks.
        [[ -z ${SIGMUND_SANITIZED:-} || $spec == *:--json && $spec != pipe2:* ]] || continue
        IFS=: read -r call error number option <<<"$spec"
        run timeout $((100 * slowness)) strace -f -qq -o /dev/null -e "inject=$call:error=$error:when=$number" \
            "$SIGMUND" -q ${option:+"$option"} sleep 4321
        [[ $status == 125 ]] || {
            echo "$spec: exit $status: $output"
            false
        }
        [[ -n $option ]] || assert_output --partial "sigmund: "
        [[ -z $(keyed_processes) ]]
        store_empty || {
            echo "left after $spec"
            ls -A "$SIGMUND_STATE_DIR"
            false
        }
    done
}

# recording NAME FAULT...: a start under strace, whose second record finds no room, with the FAULTs in addition. The
# calls that decide what is durable are in the file `calls`.
recording() {
    local name=$1 fault faults=()
    for fault in "${@:2}"; do faults+=(-e "inject=$fault"); done
    strace -D -f -qq -o "$scratch/calls" -e trace=renameat,fsync,syncfs -e inject=renameat:error=ENOSPC:when=2 \
        "${faults[@]}" "$SIGMUND" -q --json -n "$name" sleep 4321 >"$scratch/said" 2>&1
}

@test "A start whose second record finds no room syncs all of the file system, and fails when that fails, too" {
    recording web
    grep -q 'syncfs(.* = 0$' "$scratch/calls"
    wait_until 5 state_is web running # the record is written later
    sigmund stop -q web
    sigmund prune -q @all
    run recording lost syncfs:error=EIO
    assert_failure 125
    grep -q 'syncfs(.*INJECTED' "$scratch/calls"
    [[ $(jq -r .error.code "$scratch/said") == not_started ]]
    grep -q "Input/output error" "$scratch/said"
    [[ -z $(keyed_processes) ]]
    store_empty || fail "left: $(ls -A "$SIGMUND_STATE_DIR")"
}

@test "A start without descriptors ends with 125, and leaves nothing" {
    # The number of open descriptors depends on the environment of the tests. This goes far enough to reach every
    # call.
    for n in $(seq 3 24); do
        run timeout $((100 * slowness)) bash -c "ulimit -n $n; exec \"\$SIGMUND\" -q sleep 4321"
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

@test "A start without processes ends with 125 and a hint, and leaves nothing" {
    if [[ $EUID == 0 ]]; then
        # The limit does not apply to root. The call fails for the guardian and then for the leader.
        for spec in when=1 when=1..2; do
            run timeout $((100 * slowness)) strace -f -qq -o /dev/null -e "inject=clone,clone3,?fork,?vfork:error=EAGAIN:$spec" \
                "$SIGMUND" -q sleep 4321
            assert_failure 125
            assert_output --partial "ulimit -u"
        done
        run timeout $((100 * slowness)) strace -f -qq -o /dev/null -e "inject=clone,clone3:error=ENOMEM:when=1" "$SIGMUND" -q sleep 4321
        assert_failure 125
    else
        # As many as there are now, then one more each time: the launcher, its guardian, the leader.
        threads=$(ps -L -u "$EUID" -o pid= | wc -l)
        for more in 0 1 2; do
            run timeout $((100 * slowness)) bash -c "ulimit -u $((threads + more)); exec \"\$SIGMUND\" -q sleep 4321"
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

@test "A start without memory ends with a correct exit status, and leaves nothing" {
    # It begins where the program can be loaded at all.
    for ((kilobytes = 3800; kilobytes <= 4400; kilobytes += 40)); do
        bash -c "ulimit -v $kilobytes; exec \"\$SIGMUND\" --version" >/dev/null 2>&1 || continue
        run timeout $((100 * slowness)) bash -c "ulimit -v $kilobytes; exec \"\$SIGMUND\" -q true"
        [[ $status == 0 || $status == 125 || $status == 126 ]] || fail "$kilobytes KB: exit $status: $output"
    done
    sigmund wait --gone @all || true
    sigmund prune -q
    store_empty
    for when in 1 2 3 4 5 6; do
        status=0
        timeout $((100 * slowness)) strace -f -qq -o /dev/null -e "inject=brk,mmap:error=ENOMEM:when=$when+" "$SIGMUND" -q true \
            >"$BATS_TEST_TMPDIR/out" 2>&1 || status=$?
        output=$(<"$BATS_TEST_TMPDIR/out")
        [[ $status == 0 || $status == 125 || $status == 126 || $status == 127 || $status == 139 ]] ||
            fail "ENOMEM from $when on: exit $status: $output"
        [[ $status != 0 ]] || sigmund wait --gone -q @ || true
        sigmund prune -q
        store_empty || fail "left: $(ls -A "$SIGMUND_STATE_DIR")"
    done
}

@test "A run starts, is listed and stops where newer system calls are missing, and where memory cannot be shared" {
    for missing in "ENOSYS close_range" "ENOSYS openat2" "ENOSYS faccessat2" "ENOSYS statx" "ENOSYS clone3" \
        "EPERM sched_setaffinity" "ENOSYS sharing" "EPERM sharing" "EINVAL sharing" \
        "ENOSYS close_range openat2 faccessat2 statx clone3 sharing"; do
        # shellcheck disable=SC2086 # it is several words
        set -- $missing --
        run "$SIGMUND_HELPERS/without" "$@" "$SIGMUND" -q sleep 4321
        assert_success
        id=$output
        [[ $(sigmund list --porcelain --columns id,state) == "$id"$'\t'running ]] || fail "$missing: not listed"
        run "$SIGMUND_HELPERS/without" "$@" "$SIGMUND" stop "$id"
        assert_success
        [[ -z $(keyed_processes) ]] || fail "$missing: something is left"
        run -127 "$SIGMUND_HELPERS/without" "$@" "$SIGMUND" -q /nonexistent/command
        assert_output --partial "no such file"
        sigmund prune -q
        store_empty
    done
}

# Writes to a pipe without a reader until it is full.
fill() { timeout 0.5 cat /dev/zero >"$1" || true; }
# Only x86-64 has a number of its own for write(2): 1. Newer processors have 64.
if [[ $(uname -m) == x86_64 ]]; then write_number=1; else write_number=64; fi
blocked_in_write() { [[ $(cut -d' ' -f1,2 "/proc/$1/syscall") == "$write_number 0x$2" ]]; }

@test "A launcher whose output is not read holds nothing of its run, and cannot end the guardian with a core dump" {
    [[ -z ${SIGMUND_SANITIZED:-} ]] || skip "a sanitized start always forks"
    [[ -r /proc/self/syscall ]] || skip "the kernel does not show system calls"
    mkfifo "$scratch/full"
    exec 9<>"$scratch/full"
    fill "$scratch/full"
    for fd in 1 2; do
        if ((fd == 1)); then
            "$SIGMUND" -q -n web sleep 4321 >"$scratch/full" 9>&- &
        else
            "$SIGMUND" -n web sleep 4321 2>"$scratch/full" >/dev/null 9>&- &
        fi
        launcher=$!
        wait_until 5 blocked_in_write "$launcher" "$fd"
        run ls "/proc/$launcher/fd"
        [[ ${#lines[@]} == 4 ]] || fail "it has open: $(ls -l "/proc/$launcher/fd")"
        blocked=$(sed -n 's/^SigBlk:\t//p' "/proc/$launcher/status")
        (((0x$blocked & 1 << 2) != 0)) || fail "SIGQUIT is not blocked: $blocked"
        (((0x$blocked & 1 << 1) == 0)) || fail "SIGINT is blocked: $blocked"
        guardian=$(guardian_of web)
        kill -KILL "$guardian"
        wait_until 5 gone "$guardian"
        sigmund stop -q web
        sigmund prune -q @all
        store_empty || fail "left: $(ls -A "$SIGMUND_STATE_DIR")"
        id=$("$SIGMUND" -q -n web sleep 4321)
        sigmund stop -q "$id"
        sigmund prune -q @all
        kill -TERM "$launcher"
        status=0
        wait "$launcher" || status=$?
        [[ $status == 143 ]]
    done
    exec 9>&-
}

dirty() { awk '/^Private_Dirty:/ { print $2 }' "/proc/$1/smaps_rollup"; }
as_small() { (($(dirty "$1") <= $(dirty "$2") + 12)); }

@test "A launcher whose guardian waits for the disk ends when it is told to, and the run and its guardian go on" {
    [[ -z ${SIGMUND_SANITIZED:-} ]] || skip "a sanitized start always forks"
    strace -D -f -qq -o /dev/null -e trace=fsync -e inject=fsync:delay_enter=100000000 \
        "$SIGMUND" -q -n web sleep 4321 >/dev/null 2>&1 &
    launcher=$!
    wait_until 5 state_is web running
    tracer=$(sed -n 's/^TracerPid:\t//p' "/proc/$launcher/status")
    guardian=$(guardian_of web)
    kill -TERM "$launcher"
    wait_until 5 gone "$launcher"
    kill -0 "$guardian"
    kill -KILL "$tracer" # the guardian goes on at once
    # The launcher's part of the memory is returned although it was never answered.
    "$SIGMUND" -q -n other sleep 4321
    wait_until 5 as_small "$guardian" "$(guardian_of other)"
    wait_until 5 sigmund stop -q web
    wait_until 5 gone "$guardian"
    [[ $(field web result) == stopped ]]
}

@test "A start that fails leaves no mark and no link to another store in the folder of its shell" {
    local shell
    shell=$$.$(cut -d' ' -f22 "/proc/$$/stat")
    export SIGMUND_SHELL_ID=$shell SIGMUND_SHELL_MARKS=$scratch/shells/$shell
    start() { "$SIGMUND" -q "$@"; }
    killed() { strace -f -qq -o /dev/null -e inject=signalfd4:signal=SIGKILL:when=1 "$SIGMUND" -q "$@" sleep 4321; }
    "$SIGMUND" -q sleep 4321
    [[ -n $(find "$scratch/shells/$shell" -name 'store.*') ]] # there is one while a run lives
    sigmund stop -q @
    sigmund prune -q @all
    for option in "" --json; do
        run -127 start ${option:+"$option"} /nonexistent/command
        [[ ! -e $scratch/shells/$shell ]] || fail "left: $(ls "$scratch/shells/$shell")"
        run -125 killed ${option:+"$option"}
        [[ ! -e $scratch/shells/$shell ]] || fail "left: $(ls "$scratch/shells/$shell")"
        [[ ! -e $SIGMUND_STATE_DIR/shells/$shell ]]
    done
    store_empty
}
