#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The environment of a command: set, unset, clean, from files; its descriptors and signals.
load sigmund

setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
}
teardown() { sigmund_teardown; }

@test "The environment, descriptors and signals of a command are as documented" {
    printf '# comment\nFILED="a b"\n' >"$SIGMUND_STATE_DIR/vars"
    id=$(PATH=/usr/bin:/bin HOME=/h USER=u LANG=C TERM=t SECRET=1 "$SIGMUND" -q --clean-env -e A=1 \
        --env-file "$SIGMUND_STATE_DIR/vars" env)
    sigmund wait "$id"
    run bash -c "'$SIGMUND' dump $id | cut -d= -f1 | sort | tr '\n' ' '"
    assert_output "A FILED HOME LANG PATH SIGMUND_KEY SIGMUND_RUN TERM USER "
    refute grep -q '"a b"' "$SIGMUND_STATE_DIR/$id.json"
    exec 9</etc/passwd
    id=$(
        trap '' USR1
        exec "$SIGMUND" -q bash -c 'ls /proc/self/fd | wc -l; grep -E "SigIgn|SigBlk" /proc/self/status'
    )
    sigmund wait "$id"
    run sigmund dump "$id"
    assert_line --index 0 4 # 0, 1, 2 and the one that ls itself opens
    assert_line --regexp 'SigIgn:.0000000000000000'
    id=$(sigmund -q --keep-fd 9 bash -c 'head -c 4 <&9')
    sigmund wait "$id"
    run sigmund dump "$id"
    assert_output root
}

@test "--clean-env passes on exactly the documented variables" {
    run env -i FOO=bar PATH="$PATH" HOME=/root USER=u LANG=C TERM=dumb LC_ALL=C \
        SIGMUND_STATE_DIR="$SIGMUND_STATE_DIR" "$SIGMUND" -q --wait --clean-env -e MINE=1 env
    assert_success
    [[ $(sigmund dump @ | cut -d= -f1 | sort | tr '\n' ' ') == "HOME LANG MINE PATH SIGMUND_KEY SIGMUND_RUN TERM USER " ]]
}

value() { # FILE NAME: what the command gets
    sigmund -q -w --env-file "$1" -- sh -c "printenv $2 || echo unset"
    sigmund dump @
}

@test "Environment files may have a byte order mark, CR LF, comments, export, quotes and several lines" {
    printf '\xef\xbb\xbfFIRST=1\r\n# note\r\n\r\nexport SECOND="a # b" # note\r\nTHIRD='"'"'x\ny'"'"'\nFOURTH="\\"q\\"\\n$HOME"\nFIFTH=plain value # note\n' >vars
    [[ $(value vars FIRST) == 1 ]]
    [[ $(value vars SECOND) == "a # b" ]]
    [[ $(value vars THIRD) == $'x\ny' ]]
    [[ $(value vars FOURTH) == $'"q"\n$HOME' ]]
    [[ $(value vars FIFTH) == "plain value" ]]
}

@test "A name alone takes the caller's value, -e overrides files, and later lines override earlier ones" {
    printf 'MINE\nNOBODYS\nTWICE=1\nTWICE=2\nBOTH=file\n' >vars
    [[ $(MINE=here value vars MINE) == here ]]
    [[ $(value vars NOBODYS) == unset ]]
    [[ $(value vars TWICE) == 2 ]]
    sigmund -q -w -e BOTH=option --env-file vars -- printenv BOTH
    [[ $(sigmund dump @) == option ]]
}

@test "A mistake in an environment file is reported with file and line, and nothing is started" {
    wrong() { # CONTENT WORDS
        printf "$1" >vars
        run sigmund -q --env-file vars true
        assert_failure 125
        assert_output --partial "vars:$2"
    }
    wrong 'A=1\n1B=2\n' '2: "1B" is not the name of a variable'
    wrong 'A=1\nsome words\n' '2: not NAME=VALUE'
    wrong 'A=1\nB="open\nC=2\n' '2: a quote is not closed'
    wrong 'A=1\nB=x\0y\n' '2: holds a NUL byte'
    store_empty
}

@test "A folder, a FIFO, a socket, a huge file and an endless device are refused at once as environment files" {
    mkfifo fifo
    python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
    truncate -s 2G huge
    for file in . fifo socket huge /dev/zero none; do
        run timeout $((100 * slowness)) "$SIGMUND" -q --env-file "$file" true
        assert_failure 125
        assert_output --partial "$file"
    done
    store_empty
    run timeout $((100 * slowness)) bash -c '"$SIGMUND" -q -w --env-file <(echo FROM=substitution) -- printenv FROM'
    assert_success
    [[ $(sigmund dump @) == substitution ]]
    run sigmund -q -w --env-file /dev/null true
    assert_success
}
