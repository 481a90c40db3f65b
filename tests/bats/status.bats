#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What list and status show people: columns that fit any width, figures of live runs, colours, and local time.
load sigmund

setup() {
    sigmund_setup
    scratch_folder
    cd "$scratch"
}
teardown() { sigmund_teardown; }

# on_terminal COLUMNS WORD...: what the command shows on a terminal of that width, without colours.
on_terminal() {
    local columns=$1
    shift
    NO_COLOR=1 script -qec "stty cols $columns rows 40; \"$SIGMUND\" $*" /dev/null | tr -d '\r'
}

@test "list shows ports, restarts, CPU and memory of live runs, and how long finished ones took" {
    free_port port
    sigmund -q -n web --port "$port" --ready "tcp:$port" -- python3 "$BATS_TEST_DIRNAME/listen.py" 127.0.0.1 "$port"
    sigmund -q -n again --restart always --backoff 10ms -- sh -c 'sleep 0.1'
    wait_until 10 restarted again 2
    gone=$(sigmund -q -n gone sh -c 'exit 3')
    wait_until 10 over "$gone"
    run sigmund list
    assert_line --regexp '^ID +NAME +STATE +AGE +RESTARTS +PORT +CPU +MEM +TOOK +CMD$'
    assert_line --regexp "web +running +[0-9a-z]+ +$port +[0-9a-z]+ +[0-9.]+ [KM]B +python3"
    assert_line --regexp 'gone +exited 3 +[0-9a-z]+ +[0-9a-z]+ +sh -c'
    refute_line --regexp '^ID .*PID'
    run sigmund list --wide
    assert_line --regexp '^ID +NAME +PID +PGID +STATE +AGE +RESTARTS +PORT +CPU +MEM +TOOK +PROJECT +CMD$'
}

@test "A port on which a run listens without being given one is shown" {
    free_port port
    sigmund -q -n web --ready "tcp:$port" -- python3 "$BATS_TEST_DIRNAME/listen.py" 127.0.0.1 "$port"
    run sigmund list
    assert_line --regexp "web +running +[0-9a-z]+ +$port "
}

@test "No row is wider than the terminal, and the header names what was left out" {
    sigmund -q -n a-long-name-of-a-run sleep 300
    sigmund -q -n '日本語' sleep 300 || sigmund -q -n other sh -c 'sleep 300 # 日本語日本語日本語日本語日本語日本語日本語'
    for columns in 40 50 60 80 100 120 200; do
        run on_terminal "$columns" list
        assert_line --partial a-long-
        for line in "${lines[@]}"; do
            (($(wc -L <<<"$line") <= columns)) || fail "$columns columns: $line"
        done
    done
    run on_terminal 70 list
    assert_line --index 0 --partial '(--wide'
    run on_terminal 200 list
    refute_line --partial '(--wide'
    run on_terminal 50 list --wide
    assert_line --index 0 --regexp 'PID +PGID'
}

@test "The age is that of the present life, and a template is shown by its name" {
    printf '[run.api]\ncommand = "sleep 300; true"\n' >sigmund.toml
    git init -q .
    sigmund up -q api
    run sigmund list
    assert_line --regexp 'api: sleep 300; true$'
    wait_for_age() { [[ $(sigmund status api | head -1) == *'for '[1-9]*s,* ]]; }
    wait_until 10 wait_for_age
    run sigmund restart api
    run sigmund status api
    assert_line --index 0 --regexp '^api \([0-9a-f]+\): running for [0-9]+m?s, since '
}

@test "status of a live run tells all at one look, and exits with 0" {
    free_port port
    id=$(sigmund -q -n web --port "$port" --ready "tcp:$port" -- \
        sh -c "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo line \$i; done; exec python3 '$BATS_TEST_DIRNAME/listen.py' 127.0.0.1 $port")
    run sigmund status web
    assert_success
    assert_line --index 0 --regexp "^web \($id\): running for .*, since [0-9-]+ [0-9:]+$"
    assert_line --regexp 'ready +yes'
    assert_line --regexp "listens on +127.0.0.1:$port"
    assert_line --regexp 'uses +.* of CPU time, .* of memory'
    assert_line --regexp "^ +$(field web pid) +.*listen.py.*\(leader\)$"
    assert_line '    line 12'
    refute_line '    line 2'
}

