#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What a run has used when it is over: CPU time, memory and time, for the run, its lives and its workers.
load sigmund
load lost_guardian

setup() {
    lost_guardian_setup
    # burn.py MS [PROGRAM WORD...]: uses the processor for that long, and then executes the program.
    cat >"$scratch/burn.py" <<'END'
import os, sys, time
until = time.process_time() + int(sys.argv[1]) / 1000
while time.process_time() < until:
    pass
if sys.argv[2:]:
    os.execvp(sys.argv[2], sys.argv[2:])
END
    burn=(python3 -S "$scratch/burn.py")
}
teardown() { lost_guardian_teardown; }

# used FILTER [ID]: what jq makes of the run (the newest one) in the output of `show`; `list` must say the same. In the
# filter, `cpu` is the CPU time in milliseconds.
used() {
    local filter="def cpu: .cpu_user_ms + .cpu_system_ms; $1" shown listed
    shown=$(sigmund show --json "${2:-@}" | jq -c ".data[0] | $filter")
    listed=$(sigmund list --json "${2:-@}" | jq -c ".data[0] | $filter")
    [[ $shown == "$listed" ]] || {
        echo "show: $shown, list: $listed" >&2
        return 1
    }
    echo "$shown"
}

# holds CONDITION [ID]: the condition is true for the run.
holds() {
    [[ $(used "$@") == true ]] || {
        echo "not true: $1"
        sigmund show --json "${2:-@}" | jq -c '.data[0] | {state, cpu_user_ms, cpu_system_ms, peak_memory_bytes, workers, lives}'
        return 1
    }
}

unknown='[.cpu_user_ms, .cpu_system_ms, .peak_memory_bytes] == [null, null, null]'

@test "A run that used the processor says so in show, list and explain" {
    sigmund -q -w "${burn[@]}" 200
    holds '.cpu_user_ms > 0 and .cpu_system_ms >= 0 and cpu >= 200 and .peak_memory_bytes > 100000'
    holds '.ended_ms - .started_ms >= 200'
    run sigmund show @
    assert_line --regexp '^used: +[0-9][0-9.ms]* of CPU time \(user [0-9].*, system [0-9].*\), at most [0-9.]+ [KMG]B of memory in one process, [0-9].* long$'
    run sigmund explain @
    assert_line --regexp '^  it ran [0-9].*, used [0-9].* of CPU time and at most [0-9.]+ [KMG]B of memory in one process$'
    [[ $(sigmund explain --json @ | jq -r '.data[0].used') == "it ran "* ]]
    IFS=$'\t' read -r cpu peak duration < <(sigmund list --porcelain --columns cpu,peak,duration @)
    ((cpu >= 200 && peak > 100000 && duration >= 200))
    [[ $cpu == "$(used cpu)" && $peak == "$(used .peak_memory_bytes)" ]]
}

@test "The memory of a run is the most that one of its processes had" {
    sigmund -q -w python3 -S -c 'block = bytearray(60 << 20); block[::4096] = b"x" * len(block[::4096])'
    holds '.peak_memory_bytes >= 60 * 1048576'
    # A child of a child had it, and ended long before the run.
    sigmund -q -w sh -c 'python3 -S -c "block = bytearray(60 << 20); block[::4096] = b\"x\" * len(block[::4096])"; sleep 0.1; exit 3' || [[ $? == 3 ]]
    holds '.peak_memory_bytes >= 60 * 1048576'
}

@test "What a process has waited for itself is counted once" {
    sigmund -q -w python3 -S -c 'import os, sys, resource, time
if os.fork() == 0:
    while time.process_time() < 1: pass
    os._exit(0)
os.wait()
spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
open(sys.argv[1], "w").write(str(int(1000 * sum(each.ru_utime + each.ru_stime for each in spent))))' "$scratch/spent"
    spent=$(cat "$scratch/spent")
    ((spent >= 1000))
    holds "cpu >= $spent - 1 and cpu < $spent + 1000"
}

@test "Orphans, processes of another session and many short processes are counted" {
    sigmund -q -w sh -c '(setsid "$@" 150 &); "$@" 0' - "${burn[@]}"
    wait_until 20 over @
    holds 'cpu >= 150'
    # Each of them uses less than a millisecond or a few.
    sigmund -q -w sh -c 'i=0; while [ $((i += 1)) -le 200 ]; do (/bin/true &); done'
    wait_until 20 over @
    holds 'cpu >= 20'
}

