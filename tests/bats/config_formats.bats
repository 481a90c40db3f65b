#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The formats of other tools: a sigmund.toml from a Procfile or a package.json, and templates as units of systemd.
load sigmund

setup() {
    sigmund_setup
    export HOME=$BATS_TEST_TMPDIR/home SIGMUND_CONFIG=/dev/null
    project=$BATS_TEST_TMPDIR/project
    mkdir -p "$HOME" "$project"
    cd "$project"
}
teardown() { sigmund_teardown; }

# Lets systemd read a unit that is in a file, and fails when it complains about anything in it. The log is in `verified`.
verify() {
    local XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/runtime
    export XDG_RUNTIME_DIR
    mkdir -p "$XDG_RUNTIME_DIR"
    chmod 700 "$XDG_RUNTIME_DIR"
    systemd-analyze --user verify "$1" 2>"$BATS_TEST_TMPDIR/complaints" || fail "$(cat "$BATS_TEST_TMPDIR/complaints")"
    if grep -F "${1##*/}" "$BATS_TEST_TMPDIR/complaints"; then fail "systemd complains about ${1##*/}"; fi
    SYSTEMD_LOG_LEVEL=debug systemd-analyze --user verify "$1" >"$BATS_TEST_TMPDIR/verified" 2>/dev/null
}

# The words of the commands in the unit that verify() has read, as JSON.
verified_words() { python3 "$BATS_TEST_DIRNAME/unit_argv.py" <"$BATS_TEST_TMPDIR/verified"; }

# Prints a value that verify() has read.
verified() { sed -n "s/^\t*$1: //p" "$BATS_TEST_TMPDIR/verified"; }

@test "A Procfile becomes a sigmund.toml that config and up accept unchanged" {
    printf '# all\r\n\nworker: echo "got $WORD {}" | tr a-z A-Z\r\ncafe1: sleep 300\nnonsense\n' >Procfile
    echo 'WORD=hello' >.env
    run --separate-stderr sigmund config --from Procfile
    assert_success
    [[ $stderr == *'Line 5 was left out: it is not NAME: COMMAND'* && $stderr == *'The process cafe1 is called run-cafe1'* ]]
    printf '%s\n' "$output" >sigmund.toml
    run sigmund config
    assert_success
    assert_line --regexp '^run.worker.command .* echo "got [$]WORD [{][}]" [|] tr a-z A-Z$'
    assert_line --regexp "^run.run-cafe1.env-file .* $project/.env$"
    sigmund up -q --wait worker
    [[ $(sigmund dump worker) == "GOT HELLO {}" ]]
}

@test "A package.json becomes a sigmund.toml that config accepts unchanged" {
    printf '%s\n' '{"name": "x", "packageManager": "yarn@1.22.0",' \
        '"scripts": {"dev": "vite \"a b\"", "predev": "touch executed", "prepare": "touch executed"}}' >package.json
    run --separate-stderr sigmund config --from "$project/package.json"
    assert_success
    [[ $stderr == *'The script "predev" was left out: yarn executes it before "dev".'* ]]
    [[ $stderr == *'The script "prepare" was left out'* ]]
    printf '%s\n' "$output" >sigmund.toml
    run sigmund config
    assert_success
    assert_line --regexp '^run.dev.command .* yarn run dev$'
    [[ ! -e executed ]]
}

@test "An import reads no configuration, and writes nothing" {
    echo 'web: touch executed' >Procfile
    echo '[broken' >sigmund.toml
    ls -lA --time-style=full-iso >"$BATS_TEST_TMPDIR/before"
    (cd / && sigmund config --from "$project/Procfile" >/dev/null)
    ls -lA --time-style=full-iso >"$BATS_TEST_TMPDIR/after"
    diff "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
    store_empty
}

