#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# nosig: how the signal set is built, dispositions and sigspecs.
load kin

setup() { kin_setup; }

blocked() { nosig --reset "$@" --show-status | sed -n 2p | grep -o ' b[0-9]*' | wc -l; }

@test "The signal set of nosig does nothing until it is used, and combines in order" {
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

# ignored|blocked OPTION...: print how many signals are ignored or blocked with these options.
ignored() { nosig --reset "$@" --show-status | sed -n 1p | grep -o ' i[0-9]*' | wc -l; }

@test "Nosig sets the dispositions of one signal and of many" {
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

@test "Nosig accepts every sigspec of the list, with and without SIG" {
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

@test "Nosig refuses wrong sigspecs with 125" {
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

@test "Signals that nosig ignores or blocks have no effect, and default ones do" {
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
