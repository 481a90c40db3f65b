#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The formats that scripts read: every kind against the schema, and fields fixed by golden lines.
# This file runs once, since formats do not depend on the user.
load sigmund

setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

# valid KIND COMMAND...: its JSON output is of that kind and follows the schema.
valid() {
    local kind=$1
    shift
    "$@" >"$SIGMUND_STATE_DIR/out"
    python3 - "${SIGMUND_SOURCE:-$BATS_TEST_DIRNAME/../..}/share/schema/sigmund-1.schema.json" "$SIGMUND_STATE_DIR/out" "$kind" <<'END'
import json, jsonschema, sys
schema, data = (json.load(open(path)) for path in sys.argv[1:3])
jsonschema.Draft202012Validator.check_schema(schema)
jsonschema.Draft202012Validator(schema).validate(data)
assert data.get("kind", "error") == sys.argv[3], data
END
}

@test "Every kind of JSON output follows the schema" {
    valid run.start sigmund run -q --json -n web -t db sleep 300
    valid run.list sigmund list --json
    valid run.show sigmund show --json=1 web
    valid run.stop sigmund stop --json web
    valid run.list sigmund list --json
    valid run.prune sigmund prune --json
    valid version sigmund version --json
    valid doctor sigmund doctor --json
    valid config sigmund config --json
    sigmund -q -n sad sh -c 'echo oops; exit 3'
    sigmund wait --gone sad || true
    valid explain sigmund explain --json sad
    id=$(sigmund -q --pool 2 --ready cmd:true --health true sleep 300)
    valid run.show sigmund show --json "$id"
    valid run.stop sigmund kill --json "$id"
    sigmund adopt --json "$id" 2>"$SIGMUND_STATE_DIR/error" && false
    valid error cat "$SIGMUND_STATE_DIR/error"
    valid run.show sigmund show --json "$id"
    id=$(sigmund pipe -q -- true '|' false)
    sigmund wait --gone "$id" || true
    valid run.show sigmund show --json "$id"
    sigmund show --json nobody 2>"$SIGMUND_STATE_DIR/error" && false
    valid error cat "$SIGMUND_STATE_DIR/error"
}

@test "What became of each template of a stack follows the schema" {
    cd "$BATS_TEST_TMPDIR"
    printf '[run.one]\ncommand = "exec sleep 300"\n[run.step]\nonce = true\ndepends = "one"\ncommand = "true"\n' >sigmund.toml
    valid stack.plan sigmund up --dry-run --json
    valid stack.up sigmund up --json
    jq -e '[.data[] | [.template, .outcome, .started]] ==
        [["one", "started", true], ["step", "done", true]]' "$SIGMUND_STATE_DIR/out"
    valid stack.up sigmund up --json
    jq -e '[.data[].outcome] == ["running", "done-before"]' "$SIGMUND_STATE_DIR/out"
    valid run.show sigmund show --json step
    valid run.start sigmund up --json one
    sigmund -q -n ported --port auto sleep 300
    valid port sigmund port --json ported
    sigmund stop -q ported
    valid run.stop sigmund down --json
    jq -e '.data | length == 1 and (.[0].survivors == [])' "$SIGMUND_STATE_DIR/out"
    printf '[run.bad]\nonce = true\ncommand = "exit 3"\n[run.after]\ndepends = "bad"\ncommand = "true"\n' >sigmund.toml
    run -3 --separate-stderr "$SIGMUND" up --json
    printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/failed"
    valid stack.up cat "$BATS_TEST_TMPDIR/failed"
    jq -e '[.data[] | [.outcome, .exit, .error.code]] == [["failed", 3, "failed"], ["skipped", null, null]]' \
        "$BATS_TEST_TMPDIR/failed"
    jq -e '[.data[] | [.reason, .because, .error.message]] ==
        [["ended", null, "it exited 3"], ["dependency", "bad", null]]' "$BATS_TEST_TMPDIR/failed"
    # Interrupted: what waited is cancelled, and nobody knows how long it would have taken.
    printf '[run.slow]\nready = "cmd:false"\ncommand = "exec sleep 300"\n' >sigmund.toml
    "$SIGMUND" up --json >"$BATS_TEST_TMPDIR/interrupted" 3>&- &
    local up=$!
    wait_until 20 state_is slow starting
    kill -TERM $up
    wait $up || true
    valid stack.up cat "$BATS_TEST_TMPDIR/interrupted"
    jq -e '.data | length == 1 and (.[0] | .outcome == "cancelled" and .started and .took_ms == null and .reason == "interrupted")' \
        "$BATS_TEST_TMPDIR/interrupted"
}

