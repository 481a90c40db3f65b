#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Guardians that do not answer, and surroundings in which little is as usual.
bats_require_minimum_version 1.5.0
load sigmund
setup() {
    sigmund_setup
    HELPERS=${SIGMUND_HELPERS:-$BATS_TEST_DIRNAME/../../build/helpers}
    scratch=$(mktemp -d /tmp/sgm-scratch.XXXXXX)
    forever=(--restart always --backoff 10ms --restart-window 1ms)
}
teardown() {
    rm -rf "$scratch"
    sigmund_teardown
}

guardian_of() { field "$1" guardian.pid; }
lives() { (($(grep -c . "$scratch/lives") >= $1)); }
nobody() { [[ -z $(keyed_processes) ]]; }
one_lives() { [[ $(keyed_processes | wc -l) == 1 ]]; }

@test "a frozen guardian: what stop and kill have ended it does not start again when it thaws" {
    for verb in stop kill; do
        id=$(sigmund -q "${forever[@]}" sleep 300)
        guardian=$(guardian_of "$id")
        kill -STOP "$guardian"
        run sigmund "$verb" -q "$id"
        assert_success
        nobody
        kill -CONT "$guardian"
        wait_until 5 gone "$guardian"
        nobody
        [[ $(field "$id" state) == exited ]]
    done
}

@test "a frozen guardian: a kill is no restart, whatever its SIGQUIT means" {
    id=$(sigmund -q --restart-on QUIT sleep 300)
    guardian=$(guardian_of "$id")
    kill -STOP "$guardian"
    run sigmund kill -q "$id"
    assert_success
    kill -CONT "$guardian"
    wait_until 5 gone "$guardian"
    nobody
}

@test "a frozen guardian that thaws while a stop waits gives the time that was asked for" {
    id=$(sigmund -q --stop-timeout 100ms sh -c 'trap "" TERM; echo set; while :; do sleep 0.05; done')
    wait_until 5 log_has "$id" set
    guardian=$(guardian_of "$id")
    kill -STOP "$guardian"
    timeout -k 1 40 "$SIGMUND" stop -q --timeout 4s "$id" &
    stopper=$!
    OWN_PIDS+=("$stopper")
    sleep 2.5 # a guardian has 2 s to answer
    kill -CONT "$guardian"
    asked() { field "$id" calls | grep -q '"stop"'; }
    wait_until 2 asked
    sleep 0.5
    one_or_more() { [[ -n $(keyed_processes) ]]; }
    one_or_more
    wait "$stopper"
    nobody
    wait_until 5 state_is "$id" exited
}

@test "a guardian that freezes while it stops a run: stop goes on without it" {
    asked() { sigmund show "$1" --json | jq -e '.data[0].calls[] | select(.verb == "stop")' >/dev/null; }
    ids=()
    for answer in "" "sleep 1; exit"; do
        ids+=("$(sigmund -q sh -c "trap '$answer' TERM; echo set; while :; do sleep 0.05; done")")
        wait_until 5 log_has "${ids[-1]}" set
    done
    timeout -k 1 40 "$SIGMUND" stop --json --timeout 2s "${ids[@]}" >"$scratch/stopped" &
    stopper=$!
    OWN_PIDS+=("$stopper")
    for id in "${ids[@]}"; do
        wait_until 5 asked "$id"
        kill -STOP "$(guardian_of "$id")" || : # on a slow machine it may have ended
    done
    wait "$stopper"
    nobody
    run jq -r '.data[] | "\(.outcome) \(.killed != []) \(.survivors)"' "$scratch/stopped"
    assert_line --index 0 "killed true []"
    assert_line --index 1 --regexp "^stopped false"
    for id in "${ids[@]}"; do
        kill -CONT "$(guardian_of "$id")" || :
        wait_until 5 state_is "$id" exited
    done
}

@test "a frozen guardian in back-off: stop is stop; restart never makes two" {
    id=$(sigmund -q --restart always --backoff 300ms true)
    wait_until 3 state_is "$id" backoff
    guardian=$(guardian_of "$id")
    kill -STOP "$guardian"
    run sigmund stop -q "$id"
    assert_success
    kill -CONT "$guardian"
    wait_until 5 gone "$guardian"
    state_is "$id" exited

    id=$(sigmund -q "${forever[@]}" sleep 300)
    guardian=$(guardian_of "$id")
    kill -STOP "$guardian"
    kill -KILL "$(field "$id" pid)"
    run timeout 20 "$SIGMUND" restart "$id"
    assert_success
    kill -CONT "$guardian"
    wait_until 5 gone "$guardian"
    one_lives
}

