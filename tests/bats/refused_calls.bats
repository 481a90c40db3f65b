#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Old kernels lack system calls, and the sandboxes of containers refuse some (helpers/without.c): what sigmund does then.
# Runs once: what the kernel refuses does not depend on the user.
load sigmund
load lost_guardian
load lives

setup() { lost_guardian_setup; }
teardown() { lost_guardian_teardown; }

# w VERB...: sigmund without the calls in `missing`.
w() { timeout $((100 * slowness)) "$SIGMUND_HELPERS/without" "${missing[@]}" -- "$SIGMUND" "$@"; }

@test "Every kind of run starts, restarts, is waited for and stops without pidfds (Linux 5.0)" {
    missing=(ENOSYS pidfd_open pidfd_send_signal clone_pidfd)
    lives
}

@test "The same where a container refuses pidfd calls with EPERM" {
    missing=(EPERM pidfd_open pidfd_send_signal)
    lives
}

@test "The same where only one of the pidfd calls exists" {
    missing=(ENOSYS pidfd_open)
    lives
    missing=(EPERM pidfd_send_signal)
    lives
}

@test "The same without signalfd" {
    missing=(ENOSYS signalfd4)
    lives
}

@test "The same without inotify" {
    missing=(ENOSYS inotify_init1)
    lives
    missing=(EPERM inotify_add_watch)
    lives
}

@test "The same without memfd_create, statx, renameat2, close_range and other newer calls" {
    missing=(ENOSYS memfd_create statx renameat2 close_range openat2 faccessat2 clone3 -- EPERM process_vm_readv
        sched_setaffinity -- EINVAL exchange)
    lives
}

@test "The same where all of these are refused" {
    missing=(EPERM pidfd_open pidfd_send_signal signalfd4 inotify_init1 memfd_create statx renameat2 close_range
        process_vm_readv sched_setaffinity sharing -- ENOSYS openat2 faccessat2 clone3)
    lives
}

@test "Without pidfd_send_signal nothing is signalled when the guardian is gone, and what to do is said" {
    for missing in "ENOSYS pidfd_open pidfd_send_signal" "EPERM pidfd_send_signal"; do
        # shellcheck disable=SC2206 # it is several words
        missing=($missing)
        w -q -n lost sh -c 'sleep 4321 & exec sleep 4321'
        kill_guardian lost
        pid=$(field lost pid)
        for deed in stop kill pause resume "signal HUP"; do
            # shellcheck disable=SC2086 # it is several words
            run -2 w $deed lost
            assert_output --partial "its guardian is gone, and without pidfd_send_signal(2)"
        done
        run -2 w stop lost
        assert_output --partial "hint: sigmund ps "
        [[ $(cut -d' ' -f3 "/proc/$pid/stat") == S ]] || fail "it was signalled"
        (sleep 0.3 && kill -TERM "$pid") &
        run -1 w wait lost
        assert_output --partial "exit status is unknown"
        # With the call it can be stopped; and once all has ended, without it, too.
        run -0 sigmund stop lost
        run w doctor
        assert_output --partial "pidfd_send_signal(2) is missing or refused"
        w -q -n ended sleep 4321
        kill_guardian ended
        kill "$(field ended pid)"
        wait_until 10 gone "$(field ended pid)"
        run -0 w stop ended
        sigmund prune -q @all
    done
}

@test "Without pidfd_open a run whose guardian is gone is stopped all the same (Linux 5.1)" {
    for error in ENOSYS EPERM; do
        missing=("$error" pidfd_open)
        w -q -n lost sh -c "setsid '$work/ign.sh' '$work/$error.pids' & exec sleep 4321"
        wait_until 10 has_lines "$work/$error.pids" 1
        kill_guardian lost
        (sleep 0.3 && w stop --timeout 0.2s lost) &
        run -1 w wait --gone lost
        wait
        wait_until 10 gone "$(<"$work/$error.pids")"
        nothing_left
        sigmund prune -q @all
    done
}

