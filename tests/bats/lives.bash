# shellcheck shell=bash disable=SC2154 # `scratch` and `work` are set by lost_guardian.bash
# SPDX-License-Identifier: Apache-2.0
# The life of runs of each kind, for tests of unusual places: old kernels, sandboxes, file systems.

started() { is "$1" state running; }
in_log() { w dump "$1" | grep -qF -- "$2"; }

# lives: goes through the life of runs of each kind. The command `w` is sigmund as the test wants it to be called.
lives() {
    w -q -n plain sleep 4321
    [[ $(w list --porcelain --columns name,state plain) == $'plain\trunning' ]]
    w pause plain && wait_until 10 is plain state paused
    w resume plain && wait_until 10 started plain
    w restart plain
    run -3 w -w -n brief sh -c 'echo some text; exit 3'
    assert_line 'some text'
    run -124 w -q -w --timeout 0.2s sleep 4321
    run -127 w -q /nonexistent/command
    w -q -n again --restart=always sh -c 'exit 1'
    wait_until 10 restarted again 2
    w -q -n pool --pool 2 sleep 4321
    w pipe -q -n pipe -- sh -c 'echo piped; exec sleep 4321' '|' cat
    wait_until 10 in_log pipe piped
    # shellcheck disable=SC2016 # for the other shell
    w -q -n tty --tty sh -c 'read -r line; echo "got $line"; exec sleep 4321'
    w send tty hello
    wait_until 10 in_log tty 'got hello'
    w -q -n ready --ready log:up --ready-fail log:never sh -c 'echo up; exec sleep 4321'
    run -1 w -q --ready log:up --ready-fail log:broken sh -c 'echo broken; exec sleep 4321'
    w -q -n checked --ready 'cmd:true' --ready-fail log:never --health true --health-interval 200ms sleep 4321
    w -q -n caps --log-max-size 4K sh -c 'seq 3000; exec sleep 4321'
    wait_until 10 in_log caps 3000
    mkdir -p "$scratch/watched"
    w -q -n watch --watch "$scratch/watched" sleep 4321
    touch "$scratch/watched/changed"
    wait_until 20 restarted watch 1
    sleep 4321 &
    OWN_PIDS+=($!)
    w -q -n lease --while "pid:$!" sleep 4321
    kill "$!"
    wait_until 10 over lease
    # Output is followed to the end, and a wait ends with the run.
    w tail -f brief | grep -qFx 'some text'
    (sleep 0.2 && w stop ready) &
    run -143 w wait ready
    # What has left the group and ignores SIGTERM is stopped, too.
    w -q -n stubborn sh -c "setsid '$work/ign.sh' '$work/stubborn.pids' & exec sleep 4321"
    wait_until 10 has_lines "$work/stubborn.pids" 1
    w stop stubborn --timeout 0.3s
    wait_until 10 gone "$(<"$work/stubborn.pids")"
    rm "$work/stubborn.pids"
    w stop @all
    [[ -z $(keyed_processes) ]] || fail "something is left"
    w prune -q @all
    store_empty
}
