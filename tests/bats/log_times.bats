#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Logs with the times of their lines: `--log-times`, and what `tail` and `logs` do with them.
load sigmund
load mounts

setup() {
    sigmund_setup
    scratch_folder
    mkfifo "$scratch/go"
}
teardown() { sigmund_teardown; }

# A program that prints a line for each line that tell() sends it, and ends at "end".
# shellcheck disable=SC2016 # for the inner shell
echoes='exec 3<>"$0"; while read -r line <&3 && [ "$line" != end ]; do printf "%s\n" "$line"; done'
# tell RUN TEXT...: lets the program print each text as a line, and waits until the log has it.
tell() {
    local id=$1 text
    shift
    for text; do
        echo "$text" >"$scratch/go"
        wait_until 10 log_has "$id" "$text"
    done
}
# Puts the present time into the variable `mark`. What is written before and after has other times, in ms.
take_mark() {
    sleep 0.05
    mark=$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)
    sleep 0.05
}
# timed OPTION...: starts the program with these options, in `id`.
timed() { id=$(sigmund -q "$@" sh -c "$echoes" "$scratch/go"); }
index_of() { echo "$SIGMUND_STATE_DIR/$1.times${2-}"; }
finish() {
    echo end >"$scratch/go"
    sigmund wait --gone "$id" >/dev/null
}
stamp='[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}'

@test "Since and until show exactly the lines between two marks, whoever wrote them and wherever they went" {
    for options in --log-times --tty "--log-max-size 1M" "--log-times --log $scratch/own.log"; do
        # shellcheck disable=SC2086 # several options
        timed $options
        log=$(field "$id" log)
        tell() {
            for text in "${@:2}"; do
                echo "$text" >"$scratch/go"
                wait_until 10 grep -q "$text" "$log"
            done
        }
        tell "$id" one two
        take_mark
        first=$mark
        tell "$id" three four
        take_mark
        tell "$id" five
        run timeout $((100 * slowness)) "$SIGMUND" tail --plain --until "$mark" -n 3 "$id"
        assert_output $'two\nthree\nfour'
        finish
        run sigmund logs --plain --since "$first" "$id"
        assert_output $'three\nfour\nfive'
        run sigmund logs --plain --until "$first" "$id"
        assert_output $'one\ntwo'
        run timeout $((100 * slowness)) "$SIGMUND" tail --plain --until "$first" "$id"
        assert_output $'one\ntwo'
        run sigmund logs --plain --until "$first" -n 1 "$id"
        assert_output two
        run sigmund logs --plain --since "$first" --until "$mark" "$id"
        assert_output $'three\nfour'
        run sigmund tail --no-follow --plain --since "$mark" "$id"
        assert_output five
        run sigmund dump --plain --since 1h "$id"
        assert_output $'one\ntwo\nthree\nfour\nfive'
        run sigmund logs --since 0s "$id"
        assert_output ''
        rm -f "$scratch/own.log"
    done
}

@test "Timestamps are local times in the order of the lines, and JSON lines have them in UTC" {
    timed --log-times
    tell "$id" one
    take_mark
    tell "$id" two
    finish
    run env TZ=UTC0 "$SIGMUND" logs -t "$id"
    assert_line --index 0 --regexp "^$stamp one$"
    assert_line --index 1 --regexp "^$stamp two$"
    at_mark=$(sed 's/T/ /; s/Z//' <<<"$mark")
    [[ ${lines[0]} < $at_mark && ${lines[1]} > $at_mark ]]
    shown=${lines[1]:0:23}
    run env TZ=UTC0 "$SIGMUND" logs --since "$shown" "$id"
    assert_output two
    run env TZ=XXX-3 "$SIGMUND" logs -t "$id"
    assert_line --index 1 --regexp "^$stamp two$"
    [[ ${lines[1]:0:23} > $shown ]]
    run sigmund tail --jsonl --no-follow "$id"
    [[ $(jq -rs '.[1:] | map(.line + " " + (.at < "'"$mark"'" | tostring)) | join(",")' <<<"$output") == "one true,two false" ]]
}

@test "The lines of a pool have their prefixes behind the times" {
    id=$(sigmund -q --pool 2 sh -c 'echo "I am $WORKER_ID"; exec sleep 300')
    both() { (($(sigmund dump "$id" | grep -c "I am") == 2)); }
    wait_until 10 both
    run bash -c '"$SIGMUND" logs -t "$1" | sort -k3' - "$id"
    assert_line --regexp "^$stamp 0 \| I am 0$"
    assert_line --regexp "^$stamp 1 \| I am 1$"
}

