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
    run timeout $((300 * slowness)) "$SIGMUND" send it --timeout 250s --wait "$2" -- "$1"
    assert_success
}

# ends STATUS: the run ends by itself with this status.
ends() {
    run timeout $((300 * slowness)) "$SIGMUND" wait it
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
    printf '[half,\nhalf * 3]' | timeout $((300 * slowness)) "$SIGMUND" send it - --key enter --wait '^\[ 21, 63 \]$'
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
    run timeout $((300 * slowness)) "$SIGMUND" send it -n i --timeout 250s --wait 'INSERT'
    assert_success
    sigmund send it first
    sigmund send it -n second --key escape
    sigmund send it ':wq'
    ends 0
    [[ $(cat new) == $'first\nsecond' ]]
}

@test "A bar that is drawn again and again is one line of plain text" {
    # shellcheck disable=SC2016  # the program is Python's
    id=$(sigmund -q --tty --ready 'log: 50%' -- python3 -c '
import sys, time
for i in range(11):
    sys.stdout.write("\r%3d%%|%s| %d/10" % (i * 10, ("#" * i).ljust(10), i))
    sys.stdout.flush()
    time.sleep(0.02)
print()')
    timeout $((100 * slowness)) "$SIGMUND" wait "$id"
    [[ $(sigmund dump --plain "$id") == '100%|##########| 10/10' ]]
}

@test "A watcher keeps watching with an open input or a terminal, and ends without either" {
    echo 'console.log(1)' >"$scratch/a.js"
    begin() { (cd "$scratch" && sigmund -q -n "$1" "${@:2}" -- esbuild a.js --watch "--outfile=$1.js"); }
    alone=$(begin alone)
    piped=$(begin piped --stdin open)
    seen=$(begin seen --tty)
    wait_until 10 over "$alone"
    run sigmund explain alone
    assert_output --partial '--stdin open keeps one open'
    for each in "$piped" "$seen"; do
        wait_until 10 log_has "$each" 'watching for changes'
    done
    echo 'console.log(2)' >"$scratch/a.js"
    built() { grep -q 2 "$scratch/piped.js" && grep -q 2 "$scratch/seen.js"; }
    wait_until 10 built
    sigmund send --eof piped
    run timeout $((100 * slowness)) "$SIGMUND" wait "$piped"
    assert_success
    sigmund stop -q "$seen"
}

@test "Another user can neither attach, nor send, nor see who is attached" {
    ((EUID == 0)) || return 0 # there is no other user to try it as
    id=$(sigmund -q --tty -- cat)
    socket=$(find "$SIGMUND_STATE_DIR" -name "*$id*" -type s)
    chmod -R a+rwX "$SIGMUND_STATE_DIR"
    for request in 'attach 80 24 type redraw' 'send line aGVsbG8=' terminal 'detach all' record; do
        # shellcheck disable=SC2016  # the program is Python's
        run runuser -u nobody -- python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.settimeout(100)
s.connect(sys.argv[1])
try:
    s.send(sys.argv[2].encode())
    print(s.recv(65536))
except (BrokenPipeError, ConnectionResetError):
    print(repr(b""))' "$socket" "$request"
        assert_output "b''"
    done
    chmod -R go-rwx "$SIGMUND_STATE_DIR"
    [[ -z $(sigmund dump "$id") ]]
}
