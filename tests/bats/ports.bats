#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Ports that sigmund gives to runs: which ones, when they are taken, and which verbs show them.
load sigmund
load listeners
load other_user

setup() {
    listeners_setup
    touch sigmund.toml
    server=(sh -c 'exec python3 listen.py 127.0.0.1 "$PORT"')
    # A run that neither listens nor ends.
    silent=(sleep 300)
}
teardown() { sigmund_teardown; }

# refused CODE MESSAGE WORD...: the start fails before anything runs, with this text.
refused() {
    local code=$1 message=$2 before
    shift 2
    before=$(runs)
    run sigmund "$@" sh -c 'touch started; exec sleep 300'
    [[ $status == 125 ]] || fail "$status: $output"
    assert_output --partial "$message"
    [[ ! -e started && $(runs) == "$before" ]] || fail "something was started"
    json_error "$code" "$SIGMUND" --json "$@" sleep 300 || fail "$(cat "$BATS_TEST_TMPDIR/err")"
}

@test "A fixed port is given in PORT, recorded and shown; without the option there is none" {
    id=$(sigmund -q -n web --port "$port" --ready "tcp:$port" "${server[@]}")
    [[ $(field web port) == "$port" ]]
    [[ $(sigmund port web) == "$port" ]]
    [[ $(sigmund list --porcelain --columns name,port) == "web"$'\t'"$port" ]]
    run sigmund list
    assert_line --regexp '^ID +NAME +STATE +AGE +PORT +CPU +MEM +CMD$'
    run sigmund show web
    assert_line "given port: $port"
    sigmund stop -q web
    plain=$(PORT=17 sigmund -q sh -c 'echo "PORT is $PORT"')
    wait_until 10 over "$plain"
    [[ $(sigmund dump "$plain") == "PORT is 17" && $(field "$plain" port) == null ]]
    run sigmund list
    assert_line --index 0 --regexp '^ID +NAME +STATE +AGE +(CPU +)?(MEM +)?TOOK +CMD$'
    run sigmund port "$plain"
    assert_failure 1
    assert_output --partial "$plain was started without --port"
    json_error no_port "$SIGMUND" port "$plain" --json || true
    # A PORT of the caller is replaced.
    id=$(PORT=17 sigmund -q --port "$port" sh -c 'echo "PORT is $PORT"')
    wait_until 10 over "$id"
    [[ $(sigmund dump "$id") == "PORT is $port" ]]
}

@test "What is no port is refused, and another PORT of the run's own environment too" {
    for word in 0 65536 -1 +80 080 0x50 '' any auto: auto:0 auto:65536 auto:08 99999999999999999999; do
        run sigmund --port="$word" touch started
        assert_failure 1
        assert_output --partial "65535"
    done
    run sigmund --port 65000 --pool 1000 touch started
    assert_failure 1
    assert_output --partial "the last worker would have a port above 65535"
    echo "PORT=4711" >own.env
    for words in "--port $port --env PORT=4711" "--port auto --env PORT=4711" "--port $port --env PORT=0$port" \
        "--port $port --env-file own.env"; do
        # shellcheck disable=SC2086 # words
        refused usage "do not go together" $words
    done
    id=$(sigmund -q --port "$port" --env "PORT=$port" --env-file <(echo "OTHER=1") "${silent[@]}")
    [[ $(field "$id" port) == "$port" ]]
    [[ ! -e started ]]
}

