#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# nosig: how the signal set is built, sigspecs, redirections, exit statuses, and what the program really gets.
load kin

setup() { kin_setup; }

@test "A program started by nosig has the signal settings that were asked for" {
    run -0 nosig --reset -I HUP -I RTMAX -a USR1 -a CHLD -b grep -E '^Sig(Blk|Ign)' /proc/self/status
    assert_line "SigBlk:	0000000000010200"
    assert_line "SigIgn:	8000000000000001"
}

@test "Nosig changes nothing without options" {
    local before after
    before=$(grep -E '^Sig(Blk|Ign)' /proc/self/status)
    after=$(nosig grep -E '^Sig(Blk|Ign)' /proc/self/status)
    assert_equal "$after" "$before"
}

@test "Nosig shows the signal settings, plain and verbose" {
    run -0 nosig --reset -I INT -a HUP -b --show-status
    [[ ${lines[0]} == " d1 i2 d3 "*" d31 d32 d33 d34 "*" d64" ]]
    [[ ${lines[1]} == " b1 u2 u3 "*" u64" ]]
    assert_equal "$(wc -w <<<"$output")" 128
    run -0 nosig --reset -I INT -v --show-status
    [[ ${lines[0]} == "disp: dHUP[1] iINT[2] "*" d???[32] d???[33] dRTMIN"*"[34] "* ]]
    [[ ${lines[1]} == "mask: uHUP[1] "* ]]
    run -0 nosig --reset -vv --show-status
    [[ ${lines[0]} == "disp: dSIGHUP[1] dSIGINT[2] "* ]]
}

@test "Nosig prints requested information in the order of its options, and then ends" {
    run -0 nosig --version no-such-program
    assert_line --index 0 --regexp '^nosig [0-9]+\.[0-9]+\.[0-9]+$'
    assert_line --index 1 "Realtime signals supported"
    run -0 nosig --help --no-such-option
    assert_line --partial "Usage: nosig"
    run -0 nosig --list
    assert_line --index 0 "HUP              1   Hangup"
    assert_line --index 6 --regexp '^IOT              6   '
    assert_line --regexp '^SIGRTMIN        34   '
    assert_line --regexp '^SIGRTMAX-30     34   '
    assert_equal "${#lines[@]}" 97
    run -125 nosig --no-such-option --version
}

@test "Nosig --list fails on a full device" {
    run -125 sh -c 'nosig --list >/dev/full'
    assert_output --partial "nosig: "
}

@test "Nosig understands the words of its command line" {
    run -0 nosig --reset -vvITERM --show-st
    [[ ${lines[0]} == *" iSIGTERM[15] "* ]]
    run -0 nosig --reset -efb true
    run -0 nosig echo --help -I nosuch
    assert_output -- "--help -I nosuch"
    run -0 nosig -- echo -- x
    assert_output -- "-- x"
    run -127 nosig -- --help
    run -125 nosig --ignore-a true # ambiguous
    run -125 nosig --ig
}

@test "Nosig returns the documented exit statuses" {
    run -0 nosig true
    run -42 nosig sh -c 'exit 42'
    run -125 nosig
    run -125 nosig --
    run -125 nosig -I
    run -127 nosig ./none
    run -127 nosig no-such-program-anywhere
    : >plain
    run -126 nosig ./plain
    run -126 nosig /
    mkdir loop && ln -s loop2 loop1 && ln -s loop1 loop2
    run -125 nosig ./loop1
    assert_output --partial "nosig: ./loop1: "
}

@test "Nosig lets sh run a script without #!" {
    # shellcheck disable=SC2016
    printf 'echo "script $1"; exit 3\n' >script
    chmod +x script
    run -3 nosig ./script one
    assert_output "script one"
}

@test "Nosig -v reports what failed, and applies to the options after it" {
    run -0 nosig -I KILL true
    refute_output
    run -0 nosig -v -I KILL true
    assert_output --partial "nosig: "
    assert_output --partial SIGKILL
    run -0 nosig -I KILL -v true
    refute_output
}

@test "Nosig works under all its names" {
    run -0 "$SIGMUND_BIN" nosig --reset -I INT sh -c "kill -INT \$\$; echo alive"
    assert_output alive
    run -0 nosig echo nosig
    assert_output nosig
    # With an empty argv it is still nosig, but there is no program.
    run -125 timeout $((100 * slowness)) "$SIGMUND_HELPERS/emptyargv" "$(command -v nosig)"
    assert_output --partial "nosig: no program"
    run -125 timeout $((100 * slowness)) "$SIGMUND_HELPERS/emptyargv" "$(command -v nosig)" null
}

@test "Messages of nosig escape control characters" {
    run -125 nosig -a $'\e[2J' true
    refute_output --partial $'\e'
    run -127 nosig $'\e[2J'
    refute_output --partial $'\e'
    run -125 nosig $'--\e[2J'
    refute_output --partial $'\e'
}

@test "Every option of nosig's table is known to the parser, the help and the manual" {
    local page tool option letter value argument
    page=$BATS_TEST_DIRNAME/../../man
    while IFS=$'\t' read -r _ tool option letter value _; do
        run "$SIGMUND_BIN" help "$tool"
        assert_line --regexp "^ .* $option( |$)"
        grep -qF -- "${option#-}" <(sed 's/\\&//g; s/\\-/-/g' "$page/$tool.1") || fail "$tool.1: $option"
        [[ $tool == nosig ]] || continue
        argument=()
        [[ $value == none ]] || argument=(INT)
        [[ $option != --std* && $option != --output ]] || argument=(/dev/null)
        run nosig "$option" "${argument[@]}" true
        assert_success
        [[ $letter == - ]] || run -0 nosig "$letter" "${argument[@]}" true
    done < <("$SIGMUND_BIN" help --porcelain | grep -E '^option.(nosig|supervise|unlinkwait).')
}

@test "Sigmund help lists the additional tools" {
    for tool in nosig supervise unlinkwait; do
        run -0 "$SIGMUND_BIN" help "$tool"
        assert_line --index 0 --partial "Usage: $tool"
    done
}
