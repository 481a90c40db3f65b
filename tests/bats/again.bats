#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A run that is started once more is as it was, and what cannot be kept is reported.
# This file runs once, since the record of options does not depend on the user.
load sigmund

setup() {
    sigmund_setup
    scratch_folder
    cd "$scratch"
}
teardown() { sigmund_teardown; }

# The parts of a record that say how the run was started: a line of options, and a line of the rest.
start_of() {
    jq -Sc '(.options | del(.path_hash)), [.tags, .cwd, .split_log, .survive, .keep, .stop_signal, .stop_timeout_ms,
        .log_external]' "$SIGMUND_STATE_DIR/$1.json"
}

@test "Every launch option that is kept is the same in the record of the second start as in the first" {
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
        "--on-exit true" "--pid-file $scratch/pid" "--while ttl:1h" "--log-max-size 4K --log-keep 3" "--log-times"
        "--survive job" "--keep"
    )
    for option in "${options[@]}"; do
        first=$("$SIGMUND" run -q $option sleep 300)
        sigmund kill -q "$first"
        second=$("$SIGMUND" again -q "$first")
        sigmund kill -q "$second"
        wanted=$(start_of "$first")
        assert_equal "$option: $(start_of "$second")" "$option: $wanted"
        # The printed command has the same effect.
        run bash -c "'$SIGMUND' again --dry-run '$first' 2>/dev/null"
        words=$(sed -E 's/.* && sigmund //' <<<"$output")
        third=$(cd / && eval "'$SIGMUND' ${words/run /run -q }")
        sigmund kill -q "$third"
        assert_equal "$option: $(start_of "$third" | head -n 1)" "$option: ${wanted%%$'\n'*}"
    done
}

@test "Again and restart report that a caller's descriptor cannot be kept, also with --json" {
    exec 7<>"$scratch/seven"
    first=$("$SIGMUND" run -q --keep-fd 7 sh -c 'readlink /proc/self/fd/7 || echo none')
    sigmund wait --gone "$first" || true
    log_has "$first" seven
    exec 7>&-
    run sigmund again "$first"
    assert_success
    assert_output --partial "descriptor 7 was left open by its caller (--keep-fd)"
    run --separate-stderr sigmund again --json "$first"
    assert_equal "$(jq -r '.data.differences[] | select(test("descriptor 7"))' <<<"$output" | wc -l)" 1
    run sigmund restart "$first"
    assert_success
    assert_output --partial "descriptor 7 was left open by its caller (--keep-fd)"
    run sigmund again --dry-run "$first"
    assert_output --partial "descriptor 7"
    refute_output --partial "--keep-fd 7"
    # A repeated run does not have it either, so whoever repeats that run is told, too.
    second=$(sigmund again -q "$first" 2>/dev/null)
    sigmund wait --gone "$second" || true
    run sigmund again "$second"
    assert_output --partial "descriptor 7 was left open by its caller (--keep-fd)"
    # A run that had none has nothing to report about it.
    second=$("$SIGMUND" run -q true)
    sigmund wait --gone "$second"
    run --separate-stderr sigmund again --json "$second"
    assert_equal "$(jq '.data.differences' <<<"$output")" null
}

@test "A restart of a finished run reports, as again does, that the value of a variable was not kept" {
    first=$("$SIGMUND" run -q -e COLOUR=red true)
    sigmund wait --gone "$first"
    for verb in again restart; do
        run sigmund $verb "$first"
        assert_success
        assert_output --partial "the variable COLOUR was set then"
    done
    # The repeated run lacks it, too, so whoever repeats that run is told, unless it is given again.
    second=$(sigmund again -q "$first" 2>/dev/null)
    sigmund wait --gone "$second"
    run sigmund again "$second"
    assert_output --partial "the variable COLOUR was set then"
    run sigmund again -e COLOUR=blue "$second"
    refute_output --partial "the variable COLOUR was set then"
}

@test "Again starts the same command once more, after it has reported what differs" {
    mkdir dir
    id=$(sigmund -q -C dir -e FOO=bar -t a --stop-timeout 3s sh -c 'pwd; echo "[$FOO]"')
    sigmund wait --gone "$id"
    run sigmund again --dry-run "$id"
    assert_success
    assert_output --partial "the variable FOO was set then"
    assert_output --partial "sigmund run --tag a --stop-timeout 3s -- sh -c"
    run bash -c "'$SIGMUND' again -q -e FOO=new $id"
    assert_success
    new=$output
    sigmund wait --gone "$new"
    [[ $new != "$id" && $(sigmund dump "$new" | tail -n 1) == "[new]" ]]
    [[ $(sigmund show "$new" --json | jq -c '.data[0].tags') == '["a"]' ]]
    [[ $(field "$new" stop_timeout_ms) == 3000 ]]
    rmdir dir
    run sigmund again "$id"
    assert_failure 125
    assert_output --partial "its folder"
    PATH=$PATH:/nowhere run sigmund again --dry-run "$id"
    assert_output --partial "PATH is different from what it was then"
}

@test "The command that again --dry-run prints makes the same run" {
    export PATH=${SIGMUND%/*}:$PATH
    id=$(sigmund -q -n job -t a -t b --umask 027 --unset-env B --rlimit nofile=100:200 --ignore HUP --block USR1 \
        --stop-signal INT --stop-timeout 1500ms --timeout 1h --restart on-exit=3,4 --backoff 1s..2s --max-restarts 2 \
        --health 'true; x' --health-interval 7s --while ttl:5h --log-max-size 1M --on-exit 'echo over' --keep --nice 3 \
        --clean-env --survive job --restart-on HUP sh -c 'echo "a  b"')
    sigmund wait --gone "$id"
    run sigmund again --dry-run "$id"
    assert_success
    [[ $output == "cd "*" && sigmund run "* ]]
    new=$(bash -c "$output")
    sigmund wait --gone "$new"
    for part in .options .argv .tags .stop_signal .stop_timeout_ms .keep .survive .split_log .cwd .name; do
        [[ $(jq -cS "$part" "$SIGMUND_STATE_DIR/$id.json") == "$(jq -cS "$part" "$SIGMUND_STATE_DIR/$new.json")" ]] ||
            fail "$part: $(jq -cS "$part" "$SIGMUND_STATE_DIR/$id.json" "$SIGMUND_STATE_DIR/$new.json")"
    done
}

@test "Again --dry-run prints a command, and refuses --json" {
    sigmund -q -w true
    run sigmund again --dry-run @
    assert_output --partial "sigmund run -- true"
    json_error usage sigmund again --dry-run --json @
    run sigmund again --env NONE @
    assert_failure 1
    assert_output --partial '"NONE" is not NAME=VALUE'
}

@test "Again may follow the log, and wait for the end with the status of the run" {
    id=$(sigmund -q -n job sh -c 'echo out; exit 3')
    wait_until 10 over "$id"
    run sigmund again --wait job
    assert_failure 3
    assert_output --partial 'exited 3'
    run sigmund again --tail -q job
    assert_failure 3
    assert_line out
}
