#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# nosig: redirections of the standard streams.
# This file runs once, since redirections do not depend on the user.
load kin

setup() { kin_setup; }

@test "Redirections of nosig truncate, and happen last" {
    printf 'a long old content\n' | tee out err both >/dev/null
    echo in >in
    run -0 nosig --stdin in --stdout out --stderr err sh -c 'cat; echo e >&2'
    refute_output
    assert_equal "$(cat out)" in
    assert_equal "$(cat err)" e
    run -0 nosig --output both sh -c 'echo o; echo e >&2; echo o'
    assert_equal "$(cat both)" "$(printf 'o\ne\no')"
    run -0 nosig --null-io sh -c 'cat; readlink /proc/self/fd/1 >&2'
    refute_output
    # A later redirection overrides an earlier one, which still has truncated its file.
    echo old >first
    run -0 nosig --stdout first --stdout second echo x
    assert_equal "$(cat first)/$(cat second)" /x
    # Information is written to the redirected stream.
    run -0 nosig --stdout version --version
    refute_output
    grep -q '^nosig ' version
    run -125 nosig --stdin ./none true
    assert_output --partial "nosig: ./none: "
    run -125 nosig --stdout ./none/x true
}

@test "Redirections of nosig leak no descriptor" {
    local before after
    # shellcheck disable=SC2016
    before=$(sh -c 'for f in /proc/$$/fd/*; do echo "${f##*/}"; done' 2>&1)
    # shellcheck disable=SC2016
    after=$(nosig --stdin /dev/null --stderr err --null-io --stdout out sh -c 'for f in /proc/$$/fd/*; do echo "${f##*/}"; done' && cat out)
    assert_equal "$after" "$before"
}

@test "Redirections of nosig work when the streams are closed" {
    nosig --stdin /dev/null --stdout out --stderr err sh -c 'echo o; echo e >&2' <&- >&- 2>&-
    assert_equal "$(cat out err)" "$(printf 'o\ne')"
    nosig --output both sh -c 'echo o; echo e >&2' >&- 2>&-
    assert_equal "$(cat both)" "$(printf 'o\ne')"
}
