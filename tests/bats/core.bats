#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A run survives, is always known, and always stops.
bats_require_minimum_version 1.5.0
load sigmund
setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

@test "start prints three lines on stderr and the bare id on stdout, and a pipe is not held" {
    run timeout 5 bash -c 'id=$("$SIGMUND" sleep 100 2>"$SIGMUND_STATE_DIR/banner"); echo "$id"'
    assert_success
    assert_output --regexp '^[0-9a-f]{6}$'
    id=$output
    run cat "$SIGMUND_STATE_DIR/banner"
    assert_line --index 0 --regexp "^sigmund: id=$id pid=([0-9]+) pgid=[0-9]+ sid=[0-9]+$"
    assert_line --index 1 "sigmund: log: $SIGMUND_STATE_DIR/$id.log"
    assert_line --index 2 "sigmund: stop: sigmund stop $id"
    run timeout 5 bash -c '"$SIGMUND" -q sleep 100 2>&1 | cat'
    assert_success
}

@test "a run survives the shell that started it and is listed" {
    id=$(bash -c 'exec "$SIGMUND" -q -n web sleep 100')
    run sigmund list
    assert_output --partial "sleep 100"
    [[ $(field web state) == running ]]
    pid=$(field web pid)
    [[ $(field web pgid) == "$pid" && $(field web sid) == "$pid" ]]
    [[ $(field "$id" guardian.alive) == true ]]
    run sigmund stop web
    assert_success
    gone "$pid"
    [[ $(field "$id" result) == stopped ]]
}

@test "a command that execs another stays the same run" {
    for command in "sleep 0.2; exec sleep 300" "exec env A=1 sleep 300"; do
        id=$(sigmund -q bash -c "$command")
        wait_until 3 bash -c "tr '\0' ' ' </proc/$(field "$id" pid)/cmdline | grep -q '^sleep 300'"
        state_is "$id" running
        run sigmund stop "$id"
        assert_success
    done
}

@test "everything is gone after stop: setsid, job control, daemons that fork twice" {
    for command in 'setsid sleep 301 & exec sleep 300' 'set -m; sleep 301 & sleep 302 & wait' \
        '(setsid bash -c "sleep 301 & sleep 302" &) ; exec sleep 300'; do
        id=$(sigmund -q bash -c "$command")
        wait_until 3 bash -c "(( \$('$SIGMUND' show $id --json | jq .data[0].processes) >= 2 ))"
        pids=$(keyed_processes)
        run sigmund stop "$id"
        assert_success
        for pid in $pids; do gone "$pid"; done
    done
}

@test "escapees are told" {
    id=$(sigmund -q bash -c 'setsid sleep 301 & exec sleep 300')
    wait_until 3 bash -c "(( \$('$SIGMUND' show $id --json | jq .data[0].escaped) == 1 ))"
    run sigmund stop "$id"
    assert_success
    assert_output --partial "warning: 1 process of $id had left its group; stopped too"
}

@test "the result is known: exit status, signal with core flag, true" {
    run sigmund -q --wait sh -c 'exit 42'
    assert_failure 42
    [[ $(field @ result) == exit=42 && $(field @ exit_code) == 42 ]]
    run sigmund -q --wait --rlimit core=0 sh -c 'kill -SEGV $$'
    assert_failure 139
    [[ $(field @ signal) == SIGSEGV && $(field @ core_dumped) == false ]]
    run sigmund -q --wait true
    assert_success
    run sigmund list
    assert_output --partial "killed SIGSEGV"
    assert_output --partial "exited 42"
}

@test "what cannot be executed leaves nothing behind" {
    run -127 "$SIGMUND" no-such-command-at-all
    assert_output --partial "command not found"
    run sigmund /etc/passwd
    assert_failure 126
    run sigmund -C /no/such/folder true
    assert_failure 125
    store_empty
}

@test "a leader that ends while its children live: running, its exit status known" {
    id=$(sigmund -q bash -c 'sleep 300 & exit 5')
    run sigmund wait "$id"
    assert_failure 5
    state_is "$id" running
    [[ $(field "$id" exit_code) == 5 ]]
    run sigmund wait --gone --timeout 100ms "$id"
    assert_failure 124
    run sigmund stop "$id"
    assert_success
}

