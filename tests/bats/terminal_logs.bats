#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What tail, dump and logs print of a log on a terminal, in a pipe, as plain text and as it is.
load sigmund

setup() {
    sigmund_setup
    scratch_folder
    cd "$scratch" || return
}
teardown() { sigmund_teardown; }

# on_terminal FILE COMMAND...: runs the command on a terminal, and writes the bytes that the terminal gets to the file.
# Newlines are newlines in it.
on_terminal() {
    python3 -c '
import os, pty, sys, termios
pid, fd = pty.fork()
if pid == 0:
    mode = termios.tcgetattr(1)
    mode[1] &= ~termios.OPOST
    termios.tcsetattr(1, termios.TCSANOW, mode)
    os.execv(sys.argv[2], sys.argv[2:])
with open(sys.argv[1], "wb", buffering=0) as out:
    try:
        while piece := os.read(fd, 65536):
            out.write(piece)
    except OSError:
        pass
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 255)' "$@"
}

# is FILE FORMAT: the file has exactly these bytes, which printf makes.
is() {
    # shellcheck disable=SC2059
    printf "$2" | cmp - "$1" || fail "$1: $(cat -v "$1")"
}

# The same log for several tests: each kind of query, modes, a title, a bar, colours, a screen, and broken bytes.
hostile='\e[cA\e[6n\e[?1$p\e[>q\e]11;?\a\eP$qm\e\\\e]52;c;?\a\x05\xc2\x9bc\xc2\x9d4;1;?\a\n'
hostile+='\e]0;title\a\e[?1000hB\e[?1049hscreen\e[3;1H\e[?1049l\e_x\e\\\n'
hostile+='10%%\r20%%\r\e[K30%%\n\e[32mgreen\e[0m \e]8;;http://x\e\\link\e]8;;\e\\\tz\xff\n\e]unended\n\e[31mred'
make_hostile() {
    # shellcheck disable=SC2059
    printf "$hostile" >hostile
    id=$(sigmund -q cat hostile)
    sigmund wait "$id"
}

@test "On a terminal, logs keep text, colours and bars, and have nothing that it would answer" {
    make_hostile
    for words in "dump" "logs" "tail" "tail --no-follow" "tail -n all" "logs -n 20"; do
        # shellcheck disable=SC2086
        on_terminal seen "$SIGMUND" $words "$id"
        is seen 'A\nBscreen\n10%%\r20%%\r\e[K30%%\n\e[32mgreen\e[0m link\tz\xef\xbf\xbd\n\n\e[31mred\e[0m'
    done
    # The last lines that a failed start shows, and what --tail shows.
    on_terminal seen "$SIGMUND" -q --tail cat hostile
    is seen 'A\nBscreen\n10%%\r20%%\r\e[K30%%\n\e[32mgreen\e[0m link\tz\xef\xbf\xbd\n\n\e[31mred\e[0m'
    on_terminal seen "$SIGMUND" -q --ready file:never sh -c 'cat hostile; exit 3' || true
    run grep -c $'\e\\[[0-9?>]*[cnpq]\|\e[]P_]\|\x05' seen
    assert_output 0
    grep -q 'green' seen
}

@test "In a pipe, and with --raw also on a terminal, a log has its bytes" {
    make_hostile
    for words in "dump" "logs" "tail" "dump --raw"; do
        # shellcheck disable=SC2086
        sigmund $words "$id" | cmp - hostile
    done
    for words in "dump --raw" "logs --raw" "tail --raw"; do
        # shellcheck disable=SC2086
        on_terminal seen "$SIGMUND" $words "$id"
        cmp seen hostile
    done
    run sigmund dump --raw --plain "$id"
    assert_failure 1
    assert_output "sigmund: --raw and --plain exclude each other"
}

