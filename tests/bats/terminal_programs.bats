#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2016 # the programs, and not this shell, expand what is sent
# Programs that people use at a terminal, in runs with --tty, driven by send as a script would do it.
load sigmund

setup() {
    sigmund_setup
    scratch_folder
    export scratch HOME=$scratch
    cd "$scratch" || return
}
teardown() { sigmund_teardown; }

# begin PROMPT WORD...: starts the command, as the run `it`, and waits until its log has the prompt, an extended regular
# expression.
begin() {
    sigmund -q -n it --tty -- "${@:2}" >/dev/null
    wait_until 20 shows "$1"
}
shows() { sigmund dump it | grep -qaE -- "$1"; }

# says TEXT REGEX: types a line. A line of the output that comes then must match.
says() {
    run timeout 300 "$SIGMUND" send it --timeout 250s --wait "$2" -- "$1"
    assert_success
}

# ends STATUS: the run ends by itself with this status.
ends() {
    run timeout 300 "$SIGMUND" wait it
    [[ $status == "$1" ]] || fail "status $status: $(sigmund dump --plain it | tail -n 20)"
}

@test "fish runs what is sent" {
    begin '[>#] ' fish --no-config
    says 'echo (math 6 x 7)' '^42$'
    says 'set x four; echo $x$x' '^fourfour$'
    sigmund send it 'exit 3'
    ends 3
}

@test "gdb stops at a breakpoint, prints a value and asks its question" {
    cat >small.c <<'END'
int answer(int x) { return x + 2; }
int main(void) { return answer(40); }
END
    gcc -g -O0 small.c -o small
    begin '\(gdb\) ' gdb -q -nx -iex 'set debuginfod enabled off' ./small
    says 'break answer' '^Breakpoint 1 at '
    # Where programs may not be traced, as in some containers, gdb works on the file alone.
    says run '^Breakpoint 1, .*x=40|[Cc]ould not trace|ptrace: '
    if [[ $output == *x=40* ]]; then
        says 'print x + 2' '^\$1 = 42$'
        says kill '\(y or n\) $'
        says y '^\[Inferior 1 .* killed\]$'
    else
        says 'print 6 * 7' '^\$1 = 42$'
    fi
    sigmund send it quit
    ends 0
}

@test "node evaluates lines, and continues an expression over several" {
    begin '> ' node
    says 'const half = 21' '^undefined$'
    says 'half * 2' '^42$'
    printf '[half,\nhalf * 3]' | timeout 300 "$SIGMUND" send it - --key enter --wait '^\[ 21, 63 \]$'
    sigmund send it --key ctrl-d
    ends 0
}

@test "less searches, and ends with q" {
    seq 1000 | sed 's/^/row /' >rows
    begin 'row 20' less rows
    says '/row 777' '^row 785$'
    sigmund send it -n q
    ends 0
}

@test "vim writes what is typed into its file" {
    begin '~' vim.tiny -u NONE -N new
    run timeout 300 "$SIGMUND" send it -n i --timeout 250s --wait 'INSERT'
    assert_success
    sigmund send it first
    sigmund send it -n second --key escape
    sigmund send it ':wq'
    ends 0
    [[ $(cat new) == $'first\nsecond' ]]
}
