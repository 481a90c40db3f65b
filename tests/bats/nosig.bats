#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# nosig: the algebra of the signal set, sigspecs, redirections, exit statuses, and what the program really gets.

load kin
bats_require_minimum_version 1.5.0
setup() { kin_setup; }

# ignored|blocked OPTION...: how many signals are, after these.
ignored() { nosig --reset "$@" --show-status | sed -n 1p | grep -o ' i[0-9]*' | wc -l; }
blocked() { nosig --reset "$@" --show-status | sed -n 2p | grep -o ' b[0-9]*' | wc -l; }

# counts WHAT <table of "number options...": all rows hold.
counts() {
    local number options got bad=0
    while read -r number options; do
        # shellcheck disable=SC2086
        got=$("$1" $options)
        ((got == number)) || { echo "$1 $options: $got, not $number" && bad=1; }
    done
    ((!bad))
}

@test "nosig: the signal set does nothing until it is used, and combines in order" {
    counts blocked <<'TABLE'
0
0 -f
0 -a INT
0 -b
0 -s
60 -f -b
60 -fb
60 -f -s
60 --fill --block
59 -f -d INT -b
59 -fdINT -b
57 -f -d INT -d TERM -d RTMIN+3 -b
1 -a INT -b
1 -a INT -a SIGINT -a 2 -b
1 -a IOT -a ABRT -b
1 -a POLL -a IO -b
1 -a RTMIN -a SIGRTMIN+0 -a RTMAX-30 -a 34 -b
2 -a INT -a TERM -b
0 -a INT -d INT -b
0 -a INT -e -b
1 -a INT -b -e
0 -a INT -b -e -s
0 -a INT -b -u
0 -fb -u
59 -fb -e -a INT -u
1 -a INT -s -e -a TERM -s
2 -a INT -b -e -a TERM -b
1 -a INT -a TERM -b -d INT -u
60 -f --reset -b
0 -fb --reset
0 -a KILL -a STOP -b
0 -a 0 -a 32 -a 33 -b
2 -vv --del=INT --add INT --add=TERM --block
60 --block-all
29 --block-all-std
31 --block-all-rt
0 --block-all --unblock-all
31 --block-all --unblock-all-std
29 --block-all --unblock-all-rt
60 --block-all-std --block-all-rt
0 --block-all -s
60 --block-all -u
59 --block-all -a INT -u
1 -a INT --block-all --unblock-all -b
TABLE
}

@test "nosig: dispositions, one and many" {
    counts ignored <<'TABLE'
0
1 -I INT
1 --ignore=INT --ignore SIGINT -I2
2 -I INT -I RTMAX
0 -I INT -D INT
1 -D INT -I INT
60 --ignore-all
29 --ignore-all-std
31 --ignore-all-rt
29 --ignore-std-all
31 --ignore-rt-all
59 --ignore-all -D INT
0 --ignore-all --default-all
31 --ignore-all --default-all-std
29 --ignore-all --default-all-rt
31 --ignore-all --default-std-all
29 --ignore-all --default-rt-all
0 --ignore-all --reset
0 -I KILL -I STOP -I 0 -I 32 -I 33
60 -fb --ignore-all
0 -a INT -b -f
TABLE
}

@test "nosig: every sigspec of the list is taken, with and without SIG" {
    local name number rest
    while read -r name number rest; do
        name=${name#SIG}
        case $number in 9 | 19) continue ;; esac
        local expected=" b$number "
        run -0 nosig --reset -a "$name" -b -e -a "SIG$name" -b --show-status
        [[ "${lines[1]} " == *"$expected"* ]] || fail "$name"
        [[ $(grep -o ' b' <<<"${lines[1]}" | wc -l) == 1 ]] || fail "$name: more than one"
    done < <(nosig --list | awk '!/RTM[A-Z]*[-+]([4-9]|1[0-9]|2[0-8]) /')
}

@test "nosig: wrong sigspecs are refused with 125" {
    local option spec
    for spec in int Int sigint SigINT SIGSIGINT "" " INT" "INT " RTMIN-1 RTMIN+31 RTMAX+1 RTMAX-31 RTMIN+ RTMIN+x \
        RTMIN+01x 0x1 -1 +1 65 100 99999999999999999999 1.0 INT,TERM "INT TERM" NOSUCH SIG 1INT; do
        run nosig -a "$spec" true
        assert_failure 125
        [[ $output == "nosig: "* ]] || fail "$spec: $output"
    done
    for option in -I -D -a -d --ignore --default --add --del; do
        run nosig "$option" nosuch true
        assert_failure 125
    done
}