@test "--wait returns though something is left behind, and names it" {
    run timeout 10 "$SIGMUND" -q --wait sh -c 'sleep 300 >/dev/null & until grep -q sleep /proc/$!/comm; do :; done; exit 3'
    assert_failure 3
    assert_output --partial "left running"
    assert_output --partial "(sleep)"
}

@test "a child that ignores SIGTERM ends when the grace is over" {
    id=$(sigmund -q bash -c 'trap "" TERM; echo ready; while :; do sleep 0.1; done')
    wait_until 3 log_has "$id" ready
    run sigmund stop --timeout 300ms --json "$id"
    assert_success
    [[ $(jq -r '.data[0].outcome' <<<"$output") == killed ]]
    [[ $(jq -r '.data[0].survivors | length' <<<"$output") == 0 ]]
}

@test "runs that ignore SIGTERM stop together, in one grace period" {
    for _ in {1..20}; do sigmund -q bash -c 'trap "" TERM; echo ready; while :; do sleep 1; done' >>"$SIGMUND_STATE_DIR/ids"; done
    for id in $(cat "$SIGMUND_STATE_DIR/ids"); do wait_until 5 log_has "$id" ready; done
    begin=$(date +%s%N)
    run sigmund stop -q --timeout 1s @all
    assert_success
    (($(date +%s%N) - begin < 4000000000))
    [[ -z $(sigmund list --live --porcelain) ]]
}

@test "200 starts at once: 200 ids, 200 records; against a loop of prune none is lost" {
    (while [[ ! -e $SIGMUND_STATE_DIR/enough ]]; do sigmund prune -q; done) &
    pruner=$!
    OWN_PIDS+=("$pruner")
    pids=()
    for _ in {1..200}; do
        sigmund -q sleep 300 >>"$SIGMUND_STATE_DIR/ids" &
        pids+=($!)
    done
    wait "${pids[@]}"
    touch "$SIGMUND_STATE_DIR/enough"
    wait "$pruner"
    [[ $(sort -u "$SIGMUND_STATE_DIR/ids" | wc -l) == 200 ]]
    [[ $(sigmund list --live --porcelain | wc -l) == 200 ]]
    for id in $(cat "$SIGMUND_STATE_DIR/ids"); do [[ -e $SIGMUND_STATE_DIR/$id.log ]]; done
    run sigmund stop -q @all
    assert_success
    sigmund prune -q
    [[ -z $(compgen -G "$SIGMUND_STATE_DIR/*.json*") ]]
}

@test "a paused run stops at once" {
    id=$(sigmund -q bash -c 'sleep 300 & sleep 301')
    sigmund pause "$id"
    state_is "$id" paused
    [[ $(cut -d' ' -f3 "/proc/$(field "$id" pid)/stat") == T ]]
    begin=$(date +%s%N)
    run sigmund stop "$id"
    assert_success
    (($(date +%s%N) - begin < 2000000000))
    id=$(sigmund -q sleep 300)
    sigmund pause "$id"
    sigmund resume "$id"
    state_is "$id" running
}

@test "without its guardian a run is listed, tailed, waited for and stopped, escapees too" {
    id=$(sigmund -q bash -c 'echo out; setsid sleep 301 & exec sleep 300')
    wait_until 3 bash -c "(( \$('$SIGMUND' show $id --json | jq .data[0].processes) == 2 ))"
    guardian=$(field "$id" guardian.pid)
    kill -KILL "$guardian"
    wait_until 3 gone "$guardian"
    state_is "$id" running
    [[ $(field "$id" guardian.alive) == false ]]
    run sigmund tail --no-follow "$id"
    assert_output out
    run sigmund wait --timeout 100ms "$id"
    assert_failure 124
    # A process that merely carries the same id is not of the run.
    env SIGMUND_RUN="$id" sleep 300 &
    OWN_PIDS+=($!)
    run sigmund stop "$id"
    assert_success
    kill -0 "${OWN_PIDS[0]}"
    [[ -z $(keyed_processes) ]]
    sigmund prune -q
    store_empty
}

