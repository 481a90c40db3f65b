#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The hooks in real terminals, in each of the three shells: prompts, notices, sessions, hostile environments.
load sigmund
load shells

setup() { shells_setup; }
teardown() { shells_teardown; }

@test "The runs of a killed shell are orphaned, which is reported once" { in_shells killed; }
@test "The first prompt of a shell reports orphaned runs" { in_shells orphan_notice; }
@test "A notice reports that a run has ended, but not a run that the shell itself stopped" { in_shells notices; }
@test "SIGMUND_RUNNING counts the runs, and sigmund_jobs lists them" { in_shells running_count; }
@test "Sigmund_jobs shows states and ports, in colour only on a terminal" { in_shells jobs; }
@test "The prompt segment leaves the exit status to the prompt" { in_shells prompt_segment; }
@test "Subshells, pipelines, scripts and shells without the hook do not ask" { in_shells quiet_elsewhere; }
@test "A nested shell asks about its own runs" { in_shells nested; }
@test "The exec of another shell keeps the session" { in_shells replaced; }
@test "Each pane of tmux has its own shell" { in_shells tmux_panes; }
@test "A hook that is evaluated twice asks once" { in_shells double_eval; }
@test "Hostile names and arguments are neither executed nor printed raw by the hook" { in_shells hostile_names; }
@test "The hook survives hostile options, aliases, functions and prompt commands" { in_shells hostile_options; }
@test "The hook triggers no ERR trap, ends no set -e, keeps both statuses, and exports nothing" { in_shells harmless; }
@test "EXIT traps of bash that are set after the hook are kept" { in_shells traps_after; }
@test "The hook uses the list of bash-preexec when that is loaded" { in_shells bash_preexec; }
@test "The hook alone installs the completion" { in_shells completion_by_hook; }
@test "The hook works as a file that is sourced" { in_shells sourced_file; }
@test "The hook uses the program that printed it, and is silent when that is gone" { in_shells binary_gone; }
@test "A program that moves to another folder of PATH is found" { in_shells binary_moved; }
@test "Each prompt program gets its segment, and an unknown one is named" {
    run -0 sigmund prompt oh-my-posh
    [[ $(jq -r .type <<<"$output") == text && $(jq -r .template <<<"$output") == *".Env.SIGMUND_RUNNING"* ]]
    for word in bash zsh fish starship powerlevel10k; do
        run -0 sigmund prompt "$word"
        assert_output --partial SIGMUND_RUNNING
    done
    run -1 sigmund prompt tcsh
    assert_output --partial "starship, powerlevel10k or oh-my-posh"
    run -1 sigmund prompt
    run -0 sigmund completions --porcelain --word 2 -- sigmund prompt ""
    for word in bash zsh fish starship powerlevel10k oh-my-posh; do assert_output --partial "$word"; done
}
@test "No prompt forks" {
    # Ordinary users may be forbidden to trace (ptrace_scope). Then only the text of the hooks can be checked.
    if [[ $EUID == 0 || $(cat /proc/sys/kernel/yama/ptrace_scope 2>/dev/null || echo 0) == 0 ]]; then
        in_shells no_forks
    else
        run grep -nE '\$\(|`' "$BATS_TEST_DIRNAME/../../shell/bash/hook.bash"
        assert_output --partial 'trap -p EXIT'
    fi
}

@test "The hooks are silent under strict modes and their linters" {
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

@test "The shell kit of bash has no process substitution, which bash 4.4 cannot parse in posix mode" {
    run grep -nE '[<>]\(' "$BATS_TEST_DIRNAME"/../../shell/bash/*.bash
    assert_failure 1
}

@test "Shell-init recognises its shell by its parent, and reports what is wrong" {
    export PATH=${SIGMUND%/*}:$PATH
    run bash -c '[[ "$(sigmund shell-init)" == "$(sigmund shell-init bash)" ]]' && assert_success
    run zsh -f -c '[[ "$(sigmund shell-init)" == "$(sigmund shell-init zsh)" ]]' && assert_success
    run sigmund shell-init tcsh
    assert_failure 1
    assert_output --partial "bash, zsh or fish"
}

@test "Runs of make, xargs and scripts belong to the shell; those of env -i and with a stolen variable do not" {
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