# Prints the exit status of a stop that comes behind 30 clients, and the ticks of processor time that the guardian
# used from then on.
knock() {
    cat >"$scratch/knock" <<'END'
import os, socket, sys, time
store, run, guardian = sys.argv[1:]
before = 0
def ticks():
    try:
        fields = open(f"/proc/{guardian}/stat").read().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])
    except (FileNotFoundError, ProcessLookupError):
        return before
clients = []
for _ in range(30):
    client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    client.settimeout(1)
    client.connect(f"{store}/{run}.sock")
    client.send(b"wait gone")
    clients.append(client)
time.sleep(0.2)
before = ticks()
time.sleep(1)
code = os.spawnlp(os.P_WAIT, os.environ["SIGMUND"], "sigmund", "stop", "-q", run)
print("stop", code)
print("ticks", ticks() - before)
END
    timeout 300 python3 "$scratch/knock" "$SIGMUND_STATE_DIR" "$1" "$2"
}

@test "a guardian without a descriptor to spare: it sleeps, restarts, and hears of a stop" {
    for limit in 12 9 6; do
        id=$(sigmund -q "${forever[@]}" sh -c "echo \$\$ >>$scratch/lives; exec sleep 300")
        wait_until 3 lives 1
        guardian=$(guardian_of "$id")
        prlimit --pid "$guardian" --nofile=$limit:$limit
        if ((limit > 9)); then # with fewer the shell cannot redirect
            kill -KILL "$(tail -n 1 "$scratch/lives")"
            wait_until 5 lives 2
        fi
        run knock "$id" "$guardian"
        assert_success
        assert_line "stop 0"
        [[ ${lines[-1]} =~ ^ticks\ ([0-9]+)$ ]]
        ((BASH_REMATCH[1] < 40)) # it does not ask for each of four million numbers
        wait_until 5 gone "$guardian"
        nobody
        state_is "$id" exited
        rm "$scratch/lives"
    done
}