@test "A live run tells how much memory one of its processes has had at most" {
    id=$(sigmund -q -n eater -- python3 -c 'import sys, time
one = bytearray(60 << 20)
del one
print("given back", flush=True)
time.sleep(300)')
    wait_until 10 log_has "$id" back
    run sigmund status eater
    assert_line --regexp 'uses +.* of CPU time, [0-9.]+ MB of memory, at most [0-9.]+ MB in one process$'
    peak=$(field eater peak_rss_bytes)
    ((peak >= 60 << 20 && peak > $(field eater rss_bytes)))
    [[ $(field eater 'members[0].peak_rss_bytes') == "$peak" ]]
    run sigmund show eater
    assert_line --regexp '^processes: .*; memory [0-9.]+ MB, at most [0-9.]+ MB in one process; CPU time '
    sigmund stop -q eater
    is eater peak_rss_bytes null
}

@test "status of a finished run exits with 3, of an unknown one with 5" {
    gone=$(sigmund -q -n gone sh -c 'echo why; exit 3')
    wait_until 10 over "$gone"
    run sigmund status gone
    assert_failure 3
    assert_line --index 0 --regexp "^gone \($gone\): exited 3, .* ago, at .*, after "
    assert_line '    why'
    assert_line --partial "sigmund explain gone tells why"
    live=$(sigmund -q sleep 300)
    run sigmund status "$live" gone
    assert_failure 3
    run sigmund status nothing
    assert_failure 5
}

@test "status without a target shows the runs of the project, or all that live outside of one" {
    live=$(sigmund -q -n outside sleep 300)
    gone=$(sigmund -q true)
    wait_until 10 over "$gone"
    run sigmund status
    assert_success
    assert_line --partial "$live"
    refute_line --partial "$gone"
    mkdir project && cd project
    git init -q .
    run sigmund status
    assert_success
    assert_output --partial 'no runs of this project'
    inside=$(sigmund -q -n inside true)
    wait_until 10 over "$inside"
    run sigmund status
    assert_success
    assert_line --partial "$inside"
    refute_line --partial "$live"
}

@test "status without permission exits with 4" {
    # Root may read everything, so somebody else looks.
    chmod 777 "$scratch"
    as_nobody=()
    [[ $EUID != 0 ]] || as_nobody=(runuser -u nobody --)
    "${as_nobody[@]}" mkdir -m 000 "$scratch/store"
    run "${as_nobody[@]}" env SIGMUND_STATE_DIR="$scratch/store" "$SIGMUND" status x
    rmdir "$scratch/store"
    assert_failure 4
}

@test "Colours follow --color, NO_COLOR, the forcing variables and the terminal, in this order" {
    sigmund -q -n web sleep 300
    green=$'\e[32m'
    unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR
    colored() { [[ $("$@") == *"$green"* ]]; }
    plain() { [[ $("$@") != *$'\e'* ]]; }
    plain "$SIGMUND" list
    for verb in list status tree show explain; do
        target=$([[ $verb == list ]] || echo web)
        # shellcheck disable=SC2086  # there may be no target
        colored env FORCE_COLOR=1 "$SIGMUND" $verb $target || fail "$verb has no colour"
        # shellcheck disable=SC2086
        plain env FORCE_COLOR=1 NO_COLOR=1 "$SIGMUND" $verb $target || fail "$verb has colours"
    done
    colored env CLICOLOR_FORCE=1 "$SIGMUND" list
    colored env FORCE_COLOR=1 TERM=dumb "$SIGMUND" list
    for nothing in '' 0; do
        plain env FORCE_COLOR=$nothing CLICOLOR_FORCE=$nothing "$SIGMUND" list
    done
    plain env FORCE_COLOR=1 "$SIGMUND" list --color=never
    colored env NO_COLOR=1 "$SIGMUND" list --color=always
    on_a() { script -qec "env $* \"$SIGMUND\" list" /dev/null; }
    colored on_a TERM=xterm
    plain on_a TERM=dumb
    plain on_a TERM=xterm NO_COLOR=1
    # Errors, too, also of a start.
    FORCE_COLOR=1 run "$SIGMUND" show nothing
    assert_output --partial $'\e[31msigmund:\e[0m no run nothing'
    FORCE_COLOR=1 run -127 "$SIGMUND" nothing-of-this-name
    assert_output --partial $'\e[31msigmund:\e[0m nothing-of-this-name: command not found'
}

@test "Times for people are in the time zone of the machine, and those for programs in UTC" {
    sigmund -q -n web sleep 300
    utc=$(field web started_at)
    run env TZ=UTC "$SIGMUND" show web
    assert_line --partial "$(date -u -d "$utc" '+%Y-%m-%d %H:%M:%S')"
    run env TZ=EST5 "$SIGMUND" show web
    assert_line --partial "$(TZ=EST5 date -d "$utc" '+%Y-%m-%d %H:%M:%S')"
    [[ $(TZ=EST5 field web started_at) == "$utc" ]]
}

@test "A name in the lines of a start is what stops it, and doctor begins with what is wrong" {
    run script -qec "$SIGMUND -n web sleep 300" /dev/null
    assert_output --partial 'stop: sigmund stop web'
    run sigmund doctor
    first=$(grep -n '^ok' <<<"$output" | head -1 | cut -d: -f1)
    last=$(grep -nE '^(WRONG|advice)' <<<"$output" | tail -1 | cut -d: -f1)
    [[ -z $last || -z $first ]] || ((last < first))
    refute_output --partial mend
}

@test "A failing --wait says how it ended, with its last ten lines and what explains it" {
    run --separate-stderr "$SIGMUND" -q -n job --wait -- sh -c 'seq 12; exit 3'
    assert_failure 3
    [[ -z $output ]]
    [[ ${stderr_lines[0]} == 3 && ${stderr_lines[9]} == 12 ]]
    [[ ${stderr_lines[10]} == "sigmund: job ("*") exited 3: sigmund explain "* ]]
    run "$SIGMUND" -q --wait -- sh -c 'kill -9 $$'
    assert_output --partial 'was killed by SIGKILL: sigmund explain'
    run "$SIGMUND" -q --wait true
    assert_success
    assert_output ''
    # What was shown already is not shown again.
    run "$SIGMUND" -q --tail --wait -- sh -c 'echo once; exit 3'
    [[ $(grep -c once <<<"$output") == 1 ]]
}

@test "tail of a finished run begins with its last ten lines, and dump has all" {
    id=$(sigmund -q seq 30)
    wait_until 10 over "$id"
    run sigmund tail "$id"
    assert_equal "${#lines[@]}" 10
    run sigmund tail -n all "$id"
    assert_equal "${#lines[@]}" 30
    run sigmund dump "$id"
    assert_equal "${#lines[@]}" 30
}

@test "status --json has the runs that people see, with the same exit statuses" {
    live=$(sigmund -q -n web sleep 300)
    gone=$(sigmund -q -n old true)
    wait_until 10 over "$gone"
    run sigmund status --json web
    assert_success
    [[ $(jq -r '[.schema, .kind, .data[0].id, .data[0].state] | join(" ")' <<<"$output") == "sigmund/1 run.show $live running" ]]
    run sigmund status --json web old
    assert_failure 3
    [[ $(jq -r '.data[].id' <<<"$output") == "$live"$'\n'"$gone" ]]
    run sigmund status --json
    assert_success
    [[ $(jq -r '.data[].id' <<<"$output") == "$live"* ]]
    run --separate-stderr sigmund status --json nothing
    assert_failure 5
    jq -e '.error.code == "not_found"' <<<"$stderr"
}