@test "An automatic port is free, and the same for the same project and name" {
    id=$(sigmund -q -n web --port auto sh -c 'echo "$PORT"; exec python3 listen.py 127.0.0.1 "$PORT"')
    first=$(sigmund port web)
    ((first >= 20000 && first <= 29999))
    wait_until 10 log_has "$id" listening
    [[ $(sigmund dump web | head -1) == "$first" ]]
    # A run of another name, and one without a name, get other ports.
    sigmund -q -n db --port auto "${silent[@]}"
    sigmund -q --port auto "${silent[@]}"
    [[ $(sigmund list --live --porcelain --columns port | sort -u | wc -l) == 3 ]]
    sigmund stop -q web
    [[ $(sigmund -q -n web --port auto "${silent[@]}" >/dev/null && sigmund port web) == "$first" ]]
    sigmund stop -q web
    # `again` chooses as the first start did, and passes by a port that is taken meanwhile.
    stranger 127.0.0.1 "$first"
    sigmund again -q web
    second=$(sigmund port web)
    ((second != first && second >= 20000 && second <= 29999))
    end_stranger
    sigmund stop -q web
    sigmund again -q web
    [[ $(sigmund port web) == "$first" ]]
    # A live run keeps its port over restarts, and a run that replaces it takes it over.
    sigmund restart web
    [[ $(sigmund port web) == "$first" ]]
    sigmund -q -n web --replace --port auto "${server[@]}" >/dev/null
    [[ $(sigmund port web) == "$first" ]]
    sigmund -q -n web --replace --port auto "${server[@]}" >/dev/null
    [[ $(sigmund port web) == "$first" ]]
}

@test "With a base the main checkout gets the base, and a linked worktree another port" {
    command -v git >/dev/null
    export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@t GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@t
    git init -q main
    mkdir main/api
    touch main/sigmund.toml main/api/sigmund.toml
    git -C main add . && git -C main commit -qm first
    git -C main worktree add -q ../linked
    (cd main && sigmund -q -n web --port "auto:$port" "${silent[@]}")
    [[ $(cd main && sigmund port web) == "$port" ]]
    sigmund stop -q @all
    for folder in linked linked/api; do
        (cd $folder && sigmund -q -n web --port "auto:$port" "${silent[@]}")
        got=$(sigmund port @)
        ((got >= 20000 && got <= 29999))
        sigmund stop -q @
        (cd $folder && sigmund -q -n web --port "auto:$port" "${silent[@]}")
        [[ $(sigmund port @) == "$got" ]]
        sigmund stop -q @
    done
    # Where the base is taken, it is another one there, too.
    stranger 0.0.0.0 "$port"
    (cd main && sigmund -q -n web --port "auto:$port" "${silent[@]}")
    [[ $(sigmund port @) != "$port" ]]
}

@test "Twenty starts at once never agree on a port, and only one of them gets a fixed one" {
    for i in {1..20}; do sigmund -q --port auto "${silent[@]}" >>ids 2>>errors & done
    wait
    [[ ! -s errors && $(wc -l <ids) == 20 ]] || fail "$(cat errors)"
    [[ $(sigmund list --porcelain --columns port | sort -u | wc -l) == 20 ]]
    sigmund stop -q @all
    for i in {1..20}; do (sigmund -q --port "$port" "${silent[@]}" >>fixed 2>>refusals || echo $? >>statuses) & done
    wait
    [[ $(wc -l <fixed) == 1 && $(grep -c "port $port is reserved by" refusals) == 19 ]] || fail "$(cat refusals)"
    [[ $(sort -u statuses) == 125 ]]
    # The one that does not listen is named as well.
    refused port_taken "port $port is reserved by $(cat fixed) (sleep): sigmund stop $(cat fixed)" --port "$port"
}

@test "A taken port names the run that has it, and its project if that is another" {
    mkdir -p a b
    touch a/sigmund.toml b/sigmund.toml
    db=$(cd a && sigmund -q -n db --port "$port" --ready "tcp:$port" sh -c 'exec redis-server --port "$PORT" --save ""')
    cd a
    refused port_taken "sigmund: port $port is already in use by db ($db): sigmund stop db" --port "$port"
    cd ../b
    HOME=$BATS_TEST_TMPDIR refused port_taken \
        "sigmund: port $port is already in use by db ($db) in ~/a: sigmund stop $db" --port "$port"
    # A run without --port has its port as well.
    other=$(sigmund -q -n plain --ready "tcp:$other_port" python3 -m http.server "$other_port" --bind 127.0.0.1)
    refused port_taken "port $other_port is already in use by plain ($other): sigmund stop plain" --port "$other_port"
    # A run that is replaced gives its port to the next one.
    cd ../a
    new=$(sigmund -q -n db --replace --port "$port" --ready "tcp:$port" sh -c 'exec redis-server --port "$PORT" --save ""')
    [[ $(field "$new" ready) == true && $(field "$db" state) == exited ]]
}

