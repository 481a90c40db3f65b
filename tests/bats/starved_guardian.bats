#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A guardian that can open nothing, can write nothing or has no memory still does its work.
load sigmund

setup() {
    sigmund_setup
    scratch_folder
}
teardown() { sigmund_teardown; }

forever=(--restart always --backoff 10ms --restart-window 1ms)

lives() { (($(grep -c . "$scratch/lives") >= $1)); }

# Prints the exit status of a stop that comes after 30 clients, and the ticks of processor time that the guardian used
# meanwhile.
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
    timeout $((300 * slowness)) python3 "$scratch/knock" "$SIGMUND_STATE_DIR" "$1" "$2"
}

@test "A guardian without a spare descriptor sleeps, restarts its command, and obeys a stop" {
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
        ((BASH_REMATCH[1] < 40)) # it does not try each of four million numbers
        wait_until 5 gone "$guardian"
        nothing_left
        state_is "$id" exited
        rm "$scratch/lives"
    done
}

@test "A guardian that can open nothing at all still ends every process of its run" {
    for limit in 0 1 2; do
        id=$(sigmund -q sh -c 'setsid sleep 300 & exec sleep 300')
        guardian=$(guardian_of "$id")
        prlimit --pid "$guardian" --nofile=$limit:$limit
        # It cannot write its record any more, so only the result is missing.
        run timeout $((300 * slowness)) "$SIGMUND" stop "$id"
        assert_success
        nothing_left
        # It also waits for more descriptors than it may have: it sleeps.
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

@test "A record that cannot be written during a restart is written when that is possible again" {
    id=$(sigmund -q "${forever[@]}" sh -c "echo \$\$ >>$scratch/lives; exec sleep 300")
    wait_until 3 lives 1
    local guardian
    guardian=$(field "$id" guardian.pid)
    prlimit --pid "$guardian" --fsize=300: # no record is that short
    kill -KILL "$(field "$id" pid)"
    wait_until 5 lives 2
    prlimit --pid "$guardian" --fsize=unlimited:
    second=$(tail -n 1 "$scratch/lives")
    kill -0 "$second"
    is_second() { [[ $(field "$id" pid) == "$second" ]]; }
    wait_until 10 is_second
    state_is "$id" running
}

one_lives() { [[ $(keyed_processes | wc -l) == 1 ]]; }

@test "A guardian that lacks memory during a restart waits for some, and then restarts" {
    [[ -z ${SIGMUND_SANITIZED:-} ]] || skip "a sanitizer ends what finds no memory"
    id=$(sigmund -q "${forever[@]}" sh -c "echo \$\$ >>$scratch/lives; exec sleep 300")
    wait_until 3 lives 1
    guardian=$(guardian_of "$id")
    prlimit --pid "$guardian" --as=0:
    kill -KILL "$(tail -n 1 "$scratch/lives")"
    sleep 0.3 # it would have ended within this time
    kill -0 "$guardian"
    prlimit --pid "$guardian" --as=unlimited:
    wait_until 5 lives 2
    one_lives
}