@test "The time before an exec, and that of each stage of a pipe, is counted" {
    sigmund -q -w sh -c 'exec "$@"' - "${burn[@]}" 120 "${burn[@]}" 120 sleep 0.01
    holds 'cpu >= 240'
    sigmund pipe -q -w -- "${burn[@]}" 120 '|' "${burn[@]}" 120
    holds 'cpu >= 240'
}

@test "The lives of a run are added up, and each one is kept" {
    sigmund -q -w --restart always --max-restarts 2 --backoff 10ms "${burn[@]}" 100 || true
    holds '.restarts == 2 and (.lives | length) == 2'
    holds 'all(.lives[]; cpu >= 100 and .lasted_ms >= 100 and .peak_memory_bytes > 100000)'
    holds 'cpu >= 300 and cpu >= ([.lives[] | cpu] | add) + 100'
    holds '.peak_memory_bytes >= ([.lives[].peak_memory_bytes] | max)'
    run sigmund explain @
    assert_line --regexp 'it exited 0; it ran [0-9].*, [0-9].* of CPU time, at most [0-9.]+ [KMG]B$'
}

@test "A run that sigmund stopped or killed has its account, too" {
    for verb in stop kill; do
        id=$(sigmund -q "${burn[@]}" 150 sleep 300)
        wait_until 10 executes "$id" sleep
        holds "$unknown" "$id"
        run sigmund show "$id"
        refute_line --regexp '^used:'
        sigmund $verb -q "$id"
        holds 'cpu >= 150' "$id"
    done
}
executes() { [[ $(tr '\0' ' ' <"/proc/$(field "$1" pid)/cmdline") == "$2 "* ]]; }

@test "The record of a live run has no account, and a run whose guardian was killed never gets one" {
    id=$(sigmund -q "${burn[@]}" 50 sleep 300)
    wait_until 10 executes "$id" sleep
    run cat "$SIGMUND_STATE_DIR/$id.json"
    refute_output --partial cpu_user_ms
    refute_output --partial peak_memory_bytes
    holds "$unknown" "$id"
    [[ $(sigmund list --porcelain --columns cpu,peak,duration "$id") == -$'\t'-$'\t'- ]]
    kill_guardian "$id"
    sigmund stop -q "$id"
    wait_until 10 over "$id"
    holds "$unknown" "$id"
    [[ $(sigmund list --porcelain --columns cpu,peak "$id") == -$'\t'- ]]
    run sigmund show "$id"
    refute_line --regexp '^used:'
    run sigmund explain "$id"
    refute_output --partial "CPU time and at most"
    [[ $(sigmund explain --json "$id" | jq '.data[0].used') == null ]]
}

@test "The lives before the guardian was killed keep what they used, and the run has no sum" {
    id=$(sigmund -q "${burn[@]}" 100 sleep 300)
    wait_until 10 executes "$id" sleep
    sigmund restart "$id"
    wait_until 10 executes "$id" sleep
    kill_guardian "$id"
    sigmund kill -q "$id"
    wait_until 10 over "$id"
    holds "$unknown" "$id"
    holds '.lives[0] | cpu >= 100' "$id"
}

@test "Each worker of a pool has its account, and the pool has the sum" {
    id=$(sigmund -q --pool 2 sh -c 'exec "$@" $((100 + 200 * WORKER_ID)) sleep 300' - "${burn[@]}")
    wait_until 10 worker_executes "$id" 0 sleep
    wait_until 10 worker_executes "$id" 1 sleep
    holds 'all(.workers[]; .cpu_user_ms == null)' "$id"
    sigmund stop -q "$id"
    holds '(.workers | length) == 2 and (.workers[0] | cpu) >= 100 and (.workers[1] | cpu) >= 300'
    holds 'cpu >= (.workers | map(cpu) | add) and all(.workers[]; .peak_memory_bytes > 0)'
}
worker_executes() { [[ $(tr '\0' ' ' <"/proc/$(field "$1" "workers[$2].pid")/cmdline") == "$3 "* ]]; }

@test "Checks of a run are not counted as its own" {
    sigmund -q --health "python3 -S $scratch/burn.py 1000; touch $scratch/checked" --health-interval 100ms --health-timeout 60s sleep 300
    wait_until 30 test -e "$scratch/checked"
    sigmund stop -q @
    holds 'cpu < 1000'
}

