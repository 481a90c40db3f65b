# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Which end-to-end tests are worth running after a change: those whose names share a word with a changed file, those of
# the areas below, and a core of quick ones. It is a guess for the time between two edits, not a proof: the whole suite
# decides. This file is sourced by scripts/test.

# The tests that say soon whether anything works.
core_tests="start stop results list restart wait_status"

# tests_of_area PATH: the tests of a part of the program whose names do not tell.
tests_of_area() {
    case $1 in
        src/guard/watch*) echo "watch*" ;;
        src/guard/ready* | src/guard/probe* | src/guard/notify* | src/run/probe*) echo "ready*" ;;
        src/guard/terminate* | src/guard/reaper* | src/ops/members* | src/ops/stop* | src/sys/children*)
            echo "stop frozen_* lost_guardian starved_guardian guardian_killed hidden_leader"
            ;;
        src/guard/console* | src/guard/viewers* | src/ops/attach* | src/sys/pty*) echo "tty attach terminal_*" ;;
        src/guard/log* | src/ops/log* | src/ops/follow* | src/ops/merge*) echo "*log*" ;;
        src/guard/lives* | src/guard/machine* | src/guard/member*) echo "restart* pool again health" ;;
        src/guard/desk* | src/guard/control* | src/run/protocol*) echo "control_socket frozen_guardian busy_guardian" ;;
        src/ops/exit* | src/cli/cmd_shell*) echo "exit_prompt shell_*" ;;
        src/ops/up* | src/ops/down* | src/cli/stack* | src/stack/*) echo "stack*" ;;
        src/cli/complet* | src/cli/cmd_completions*) echo "completion*" ;;
        src/cli/render* | src/cli/columns*) echo "machine_output list one_look" ;;
        src/cli/help* | src/cli/first_words* | man/* | docs/* | README.md) echo "documentation first_words" ;;
        src/config/*) echo "config* projects" ;;
        src/run/store* | src/run/record* | src/run/id* | src/run/folder*) echo "stored_records damaged_record run_files prune" ;;
        src/run/shell* | shell/*) echo "shell_*" ;;
        src/kin/nosig*) echo "nosig*" ;;
        src/kin/*) echo "supervise unlinkwait nosig" ;;
        src/top/*) echo "top" ;;
        scripts/install*) echo "install" ;;
        bench/*) echo "bench" ;;
    esac
}

# shellcheck disable=SC2154 # `root` is set by lib.sh
# changed_files [BASE]: the files that differ from a commit, and those that git does not know yet. Without BASE that is
# the last commit, or the one before where nothing differs.
changed_files() {
    local base=${1:-HEAD} files
    files=$(git -C "$root" diff --name-only "$base" -- && git -C "$root" ls-files --others --exclude-standard) || return
    if [[ -z $files && -z ${1:-} ]]; then
        files=$(git -C "$root" diff --name-only HEAD~1) || return
    fi
    printf '%s\n' "$files"
}

# shared_word TEST PATH: whether the names of a test and of a file share a word that tells something.
shared_word() {
    local word
    local name=${2##*/}
    name=_${name%%.*}_
    for word in ${1//_/ }; do
        case $word in run | files | words | look | changes | cmd | test | in | who | it | ended) continue ;; esac
        [[ $name != *"_${word}_"* ]] || return 0
    done
    return 1
}

# changed_tests [BASE]: the files of the tests, one in each line.
changed_tests() {
    local path test name pattern
    declare -A chosen=()
    local paths
    paths=$(changed_files "$@") || return
    while IFS= read -r path; do
        local patterns=
        case $path in
            tests/bats/*.bats) patterns=$(basename "$path" .bats) ;;
            src/sys/* | src/run/* | CMakeLists.txt | scripts/* | tests/bats/sigmund.bash) patterns=$core_tests ;;
        esac
        patterns+=" $(tests_of_area "$path")"
        for test in "$root"/tests/bats/*.bats; do
            name=$(basename "$test" .bats)
            ! shared_word "$name" "$path" || chosen[$test]=1
            for pattern in $patterns; do
                # shellcheck disable=SC2053 # it is a pattern
                [[ $name != $pattern ]] || chosen[$test]=1
            done
        done
    done <<<"$paths"
    ((${#chosen[@]} == 0)) || printf '%s\n' "${!chosen[@]}" | sort
}