@test "A stranger on the port is named, and never with a command that would kill it" {
    for address in 127.0.0.1 0.0.0.0 127.0.0.2 ::1 :: ::ffff:127.0.0.1; do
        stranger "$address" "$port"
        refused port_taken "port $port is already in use by pid $stranger (python3); choose another port" --port "$port"
        refute_output --regexp 'kill|sigmund stop'
        end_stranger
    done
    stranger :: "$port" v6only
    refused port_taken "is already in use by pid $stranger" --port "$port"
    end_stranger
    # Connections that only wait for their end leave the port free.
    stranger 127.0.0.1 "$port"
    exec {connection}<>"/dev/tcp/127.0.0.1/$port"
    end_stranger
    exec {connection}>&-
    id=$(sigmund -q --port "$port" --ready "tcp:$port" "${server[@]}")
    [[ $(field "$id" ready) == true ]]
    # The socket that the caller passes to the command is its own.
    sigmund stop -q "$id"
    python3 - "$port" "$SIGMUND" <<'END'
import os, socket, subprocess, sys
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
os.set_inheritable(s.fileno(), True)
n = str(s.fileno())
subprocess.run([sys.argv[2], "-q", "--port", sys.argv[1], "--keep-fd", n, "sleep", "300"], pass_fds=[s.fileno()], check=True)
END
}

@test "A port that another user's process has is taken, and ports lists it with its user" {
    if ((EUID == 0)); then
        other_user_setup
        stranger 127.0.0.1 "$port"
        run as_user "$scratch/sigmund" --port "$port" sleep 300
        assert_failure 125
        assert_output --partial "port $port is already in use by a process of user 0; choose another port"
        run as_user "$scratch/sigmund" ports
        assert_line --regexp "^127\.0\.0\.1:$port +.*a process of user 0$"
        run as_user "$scratch/sigmund" ports --json
        [[ $(jq -c ".data[] | select(.port == $port) | [.pid, .command, .uid, .id]" <<<"$output") == "[null,null,0,null]" ]]
    fi
}

@test "A failed look at the sockets does not count as a free port" {
    for words in "--port $port" "--port auto"; do
        # shellcheck disable=SC2086 # words
        run strace -f -o trace -P /proc/self/net/tcp -e trace=openat -e inject=openat:error=EACCES \
            "$SIGMUND" $words sleep 300
        assert_failure 125
        assert_output --regexp "cannot tell (whether port $port is|which ports are) free: Permission denied"
        [[ $(runs) == 0 ]]
    done
    run strace -f -o trace -P /proc/self/net/tcp -e trace=openat -e inject=openat:error=EACCES "$SIGMUND" ports
    assert_failure 1
    assert_output --partial "cannot read the listening sockets: Permission denied"
}

@test "A stranger who takes the port between two lives makes the restart wait, until the port is free" {
    id=$(sigmund -q -n web --port "$port" --restart always --backoff 300ms..300ms \
        sh -c '[ ! -e go ] || exec python3 listen.py 127.0.0.1 "$PORT"; while [ ! -e end ]; do sleep 0.02; done; touch go')
    stranger 127.0.0.1 "$port"
    touch end
    wait_until 20 grep_log web "cannot be started again: port $port is already in use by pid $stranger (python3)"
    wait_until 20 state_is web backoff
    run sigmund show web
    assert_output --partial "the last one failed: EADDRINUSE"
    [[ $(field web ready_detail) == *"already in use"* && $(field web ended_by) == launch ]]
    sleep 1 # several attempts, one note
    [[ $(sigmund dump web | grep -c "cannot be started again") == 1 ]]
    end_stranger
    wait_until 20 listens "$port"
    wait_until 20 state_is web running
    [[ $(field web ready_detail) == null && $(field web port) == "$port" ]]
    # Without a policy for restarts, a restart on request is tried again as well.
    sigmund stop -q web
    sigmund -q -n one --port "$port" "${silent[@]}"
    stranger ::1 "$port"
    run sigmund restart one
    assert_failure
    assert_output --partial "port $port is already in use by pid $stranger (python3); choose another port"
    end_stranger
    wait_until 60 state_is one running
}

