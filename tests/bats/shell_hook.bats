#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The hooks in real terminals: every scenario of in_shell.py in each of the three shells.
load sigmund
setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

in_shells() {
    local shell
    for shell in bash zsh fish; do
        run timeout 110 python3 "$BATS_TEST_DIRNAME/in_shell.py" "$shell" "$1"
        assert_success
    done
}

@test "keep: k, Enter, Esc, Ctrl-C and Ctrl-D; the shell's status is kept" { in_shells answer_keep; }
@test "stop all: names, order, --keep is not asked about" { in_shells answer_stop; }
@test "stop all that takes its time: Ctrl-C leaves it to the background" { in_shells answer_stop_slow; }
@test "choose: numbers, a mistake, a correction" { in_shells answer_choose; }
@test "an arrow key is no answer" { in_shells answer_sequence; }
@test "a narrow window" { in_shells answer_narrow; }
@test "time out: kept, and shown as orphaned" { in_shells answer_time_out; }
@test "Ctrl-D ends a shell like exit" { in_shells end_of_file; }
@test "what was typed ahead is no answer, nor is Ctrl-Z" { in_shells type_ahead; }
@test "a terminal that closes during the question leaves the runs" { in_shells hang_up; }
@test "a killed shell's runs are orphaned, and told of once" { in_shells killed; }
@test "the orphan notice at the first prompt" { in_shells orphan_notice; }
@test "a notice when a run ends, not for what the shell stopped itself" { in_shells notices; }
@test "SIGMUND_RUNNING counts, sigmund_jobs lists" { in_shells running_count; }
@test "the prompt segment leaves the status to the prompt" { in_shells prompt_segment; }
@test "subshells, pipelines, scripts and unhooked shells do not ask" { in_shells quiet_elsewhere; }
@test "a nested shell asks of its own runs" { in_shells nested; }
@test "exec of another shell keeps the session" { in_shells replaced; }
@test "tmux panes have shells of their own" { in_shells tmux_panes; }
@test "the policies stop and keep do not ask" { in_shells policies; }
@test "the hook evaluated twice asks once" { in_shells double_eval; }
@test "hostile names and arguments are neither executed nor printed raw" { in_shells hostile_names; }
@test "hostile options, aliases, functions and prompt commands" { in_shells hostile_options; }
@test "the hook wakes no ERR trap, ends no set -e, keeps both statuses, exports nothing" { in_shells harmless; }
@test "bash: EXIT traps set after the hook" { in_shells traps_after; }
@test "an exit refused because of stopped jobs does not ask" { in_shells stopped_jobs; }
@test "bash: bash-preexec" { in_shells bash_preexec; }
@test "the hook alone brings the completion" { in_shells completion_by_hook; }
@test "no fork at a prompt" {
    # Ordinary users may be kept from tracing (ptrace_scope): then the hooks' text is all there is to look at.
    if [[ $EUID == 0 || $(cat /proc/sys/kernel/yama/ptrace_scope 2>/dev/null || echo 0) == 0 ]]; then
        in_shells no_forks
    else
        run grep -nE '\$\(|`' "$BATS_TEST_DIRNAME/../../shell/bash/hook.bash"
        assert_output --partial 'trap -p EXIT'
    fi
}

@test "the hooks are silent under strict modes and their linters" {
    local hook="$BATS_TEST_DIRNAME/../../shell"
    run shellcheck "$hook/bash/hook.bash" && assert_success && refute_output
    run shfmt -d -i 4 -ci "$hook/bash/hook.bash" && assert_success && refute_output
    run zsh -f -n "$hook/zsh/hook.zsh" && assert_success && refute_output
    run fish --no-config --no-execute "$hook/fish/hook.fish" && assert_success && refute_output
    run fish_indent --check "$hook/fish/hook.fish" && assert_success && refute_output
    export PATH=${SIGMUND%/*}:$PATH
    run bash -euo pipefail -c 'eval "$(sigmund shell-init bash)"' && assert_success && refute_output
    run bash --norc -ieuo pipefail -c 'eval "$(sigmund shell-init bash)"' </dev/null
    assert_success
    [[ $(grep -cv 'job control\|terminal process group' <<<"$output" || true) == 0 ]]
    run zsh -f -e -u -c 'eval "$(sigmund shell-init zsh)"' && assert_success && refute_output
    run zsh -f -e -u -i -c 'eval "$(sigmund shell-init zsh)"' </dev/null && assert_success && refute_output
    run fish --no-config -i -c 'sigmund shell-init fish | source' </dev/null && assert_success && refute_output
}

@test "shell-init tells its shell from its parent, and says what is wrong" {
    export PATH=${SIGMUND%/*}:$PATH
    run bash -c '[[ "$(sigmund shell-init)" == "$(sigmund shell-init bash)" ]]' && assert_success
    run zsh -f -c '[[ "$(sigmund shell-init)" == "$(sigmund shell-init zsh)" ]]' && assert_success
    run sigmund shell-init tcsh
    assert_failure 1
    assert_output --partial "bash, zsh or fish"
}

@test "which runs belong to a shell: make, xargs and scripts do; env -i and a stolen variable do not" {
    export PATH=${SIGMUND%/*}:$PATH
    read -r -d '' stat </proc/$$/stat || true
    stat=${stat##*)}
    mine=$$.$(awk '{print $20}' <<<"$stat")
    export SIGMUND_SHELL_ID=$mine
    mkdir "$BATS_TEST_TMPDIR/m"
    printf 'all:\n\t@sigmund -q sleep 300\n' >"$BATS_TEST_TMPDIR/m/Makefile"
    [[ $(field "$(make -sC "$BATS_TEST_TMPDIR/m")" shell) == "$mine" ]]
    [[ $(field "$(echo 300 | xargs sigmund -q sleep)" shell) == "$mine" ]]
    [[ $(field "$(bash -c 'sigmund -q sleep 300')" shell) == "$mine" ]]
    [[ $(field "$(env -i PATH="$PATH" SIGMUND_STATE_DIR="$SIGMUND_STATE_DIR" sigmund -q sleep 300)" shell) == null ]]
    [[ $(field "$(SIGMUND_SHELL_ID=1.1 sigmund -q sleep 300)" shell) == null ]]
    sleep 300 &
    OWN_PIDS+=($!)
    other=$!.$(sed 's/.*)//' "/proc/$!/stat" | awk '{print $20}')
    [[ $(field "$(SIGMUND_SHELL_ID=$other sigmund -q sleep 300)" shell) == null ]]
    [[ $(sigmund list --porcelain --shell --columns id | wc -l) == 3 ]]
    run sigmund stop @shell
    assert_success
    [[ $(sigmund list --porcelain --live | wc -l) == 3 ]]
}