@test "Lines of several runs are merged by their times, and those of a run without them come first" {
    mkfifo "$scratch/a" "$scratch/b"
    # shellcheck disable=SC2034 # by its name
    a=$(sigmund -q -n a --log-times sh -c "$echoes" "$scratch/a")
    # shellcheck disable=SC2034
    b=$(sigmund -q -n bb --log-times sh -c "$echoes" "$scratch/b")
    for number in 1 2 3; do
        for name in a b; do
            echo "$name $number" >"$scratch/$name"
            wait_until 10 log_has "${!name}" "$name $number"
            sleep 0.02
        done
    done
    merged=$'a  | a 1\nbb | b 1\na  | a 2\nbb | b 2\na  | a 3\nbb | b 3'
    run sigmund logs a bb
    assert_output "$merged"
    run sigmund logs bb a
    assert_output "$merged"
    run sigmund logs -n 2 a bb
    assert_output $'a  | a 2\nbb | b 2\na  | a 3\nbb | b 3'
    run sigmund tail --no-follow -n 1 --grep '[12]$' a bb
    assert_output $'a  | a 2\nbb | b 2'
    run bash -c '"$SIGMUND" tail --no-follow -t a bb'
    [[ $(cut -d'|' -f2 <<<"$output" | sort -c && wc -l <<<"$output") == 6 ]]
    sigmund -q -w -n old echo timeless
    run sigmund logs -t bb old
    assert_line --index 0 --regexp '^old \| - +timeless$'
    run sigmund logs bb old
    assert_line --index 3 "old | timeless"
}

@test "Grep chooses lines by their text, and -n counts those" {
    id=$(sigmund -q -w -n web sh -c 'seq 1 100; printf "\033[31mERROR\033[0m 1\nfine\nERROR 2\nlast ERROR 3"')
    run sigmund logs --grep '^ERROR' web
    assert_output $'\e[31mERROR\e[0m 1\nERROR 2'
    run sigmund logs --plain -n 2 --grep ERROR web
    assert_output $'ERROR 2\nlast ERROR 3'
    [[ $(sigmund tail --jsonl --grep '^9.$' web | jq -rs '.[1:] | map(.line) | join(" ")') == "90 91 92 93 94 95 96 97 98 99" ]]
    run sigmund logs --grep nothing web
    assert_success
    assert_output ''
    run sigmund logs --grep '(' web
    assert_failure 1
    assert_output --partial 'is not an extended regular expression'
    run sigmund logs --since yesterday web
    assert_failure 1
    assert_output --partial 'is not a time'
}

@test "Following shows the chosen lines with their times as they come" {
    timed --log-times
    tell "$id" "old 1" "other" "old 2"
    "$SIGMUND" tail -t -n 1 --grep 'old|new' "$id" >"$scratch/out" &
    OWN_PIDS+=($!)
    wait_until 10 grep -q 'old 2' "$scratch/out"
    tell "$id" "new 1" "different" "new 2"
    finish
    wait "${OWN_PIDS[-1]}"
    run cut -d' ' -f3- "$scratch/out"
    assert_output $'old 2\nnew 1\nnew 2'
    run cut -c1-23 "$scratch/out"
    [[ $(sort -c <<<"$output" && grep -cE "^$stamp$" <<<"$output") == 3 ]]
}

@test "Logs that are rotated while they are followed lose neither a line nor a time, and runs come as they write" {
    # shellcheck disable=SC2016 # for the inner shell
    writes='read -r _ <"$0"; for i in $(seq 40); do seq -f "$1$i %.0f" 1 150; sleep 0.01; done'
    mkfifo "$scratch/a" "$scratch/b"
    sigmund -q -n a --log-max-size 8K --log-keep 30 sh -c "$writes" "$scratch/a" a
    sigmund -q -n b --log-max-size 8K --log-keep 30 sh -c "$writes" "$scratch/b" b
    "$SIGMUND" tail -t a b >"$scratch/out" &
    OWN_PIDS+=($!)
    sleep 0.2
    echo >"$scratch/a"
    echo >"$scratch/b"
    wait "${OWN_PIDS[-1]}"
    [[ $(grep -cE "^[ab] \| $stamp [ab][0-9]+ [0-9]+$" "$scratch/out") == 12000 ]]
    for name in a b; do
        cmp <(grep "^$name" "$scratch/out" | cut -c29-) <(for i in $(seq 40); do seq -f "$name$i %.0f" 1 150; done)
        grep "^$name" "$scratch/out" | cut -c5-27 | sort -c
    done
}

