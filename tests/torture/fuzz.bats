#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The libFuzzer programs of tests/fuzz, each for some seconds with its corpus. A finding is printed as base64. Put it
# into tests/fuzz/corpus/NAME, so that the unit tests try it from then on.
setup() {
    source_folder=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    fuzzers=${SIGMUND_FUZZERS:-$source_folder/build-fuzz/fuzzers}
    [[ -d $fuzzers ]] || skip "no fuzzers: cmake --preset fuzz && cmake --build --preset fuzz"
}

fuzz() {
    local seconds=${SIGMUND_FUZZ_SECONDS:-25} status=0
    mkdir "$BATS_TEST_TMPDIR/new"
    cd "$BATS_TEST_TMPDIR" || return
    timeout --kill-after=5 $((seconds + 60)) "$fuzzers/$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1500 \
        -max_len=8192 -print_final_stats=1 -artifact_prefix="$BATS_TEST_TMPDIR/" new "$source_folder/tests/fuzz/corpus/$1" \
        >log 2>&1 </dev/null || status=$?
    printf '# %s: %s inputs tried, exit status %d\n' "$1" "$(sed -n 's/^stat::number_of_executed_units: *//p' log)" \
        "$status" >&3
    ((status == 0)) || tail -n 60 log
    return "$status"
}

@test "The fuzzer answer finds nothing" { fuzz answer; }
@test "The fuzzer command finds nothing" { fuzz command; }
@test "The fuzzer complete finds nothing" { fuzz complete; }
@test "The fuzzer config finds nothing" { fuzz config; }
@test "The fuzzer detach_keys finds nothing" { fuzz detach_keys; }
@test "The fuzzer env_file finds nothing" { fuzz env_file; }
@test "The fuzzer escape finds nothing" { fuzz escape; }
@test "The fuzzer git_file finds nothing" { fuzz git_file; }
@test "The fuzzer ignore finds nothing" { fuzz ignore; }
@test "The fuzzer import finds nothing" { fuzz import; }
@test "The fuzzer log_time finds nothing" { fuzz log_time; }
@test "The fuzzer notice finds nothing" { fuzz notice; }
@test "The fuzzer placeholders finds nothing" { fuzz placeholders; }
@test "The fuzzer plain finds nothing" { fuzz plain; }
@test "The fuzzer port finds nothing" { fuzz port; }
@test "The fuzzer proc_stat finds nothing" { fuzz proc_stat; }
@test "The fuzzer quantity finds nothing" { fuzz quantity; }
@test "The fuzzer record finds nothing" { fuzz record; }
@test "The fuzzer replay finds nothing" { fuzz replay; }
@test "The fuzzer request finds nothing" { fuzz request; }
@test "The fuzzer sanitizer finds nothing" { fuzz sanitizer; }
@test "The fuzzer signal finds nothing" { fuzz signal; }
@test "The fuzzer socket_table finds nothing" { fuzz socket_table; }
@test "The fuzzer stated finds nothing" { fuzz stated; }
@test "The fuzzer target finds nothing" { fuzz target; }
@test "The fuzzer terminal_modes finds nothing" { fuzz terminal_modes; }
@test "The fuzzer time_index finds nothing" { fuzz time_index; }
@test "The fuzzer waiting_list finds nothing" { fuzz waiting_list; }

@test "Every fuzzer has its test here" {
    for source in "$source_folder"/tests/fuzz/*.cpp; do
        name=$(basename "$source" .cpp)
        grep -qF "{ fuzz $name; }" "$BATS_TEST_FILENAME" || {
            echo "$name has none"
            return 1
        }
    done
}