@test "Files that cannot be imported are refused, and what can be is named" {
    printf 'services:\n  web:\n    image: x\n' >docker-compose.yml
    printf 'all: x\n\tcc x.c\n' >Makefile
    mkfifo fifo
    head -c 1100000 /dev/zero | tr '\0' 'x' >Procfile
    printf 'web: a\n\nx: b\0c\n' >Procfile.nul
    printf 'web: a\nx: \xff\n' >Procfile.bytes
    printf '# nothing\n' >Procfile.empty
    printf '{"scripts": {"dev": "x",}}' >package.json
    check() { # FILE WORDS...
        run --separate-stderr sigmund config --from "$1"
        assert_failure 1
        assert_output ""
        [[ $stderr == *"$1$2"* ]] || fail "$1: $stderr"
    }
    check docker-compose.yml ": is a compose file"
    [[ $stderr == *"--from reads a Procfile, or the scripts of a package.json"* ]]
    check Makefile ": is neither a Procfile nor a package.json"
    check fifo ": is not a regular file"
    check . ": is a folder"
    check missing ": No such file"
    check Procfile ": is larger than 1 MiB"
    check Procfile.nul ":3: has a NUL byte"
    check Procfile.bytes ":2: is not valid UTF-8"
    check Procfile.empty ": has no line NAME: COMMAND"
    check package.json ":1: is not valid JSON"
    json_error usage sigmund config --json --from Procfile
    json_error usage sigmund config --json --systemd web
    run sigmund config --from Procfile --systemd web
    assert_failure 1
}

@test "Hidden characters of a file reach neither the terminal nor the comments" {
    printf '{"scripts": {"dev": "echo \\u202e\\u001b[31m", "x\\u202e": "y\\n[run.z]"}}' >package.json
    run sigmund config --from package.json
    assert_success
    if grep -q $'\e\\|\u202e\\|^\\[run.z' <<<"$output"; then fail "$output"; fi
}

