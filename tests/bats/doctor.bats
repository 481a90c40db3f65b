#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# doctor and ports: findings about the machine and about runs.
load sigmund
load shells

setup() {
    shells_setup
    cd "$BATS_TEST_TMPDIR"
}
teardown() { shells_teardown; }

@test "The ports of a run are shown, and can be used as a target" {
    free_port port
    id=$(sigmund -q --ready tcp:$port python3 -m http.server $port --bind 127.0.0.1)
    run sigmund show ":$port"
    assert_line --regexp "^port: +tcp 127.0.0.1:$port, process"
    assert_line --regexp "^processes: +1; memory .* CPU time"
    [[ $(sigmund show "$id" --json | jq -c '.data[0].ports[0] | [.proto, .address, .port]') == "[\"tcp\",\"127.0.0.1\",$port]" ]]
    [[ $(sigmund show "$id" --json | jq '.data[0].members | length') == 1 ]]
    sigmund stop -q ":$port"
    run sigmund show ":$port"
    assert_failure 5
}

@test "Doctor reports findings with a way out, about the machine and about a run" {
    run sigmund doctor
    assert_output --partial "SIGMUND_STATE_DIR" || assert_output --partial "$SIGMUND_STATE_DIR"
    assert_output --partial "Linux"
    [[ $(sigmund doctor --json | jq -r .kind) == doctor ]]
    run env SIGMUND_STATE_DIR=/proc/nowhere "$SIGMUND" doctor
    assert_failure 1
    assert_output --partial WRONG
    run env GITHUB_ACTIONS=true RUNNER_TRACKING_ID=x "$SIGMUND" doctor
    assert_output --partial "--survive job"
    id=$(RUNNER_TRACKING_ID=x sigmund -q sleep 300)
    run sigmund doctor "$id"
    assert_failure 1
    assert_output --partial "RUNNER_TRACKING_ID"
    id=$(sigmund -q sleep 300)
    run sigmund doctor "$id"
    assert_success
}

@test "Doctor looks at the shell at whose prompt it was typed" { in_shells doctor_hook; }
@test "Doctor does not mistake an inner shell, or one after exec, for a shell with the hook" { in_shells doctor_inner; }
@test "Doctor reports a PATH without the program, and another program before it" { in_shells doctor_path; }
@test "Doctor reports missing completions, and those of another version" { in_shells doctor_completion; }
@test "Doctor searches for the completion where bash-completion does" { in_shells doctor_bash_places; }
@test "Doctor reports a hook of another version" { in_shells doctor_versions; }
@test "Doctor notices that prompts do not call the hook" { in_shells doctor_notices; }
@test "Doctor looks at the right shell in tmux, in a container and as another user" { in_shells doctor_elsewhere; }
@test "Doctor reports a restricted shell" { in_shells doctor_restricted; }
@test "Doctor reports a bash that is too old for the hook" { in_shells doctor_old_bash; }
@test "Doctor tells whether a known prompt shows the number of runs" { in_shells doctor_prompt; }
@test "Doctor reports a start file that loads the hook when the shell is without it" { in_shells doctor_start_file; }

@test "Doctor asks for no hook where no person is at a prompt" {
    # As in cron, in a CI job and in a service. The shells of these lines are not interactive.
    for words in "bash -c" "zsh -fc" "fish --no-config -c" "sh -c" "env -i PATH=$PATH HOME=$HOME sh -c"; do
        # shellcheck disable=SC2086
        run setsid --wait $words "$SIGMUND doctor --json; true" </dev/null
        assert_success
        [[ $(jq -r '.data[] | select(.code == "hook") | .level + ": " + .what' <<<"$output") == "ok: this was not called from an interactive shell"* ]]
        [[ $(jq '[.data[] | select(.code == "completion")] | length' <<<"$output") == 0 ]]
    done
}

@test "Doctor reports a store that cannot be opened or made" {
    ln -s /nowhere link
    run env SIGMUND_STATE_DIR="$PWD/link/store" "$SIGMUND" doctor
    assert_failure 1
    assert_output --partial "WRONG  the store $PWD/link/store cannot be made: $PWD/link: No such file or directory"
    scratch_folder
    mkdir -p "$scratch/store"
    cp "$SIGMUND" "$scratch/sigmund"
    chmod 711 "$scratch"
    mkdir -m 0 "$scratch/closed"
    other_user=()
    [[ $EUID != 0 ]] || other_user=(setpriv --reuid=65534 --clear-groups)
    run "${other_user[@]}" env SIGMUND_STATE_DIR="$scratch/closed/store" "$scratch/sigmund" doctor
    assert_failure 1
    assert_output --partial "$scratch/closed/store: Permission denied"
}
