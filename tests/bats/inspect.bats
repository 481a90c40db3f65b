#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# events, guard, explain, doctor, ports: what there is to see of runs.
load sigmund
setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
    port=$((20000 + RANDOM))
}
teardown() { sigmund_teardown; }

is() { [[ $(field "$1" "$2") == "$3" ]]; }

@test "events: each change of each run, new ones and killed guardians too" {
    "$SIGMUND" events >events 2>err &
    OWN_PIDS+=($!)
    wait_until 5 grep -q '"kind":"events"' events
    id=$(sigmund -q -n job --restart on-failure --max-restarts 1 --backoff 50ms sh -c 'sleep 0.1; exit 3')
    told() { jq -r --arg id "$1" 'select(.id == $id) | .state' events | tr '\n' ' ' | grep -q "$2"; }
    wait_until 10 told "$id" "running backoff running .*failed"
    [[ $(jq -r --arg id "$id" 'select(.id == $id) | .result' events | tail -n 1) == restart-limit ]]
    id=$(sigmund -q sleep 300)
    wait_until 5 told "$id" running
    sigmund pause "$id"
    wait_until 5 told "$id" paused
    kill -KILL "$(sigmund show "$id" --json | jq .data[0].guardian.pid)"
    sigmund kill -q "$id"
    wait_until 5 told "$id" "exited"
    run sigmund events --since 1h --no-follow
    assert_line --index 0 '{"schema":"sigmund/1","kind":"events"}'
    [[ $(grep -c '"state":"starting"' <<<"$output") == 2 ]]
    # Of named runs it ends with the last of them.
    id=$(sigmund -q sleep 0.2)
    run timeout 10 "$SIGMUND" events "$id"
    assert_success
    assert_output --partial '"result":"exit=0"'
}

@test "guard: the command's status, or 123 when a run ends" {
    sigmund -q -n db sleep 300
    run sigmund guard db -- sh -c 'echo works; exit 4'
    assert_failure 4
    assert_output --partial works
    run sigmund guard db -- sh -c 'kill -SEGV $$'
    assert_failure 139
    run -127 sigmund guard db -- no-such-command
    assert_failure 127
    sigmund -q -n web sh -c 'echo the reason; sleep 0.3; exit 7'
    run timeout 8 "$SIGMUND" guard db web -- sleep 300
    assert_failure 123
    assert_output --partial "web"
    assert_output --partial "the reason"
    assert_output --partial "exit=7"
    run sigmund guard web -- touch started
    assert_failure 123
    [[ ! -e started ]]
    run sigmund guard db
    assert_failure 1
    run sigmund guard -- true
    assert_failure 5
    run sigmund guard nobody -- true
    assert_failure 5
}

@test "explain: who stopped it, what the status means, what the log says" {
    id=$(sigmund -q sleep 300)
    run sigmund explain "$id"
    assert_output --partial "has not ended"
    sigmund stop -q "$id"
    run sigmund explain "$id"
    assert_output --partial "ended by \`sigmund stop\`"
    assert_output --partial "stop -q $id"
    sigmund -q -n seg sh -c 'kill -SEGV $$'
    wait_until 5 is seg state exited
    run sigmund explain seg
    assert_output --partial "SIGSEGV: segmentation fault (invalid memory access)"
    sigmund -q -n none sh -c 'no-such-thing'
    wait_until 5 is none state exited
    run sigmund explain none
    assert_output --partial "it exited with status 127"
    assert_output --partial "not found"
    sigmund -q -n first --ready tcp:$port python3 -m http.server $port --bind 127.0.0.1
    sigmund -q -n second python3 -m http.server $port --bind 127.0.0.1
    wait_until 10 is second state exited
    run sigmund explain second
    assert_output --partial "address already in use"
    assert_output --partial "port $port is held by first ($(field first id)): sigmund stop first"
    [[ $(sigmund explain second --json | jq -r '.data[0].causes[0].code') == address-in-use ]]
    id=$(sigmund -q sleep 300)
    kill -TERM "$(sigmund show "$id" --json | jq .data[0].guardian.pid)"
    wait_until 5 is "$id" state exited
    run sigmund explain "$id"
    assert_output --partial "signal SIGTERM to the guardian"
    sed -i 's/"boot_id":"[^"]*"/"boot_id":"00000000-0000-0000-0000-000000000000"/g; s/"state":"exited"/"state":"running"/; s/"result":"stopped"/"result":null/' "$SIGMUND_STATE_DIR/$id.json"
    run sigmund explain "$id"
    assert_output --partial "before this machine was booted"
}