@test "With --plain a log is what a person would have seen in the end, everywhere" {
    make_hostile
    for words in "dump" "logs" "tail" "tail --no-follow -n all"; do
        # shellcheck disable=SC2086
        sigmund $words --plain "$id" >seen
        is seen 'A\nB\n30%%\ngreen link\tz\xef\xbf\xbd\n\nred'
        # shellcheck disable=SC2086
        on_terminal seen "$SIGMUND" $words --plain "$id"
        is seen 'A\nB\n30%%\ngreen link\tz\xef\xbf\xbd\n\nred'
    done
    # JSON has the same text, unless the bytes are asked for.
    [[ $(sigmund tail --jsonl "$id" | jq -r 'select(.id) | .line') == $'A\nB\n30%\ngreen link\tz\xef\xbf\xbd\n\nred' ]]
    [[ $(sigmund tail --jsonl --raw "$id" | jq -r 'select(.id) | .line' | sed -n 6p) == $'\e[31mred' ]]
    [[ $(sigmund tail --jsonl "$id" | jq -r 'select(.line_b64) | .line_b64' | base64 -d) == *$'\e[32mgreen'*$'\xff' ]]
}

@test "Tail --plain of a run that goes on prints a line when it is complete, and the last one at the end" {
    mkfifo steps
    id=$(sigmund -q bash -c 'while read -r part; do printf "$part"; done <steps')
    exec 7>steps
    "$SIGMUND" tail --plain "$id" >seen 7>&- &
    tail=$!
    OWN_PIDS+=("$tail")
    echo '10%%\r2' >&7
    echo '0%%\r3' >&7
    echo '0%%\e[' >&7
    echo '1m!\r\n\e[31mA' >&7
    wait_until 20 grep -qs . seen
    is seen '30%%!\n'
    echo '\xc3' >&7
    echo '\xa9\nCont' >&7
    wait_until 20 grep -q A seen
    is seen '30%%!\nA\xc3\xa9\n'
    echo 'inue? ' >&7
    exec 7>&-
    wait "$tail"
    is seen '30%%!\nA\xc3\xa9\nContinue?'
}

@test "Tail from the end begins neither in a sequence nor in a character" {
    mkfifo steps
    id=$(sigmund -q bash -c 'while read -r part; do printf "$part"; done <steps')
    exec 7>steps
    printf '%s\n' 'old\e]0;ti' >&7
    wait_until 20 log_has "$id" ti
    on_terminal seen "$SIGMUND" tail -n 0 "$id" 7>&- &
    OWN_PIDS+=("$!")
    "$SIGMUND" tail -n 0 --plain "$id" >plain 7>&- &
    OWN_PIDS+=("$!")
    follows() { grep -qs inotify "/proc/$1"/fdinfo/*; }
    wait_until 20 follows "${OWN_PIDS[1]}"
    # shellcheck disable=SC2016
    wait_until 20 bash -c 'for child in $(cat /proc/'"${OWN_PIDS[0]}"'/task/*/children); do
        for inner in "$child" $(cat /proc/"$child"/task/*/children); do grep -qs inotify /proc/"$inner"/fdinfo/* && exit 0; done
    done; exit 1'
    printf '%s\n' 'tle\a\xc3' >&7
    printf '%s\n' '\xa9new\n' >&7
    wait_until 20 grep -q new seen
    wait_until 20 grep -q new plain
    exec 7>&-
    wait "${OWN_PIDS[@]}"
    is seen '\xc3\xa9new\n'
    is plain '\xc3\xa9new\n'
}

@test "With several runs on a terminal each line keeps its prefix, and no colour leaves its line" {
    a=$(sigmund -q -n a printf '10%%\r20%%\r\n\e[31mred\nend\n')
    b=$(sigmund -q -n b true)
    sigmund wait "$a" "$b"
    on_terminal seen "$SIGMUND" dump --color=never a b
    is seen 'a | 10%%\ra | 20%%\na | \e[31mred\e[0m\na | end\n'
    sigmund dump --plain a b >seen
    is seen 'a | 20%%\na | red\na | end\n'
}

@test "Ctrl-C during tail switches off the colours of the log" {
    id=$(sigmund -q sh -c 'printf "\033[31mred"; exec sleep 300')
    wait_until 20 log_has "$id" red
    run python3 -c '
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])
seen = b""
sent = False
try:
    while piece := os.read(fd, 65536):
        seen += piece
        if b"red" in seen and not sent:
            sent = True
            os.write(fd, b"\x03")
except OSError:
    pass
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
at = seen.rindex(b"red")
print(status, b"\x1b[0m" in seen[at:seen.index(b"detached")])' "$SIGMUND" tail "$id"
    assert_output "130 True"
}