@test "Events follow the schema, line by line" {
    sigmund -q true
    sigmund events --since 1h --no-follow >"$SIGMUND_STATE_DIR/events"
    python3 - "${SIGMUND_SOURCE:-$BATS_TEST_DIRNAME/../..}/share/schema/sigmund-1.schema.json" "$SIGMUND_STATE_DIR/events" <<'END'
import json, jsonschema, sys
schema = json.load(open(sys.argv[1]))
lines = [json.loads(line) for line in open(sys.argv[2])]
assert lines[0] == {"schema": "sigmund/1", "kind": "events"} and len(lines) > 1
for line in lines[1:]:
    jsonschema.Draft202012Validator({**schema, "oneOf": [{"$ref": "#/$defs/event"}]}).validate(line)
END
}

@test "A wait for a run that continues follows the schema, too" {
    sigmund -q -n web sleep 300
    status=0
    sigmund wait --json --timeout 10ms web >"$SIGMUND_STATE_DIR/wait" || status=$?
    [[ $status == 124 ]]
    valid run.wait cat "$SIGMUND_STATE_DIR/wait"
}

@test "The fields of a run are in their order, and new ones may stand between them" {
    sigmund -q sleep 300
    local known="id name tags state result pid pgid sid argv started_at started_ms ended_at ended_ms exit_code signal core_dumped shell restarts ready health workers_wanted workers_alive next_start_at next_start_ms keep guardian identity cwd project processes escaped log log_bytes split_log survive stages workers results calls status_text stop_signal stop_timeout_ms ended_by leader_ended_first lives ready_detail"
    run bash -c '"$SIGMUND" list --json | jq -r --arg known "$1" \
        "(\$known | split(\" \")) as \$known | .data[0] | keys_unsorted | map(select(IN(\$known[]))) | join(\" \")"' - "$known"
    assert_output "$known"
}

@test "JSON lines begin with a line that names the schema, and each run has one line" {
    sigmund -q -n a sleep 300
    sigmund -q -n b sleep 300
    run sigmund list --jsonl
    assert_line --index 0 '{"schema":"sigmund/1","kind":"run.list"}'
    [[ $(sed 1d <<<"$output" | jq -r .name | sort | tr '\n' ' ') == 'a b ' ]]
}

@test "The key of a run is never printed" {
    id=$(sigmund -q sleep 300)
    key=$(grep -o '"key":"[0-9a-f]*"' "$SIGMUND_STATE_DIR/$id.json" | cut -d'"' -f4)
    [[ ${#key} == 32 ]]
    for args in "list --json" "show $id --json" "show $id" "list --porcelain" "list"; do
        run sigmund $args
        refute_output --partial "$key"
    done
}

@test "Each line of events and of --jsonl is valid by itself" {
    sigmund -q -w -n web --split-log -- sh -c 'echo out; printf "\377\n" >&2'
    sigmund -q sleep 300
    {
        sigmund events --since 1h --no-follow
        sigmund list --jsonl
        sigmund show --jsonl web
        sigmund tail --jsonl --no-follow web
    } >"$SIGMUND_STATE_DIR/lines"
    python3 - "${SIGMUND_SOURCE:-$BATS_TEST_DIRNAME/../..}/share/schema/sigmund-1.schema.json" "$SIGMUND_STATE_DIR/lines" <<'END'
import json, jsonschema, sys
validator = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
lines = [json.loads(line) for line in open(sys.argv[2])]
assert len(lines) > 9 and sum("kind" in line for line in lines) == 4
for line in lines:
    validator.validate(line)
END
}

@test "Two formats at once are refused" {
    for words in "--json --porcelain" "--json --columns id" "--jsonl -z"; do
        # shellcheck disable=SC2086 # words
        run sigmund list $words
        assert_failure 1
        assert_output --partial "two different formats"
    done
}

@test "Tail -f, which people type, does what tail does" {
    id=$(sigmund -q sh -c 'echo one; echo two; sleep 0.3; echo three')
    run timeout $((100 * slowness)) "$SIGMUND" tail -fn 1 "$id"
    assert_success
    assert_line three
}

@test "Porcelain has its default fields in their order, columns by name, and NUL" {
    id=$(sigmund -q -n web -t a -t b sleep 300)
    run sigmund list --porcelain
    assert_output --regexp "^$id"$'\trunning\t[0-9]+\t[0-9]+\t[0-9]+\t-\t-\tweb\ta,b\t-\tsleep 300$'
    run sigmund list --columns name,id
    assert_output "web"$'\t'"$id"
    [[ $(sigmund list -z --columns id | od -An -c | tr -d ' ') == *'\0' ]]
    run sigmund list --porcelain=v9
    assert_failure 1
    run sigmund list --json=2
    assert_failure 1
    run sigmund list --bogus
    assert_failure 1
    run sigmund list --jsno
    assert_output --partial "did you mean --json?"
}

@test "Tail --jsonl prints one object per line, with the stream, and loses nothing" {
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
