#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# doctor and ports: findings about the machine and about runs.
load sigmund

setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
}
teardown() { sigmund_teardown; }

@test "The ports of a run are shown, and can be used as a target" {
    free_port port
    id=$(sigmund -q --ready tcp:$port python3 -m http.server $port --bind 127.0.0.1)
    run sigmund show ":$port"
    assert_line --regexp "^port: +tcp 127.0.0.1:$port, process"
    assert_line --regexp "^processes: +1; memory .* processor time"
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
    # Installed in a home: PATH may lack it when the start file is read, and zsh's fpath always lacks it.
    mkdir -p home/.local/{bin,share/zsh/site-functions}
    cp "$SIGMUND" home/.local/bin/sigmund
    run env HOME="$PWD/home" SHELL=/bin/bash home/.local/bin/sigmund doctor
    assert_output --partial "fix: eval \"\$($PWD/home/.local/bin/sigmund shell-init)\"  # in ~/.bashrc"
    touch home/.local/share/zsh/site-functions/_sigmund
    run env HOME="$PWD/home" XDG_DATA_HOME= SHELL=/bin/zsh "$SIGMUND" doctor
    assert_output --partial 'fix: eval "$(sigmund shell-init)"  # in ~/.zshrc'
    assert_output --partial "fpath=($PWD/home/.local/share/zsh/site-functions \$fpath)" ||
        assert_output --regexp 'ok +/usr/(local/)?share/zsh/'
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