@test "Each worker of a pool has a port of its own, and keeps it" {
    id=$(sigmund -q -n pool --pool 3 --port auto --backoff 200ms..200ms "${server[@]}")
    first=$(sigmund port pool | head -1)
    [[ $(sigmund port pool | tr '\n' ' ') == "$first $((first + 1)) $((first + 2)) " ]]
    [[ $(sigmund show pool --json | jq -c '.data[0].workers | map(.port)') == "[$first,$((first + 1)),$((first + 2))]" ]]
    all_listen() { for i in 0 1 2; do listens $((first + i)) || return; done; }
    wait_until 20 all_listen
    sigmund signal KILL pool >/dev/null
    wait_until 20 all_listen
    # While its port is taken, a worker waits; the others go on.
    worker() { sigmund show pool --json | jq -r ".data[0].workers[1].$1"; }
    victim=$(worker pid)
    # The stranger waits for the port and has it before the worker comes back.
    printf '%s\n' 'import socket, sys, time' 's = socket.socket()' \
        's.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)' 'while True:' '    try:' \
        '        s.bind(("127.0.0.1", int(sys.argv[1]))); break' '    except OSError: time.sleep(0.001)' \
        's.listen()' 'print("listening", flush=True)' 'time.sleep(1000)' >wait.py
    python3 wait.py $((first + 1)) >waiter.out &
    waiter=$!
    OWN_PIDS+=("$waiter")
    # A worker that is killed very soon after its start waits for the whole pause.
    taken_over() { grep -q listening waiter.out || {
        kill -KILL "$(worker pid)" 2>/dev/null
        false
    }; }
    wait_until 20 taken_over
    wait_until 20 grep_log pool "worker 1 cannot be started again: port $((first + 1)) is already in use by pid $waiter"
    waits() { [[ $(worker state) == backoff ]]; }
    wait_until 20 waits
    listens "$first"
    listens $((first + 2))
    kill -KILL "$waiter"
    wait_until 20 all_listen
    [[ $(worker pid) != "$victim" && $(worker port) == $((first + 1)) ]]
    refused port_taken "in use by pool ($id): sigmund stop pool" --port $((first + 2))
    run sigmund show pool
    assert_line "given port: $first to $((first + 2))"
    [[ $(sigmund env) == "POOL_PORT=$first"$'\n'"POOL_PORTS='$first $((first + 1)) $((first + 2))'" ]]
    sigmund stop -q pool
    [[ $(sigmund env) == "" ]]
    # A fixed port is that of the first worker.
    sigmund -q -n fixed --pool 2 --port "$port" "${server[@]}"
    [[ $(sigmund port fixed) == "$port"$'\n'"$((port + 1))" ]]
}

@test "env prints what a shell can evaluate, of this project's live runs only" {
    mkdir other
    touch other/sigmund.toml
    sigmund -q -n my-db.1 --port "$port" "${silent[@]}"
    sigmund -q -n web --port "$other_port" "${silent[@]}"
    sigmund -q -n plain "${silent[@]}"
    sigmund -q --port auto "${silent[@]}"
    (cd other && sigmund -q -n elsewhere --port auto "${silent[@]}")
    [[ $(sigmund env) == "MY_DB_1_PORT=$port"$'\n'"WEB_PORT=$other_port" ]]
    eval "$(sigmund env)"
    [[ $MY_DB_1_PORT == "$port" ]]
    [[ $(sigmund env --json | jq -c '[.kind, .data]') == "[\"env\",{\"MY_DB_1_PORT\":\"$port\",\"WEB_PORT\":\"$other_port\"}]" ]]
    sigmund -q -n my_db_1 --port auto "${silent[@]}"
    run --separate-stderr sigmund env
    [[ $(grep -c MY_DB_1_PORT <<<"$output") == 1 ]]
    [[ $stderr == *"is left out"* ]]
    run sigmund env A=1 true
    assert_failure 1
    assert_output --partial "to start the command env: sigmund run -- env 'A=1' true"
    sigmund stop -q web
    [[ $(sigmund env 2>/dev/null) != *WEB_PORT* ]]
}

