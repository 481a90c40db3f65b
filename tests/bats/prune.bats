#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# prune: what it removes, and what it reports about the rest.
load sigmund

setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

@test "Prune and the sweep of the hook leave the marks of another host, another boot and another PID namespace" {
    id=$(sigmund -q true)
    sigmund wait --gone "$id"
    boot=$(cat /proc/sys/kernel/random/boot_id) ns=$(stat -Lc %i /proc/self/ns/pid)
    local other=11111111-2222-3333-4444-555555555555
    # This makes a mark of each kind: of another host, of another PID namespace in this boot, of another boot of this
    # host, and of this boot with a dead shell.
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
        # The records stay (they are the newest), so that only the marks matter.
        # shellcheck disable=SC2086 # several words
        sigmund $sweep
        [[ -e $SIGMUND_STATE_DIR/shells/2000000001.1/done.aaaaa1 ]]
        [[ -e $SIGMUND_STATE_DIR/shells/2000000002.2/done.aaaaa2 ]]
        [[ -e $SIGMUND_STATE_DIR/shells/2000000004.4/done.aaaaa4 ]]
        [[ ! -e $SIGMUND_STATE_DIR/shells/2000000003.3 ]]
    done
}

@test "Prune says what it could not remove" {
    id=$(sigmund -q true)
    sigmund wait --gone "$id"
    wait_until 5 test ! -e "$SIGMUND_STATE_DIR/$id.sock"
    rm "$SIGMUND_STATE_DIR/$id.lock"
    mkdir "$SIGMUND_STATE_DIR/$id.lock"
    run sigmund prune
    assert_failure 1
    assert_output --partial "could not be removed"
    rmdir "$SIGMUND_STATE_DIR/$id.lock"
    run sigmund prune
    assert_success
    assert_output --partial "removed 1 run"
}

@test "A live run that is named stays, and a dry run shows a person the names" {
    sigmund -q -n web sleep 300
    id=$(field web id)
    run sigmund prune web
    assert_failure 1
    assert_output "sigmund: web ($id) stays: it is running"
    gone=$(sigmund -q -n old true)
    wait_until 10 over "$gone"
    run "$SIGMUND" prune --dry-run
    assert_line "$gone"
    run script -qec "$SIGMUND prune --dry-run" /dev/null
    assert_output --partial "old ($gone)"
}