@test "a frozen guardian: verbs answer within 2 s and a bit, from the record" {
    id=$(sigmund -q sleep 300)
    guardian=$(field "$id" guardian.pid)
    kill -STOP "$guardian"
    run timeout 4 "$SIGMUND" list
    assert_success
    run timeout 6 "$SIGMUND" stop "$id"
    assert_success
    [[ $(field "$id" result) == pending ]]
    kill -CONT "$guardian"
    wait_until 3 bash -c "[[ \$('$SIGMUND' show $id --json | jq -r .data[0].signal) == SIGTERM ]]"
}

@test "SIGKILL at system calls of the start: nothing untracked, nothing that prune does not clear" {
    for spec in setsid:1 setsid:2 chdir:1 prctl:1 signalfd4:1 socketpair:1 pidfd_open:1 fsync:1 renameat:1 \
        renameat:2 sendto:1 recvfrom:1 close_range:1 write:1 write:2 flock:1 bind:1 listen:1 pipe2:1; do
        timeout -k 1 1 strace -f -qq -o /dev/null -e "inject=${spec%:*}:signal=SIGKILL:when=${spec#*:}" \
            "$SIGMUND" -q sleep 4321 >/dev/null 2>&1 </dev/null || true
        listed=$(sigmund list --live --porcelain --columns pid)
        for pid in $(keyed_processes); do grep -qx "$pid" <<<"$listed"; done
        sigmund stop -q @all
        sigmund prune -q
        store_empty || {
            echo "left after $spec:"
            ls -A "$SIGMUND_STATE_DIR"
            false
        }
    done
}

@test "system calls that fail at the start: 125, a clear error, nothing left" {
    for spec in flock:EIO bind:ENOSPC pipe2:EMFILE clone:EAGAIN fsync:EIO renameat:ENOSPC socketpair:EMFILE; do
        # UBSan looks at memory through a pipe of its own.
        [[ -z ${SIGMUND_SANITIZED:-} || $spec != pipe2:* ]] || continue
        run timeout 10 strace -f -qq -o /dev/null -e "inject=${spec%:*}:error=${spec#*:}:when=1" "$SIGMUND" -q sleep 4321
        [[ $status == 125 ]] || {
            echo "$spec: exit $status: $output"
            false
        }
        assert_output --partial "sigmund: "
        [[ -z $(keyed_processes) ]]
        store_empty || {
            echo "left after $spec"
            ls -A "$SIGMUND_STATE_DIR"
            false
        }
    done
}

@test "stale records are refused, never signalled, and can be pruned" {
    sleep 300 &
    OWN_PIDS+=($!)
    pid=${OWN_PIDS[0]}
    start=$(cut -d' ' -f22 "/proc/$pid/stat")
    boot=$(cat /proc/sys/kernel/random/boot_id)
    ns=$(stat -Lc %i /proc/self/ns/pid)
    record() { # id boot ns start
        printf '{"version":2,"id":"%s","tags":[],"state":"running","pid":%d,"pgid":%d,"sid":%d,"argv":["sleep","300"],"started_ms":1,"identity":{"boot_id":"%s","pid_ns":%s,"start_ticks":%s},"key":"k","cwd":"/"}\n' \
            "$1" "$pid" "$pid" "$pid" "$2" "$3" "$4" >"$SIGMUND_STATE_DIR/$1.json"
    }
    record aaaaa1 other-boot "$ns" "$start"
    record aaaaa2 "$boot" 1 "$start"
    record aaaaa3 "$boot" "$ns" $((start + 1))
    record aaaaa4 "$boot" "$ns" "$start"
    for id in aaaaa1 aaaaa2 aaaaa3 aaaaa4; do
        state_is "$id" stale
        for verb in stop kill killcmd pause "signal TERM"; do
            run sigmund $verb "$id"
            assert_failure 2
        done
    done
    kill -0 "$pid"
    sigmund prune -q --force
    store_empty
}