@test "The records of older versions have null for what they do not know, however they are read" {
    sigmund -q -w --restart always --max-restarts 1 --backoff 10ms sh -c 'exit 0' || true
    id=$(field @ id)
    file=$SIGMUND_STATE_DIR/$id.json
    sed -E -i 's/,"(cpu_user_ms|cpu_system_ms|peak_memory_bytes|lasted_ms)":[0-9]+//g' "$file"
    holds "$unknown" "$id"
    holds '.lives[0] | has("cpu_user_ms") and .lasted_ms == null' "$id"
    # A parser reads a record in which a key has another place.
    jq -c '. + {later: 1}' "$file" >"$file.new" && mv "$file.new" "$file"
    holds "$unknown" "$id"
    run sigmund show "$id"
    assert_success
    refute_line --regexp '^used:'
    [[ $(sigmund list --porcelain --columns cpu,peak "$id") == -$'\t'- ]]
    # What is not a number of this kind is not known.
    for wrong in -1 '"7"' 1.5 true '[1]' 1e300; do
        jq -c --argjson wrong "$wrong" '.cpu_user_ms = $wrong | .cpu_system_ms = 1 | .peak_memory_bytes = $wrong' "$file" >"$file.new"
        mv "$file.new" "$file"
        [[ $(used '.cpu_user_ms' "$id") == null ]]
        [[ $(sigmund list --porcelain --columns cpu "$id") == - ]]
    done
}

@test "A limit of CPU time is not blamed for a kill when the run used too little of it" {
    id=$(sigmund -q --rlimit cpu=3 sleep 300)
    sleep 3.2
    kill -KILL "$(field "$id" pid)"
    wait_until 5 over "$id"
    run sigmund explain "$id"
    refute_output --partial "its limit of CPU time was reached"
    sigmund -q -w --rlimit cpu=1 "${burn[@]}" 60000 || [[ $? == 137 ]]
    run sigmund explain @
    assert_output --partial "its limit of CPU time was reached"
    assert_output --regexp 'the hard limit is 1s, and it used [0-9.]+m?s'
}

@test "The last signal that sigmund sent to a run is kept, with the process that asked for it" {
    id=$(sigmund -q "${polite[@]}")
    holds '.last_signal == null' "$id"
    sigmund stop -q "$id"
    holds '.last_signal | .signal == "SIGTERM" and .by == "stop" and .uid == '"$EUID" "$id"
    holds '.last_signal.pid == (.calls | last | .pid) and .last_signal.at_ms <= .ended_ms' "$id"
    run sigmund show "$id"
    assert_line --regexp "^signal: +SIGTERM, [0-9]+m?s before its end \\(stop, by process [0-9]+ of user $EUID\\)$"
    # A stop that has to kill.
    id=$(sigmund -q --stop-timeout 100ms sh -c 'trap "" TERM; echo up; while :; do sleep 0.05; done')
    wait_until 20 log_has "$id" up
    sigmund stop -q "$id"
    holds '.last_signal | .signal == "SIGKILL" and .by == "stop" and .pid > 0' "$id"
    id=$(sigmund -q sleep 300)
    sigmund kill -q "$id"
    holds '.last_signal | .signal == "SIGKILL" and .by == "kill" and .pid > 0' "$id"
    # An option of the run, not a process.
    sigmund -q -w --timeout 100ms sleep 300 || true
    holds '.last_signal | .signal == "SIGTERM" and .by == "timeout" and .pid == null and .uid == null'
    # Nobody, and a stranger.
    sigmund -q -w sh -c 'exit 3' || true
    holds '.last_signal == null'
    sigmund -q -w sh -c 'kill -USR1 $$' || true
    holds '.last_signal == null and .signal == "SIGUSR1"'
}

@test "Explain names the signal to which a command has answered by exiting" {
    id=$(sigmund -q sh -c 'trap "exit 0" INT; echo up; while :; do sleep 0.05; done')
    wait_until 20 log_has "$id" up
    sigmund signal INT "$id"
    wait_until 20 over "$id"
    holds '.ended_by == "itself" and .exit_code == 0 and .last_signal.signal == "SIGINT" and .last_signal.by == "signal"' "$id"
    run sigmund explain "$id"
    assert_line --regexp "the last signal from sigmund: SIGINT, [0-9]+m?s before its end \\(signal, by process [0-9]+ of user $EUID\\)"
}

@test "Each life has the last signal that it got" {
    id=$(sigmund -q "${polite[@]}")
    sigmund restart "$id"
    sigmund pause "$id"
    sigmund resume "$id"
    kill -KILL "$(field "$id" pid)"
    wait_until 20 over "$id"
    holds '.lives[0].last_signal | .signal == "SIGTERM" and .by == "restart" and .pid > 0' "$id"
    holds '.last_signal | .signal == "SIGCONT" and .by == "resume"' "$id"
    # The records of older versions do not have it.
    sed -E -i 's/,"last_signal":\{[^}]*\}//g' "$SIGMUND_STATE_DIR/$id.json"
    holds '.last_signal == null and .lives[0].last_signal == null' "$id"
}