@test "ports: shown, and a target" {
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

@test "doctor: findings with a way out, of the machine and of a run" {
    run sigmund doctor
    assert_output --partial "SIGMUND_STATE_DIR" || assert_output --partial "$SIGMUND_STATE_DIR"
    assert_output --partial "Linux"
    [[ $(sigmund doctor --json | jq -r .kind) == doctor ]]
    run env SIGMUND_STATE_DIR=/proc/nowhere "$SIGMUND" doctor
    assert_failure 1
    assert_output --partial WRONG
    # Installed in a home: PATH may not know of it yet when the start file is read, and zsh's fpath never does.
    mkdir -p home/.local/{bin,share/zsh/site-functions}
    cp "$SIGMUND" home/.local/bin/sigmund
    run env HOME="$PWD/home" SHELL=/bin/bash home/.local/bin/sigmund doctor
    assert_output --partial "mend: eval \"\$($PWD/home/.local/bin/sigmund shell-init)\"  # in ~/.bashrc"
    touch home/.local/share/zsh/site-functions/_sigmund
    run env HOME="$PWD/home" XDG_DATA_HOME= SHELL=/bin/zsh "$SIGMUND" doctor
    assert_output --partial 'mend: eval "$(sigmund shell-init)"  # in ~/.zshrc'
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

@test "explain: a signal of sigmund's own is no stranger's; a pipe's failed stage is named" {
    run sigmund -q -w --timeout 100ms sleep 300
    assert_failure 124
    run sigmund explain @
    assert_output --partial "its --timeout ran out"
    refute_output --partial "sent it"
    run sigmund --ready tcp:1 -- sh -c 'exit 7'
    run sigmund explain @
    assert_output --partial "it ended before it was ready"
    run sigmund pipe -q -w -- sh -c 'exit 3' '|' cat
    assert_failure 3
    run sigmund explain @
    assert_output --partial "stage 1 (sh -c 'exit 3'): exit=3"
}

@test "tail --jsonl: an object a line, with the stream, and lossless" {
    run sigmund -q -w -n web --split-log -- sh -c 'echo out; printf "a\tb\n"; echo err >&2'
    assert_success
    run sigmund tail --jsonl web
    assert_success
    assert_line --index 0 '{"schema":"sigmund/1","kind":"tail"}'
    [[ $(jq -r 'select(.stream == "stdout") | .line' <<<"$output") == $'out\na\tb' ]]
    [[ $(jq -r 'select(.stream == "stderr") | .line' <<<"$output") == err ]]
    run sigmund -q -w -- printf 'a\377b'
    run bash -c "'$SIGMUND' tail --jsonl @ | jq -r 'select(.line_b64) | .line_b64' | base64 -d | od -An -tx1"
    assert_output " 61 ff 62"
}

@test "guard passes on what is sent to it alone, and the command does not outlive it" {
    local signal guard
    sigmund -q -n web sleep 300 >/dev/null
    for signal in TERM HUP; do
        "$SIGMUND" guard web -- sh -c 'echo $$ >"$SIGMUND_STATE_DIR/pid"; exec sleep 300' &
        guard=$!
        OWN_PIDS+=("$guard")
        wait_until 5 test -s "$SIGMUND_STATE_DIR/pid"
        kill -$signal "$guard"
        status=0
        wait "$guard" || status=$?
        [[ $status == $((128 + $(kill -l $signal))) ]]
        wait_until 5 gone "$(<"$SIGMUND_STATE_DIR/pid")"
        rm "$SIGMUND_STATE_DIR/pid"
    done
}