@test "hostile records are skipped with a warning, nothing is followed, and prune clears them" {
    cd "$SIGMUND_STATE_DIR"
    echo garbage >aaaaa1.json
    printf '{"version":2,"id":"aaaaa2","pid":1' >aaaaa2.json
    python3 -c 'print("{\"id\":\"aaaaa3\",\"pid\":1,\"x\":" + "[" * 300000 + "]" * 300000 + "}")' >aaaaa3.json
    truncate -s 1G aaaaa4.json
    mkfifo aaaaa5.json
    ln -s /etc/passwd aaaaa6.json
    python3 -c 'import socket; s = socket.socket(socket.AF_UNIX); s.bind("aaaaa7.json")'
    echo '{"version":2,"id":"../../x","pid":1}' >aaaaa8.json
    run timeout 5 "$SIGMUND" list
    assert_success
    for n in 1 2 3 4 5 6 7 8; do assert_output --partial "warning: skipping corrupt record aaaaa$n.json"; done
    for target in ../../x /etc/passwd '' 'a b' 'tag=' ':0' ':99999' '@nope'; do
        run sigmund stop "$target"
        assert_failure 5
    done
    sigmund prune -q
    store_empty
    [[ -s /etc/passwd ]]
}

@test "records of version 1 are listed, tailed, stopped and pruned" {
    setsid sleep 300 &
    pid=$!
    OWN_PIDS+=("$pid")
    wait_until 3 bash -c "[[ \$(cut -d' ' -f6 /proc/$pid/stat) == $pid ]]"
    echo hello >"$SIGMUND_STATE_DIR/abc123.log"
    printf '{"version":1,"id":"abc123","pid":%d,"pgid":%d,"sid":%d,"start_unix_ns":1700000000000000000,"cmdline_display":"sleep 300","proc_starttime_ticks":%s,"boot_id":"%s","log_path":"%s"}' \
        "$pid" "$pid" "$pid" "$(cut -d' ' -f22 "/proc/$pid/stat")" "$(cat /proc/sys/kernel/random/boot_id)" \
        "$SIGMUND_STATE_DIR/abc123.log" >"$SIGMUND_STATE_DIR/abc123.json"
    run sigmund list
    assert_output --regexp 'abc123 .* running .*sleep 300'
    run sigmund tail --no-follow abc123
    assert_output hello
    run sigmund stop abc123
    assert_success
    wait_until 3 gone "$pid"
    sigmund prune -q abc123
    store_empty
}

@test "control characters are shown escaped, and are lossless in JSON" {
    word=$'x\e[31m\n\xff\t'
    id=$(
        sigmund -q -w bash -c : "$word"
        sigmund list --porcelain --columns id
    )
    run sigmund list
    refute_output --partial $'\e'
    run sigmund list --porcelain
    refute_output --partial $'\e'
    assert_output --partial '\e[31m'
    [[ $(field "$id" 'argv_b64[3]' | base64 -d) == "${word%$'\t'}"* ]]
    long=$(printf 'a%.0s' {1..100000})
    sigmund -q -w true "$long"
    [[ $(field @ 'argv[1] | length') == 100000 ]]
}

@test "the environment: clean-env exactly, set, unset, files; descriptors and signals as documented" {
    printf '# comment\nFILED="a b"\n' >"$SIGMUND_STATE_DIR/vars"
    id=$(PATH=/usr/bin:/bin HOME=/h USER=u LANG=C TERM=t SECRET=1 "$SIGMUND" -q --clean-env -e A=1 \
        --env-file "$SIGMUND_STATE_DIR/vars" env)
    sigmund wait "$id"
    run bash -c "'$SIGMUND' dump $id | cut -d= -f1 | sort | tr '\n' ' '"
    assert_output "A FILED HOME LANG PATH SIGMUND_KEY SIGMUND_RUN TERM USER "
    refute grep -q '"a b"' "$SIGMUND_STATE_DIR/$id.json"
    exec 9</etc/passwd
    id=$(
        trap '' USR1
        exec "$SIGMUND" -q bash -c 'ls /proc/self/fd | wc -l; grep -E "SigIgn|SigBlk" /proc/self/status'
    )
    sigmund wait "$id"
    run sigmund dump "$id"
    assert_line --index 0 4 # 0, 1, 2 and the one ls itself opens
    assert_line --regexp 'SigIgn:.0000000000000000'
    id=$(sigmund -q --keep-fd 9 bash -c 'head -c 4 <&9')
    sigmund wait "$id"
    run sigmund dump "$id"
    assert_output root
}