@test "nosig: ignored and blocked signals do not strike, default ones do" {
    run -0 nosig --reset -I INT sh -c "kill -INT \$\$; echo alive"
    assert_output alive
    run -0 nosig --reset -a INT -b sh -c "kill -INT \$\$; echo alive"
    assert_output alive
    run -0 nosig --reset -I RTMIN+3 sh -c "kill -37 \$\$; echo alive"
    assert_output alive
    run -130 nosig -I INT -D INT --unblock-all sh -c "kill -INT \$\$; echo alive"
    refute_output
    run -143 nosig -fb -a TERM --default-all -u sh -c "kill -TERM \$\$; echo alive"
    refute_output
}

@test "nosig: the program has what was set" {
    run -0 nosig --reset -I HUP -I RTMAX -a USR1 -a CHLD -b grep -E '^Sig(Blk|Ign)' /proc/self/status
    assert_line "SigBlk:	0000000000010200"
    assert_line "SigIgn:	8000000000000001"
}

@test "nosig: nothing changes without options" {
    local before after
    before=$(grep -E '^Sig(Blk|Ign)' /proc/self/status)
    after=$(nosig grep -E '^Sig(Blk|Ign)' /proc/self/status)
    assert_equal "$after" "$before"
}

@test "nosig: --show-status, plain and verbose" {
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

@test "nosig: information is given at its place, and ends the run" {
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

@test "nosig: --list on a full device fails" {
    run -125 sh -c 'nosig --list >/dev/full'
    assert_output --partial "nosig: "
}

@test "nosig: the words of its command line" {
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

@test "nosig: exit statuses" {
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

@test "nosig: a script without #! is run by sh" {
    # shellcheck disable=SC2016
    printf 'echo "script $1"; exit 3\n' >script
    chmod +x script
    run -3 nosig ./script one
    assert_output "script one"
}

@test "nosig: redirections truncate, and last" {
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
    # A later one overrides, and the earlier has truncated.
    echo old >first
    run -0 nosig --stdout first --stdout second echo x
    assert_equal "$(cat first)/$(cat second)" /x
    # Information goes to where it was put.
    run -0 nosig --stdout version --version
    refute_output
    grep -q '^nosig ' version
    run -125 nosig --stdin ./none true
    assert_output --partial "nosig: ./none: "
    run -125 nosig --stdout ./none/x true
}

@test "nosig: redirections leak no descriptor" {
    local before after
    # shellcheck disable=SC2016
    before=$(sh -c 'for f in /proc/$$/fd/*; do echo "${f##*/}"; done' 2>&1)
    # shellcheck disable=SC2016
    after=$(nosig --stdin /dev/null --stderr err --null-io --stdout out sh -c 'for f in /proc/$$/fd/*; do echo "${f##*/}"; done' && cat out)
    assert_equal "$after" "$before"
}

@test "nosig: redirections when the streams are closed" {
    nosig --stdin /dev/null --stdout out --stderr err sh -c 'echo o; echo e >&2' <&- >&- 2>&-
    assert_equal "$(cat out err)" "$(printf 'o\ne')"
    nosig --output both sh -c 'echo o; echo e >&2' >&- 2>&-
    assert_equal "$(cat both)" "$(printf 'o\ne')"
}

@test "nosig: -v tells what failed, and counts for what follows" {
    run -0 nosig -I KILL true
    refute_output
    run -0 nosig -v -I KILL true
    assert_output --partial "nosig: "
    assert_output --partial SIGKILL
    run -0 nosig -I KILL -v true
    refute_output
}

@test "nosig: by all its names" {
    run -0 "$SIGMUND_BIN" nosig --reset -I INT sh -c "kill -INT \$\$; echo alive"
    assert_output alive
    run -0 nosig echo nosig
    assert_output nosig
    # With an empty argv it is nosig all the same: there is no program then.
    run -125 timeout 10 "$SIGMUND_HELPERS/emptyargv" "$(command -v nosig)"
    assert_output --partial "nosig: no program"
    run -125 timeout 10 "$SIGMUND_HELPERS/emptyargv" "$(command -v nosig)" null
}

@test "nosig: messages escape what a terminal would obey" {
    run -125 nosig -a $'\e[2J' true
    refute_output --partial $'\e'
    run -127 nosig $'\e[2J'
    refute_output --partial $'\e'
    run -125 nosig $'--\e[2J'
    refute_output --partial $'\e'
}

@test "nosig: every option of the table is known to the parser, the help and the manual" {
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

@test "nosig: sigmund help tells of the kindred tools" {
    for tool in nosig supervise unlinkwait; do
        run -0 "$SIGMUND_BIN" help "$tool"
        assert_line --index 0 --partial "Usage: $tool"
    done
}