@test "The chosen lines of a run that writes without a pause are shown at once" {
    id=$(sigmund -q --log-max-size 1M yes)
    run -0 timeout $((100 * slowness)) bash -c '"$SIGMUND" tail -t -n 2 --grep y "$1" | head -n 50000 | cut -d" " -f3 | sort -u' - "$id"
    assert_output y
    sigmund kill -q "$id"
}

@test "A run of an older sigmund, or without an option, keeps the times in its lines" {
    id=$(sigmund -q sh -c 'echo begin; date "+%Y-%m-%dT%H:%M:%S%:z new"; echo more')
    sigmund wait --gone "$id"
    [[ ! -e $(index_of "$id") ]]
    run sigmund logs -t "$id"
    assert_line --index 0 --regexp '^- {23}begin$'
    assert_line --index 2 --regexp "^$stamp more$"
    id=$(sigmund -q echo timeless)
    sigmund wait --gone "$id"
    run --separate-stderr sigmund logs -t "$id"
    assert_output --regexp '^- {23}timeless$'
    [[ $stderr == *"carry no times"*"--log-times"* ]]
}

@test "The index of a log of 20 MB is smaller than one per cent of it" {
    # Each line is written by itself, and there are pauses.
    id=$(sigmund -q --log-times python3 -uc '
import os, time
line = b"a line of a program that writes a lot, with 64 bytes in each one\n"
for i in range(20):
    for _ in range(500):
        os.write(1, line)
    os.write(1, line * ((1_000_000 - 500 * len(line)) // len(line)))
    time.sleep(0.02)
os.write(1, b"the end\n")')
    sigmund wait --gone "$id"
    log=$(stat -c %s "$SIGMUND_STATE_DIR/$id.log")
    index=$(stat -c %s "$(index_of "$id")")
    ((log > 19000000))
    echo "the index has $index bytes"
    ((index > 100 && index * 100 <= log))
    run sigmund tail -t -n 1 --no-follow "$id"
    assert_output --regexp "^$stamp the end$"
}

@test "A store that was copied keeps the times of the runs that are over" {
    timed --log-times
    tell "$id" one
    take_mark
    tell "$id" two
    finish
    cp -a "$SIGMUND_STATE_DIR" "$scratch/copy"
    run env SIGMUND_STATE_DIR="$scratch/copy" "$SIGMUND" logs --since "$mark" "$id"
    assert_output two
}

@test "A log that is cut or removed gets a new index, and no line a wrong time" {
    timed --log-times
    tell "$id" one two
    : >"$SIGMUND_STATE_DIR/$id.log"
    take_mark
    tell "$id" three
    run sigmund logs --since "$mark" "$id"
    assert_output three
    run sigmund logs --until "$mark" "$id"
    assert_output ''
    rm "$SIGMUND_STATE_DIR/$id.log"
    take_mark
    echo four >"$scratch/go"
    wait_until 10 log_has "$id" four
    run sigmund logs --since "$mark" "$id"
    assert_output four
    rm "$(index_of "$id")"
    tell "$id" five
    run sigmund logs "$id"
    assert_output $'four\nfive'
    finish
    sigmund prune -q "$id"
    [[ -z $(ls "$SIGMUND_STATE_DIR"/"$id"* 2>/dev/null) ]]
}

@test "Rotated logs keep their indexes, which are removed with them" {
    timed --log-max-size 1K --log-keep 3
    filler=$(printf '%0480d' 0)
    tell "$id" "$filler 1"
    take_mark
    for number in 2 3 4 5; do tell "$id" "$filler $number"; done
    run sigmund logs --since "$mark" "$id"
    assert_output "$(for number in 2 3 4 5; do echo "$filler $number"; done)"
    run sigmund logs --until "$mark" "$id"
    assert_output "$filler 1"
    take_mark
    for number in 6 7 8 9; do tell "$id" "$filler $number"; done
    [[ -e $(index_of "$id") && -e $(index_of "$id" .3) && ! -e $(index_of "$id" .4) ]]
    run sigmund logs --since "$mark" "$id"
    assert_output "$(for number in 6 7 8 9; do echo "$filler $number"; done)"
    run sigmund logs -t "$id"
    [[ $(sort -c <<<"$output" && grep -cE "^$stamp " <<<"$output") == "${#lines[@]}" ]]
    finish
    sigmund prune -q "$id"
    [[ -z $(ls "$SIGMUND_STATE_DIR"/"$id"* 2>/dev/null) ]]
}

@test "A damaged index never loses or reorders text" {
    timed --log-times
    for number in $(seq 1 30); do
        echo "line $number" >"$scratch/go"
        sleep 0.002
    done
    wait_until 10 log_has "$id" "line 30"
    finish
    index=$(index_of "$id")
    cp "$index" "$scratch/index"
    for seed in $(seq 1 25); do
        # Changes some bytes, cuts some off, and adds others.
        python3 -c '
import random, sys
random.seed(int(sys.argv[1]))
data = bytearray(open(sys.argv[2], "rb").read())
for _ in range(random.randrange(1, 20)):
    data[random.randrange(len(data))] = random.randrange(256)
data = data[:random.randrange(len(data) + 1)] + random.randbytes(random.randrange(3000))
if int(sys.argv[1]) == 1: data = random.randbytes(100000)
open(sys.argv[3], "wb").write(data)' "$seed" "$scratch/index" "$index"
        run --separate-stderr sigmund logs -t "$id"
        assert_success
        [[ $(cut -c25- <<<"$output") == "$(seq -f 'line %.0f' 1 30)" ]]
        run --separate-stderr sigmund logs "$id"
        assert_output "$(seq -f 'line %.0f' 1 30)"
    done
    for kind in folder fifo link; do
        rm -rf "$index"
        case $kind in
            folder) mkdir "$index" ;;
            fifo) mkfifo "$index" ;;
            link) ln -s "$scratch/index" "$index" ;;
        esac
        run --separate-stderr timeout $((100 * slowness)) "$SIGMUND" logs -t "$id"
        assert_success
        [[ $(cut -c25- <<<"$output") == "$(seq -f 'line %.0f' 1 30)" ]]
    done
}