@test "names: one live run a name, refused words, replace, rename, tags" {
    id=$(sigmund -q -n web -t db sleep 300)
    run sigmund -n web sleep 1
    assert_failure 1
    assert_output --partial "taken by $id"
    run sigmund -n cafe sleep 1
    assert_failure 1
    new=$(sigmund -q -n web --replace sleep 300)
    [[ $(field "$id" state) == exited && $(field web id) == "$new" ]]
    sigmund rename web api
    sigmund tag api x y
    [[ $(field api 'tags | join(",")') == x,y ]]
    run sigmund stop tag=x
    assert_success
    run sigmund stop tag=nothing
    assert_success
}

@test "targets: prefixes, ambiguity, unknown, none, newest" {
    id=$(sigmund -q sleep 300)
    [[ $(field "${id:0:4}" id) == "$id" && $(field @ id) == "$id" ]]
    run sigmund stop nobody
    assert_failure 5
    run sigmund stop
    assert_failure 5
    assert_output --partial "$id"
    cp "$SIGMUND_STATE_DIR/$id.json" "$SIGMUND_STATE_DIR/copy"
    sed "s/$id/${id:0:4}zz/" "$SIGMUND_STATE_DIR/copy" >/dev/null
    other=${id:0:4}$(printf '%02x' $(((16#${id:4:2} + 1) % 256)))
    sed "s/\"id\":\"$id\"/\"id\":\"$other\"/" "$SIGMUND_STATE_DIR/copy" >"$SIGMUND_STATE_DIR/$other.json"
    run sigmund show "${id:0:4}"
    assert_failure 6
    assert_output --partial "$other"
}

@test "tail follows to the end with nothing lost, several runs with prefixes" {
    sigmund -q -n a bash -c 'for i in {1..200}; do echo "a$i"; done; sleep 0.2; echo a-end' >/dev/null
    sigmund -q -n b bash -c 'sleep 0.1; echo b-end' >/dev/null
    run timeout 10 "$SIGMUND" tail -n all a b
    assert_success
    assert_line "a | a-end"
    assert_line "b | b-end"
    [[ $(grep -c '^a | ' <<<"$output") == 201 ]]
    run sigmund -q --tail bash -c 'echo one; sleep 0.1; echo two; exit 3'
    assert_failure 3
    assert_output $'one\ntwo'
}

@test "restart keeps the id and the guardian; a finished run is started anew" {
    id=$(sigmund -q sleep 300)
    pid=$(field "$id" pid)
    run sigmund restart "$id"
    assert_success
    [[ $(field "$id" pid) != "$pid" && $(field "$id" restarts) == 1 ]]
    gone "$pid"
    sigmund stop -q "$id"
    run bash -c "'$SIGMUND' restart $id 2>/dev/null"
    assert_success
    [[ $output != "$id" && $(field "$output" state) == running ]]
}

@test "--timeout ends a run with the result timeout" {
    run sigmund -q --wait --timeout 200ms sleep 300
    assert_failure 124
    [[ $(field @ result) == timeout ]]
}

@test "porcelain: default fields in their order, columns by name, NUL" {
    id=$(sigmund -q -n web -t a -t b sleep 300)
    run sigmund list --porcelain
    assert_output --regexp "^$id"$'\trunning\t[0-9]+\t[0-9]+\t[0-9]+\t-\t-\tweb\ta,b\t-\tsleep 300$'
    run sigmund list --columns name,id
    assert_output "web"$'\t'"$id"
    [[ $(sigmund list -z --columns id | od -An -c | tr -d ' ') == *'\0' ]]
    run sigmund list --porcelain=v9
    assert_failure 1
    run sigmund list --json=2
    assert_failure 1
    run sigmund list --bogus
    assert_failure 1
    run sigmund list --jsno
    assert_output --partial "did you mean --json?"
}

@test "killcmd, signal and tree" {
    id=$(sigmund -q bash -c 'trap "echo got-usr1" USR1; echo ready; while :; do sleep 0.05; done')
    wait_until 3 log_has "$id" ready
    run sigmund killcmd "$id"
    assert_output "kill -TERM -- -$(field "$id" pgid)"
    sigmund signal --leader USR1 "$id"
    wait_until 3 log_has "$id" got-usr1
    run sigmund tree "$id"
    assert_output --partial "(leader)"
    sigmund stop -q "$id"
    run sigmund killcmd "$id"
    assert_failure
}

@test "no place for the store: reading verbs say what is wrong, help works" {
    run env -i PATH="$PATH" "$SIGMUND" list
    assert_failure 1
    assert_output --partial "HOME is not set"
    run env -i "$SIGMUND" --help
    assert_success
    run env -i HOME=/nonexistent "$SIGMUND" list
    assert_success
    chmod 777 "$SIGMUND_STATE_DIR"
    run sigmund list
    assert_failure 1
    assert_output --partial "writable by others"
    chmod 700 "$SIGMUND_STATE_DIR"
}

@test "a real server: redis is started, found by its port, and stopped" {
    port=$((6400 + RANDOM % 90))
    id=$(sigmund -q -n redis redis-server --port "$port" --save '' --dir "$SIGMUND_STATE_DIR")
    wait_until 10 bash -c "redis-cli -p $port ping 2>/dev/null | grep -q PONG"
    [[ $(field ":$port" id) == "$id" ]]
    run sigmund stop ":$port"
    assert_success
    run redis-cli -p "$port" ping
    assert_failure
}

@test "stop: a target that is not there keeps no other alive" {
    sigmund -q -n a sleep 300 >/dev/null
    run sigmund stop nosuch a
    assert_failure 5
    assert_output --partial "stopped a"
    assert_output --partial "no run nosuch"
    sigmund -q -n b sleep 300 >/dev/null
    run bash -c "'$SIGMUND' kill --json b nosuch | jq -c '.data[].outcome'"
    assert_output $'"killed"\n"not-found"'
}

@test "killcmd names every group of a pool and of a pipe" {
    sigmund -q -n p --pool 3 sleep 300 >/dev/null
    run sigmund killcmd p
    assert_success
    [[ $(tr ' ' '\n' <<<"${output#*-- }" | grep -c '^-[0-9]') == 3 ]]
    sigmund pipe -q -n q -- sleep 300 '|' sleep 301 >/dev/null
    eval "$(sigmund killcmd q)"
    run sigmund wait q
    assert_failure 143
}

@test "a verb that was mistyped or stands behind an option is hinted at" {
    run -127 sigmund exlain x
    assert_output --partial "did you mean sigmund explain?"
    run -127 sigmund --json=1 stop x
    assert_output --partial "the verb comes first: sigmund stop"
}

@test "--wait does not count --on-exit as left behind" {
    for _ in {1..6}; do
        run sigmund -q -w --on-exit 'sleep 0.1' sh -c 'exit 4'
        assert_failure 4
        refute_output --partial "left running"
    done
    nobody() { [[ -z $(keyed_processes) ]]; }
    wait_until 5 nobody
}

@test "signal, pause and restart of a form for several leave the finished ones alone" {
    sigmund -q -w -t x true
    run sigmund restart tag=x
    assert_success
    assert_output ""
    id=$(sigmund -q -t x sleep 300)
    run sigmund signal HUP tag=x
    assert_success
    run sigmund wait "$id"
    assert_failure 129
    [[ $(sigmund list --porcelain | wc -l) == 2 ]]
}

@test "a start in a store that is not trusted is 125, a look into it 1" {
    chmod 777 "$SIGMUND_STATE_DIR"
    run sigmund true
    assert_failure 125
    run sigmund list
    assert_failure 1
    chmod 700 "$SIGMUND_STATE_DIR"
}

@test "a run may use the processors that its starter may" {
    id=$(sigmund -q sleep 300)
    [[ $(taskset -p "$(field "$id" pid)" | sed 's/.*: //') == "$(taskset -p $$ | sed 's/.*: //')" ]]
    [[ $(taskset -p "$(field "$id" guardian.pid)" | sed 's/.*: //') == "$(taskset -p $$ | sed 's/.*: //')" ]]
}

@test "prune says what it could not remove" {
    id=$(sigmund -q true)
    sigmund wait --gone "$id"
    wait_until 5 test ! -e "$SIGMUND_STATE_DIR/$id.sock"
    rm "$SIGMUND_STATE_DIR/$id.lock"
    mkdir "$SIGMUND_STATE_DIR/$id.lock"
    run sigmund prune
    assert_failure 1
    assert_output --partial "could not be removed"
    rmdir "$SIGMUND_STATE_DIR/$id.lock"
    run sigmund prune
    assert_success
    assert_output --partial "removed 1 run"
}