@test "A guardian that may not adopt orphans ends every process that its run still leads to, and doctor tells" {
    missing=(EPERM subreaper)
    lives
    # Neither a child of a shell in the group, nor one that has left it, survives its leader.
    for deed in kill "stop --timeout 0.3s"; do
        w -q -n tree sh -c "sh -c 'sleep 4321; true' & setsid '$work/ign.sh' '$work/tree.pids' & sleep 4321; true"
        wait_until 10 has_lines "$work/tree.pids" 1
        # shellcheck disable=SC2086 # it is several words
        w $deed tree
        wait_until 10 nothing_left
        rm "$work/tree.pids"
    done
    # A leader that ends by itself takes its group with it.
    w -q -w -n brief sh -c 'sleep 4321 & exit 0'
    wait_until 10 nothing_left
    run w doctor
    assert_output --partial "this system refuses PR_SET_CHILD_SUBREAPER"
}

@test "A store whose file system has no locks is refused, and nothing is left of a start" {
    for error in ENOSYS EPERM ENOLCK EOPNOTSUPP; do
        missing=("$error" flock)
        run -125 w -n one sleep 4321
        assert_output --partial "cannot lock $SIGMUND_STATE_DIR/"
        assert_output --partial "must have file locks: set SIGMUND_STATE_DIR to a folder on a local disk"
        run -125 --separate-stderr w --json sleep 4321
        # shellcheck disable=SC2154 # it is set by run
        [[ $(jq -r .error.code <<<"$stderr") == store && -z $output ]]
        store_empty
        [[ -z $(keyed_processes) ]]
        id=$(sigmund -q sleep 4321)
        for verb in list show stop "wait --timeout 1s"; do
            # shellcheck disable=SC2086 # it is several words
            run -1 w $verb "$id"
            assert_output --partial "must have file locks"
        done
        sigmund stop "$id"
        sigmund prune -q "$id"
    done
}

@test "Without close_range no descriptor of the caller gets into a run, however high its number is" {
    missing=(ENOSYS close_range)
    # shellcheck disable=SC2016 # for python
    run -0 python3 -c '
import os, resource, subprocess, sys
top = 100000
try:
    resource.setrlimit(resource.RLIMIT_NOFILE, (top, top))
except ValueError:  # only root may raise the hard limit
    top = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (top, top))
read, write = os.pipe()
for number in (7, 1000, 1500, top - 1):
    os.dup2(write, number, inheritable=True)
print("highest", top - 1)
sys.exit(subprocess.call(sys.argv[1:], close_fds=False))' \
        "$SIGMUND_HELPERS/without" "${missing[@]}" -- "$SIGMUND" -w -n fds sh -c 'ls /proc/$$/fd'
    assert_line --regexp '^highest [0-9]+$'
    [[ $(sigmund dump fds | sort -n | paste -sd' ') == "0 1 2" ]] || fail "$(sigmund dump fds)"
}

@test "supervise and unlinkwait work without pidfds, without signalfd and without inotify" {
    for call in pidfd_open signalfd4; do
        mkfifo "$work/$call.orders"
        timeout $((100 * slowness)) "$SIGMUND_HELPERS/without" ENOSYS "$call" -- "$SIGMUND" supervise --json -- sh -c \
            "setsid '$work/ign.sh' '$work/$call.pids' & sleep 4321" <"$work/$call.orders" >"$work/$call.events" &
        exec 9>"$work/$call.orders"
        wait_until 10 has_lines "$work/$call.pids" 1
        exec 9>&-
        wait "$!"
        gone "$(<"$work/$call.pids")"
        grep -q SIGKILL "$work/$call.events"
    done
    for call in inotify_init1 inotify_add_watch; do
        touch "$work/linked"
        timeout $((100 * slowness)) "$SIGMUND_HELPERS/without" EPERM "$call" -- "$SIGMUND" unlinkwait "$work/linked" &
        sleep 0.1
        kill -0 "$!"
        rm "$work/linked"
        wait "$!"
    done
}

@test "A stack starts in order, waits for what it needs and is stopped without pidfds, signalfd and inotify" {
    missing=(EPERM pidfd_open pidfd_send_signal signalfd4 inotify_init1)
    mkdir "$work/project"
    cd "$work/project"
    cat >sigmund.toml <<'END'
[run.first]
command = ["sh", "-c", "sleep 0.2; echo up; exec sleep 4321"]
ready = "log:up"
[run.step]
once = true
depends = "first"
command = "true"
[run.last]
depends = "step"
command = "sleep 4321"
END
    run -0 w up
    assert_line --partial "last"
    [[ $(w list --porcelain --columns name,state | sort) == $'first\trunning\nlast\trunning\nstep\texited' ]]
    run -0 w down
    nothing_left
}
