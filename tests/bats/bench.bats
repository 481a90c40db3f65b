#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The benchmarks run, tried with one that needs no other program for comparison.
# This file runs once, since measurements do not depend on the user.
load sigmund

setup() {
    sigmund_setup
    source=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    cd "$BATS_TEST_TMPDIR"
}
teardown() { sigmund_teardown; }

@test "The bench lists its benchmarks, and refuses an unknown one" {
    run "$source/scripts/bench" --list
    assert_success
    assert_line --regexp '^list +'
    run "$source/scripts/bench" --no-install --only nothing
    assert_failure
    assert_output --partial "no benchmark nothing"
}

@test "The bench names what its rivals need" {
    run "$source/scripts/bench" --needs
    assert_success
    assert_line --regexp '^Debian: .*daemonize'
    assert_line --regexp '^npm: .*pm2'
}

@test "The arithmetic of the bench is right" {
    cd "$source/bench"
    PYTHONDONTWRITEBYTECODE=1 run python3 -m unittest arithmetic_test
    assert_success
}

@test "The bench makes a table, JSON and a picture, and leaves nothing" {
    run --separate-stderr timeout $((120 * slowness)) "$source/scripts/bench" --no-install --quick --only list --json r.json --svg r.svg
    assert_success
    assert_line --regexp '^list of 10,000 records .* reading the files .* x +<= 1.5 x +(kept|MISSED)$'
    [[ $(jq '[.results[] | select(.name == "list" and .sigmund.median > 0)] | length' r.json) == 5 ]]
    run python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse("r.svg")'
    assert_success
    run compgen -G "/dev/shm/sgmb.*/home/../bin/sigmund"
    for link in "${lines[@]}"; do refute [ "$(readlink "$link")" = "$(realpath "$SIGMUND")" ]; done
}