@test "A template becomes a user unit in which systemd finds nothing to complain about" {
    cat >sigmund.toml <<'END'
[run.web]
command = "echo $HOME 100% \"q\" 'x'"
env = { GREETING = "hello $x 50%" }
restart = "on-failure"
max-restarts = 4
backoff = "1s..10s"
rlimit = ["nofile=64:1024", "core=unlimited"]
umask = "027"
nice = 5
stop-signal = "INT"
stop-timeout = "7s"
timeout = "90s"
log = "web 100%.log"
stdin = "/dev/null"
ready = "notify"
ready-timeout = "7s"
on-exit = "echo $RESULT 100%"
unset-env = ["OLD"]
ignore = ["PIPE"]
[run.more]
command = ["echo", "x"]
restart = "on-exit=75,129"
env = { A = "1" }
env-file = [".env"]
[run.step]
command = "true"
wait = true
timeout = "5s"
END
    sigmund config --systemd web >web.service
    verify "$project/web.service"
    [[ $(verified Type) == notify && $(verified Restart) == on-failure && $(verified RestartSec) == 1s ]]
    [[ $(verified WorkingDirectory) == "$project" && $(verified UMask) == 0027 && $(verified KillSignal) == SIGINT ]]
    [[ $(verified TimeoutStopSec) == 7s && $(verified TimeoutStartSec) == 7s && $(verified RuntimeMaxSec) == "1min 30s" ]]
    [[ $(verified LimitNOFILESoft) == 64 && $(verified LimitNOFILE) == 1024 ]]
    [[ $(verified Environment) == *'GREETING=hello $x 50%'* && $(verified UnsetEnvironment) == OLD ]]
    [[ $(verified StandardOutputFileToAppend) == "$project/web 100%.log" ]]
    [[ $(verified_words) == '["/bin/sh", "-c", "echo $HOME 100% \"q\" '\''x'\''"]'$'\n''["/bin/sh", "-c", "echo $RESULT 100%"]' ]]
    for name in more step; do
        sigmund config --systemd "$name" >"$name.service"
        verify "$project/$name.service"
    done
    [[ $(verified Type) == oneshot && $(verified TimeoutStartSec) == 5s ]]
}

@test "Systemd would execute exactly the words of the template" {
    mkdir 'bin $HOME %h "x"'
    cp /bin/true 'bin $HOME %h "x"/a;b'
    cp /bin/true 'bin $HOME %h'
    python3 - "$project" <<'END'
import json, sys

def toml(words):
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")

argv = ["printf", "%s", "a b", "$HOME", "${HOME}", "$$", "$", "%", "%%", "%h", '"', "'", "it's \"q\"", "\\", "\\n", "\n",
        "a\nb\n", "\t", "", ";", "\\;", "#", "-", "@x", ":", "+", "!", "\x01\x1f\x7f", "é日本", "\U0001F600", "\u202e\u200b", " x ",
        "a\\", "{}", "[*?]", "~", "`id`", "$(id)", "&&", "|", "=", "A=b", "x" * 5000]
odd = ["./bin $HOME %h \"x\"/a;b", "$1"]
path = ["./bin $HOME %h", "$1"]
with open("sigmund.toml", "w") as file:
    file.write(f"[run.argv]\ncommand = {toml(argv)}\n[run.env]\ncommand = {toml(argv)}\nenv = {{ A = \"$x %\\n\", \"B.C\" = \"1\" }}\n")
    file.write(f"env-file = [\"x\"]\n[run.odd]\ncommand = {toml(odd)}\n[run.path]\ncommand = {toml(path)}\n[run.shell]\ncommand = {toml(' '.join(argv))}\n")
wanted = {"argv": argv, "env": ["/usr/bin/env", "B.C=1", "A=$x %\n"] + argv, "odd": ["/bin/sh", "-c", 'exec "$0" "$@"', sys.argv[1] + odd[0][1:], *odd[1:]],
          "path": [sys.argv[1] + path[0][1:], *path[1:]],
          "shell": ["/bin/sh", "-c", " ".join(argv)]}
for name, words in wanted.items():
    with open(name + ".wanted", "w") as file:
        file.write(json.dumps(words) + "\n")
END
    for name in argv odd path shell env; do
        sigmund config --systemd "$name" >"$name.service"
        verify "$project/$name.service"
        # The words before the program may have any order, and the program has its path.
        normal='map(if endswith("/printf") then "printf" else . end) | (index("printf") // 0) as $at | (.[:$at] | sort) + .[$at:]'
        diff <(jq -c "$normal" "$name.wanted") <(verified_words | jq -c "$normal")
    done
}

@test "What a unit cannot say is named, and what cannot become one is refused" {
    printf '[run.a]\ncommand = ["./script", "x"]\nhealth = "true"\nwatch = ["."]\ntag = ["x"]\nready = ["tcp:80"]\n' >sigmund.toml
    printf '[run.b]\ncommand = ["no-such-program"]\n[run.c]\ncommand = "true"\nnice = 99\n' >>sigmund.toml
    printf 'echo hello\n' >script
    chmod +x script
    run --separate-stderr sigmund config --systemd a
    assert_success
    assert_line "ExecStart=/bin/sh $project/script x"
    for words in "health was left out" "watch was left out" "tag was left out" 'ready = "tcp:80" was left out' "has no line #!"; do
        [[ $stderr == *"$words"* ]] || fail "$words: $stderr"
    done
    run -127 sigmund config --systemd b
    assert_failure 127
    assert_output --partial "no-such-program was not found"
    run sigmund config --systemd c
    assert_failure 1
    assert_output --partial "$project/sigmund.toml:11: nice:"
    run sigmund config --systemd d
    assert_failure 5
    assert_output --partial "no template d"
}

@test "The completion offers files and templates" {
    printf '[run.web]\ncommand = "true"\n' >sigmund.toml
    [[ $(sigmund completions --porcelain --word 3 -- sigmund config --systemd w) == *web* ]]
    [[ $(sigmund completions --porcelain --word 2 -- sigmund config --s) == *--systemd* ]]
}