@test "a guardian that may open nothing at all still ends everything of its run" {
    for limit in 0 1 2; do
        id=$(sigmund -q sh -c 'setsid sleep 300 & exec sleep 300')
        guardian=$(guardian_of "$id")
        prlimit --pid "$guardian" --nofile=$limit:$limit
        # Its record cannot be written any more: only that the result is not known is missing.
        run timeout 300 "$SIGMUND" stop "$id"
        assert_success
        nobody
        # More descriptors than it may have are waited for all the same: it sleeps.
        asleep() { [[ $(cut -d' ' -f3 "/proc/$guardian/stat") == S ]]; }
        wait_until 10 asleep
        before=$(cut -d' ' -f14,15 "/proc/$guardian/stat")
        sleep 1
        after=$(cut -d' ' -f14,15 "/proc/$guardian/stat")
        ((${after% *} + ${after#* } - ${before% *} - ${before#* } < 15))
        kill -KILL "$guardian"
        wait_until 5 gone "$guardian"
    done
}

@test "a record that cannot be written during a restart is written when it can be again" {
    id=$(sigmund -q "${forever[@]}" sh -c "echo \$\$ >>$scratch/lives; exec sleep 300")
    wait_until 3 lives 1
    local guardian
    guardian=$(field "$id" guardian.pid)
    prlimit --pid "$guardian" --fsize=300: # no record is as short
    kill -KILL "$(field "$id" pid)"
    wait_until 5 lives 2
    prlimit --pid "$guardian" --fsize=unlimited:
    second=$(tail -n 1 "$scratch/lives")
    kill -0 "$second"
    is_second() { [[ $(field "$id" pid) == "$second" ]]; }
    wait_until 10 is_second
    state_is "$id" running
}

@test "a guardian that finds no memory during a restart waits for some, and restarts then" {
    [[ -z ${SIGMUND_SANITIZED:-} ]] || skip "a sanitizer ends what finds no memory"
    id=$(sigmund -q "${forever[@]}" sh -c "echo \$\$ >>$scratch/lives; exec sleep 300")
    wait_until 3 lives 1
    guardian=$(guardian_of "$id")
    prlimit --pid "$guardian" --as=0:
    kill -KILL "$(tail -n 1 "$scratch/lives")"
    sleep 0.3 # in which it would have ended
    kill -0 "$guardian"
    prlimit --pid "$guardian" --as=unlimited:
    wait_until 5 lives 2
    one_lives
}

@test "a restart keeps scheduling policy and niceness, a pool's too" {
    shape() { awk '{print $19, $41}' "/proc/$1/stat"; }
    for before in "chrt --batch 0" "chrt --idle 0" "nice -n 7"; do
        id=$($before "$SIGMUND" -q "${forever[@]}" sleep 300)
        was=$(shape "$(field "$id" pid)")
        sigmund restart "$id"
        [[ $(shape "$(field "$id" pid)") == "$was" ]]
        sigmund stop -q "$id"
    done
    id=$(nice -n 7 "$SIGMUND" -q "${forever[@]}" --pool 2 -- sh -c 'trap "" TERM; while :; do sleep 0.1; done')
    was=$(shape "$(field "$id" pid)")
    sigmund restart --timeout 200ms "$id"
    [[ $(shape "$(field "$id" pid)") == "$was" ]]
}

@test "umask 0777: the run has it, its record can be read all the same" {
    id=$(umask 0777 && "$SIGMUND" -q sh -c "umask >&2; exec sleep 300")
    [[ $(stat -c %a "$SIGMUND_STATE_DIR/$id.json" "$SIGMUND_STATE_DIR/$id.log" "$SIGMUND_STATE_DIR/$id.sock" | sort -u) == 600 ]]
    wait_until 3 log_has "$id" 0777
    (umask 0777 && "$SIGMUND" stop -q "$id")
    state_is "$id" exited
}

@test "a process whose first thread has ended lives, with a guardian and without" {
    for guarded in yes no; do
        id=$(sigmund -q "$HELPERS/headless")
        pid=$(field "$id" pid)
        wait_until 3 log_has "$id" headless
        wait_until 3 grep -q '^State:.Z' "/proc/$pid/status"
        state_is "$id" running
        if [[ $guarded == no ]]; then
            guardian=$(guardian_of "$id")
            kill -KILL "$guardian"
            wait_until 3 gone "$guardian"
            state_is "$id" running
        fi
        sigmund stop -q "$id"
        [[ ! -e /proc/$pid/task ]] || [[ $(find "/proc/$pid/task" -mindepth 1 -maxdepth 1 | wc -l) == 1 ]]
    done
}

@test "a leader that /proc hides (hidepid=2) is known by its pidfd: running, never two, ended without a guardian" {
    [[ $EUID == 0 ]] || return 0 # that it mounts a /proc that hides, root's turn shows
    cat >"$scratch/play" <<'END'
set -eu
mount -t proc -o hidepid=2 none /proc
exec setpriv --reuid 54321 --regid 54321 --clear-groups bash "$SCRATCH/as_user"
END
    cat >"$scratch/as_user" <<'END'
set -u
state() { "$SIGMUND" list --porcelain --columns state; }
id=$("$SIGMUND" -q python3 -c 'import ctypes, time; ctypes.CDLL(None).prctl(4, 0); print("hidden", flush=True); time.sleep(300)')
until grep -q hidden "$SIGMUND_STATE_DIR/$id.log"; do sleep 0.02; done
pid=$("$SIGMUND" show "$id" --json | jq .data[0].pid)
[ ! -e "/proc/$pid/stat" ] || { echo "not hidden"; exit; }
echo "guarded $(state)"
kill -KILL "$("$SIGMUND" show "$id" --json | jq .data[0].guardian.pid)"
sleep 0.1
echo "alone $(state)"
"$SIGMUND" stop -q "$id"
echo "stop $?"
kill -0 "$pid" 2>/dev/null && echo "it lives"
exit 0
END
    chmod 755 "$scratch"
    mkdir "$scratch/store"
    chown 54321 "$scratch/store"
    SCRATCH=$scratch SIGMUND_STATE_DIR=$scratch/store HOME=$scratch run timeout 60 unshare --mount --pid --fork bash "$scratch/play"
    assert_success
    [[ $output != "not hidden" ]] || skip "this kernel has no hidepid"
    # Without pidfs (Linux before 6.9) there is no such proof.
    [[ $(sed -nE 's/.*"pidfd_ino":([0-9a-z]*).*/\1/p' "$scratch"/store/*.json) != null ]] || skip "no pidfs"
    assert_line "guarded running"
    assert_line "alone running"
    assert_line "stop 0"
    refute_line "it lives"
}

@test "a process that this user may not signal (sudo): stop says so and does not wait for ever" {
    [[ $EUID == 0 ]] || return 0 # that it makes such a process, root's turn shows
    cp "$HELPERS/foreign" "$scratch/foreign"
    chmod 4755 "$scratch/foreign"
    chmod 755 "$scratch"
    cat >"$scratch/as_user" <<'END'
id=$("$SIGMUND" -q "$1" 300) || exit 99
for i in $(seq 100); do
    grep -q foreign "$SIGMUND_STATE_DIR/$id.log" && break
    sleep 0.02
done
timeout 10 "$SIGMUND" stop --timeout 300ms "$id"
echo "stop $?"
END
    mkdir "$scratch/store"
    chown 54321 "$scratch/store"
    SIGMUND_STATE_DIR=$scratch/store HOME=$scratch \
        run setpriv --reuid 54321 --regid 54321 --clear-groups bash "$scratch/as_user" "$scratch/foreign"
    pid=$(sed -nE 's/.*"pid":([0-9]+),"pgid.*/\1/p' "$scratch"/store/*.json)
    guardian=$(sed -nE 's/.*"guardian":\{"pid":([0-9]+).*/\1/p' "$scratch"/store/*.json)
    kill -KILL "$pid"
    wait_until 5 gone "$guardian"
    [[ $(stat -c %u "$scratch/store"/*.json) == 54321 ]]
    assert_line "stop 4"
    assert_output --partial "not permitted to signal 1 of its processes: $pid"
}

@test "a stop that comes with the end of a restarting life is for the next one" {
    for request in kill "stop TERM 200"; do
        id=$(sigmund -q sh -c 'trap "" TERM; echo set; while :; do sleep 0.05; done')
        wait_until 5 log_has "$id" set
        "$SIGMUND" restart --timeout 60s "$id" 2>/dev/null &
        OWN_PIDS+=($!)
        restarting() { sigmund show "$id" --json | jq -e '.data[0].calls[] | select(.verb == "restart")' >/dev/null; }
        wait_until 5 restarting
        # Both are there when the guardian wakes: the life's end, and the request.
        run python3 - "$SIGMUND_STATE_DIR/$id.sock" "$(guardian_of "$id")" "$(field "$id" pid)" "$request" <<'END'
import os, signal, socket, sys, time
path, guardian, leader, request = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
control.settimeout(5)
control.connect(path)
control.send(b"hello 1")
control.recv(4096)
os.kill(guardian, signal.SIGSTOP)
os.kill(-leader, signal.SIGKILL)
while open(f"/proc/{leader}/stat").read().rsplit(")", 1)[1].split()[0] != "Z":
    time.sleep(0.01)
control.send(request.encode())
os.kill(guardian, signal.SIGCONT)
while not (answer := control.recv(4096)).startswith(b"done"):
    print(answer.decode())
END
        assert_success
        wait_until 3 state_is "$id" exited
        nobody
    done
}

@test "a name that cannot be written: told, the old one stays, and the guardian" {
    id=$(sigmund -q -n web sleep 300)
    guardian=$(guardian_of "$id")
    for fault in mkdirat:error=EIO openat,openat2:error=ENOSPC write:error=ENOSPC renameat:error=EIO; do
        timeout 20 strace -qq -o "$scratch/trace" -p "$guardian" -e "inject=$fault" 2>/dev/null &
        OWN_PIDS+=($!)
        traced() { ! grep -q '^TracerPid:[[:space:]]*0$' "/proc/$guardian/status"; }
        wait_until 5 traced
        run timeout 10 "$SIGMUND" rename web api
        assert_failure
        assert_output --regexp "(Input/output error|No space left on device)"
        kill -INT $! && wait $! || true
        [[ $(field "$id" name) == web ]]
        run sigmund rename api elsewhere
        assert_failure 5
    done
    sigmund rename web api
    [[ $(field "$id" name) == api ]]
    run sigmund -q -n api sleep 1
    assert_failure
    sigmund -q -n web true
}
