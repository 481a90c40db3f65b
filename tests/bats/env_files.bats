#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Environment files: their syntax, and what is no such file.
load sigmund
setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
}
teardown() { sigmund_teardown; }

value() { # FILE NAME: what the command gets
    sigmund -q -w --env-file "$1" -- sh -c "printenv $2 || echo unset"
    sigmund dump @
}

@test "a byte order mark, CR LF, comments, export, quotes, several lines" {
    printf '\xef\xbb\xbfFIRST=1\r\n# note\r\n\r\nexport SECOND="a # b" # note\r\nTHIRD='"'"'x\ny'"'"'\nFOURTH="\\"q\\"\\n$HOME"\nFIFTH=plain value # note\n' >vars
    [[ $(value vars FIRST) == 1 ]]
    [[ $(value vars SECOND) == "a # b" ]]
    [[ $(value vars THIRD) == $'x\ny' ]]
    [[ $(value vars FOURTH) == $'"q"\n$HOME' ]]
    [[ $(value vars FIFTH) == "plain value" ]]
}

@test "a name alone stands for the caller's value; -e wins over files, later lines over earlier ones" {
    printf 'MINE\nNOBODYS\nTWICE=1\nTWICE=2\nBOTH=file\n' >vars
    [[ $(MINE=here value vars MINE) == here ]]
    [[ $(value vars NOBODYS) == unset ]]
    [[ $(value vars TWICE) == 2 ]]
    sigmund -q -w -e BOTH=option --env-file vars -- printenv BOTH
    [[ $(sigmund dump @) == option ]]
}

@test "what is wrong is told with file and line, and nothing is started" {
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

@test "a folder, a FIFO, a socket, a huge file, a device that never ends: refused at once" {
    mkfifo fifo
    python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
    truncate -s 2G huge
    for file in . fifo socket huge /dev/zero none; do
        run timeout 20 "$SIGMUND" -q --env-file "$file" true
        assert_failure 125
        assert_output --partial "$file"
    done
    store_empty
    run timeout 20 bash -c '"$SIGMUND" -q -w --env-file <(echo FROM=substitution) -- printenv FROM'
    assert_success
    [[ $(sigmund dump @) == substitution ]]
    run sigmund -q -w --env-file /dev/null true
    assert_success
}