@test "What is printed for a shell says so to a person who sees it" {
    run script -qec "$SIGMUND env" /dev/null
    assert_output --partial 'no live run of this project has a name and a port from --port'
    run "$SIGMUND" env
    assert_output ''
    run script -qec "$SIGMUND shell-init zsh" /dev/null
    assert_output --partial 'eval "$(sigmund shell-init)", in ~/.zshrc'
    run --separate-stderr "$SIGMUND" shell-init zsh
    [[ -z $stderr ]]
}

@test "ports shows every listening socket, those of runs first" {
    id=$(sigmund -q -n web --port "$port" --ready "tcp:$port" sh -c 'exec python3 listen.py :: "$PORT" fork')
    stranger 127.0.0.1 "$other_port"
    run sigmund ports
    assert_line --index 0 --regexp '^ADDRESS +RUN +PROJECT +PID +AGE +COMMAND$'
    assert_line --regexp "^\[::\]:$port +web \($id\) +.*listen.py :: $port fork$"
    assert_line --regexp "^127\.0\.0\.1:$other_port +- +- +$stranger +.*listen.py 127.0.0.1 $other_port$"
    ((${#lines[@]} >= 3))
    run sigmund ports --json
    [[ $(jq -r "[.data[].port] | index($port) < index($other_port)" <<<"$output") == true ]]
    [[ $(jq -c ".data[] | select(.port == $port) | [.address, .id, .name, .project]" <<<"$output") == "[\"::\",\"$id\",\"web\",\"$(pwd -P)\"]" ]]
    [[ $(jq -c ".data[] | select(.port == $other_port) | [.address, .id, .pid, .pids]" <<<"$output") == "[\"127.0.0.1\",null,$stranger,[$stranger]]" ]]
    [[ $(jq "[.data[] | select(.pid != null) | .age_ms >= 0 and .started_ms > 0] | all" <<<"$output") == true ]]
    run sigmund ports web
    assert_failure 1
    assert_output --partial "sigmund port web"
}

@test "A reservation ends with its run, whoever of it is killed, and leaves nothing that matters" {
    sigmund -q -n web --port "$port" "${silent[@]}"
    refused port_taken "port $port is reserved by web" --port "$port"
    sigmund stop -q web
    [[ ! -e $SIGMUND_STATE_DIR/ports ]]
    # A start that fails gives its port back.
    run -127 sigmund --port "$port" ./no-such-program
    [[ ! -e $SIGMUND_STATE_DIR/ports ]]
    # After the death of the guardian the kernel frees the port; the run that goes on is still known by its socket.
    id=$(sigmund -q -n web --port "$port" --ready "tcp:$port" "${server[@]}")
    kill -KILL "$(guardian_of web)"
    refused port_taken "port $port is already in use by web ($id): sigmund stop web" --port "$port"
    sigmund stop -q web
    # So is one that does not listen; and an automatic port passes by it.
    id=$(sigmund -q -n auto --port auto "${silent[@]}")
    given=$(sigmund port auto)
    kill -KILL "$(guardian_of auto)"
    wait_until 20 gone "$(guardian_of auto)"
    refused port_taken "port $given is reserved by auto ($id): sigmund stop auto" --port "$given"
    again=$(sigmund -q --port "auto:$given" "${silent[@]}")
    [[ $(sigmund port "$again") != "$given" ]]
    sigmund stop -q @all
    sigmund -q -n next --port "$port" --ready "tcp:$port" "${server[@]}" >/dev/null
    # The file may be removed while a run has a port: the next request makes it again.
    rm "$SIGMUND_STATE_DIR/ports"
    sigmund tag next x >/dev/null
    [[ -e $SIGMUND_STATE_DIR/ports ]]
    kill -KILL "$(guardian_of next)"
    sigmund stop -q next
    sigmund prune -q
    [[ ! -e $SIGMUND_STATE_DIR/ports ]]
}

@test "Launchers that are killed in the middle of their starts leave no port reserved" {
    for i in {1..15}; do
        "$SIGMUND" -q --port "$port" "${silent[@]}" >/dev/null 2>&1 &
        sleep 0.00$((RANDOM % 9))
        kill -KILL $! 2>/dev/null || true
        wait $! 2>/dev/null || true
        sigmund stop -q @all >/dev/null 2>&1 || true
    done
    available() { sigmund -q --port "$port" true >/dev/null 2>&1; }
    wait_until 20 available
}

@test "Something hostile in the place of the file of reservations is refused and not touched" {
    sigmund -q true
    echo precious >precious
    file=$SIGMUND_STATE_DIR/ports
    ln -s "$PWD/precious" "$file"
    refused not_started "$file is a symbolic link" --port "$port"
    [[ $(cat precious) == precious ]]
    rm "$file"
    mkfifo "$file"
    refused not_started "is a FIFO" --port auto
    rm "$file"
    mkdir "$file"
    refused not_started "folder" --port "$port"
    rmdir "$file"
    if ((EUID == 0)); then
        touch "$file"
        chown 65534 "$file"
        refused not_started "$file" --port "$port"
        rm "$file"
    fi
    # A run without --port does not look at it, and prune leaves it alone.
    ln -s "$PWD/precious" "$file"
    sigmund -q true
    sigmund prune -q
    [[ -L $file && $(cat precious) == precious ]]
}

@test "Processes that a run leaves on its port are ended by stop, so that the port is free" {
    id=$(sigmund -q -n web --port "$port" --ready "tcp:$port" sh -c 'python3 listen.py 127.0.0.1 "$PORT" fork & wait')
    sigmund stop -q web
    nothing_left
    id=$(sigmund -q -n web --port "$port" --ready "tcp:$port" "${server[@]}")
    [[ $(field "$id" ready) == true ]]
}

@test "A run whose guardian is frozen gives its port to the run that replaces it" {
    sigmund -q -n web --port "$port" "${silent[@]}"
    guardian=$(guardian_of web)
    kill -STOP "$guardian"
    new=$(sigmund -q -n web --replace --port "$port" --ready "tcp:$port" "${server[@]}")
    kill -CONT "$guardian"
    [[ $(field "$new" ready) == true && $(field "$new" port) == "$port" ]]
}

@test "An ordinary start reads no sockets and reserves nothing" {
    strace -f -o trace -e trace=file,fcntl "$SIGMUND" -q true
    run grep -E 'net/tcp|[/"]ports"|F_OFD' trace
    assert_failure
    [[ -s trace ]]
}

@test "A template may state the port of its run" {
    local line='command = "exec python3 -m http.server --bind 127.0.0.1 {port}"'
    printf '[run.web]\n%s\nport = %s\n[run.db]\n%s\nport = "auto"\n' "$line" "$port" "$line" >sigmund.toml
    sigmund up -q web db
    [[ $(sigmund port web) == "$port" ]]
    (($(sigmund port db) >= 20000))
    printf '[run.web]\ncommand = "sleep 300"\nport = 70000\n' >sigmund.toml
    run sigmund up other web
    assert_failure
}

@test "The records and the verbs about ports satisfy the schema" {
    sigmund -q -n web --pool 2 --port auto "${silent[@]}"
    sigmund -q -n plain "${silent[@]}"
    schema=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)/share/schema/sigmund-1.schema.json
    for words in "list" "show web" "show plain" "ports" "env"; do
        # shellcheck disable=SC2086 # words
        sigmund $words --json >out.json
        python3 -c 'import json, sys, jsonschema
jsonschema.validate(json.load(open(sys.argv[2])), json.load(open(sys.argv[1])))' "$schema" out.json
    done
    # A port out of bounds in a damaged record is not read.
    id=$(sigmund list --porcelain --columns id web)
    sigmund stop -q web
    sed -i 's/"port":[0-9]*/"port":99999/' "$SIGMUND_STATE_DIR/$id.json"
    [[ $(field "$id" port) == null ]]
}
