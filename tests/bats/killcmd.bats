#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The commands that sigmund prints for people need the same proofs as its own actions.
load sigmund

setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

# forge ID PID PGID SID TICKS [EXTRA]: a record of this boot that sigmund did not write.
forge() {
    printf '{"version":2,"id":"%s","tags":[],"state":"running","pid":%s,"pgid":%s,"sid":%s,"argv":["sleep","300"],"started_ms":1%s,"identity":{"boot_id":"%s","pid_ns":%s,"start_ticks":%s},"key":"00112233445566778899aabbccddeeff","cwd":"/"}\n' \
        "$1" "$2" "$3" "$4" "${6-}" "$(cat /proc/sys/kernel/random/boot_id)" "$(stat -Lc %i /proc/self/ns/pid)" \
        "$5" >"$SIGMUND_STATE_DIR/$1.json"
    chmod 600 "$SIGMUND_STATE_DIR/$1.json"
}

ticks() { cut -d' ' -f22 "/proc/$1/stat"; }

# No printed command names process 1, every process, the caller's own group or this shell.
nothing_dangerous() {
    [[ $output != *"kill -"* ]] || {
        echo "it printed: $output"
        return 1
    }
}

@test "A record with an impossible group or session is refused with exit 2 by every verb" {
    setsid sleep 300 &
    stranger=$!
    OWN_PIDS+=("$stranger")
    wait_until 5 test "$(cut -d' ' -f6 "/proc/$stranger/stat")" != 0
    own=$(ps -o pgid= -p $$ | tr -d ' ')
    local n=0
    for numbers in "$stranger 1 $stranger" "$stranger $stranger 1" "1 1 1" "$stranger $own $stranger" \
        "$stranger $own $own" "$$ 1 $$" "$$ $$ 1"; do
        read -r pid pgid sid <<<"$numbers"
        id=aaaaa$n
        forge "$id" "$pid" "$pgid" "$sid" "$(ticks "$pid")"
        for verb in killcmd stop kill pause "signal HUP" "signal --leader TERM"; do
            run sigmund $verb "$id"
            nothing_dangerous
            assert_failure 2
            assert_output --partial "$id"
        done
        state_is "$id" stale
        # The list shows none of its numbers that could be copied.
        run bash -c "'$SIGMUND' list --wide '$id' | grep '^$id' | tr -s ' ' | cut -d' ' -f2,3"
        assert_output "- -"
        ((++n))
    done
    kill -0 "$stranger"
}

@test "A living guardian repairs a record with an impossible group, and every verb works as before" {
    for verb in killcmd stop "kill" "signal TERM"; do
        id=$(sigmund -q sleep 300)
        pid=$(field "$id" pid)
        sed -i 's/"pgid":[0-9]*/"pgid":1/' "$SIGMUND_STATE_DIR/$id.json"
        run sigmund $verb "$id"
        assert_success
        [[ $verb != killcmd ]] || assert_output "kill -TERM -- -$pid"
        sigmund kill -q "$id"
        gone "$pid"
    done
}

@test "A record that names process 1 as its guardian is refused, though process 1 has children" {
    id=$(sigmund -q sleep 300)
    pid=$(field "$id" pid)
    forge bbbbbb "$pid" "$pid" "$pid" "$(ticks "$pid")" \
        ",\"guardian\":{\"pid\":1,\"start_ticks\":$(ticks 1)}"
    for verb in killcmd stop kill; do
        run sigmund $verb bbbbbb
        nothing_dangerous
        assert_failure 2
    done
    state_is "$id" running
}

@test "For a record whose numbers belong to another process, this shell or no process, no command is printed" {
    local n=0
    for pid in "$$" "$PPID" 2147483647; do
        forge "cccc0$n" "$pid" "$pid" "$pid" 7
        run sigmund killcmd "cccc0$n"
        nothing_dangerous
        assert_failure
        ((++n))
    done
    # Impossible numbers are read as a damaged record or as the leader's own number, and never printed.
    for pgid in 0 -1 -5 99999999999; do
        forge "cccc1$n" "$$" "$pgid" "$pgid" 7
        run sigmund killcmd "cccc1$n"
        nothing_dangerous
        assert_failure
        ((++n))
    done
}

@test "When the leader is gone and its group lives, the printed command ends the group" {
    id=$(sigmund -q bash -c 'sleep 300 & sleep 301 & exit 0')
    leader=$(field "$id" pid)
    wait_until 10 gone "$leader"
    run sigmund killcmd "$id"
    assert_success
    assert_output "kill -TERM -- -$leader"
    eval "$output"
    wait_until 10 state_is "$id" exited
}

@test "When the guardian is gone, too, the printed command still ends the group" {
    id=$(sigmund -q bash -c 'sleep 300 & sleep 301 & wait')
    leader=$(field "$id" pid)
    wait_until 10 bash -c "(( \$(pgrep -g $leader | wc -l) == 3 ))"
    kill -KILL "$(field "$id" guardian.pid)"
    kill -KILL "$leader"
    wait_until 10 gone "$leader"
    run sigmund killcmd "$id"
    assert_success
    assert_output "kill -TERM -- -$leader"
    eval "$output"
    wait_until 10 bash -c "! pgrep -g $leader >/dev/null"
}

@test "When all living processes have left the group no group is named, and the hint names what helps" {
    id=$(sigmund -q bash -c 'setsid sleep 300 & exit 0')
    leader=$(field "$id" pid)
    wait_until 10 gone "$leader"
    wait_until 10 bash -c "'$SIGMUND' tree '$id' | grep -q 'sleep 300  (left the group)'"
    run sigmund killcmd "$id"
    nothing_dangerous
    assert_failure 2
    assert_output --partial "sigmund stop $id"
}

@test "Every group of a pipe is named, even after its first stage has ended, and each living group of a pool" {
    sigmund pipe -q -n p -- true '|' sleep 300 '|' sleep 301 >/dev/null
    first=$(field p pid)
    wait_until 10 gone "$first"
    run sigmund killcmd p
    assert_success
    assert_equal "$output" "kill -TERM -- -$(field p 'stages[1].pid') -$(field p 'stages[2].pid')"
    sigmund -q -n q --pool 3 sleep 300 >/dev/null
    run sigmund killcmd q
    assert_success
    assert_equal "$(tr ' ' '\n' <<<"${output#*-- }" | sort)" \
        "$(sigmund show q --json | jq -r '.data[0].workers[].pid | -.' | sort)"
}

@test "Killcmd names every group of a pool and of a pipe" {
    sigmund -q -n p --pool 3 sleep 300 >/dev/null
    run sigmund killcmd p
    assert_success
    [[ $(tr ' ' '\n' <<<"${output#*-- }" | grep -c '^-[0-9]') == 3 ]]
    sigmund pipe -q -n q -- sleep 300 '|' sleep 301 >/dev/null
    eval "$(sigmund killcmd q)"
    run sigmund wait q
    assert_failure 143
}