@test "The heir of a killed guardian continues the index" {
    timed --log-times
    tell "$id" one
    kill -KILL "$(guardian_of "$id")"
    take_mark
    tell "$id" two
    run sigmund logs --since "$mark" "$id"
    assert_output two
    run sigmund logs --until "$mark" "$id"
    assert_output one
    echo end >"$scratch/go"
}

@test "A full disk loses times, and never text that has room" {
    # shellcheck disable=SC2016 # for the inner shell
    cat >"$scratch/play" <<'END'
set -eu
mkdir "$SCRATCH/small"
mount -t tmpfs -o size=100k,mode=0700 none "$SCRATCH/small"
export SIGMUND_STATE_DIR=$SCRATCH/small
id=$("$SIGMUND" -q --log-times --log "$SCRATCH/outside.log" sh -c "$ECHOES" "$SCRATCH/go")
head -c 200k /dev/zero >"$SIGMUND_STATE_DIR/filler" 2>/dev/null || true
for i in $(seq 100); do echo "line $i"; done >"$SCRATCH/go"
until grep -q "line 100" "$SCRATCH/outside.log"; do sleep 0.02; done
[ ! -s "$SIGMUND_STATE_DIR/$id.times" ]
rm "$SIGMUND_STATE_DIR/filler"
until [ -s "$SIGMUND_STATE_DIR/$id.times" ]; do
    echo "line $((i += 1))" >"$SCRATCH/go"
    sleep 0.1
done
echo "line $((i += 1))" >"$SCRATCH/go"
echo end >"$SCRATCH/go"
"$SIGMUND" wait --gone "$id" >/dev/null
cmp "$SCRATCH/outside.log" <(seq -f "line %.0f" "$i")
"$SIGMUND" logs -t "$id" | sed -n '1p; $p'
END
    export SCRATCH=$scratch ECHOES=$echoes
    run in_mounts "bash $scratch/play"
    if [[ $status == 111 ]]; then # the nearest thing that is permitted: no file of the index can be made
        timed --log-times
        mkdir "$(index_of "$id")"
        tell "$id" one two
        run sigmund logs "$id"
        assert_output $'one\ntwo'
    else
        assert_success
        assert_line --index 0 --regexp '^- {23}line 1$'
        assert_line --index 1 --regexp "^$stamp line [0-9]+$"
    fi
}

@test "What does not go together with log-times is refused, and a configuration may have it" {
    run sigmund --log-times --split-log true
    assert_failure 1
    assert_output --partial "--log-times and --split-log do not go together"
    cd "$scratch"
    printf '[run.web]\ncommand = "echo hello"\nlog-times = true\n' >sigmund.toml
    sigmund up -q web
    sigmund wait web
    [[ -e $(index_of "$(field web id)") ]]
    run sigmund logs -t web
    assert_output --regexp "^$stamp hello$"
}
