#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Requests and answers at a guardian's socket are complete, split or refused, and never cut.
load sigmund

setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

many_tags() { printf "${1}%05d-aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeefffff\n" {1..100}; }

@test "One more tag on a run with a hundred long tags removes none of them" {
    local options=() tag
    while read -r tag; do options+=(-t "$tag"); done < <(many_tags a)
    id=$(sigmund -q "${options[@]}" sleep 600)
    sigmund tag "$id" onemore
    [[ $(field "$id" 'tags | length') == 101 ]]
    [[ $(field "$id" tags | jq -r '.[]' | head -n 100) == "$(many_tags a)" ]]
    [[ $(field "$id" 'tags[100]') == onemore ]]
    # shellcheck disable=SC2046 # one tag a word
    sigmund tag "$id" $(many_tags b) $(many_tags c) $(many_tags d) $(many_tags e) $(many_tags f) $(many_tags g)
    [[ $(field "$id" 'tags | length') == 701 ]]
    # shellcheck disable=SC2046
    sigmund tag --remove "$id" $(many_tags a) onemore
    [[ $(field "$id" 'tags | length') == 600 ]]
    sigmund stop -q "$id"
    sigmund tag "$id" afterwards
    [[ $(field "$id" 'tags | length') == 601 ]]
}

@test "Tags that are added at the same time are all kept" {
    id=$(sigmund -q sleep 600)
    local i pids=()
    for i in {1..12}; do
        sigmund tag "$id" "t$i" 3>&- &
        pids+=($!)
    done
    wait "${pids[@]}"
    [[ $(field "$id" 'tags | length') == 12 ]]
}

# ask ID TEXT...: sends each text as a packet, and prints the answers up to `done`.
ask() {
    python3 - "$SIGMUND_STATE_DIR/$1.sock" "${@:2}" <<'END'
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.settimeout(30)
s.connect(sys.argv[1])
for text in sys.argv[2:]:
    if text.startswith("long:"):
        text = text[5:] + "x" * 100000
    s.send(text.encode())
    while True:
        line = s.recv(1 << 20).decode()
        print(line)
        if not line or line.startswith("done") or line.startswith("hello"):
            break
END
}

@test "The guardian refuses a request that is too long, and handles the next one" {
    id=$(sigmund -q -t keep sleep 600)
    run -0 ask "$id" 'long:set tags ' 'hello 1'
    assert_line 'done 1 the request is longer than 32768 bytes'
    assert_line --regexp '^hello 1 [0-9]+$'
    [[ $(field "$id" 'tags[0]') == keep ]]
    run -0 ask "$id" 'set add-tags ok,not/ok'
    assert_line 'done 1 invalid tags'
    [[ $(field "$id" 'tags | length') == 1 ]]
}

@test "A tag change that an older guardian would cut is refused, and the limit is named" {
    id=$(sigmund -q sleep 600)
    sigmund tag "$id" first
    local guardian
    guardian=$(field "$id" guardian.pid)
    # A server in its place answers as 0.1.0 did: it names no limit, does not know `add-tags`, and reads 4096 bytes.
    kill -STOP "$guardian"
    mv "$SIGMUND_STATE_DIR/$id.sock" "$SIGMUND_STATE_DIR/aside"
    python3 - "$SIGMUND_STATE_DIR/$id.sock" "$BATS_TEST_TMPDIR/heard" 3>&- <<'END' &
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.bind(sys.argv[1])
s.listen(8)
while True:
    c, _ = s.accept()
    while True:
        text = c.recv(4096).decode()
        if not text:
            break
        with open(sys.argv[2], "a") as out:
            out.write(text + "\n")
        if text.startswith("hello"):
            c.send(b"hello 1")
        elif text.startswith("set tags "):
            c.send(b"done 0")
        else:
            c.send(b"done 1 unknown request")
END
    OWN_PIDS+=($!)
    wait_until 10 test -S "$SIGMUND_STATE_DIR/$id.sock"
    sigmund tag "$id" second
    grep -qx 'set tags first,second' "$BATS_TEST_TMPDIR/heard"
    # shellcheck disable=SC2046
    run -1 sigmund tag "$id" $(many_tags a)
    assert_output --partial 'at most 4096 bytes'
    assert_output --partial 'older sigmund'
    run grep -c '^set tags' "$BATS_TEST_TMPDIR/heard"
    assert_output 1
    mv -f "$SIGMUND_STATE_DIR/aside" "$SIGMUND_STATE_DIR/$id.sock"
    kill -CONT "$guardian"
}

@test "The lists of a stop that ends 1,500 processes say how many they leave out" {
    # shellcheck disable=SC2016 # for the inner shell
    id=$(sigmund -q bash -c 'for ((i = 0; i < 1500; ++i)); do sleep 600 & done; echo all; wait')
    wait_until 60 log_has "$id" all
    sigmund stop --json "$id" >"$BATS_TEST_TMPDIR/answer"
    [[ $(jq '.data[0].signalled | length' "$BATS_TEST_TMPDIR/answer") == 1000 ]]
    (($(jq '.data[0] | (.exited | length) + (.killed | length) + .unlisted' "$BATS_TEST_TMPDIR/answer") >= 1500))
    # No list is longer than its limit, and what is only counted is in none.
    jq -e '.data[0] | ([.signalled, .exited, .killed] | all(length <= 1000))' "$BATS_TEST_TMPDIR/answer"
}
