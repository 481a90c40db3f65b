#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Names, prefixes and forms for several runs, and what is reported when they match none.
load sigmund

setup() {
    sigmund_setup
    scratch_folder
    cd "$scratch"
}
teardown() { sigmund_teardown; }

@test "A name belongs to one live run, and replace, rename and tags keep to that" {
    id=$(sigmund -q -n web -t db sleep 300)
    run sigmund -n web sleep 1
    assert_failure 1
    assert_output --partial "taken by $id"
    run sigmund -n cafe sleep 1
    assert_failure 1
    new=$(sigmund -q -n web --replace sleep 300)
    [[ $(field "$id" state) == exited && $(field web id) == "$new" ]]
    sigmund rename web api
    sigmund tag api x y
    [[ $(field api 'tags | join(",")') == x,y ]]
    run sigmund stop tag=x
    assert_success
    run sigmund stop tag=nothing
    assert_success
}

@test "Targets are ids, prefixes and the newest run, and ambiguous or unknown ones are refused" {
    id=$(sigmund -q sleep 300)
    [[ $(field "${id:0:4}" id) == "$id" && $(field @ id) == "$id" ]]
    run sigmund stop nobody
    assert_failure 5
    run sigmund stop
    assert_failure 5
    assert_output --partial "$id"
    cp "$SIGMUND_STATE_DIR/$id.json" "$SIGMUND_STATE_DIR/copy"
    sed "s/$id/${id:0:4}zz/" "$SIGMUND_STATE_DIR/copy" >/dev/null
    other=${id:0:4}$(printf '%02x' $(((16#${id:4:2} + 1) % 256)))
    sed "s/\"id\":\"$id\"/\"id\":\"$other\"/" "$SIGMUND_STATE_DIR/copy" >"$SIGMUND_STATE_DIR/$other.json"
    run sigmund show "${id:0:4}"
    assert_failure 6
    assert_output --partial "$other"
}

@test "A name that cannot be written is reported, and the old name and the guardian stay" {
    id=$(sigmund -q -n web sleep 300)
    guardian=$(guardian_of "$id")
    for fault in mkdirat:error=EIO openat,openat2:error=ENOSPC write:error=ENOSPC renameat:error=EIO; do
        timeout $((100 * slowness)) strace -qq -o "$scratch/trace" -p "$guardian" -e "inject=$fault" 2>/dev/null &
        OWN_PIDS+=($!)
        traced() { ! grep -q '^TracerPid:[[:space:]]*0$' "/proc/$guardian/status"; }
        wait_until 5 traced
        run timeout $((100 * slowness)) "$SIGMUND" rename web api
        assert_failure
        assert_output --regexp "(Input/output error|No space left on device)"
        kill -INT $! && wait $! || true
        [[ $(field "$id" name) == web ]]
        run sigmund rename api elsewhere
        assert_failure 5
    done
    sigmund rename web api
    [[ $(field "$id" name) == api ]]
    run sigmund -q -n api sleep 1
    assert_failure
    sigmund -q -n web true
}

@test "Signal, pause and restart of a form for several runs do not touch the finished ones" {
    sigmund -q -w -t x true
    run sigmund restart tag=x
    assert_success
    assert_output ""
    id=$(sigmund -q -t x sleep 300)
    run sigmund signal HUP tag=x
    assert_success
    run sigmund wait "$id"
    assert_failure 129
    [[ $(sigmund list --porcelain | wc -l) == 2 ]]
}

@test "A verb without a target ends with 5 and suggests targets" {
    sigmund -q -n web sleep 300
    for verb in stop kill pause resume restart wait show tail dump logs tree killcmd explain again rename tag guard; do
        run sigmund $verb
        assert_failure 5
        assert_output --partial "$verb needs a target"
        assert_output --partial "live runs: web"
    done
    run sigmund signal HUP
    assert_failure 5
    run sigmund guard -- true
    assert_failure 5
    run sigmund version 1
    assert_failure 1
}

@test "Rename and guard of a form that matches no run end with 5" {
    run sigmund rename tag=none web
    assert_failure 5
    run sigmund guard tag=none -- touch started
    assert_failure 5
    assert_output --partial "tag=none does not match any run"
    [[ ! -e started ]]
}
