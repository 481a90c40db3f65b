#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Words that sigmund does not understand, and how it reports them.
# This file runs once, since the command line does not depend on the user.
load sigmund

setup() {
    sigmund_setup
    cd "$BATS_TEST_TMPDIR"
}
teardown() { sigmund_teardown; }

@test "A verb that is mistyped or follows an option is refused with a hint" {
    run -127 sigmund exlain x
    assert_output --partial "did you mean sigmund explain?"
    run -127 sigmund --json=1 stop x
    assert_output --partial "the verb comes first: sigmund stop"
}

@test "--json makes errors JSON wherever it is before the command" {
    json_error command_not_found sigmund -n web --json no-such-program
    json_error command_not_found sigmund -qn web -t a --json no-such-program
    json_error command_not_found sigmund run --ready-timeout 3 --json -- no-such-program
    json_error usage sigmund -t a --json -t / true
    json_error command_not_found sigmund pipe -n web --json -- no-such-program '|' cat
    # A word that belongs to the command, or is a value, is not read as an option of sigmund.
    run -127 sigmund pipe no-such-program --json '|' cat
    assert_output --partial "sigmund: no-such-program: command not found"
    run sigmund -n --json no-such-program
    assert_output --partial 'sigmund: --name: "--json" is not a valid name'
    run -127 sigmund -tn -- no-such-program --json
    assert_output --partial "sigmund: no-such-program: command not found"
}

@test "Wrong words of a start are refused before anything runs" {
    printf 'A=x\0y\n' >nul.env
    run sigmund --env-file nul.env true
    assert_failure 125
    assert_output --partial "nul.env:1: holds a NUL byte"
    run sigmund --unset-env A=b true
    assert_failure 1
    assert_output --partial "is not the name of a variable"
    ln -s elsewhere link.log
    run sigmund --log link.log true
    assert_failure 125
    assert_output --partial "link.log: it is a symbolic link"
    [[ ! -e elsewhere ]]
    [[ -z $(sigmund list --porcelain) ]]
}
