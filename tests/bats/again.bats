#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A run that is started once more is what it was; what cannot be kept is said.
load sigmund

setup() {
    sigmund_setup
    scratch=$(mktemp -d /tmp/sgm-again.XXXXXX)
}
teardown() {
    sigmund_teardown
    rm -rf "$scratch"
}

options_of() { jq -Sc '.options | del(.path_hash)' "$SIGMUND_STATE_DIR/$1.json"; }

@test "every launch option that lasts is in the record of the second start as in the first" {
    echo A=1 >"$scratch/env"
    echo in >"$scratch/in"
    mkdir "$scratch/watched"
    local options=(
        "--tag red" "--cwd $scratch" "--env-file $scratch/env" "--unset-env LANG" "--clean-env"
        "--stdin $scratch/in" "--log $scratch/own.log" "--split-log" "--umask 027" "--nice 5"
        "--rlimit nofile=64:128" "--rlimit core=unlimited" "--ignore HUP" "--default PIPE" "--block USR1"
        "--unblock USR2" "--inherit-signals" "--stop-signal INT" "--stop-timeout 1500ms" "--timeout 1h"
        "--ready cmd:true --ready-timeout 7s" "--restart on-failure" "--restart on-exit=3,4"
        "--max-restarts 7 --backoff 20ms..3s --restart-window 9s" "--restart-on HUP"
        "--health true --health-interval 3s --health-timeout 2s --health-retries 5 --health-start 1s"
        "--pool 2" "--watch $scratch/watched --watch-ext .c --watch-exclude x --debounce 50ms --backoff 10ms..20ms"
        "--on-exit true" "--pid-file $scratch/pid" "--while ttl:1h" "--log-max-size 4K --log-keep 3"
        "--survive job" "--keep"
    )
    for option in "${options[@]}"; do
        first=$("$SIGMUND" run -q $option sleep 300)
        sigmund kill -q "$first"
        second=$("$SIGMUND" again -q "$first")
        sigmund kill -q "$second"
        assert_equal "$option: $(options_of "$second")" "$option: $(options_of "$first")"
        for it in tags cwd split_log survive keep stop_signal stop_timeout_ms log_external; do
            assert_equal "$option: $(jq -c ".$it" "$SIGMUND_STATE_DIR/$second.json")" \
                "$option: $(jq -c ".$it" "$SIGMUND_STATE_DIR/$first.json")"
        done
        # The command that is printed says the same.
        run bash -c "'$SIGMUND' again --dry-run '$first' 2>/dev/null"
        words=$(sed -E 's/.* && sigmund //' <<<"$output")
        third=$(cd / && eval "'$SIGMUND' ${words/run /run -q }")
        sigmund kill -q "$third"
        assert_equal "$option: $(options_of "$third")" "$option: $(options_of "$first")"
    done
}

@test "a caller's descriptor cannot be kept: again and restart say so, --json too" {
    exec 7<>"$scratch/seven"
    first=$("$SIGMUND" run -q --keep-fd 7 sh -c 'readlink /proc/self/fd/7 || echo none')
    sigmund wait --gone "$first" || true
    log_has "$first" seven
    exec 7>&-
    run sigmund again "$first"
    assert_success
    assert_output --partial "descriptor 7 was its caller's (--keep-fd)"
    run --separate-stderr sigmund again --json "$first"
    assert_equal "$(jq -r '.data.differences[] | select(test("descriptor 7"))' <<<"$output" | wc -l)" 1
    run sigmund restart "$first"
    assert_success
    assert_output --partial "descriptor 7 was its caller's (--keep-fd)"
    run sigmund again --dry-run "$first"
    assert_output --partial "descriptor 7"
    refute_output --partial "--keep-fd 7"
    # A repeated run does not have it either: whoever repeats that one is told too.
    second=$(sigmund again -q "$first" 2>/dev/null)
    sigmund wait --gone "$second" || true
    run sigmund again "$second"
    assert_output --partial "descriptor 7 was its caller's (--keep-fd)"
    # One that had none has nothing to say of it.
    second=$("$SIGMUND" run -q true)
    sigmund wait --gone "$second"
    run --separate-stderr sigmund again --json "$second"
    assert_equal "$(jq '.data.differences' <<<"$output")" null
}

@test "a variable whose value is not kept is said by restart of a finished run as by again" {
    first=$("$SIGMUND" run -q -e COLOUR=red true)
    sigmund wait --gone "$first"
    for verb in again restart; do
        run sigmund $verb "$first"
        assert_success
        assert_output --partial "the variable COLOUR was set then"
    done
    # It is missing in the repeated run too: whoever repeats that one is told; not where it is given again.
    second=$(sigmund again -q "$first" 2>/dev/null)
    sigmund wait --gone "$second"
    run sigmund again "$second"
    assert_output --partial "the variable COLOUR was set then"
    run sigmund again -e COLOUR=blue "$second"
    refute_output --partial "the variable COLOUR was set then"
}

@test "prune and the hook's sweep leave the marks of another host, another boot and another PID namespace" {
    id=$(sigmund -q true)
    sigmund wait --gone "$id"
    boot=$(cat /proc/sys/kernel/random/boot_id) ns=$(stat -Lc %i /proc/self/ns/pid)
    local other=11111111-2222-3333-4444-555555555555
    # A mark of each kind: another host; another PID namespace of this boot; another boot of this host; this boot, its
    # shell gone.
    make() { # ID SHELL HOST BOOT NS
        mkdir -p "$SIGMUND_STATE_DIR/shells/$2"
        jq -c --arg id "$1" --arg shell "$2" --arg host "$3" --arg boot "$4" --argjson ns "$5" \
            '.id=$id | .shell=$shell | .host=$host | .identity.boot_id=$boot | .boot_id=$boot | .identity.pid_ns=$ns' \
            "$SIGMUND_STATE_DIR/$id.json" >"$SIGMUND_STATE_DIR/$1.json"
        : >"$SIGMUND_STATE_DIR/shells/$2/done.$1"
    }
    make aaaaa1 2000000001.1 elsewhere "$other" "$ns"
    make aaaaa2 2000000002.2 "$(uname -n)" "$boot" 7
    make aaaaa4 2000000004.4 "$(uname -n)" "$other" "$ns"
    for sweep in 'prune -q --keep 100' 'shell-notify --orphans --id 1.1'; do
        make aaaaa3 2000000003.3 "$(uname -n)" "$boot" "$ns"
        # The records stay (they are the newest), so that only the marks are looked at.
        # shellcheck disable=SC2086 # several words
        sigmund $sweep
        [[ -e $SIGMUND_STATE_DIR/shells/2000000001.1/done.aaaaa1 ]]
        [[ -e $SIGMUND_STATE_DIR/shells/2000000002.2/done.aaaaa2 ]]
        [[ -e $SIGMUND_STATE_DIR/shells/2000000004.4/done.aaaaa4 ]]
        [[ ! -e $SIGMUND_STATE_DIR/shells/2000000003.3 ]]
    done
}
