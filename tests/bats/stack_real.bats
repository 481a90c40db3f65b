#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Stacks of real servers: redis or PostgreSQL, a migration, a web server and a worker.
load sigmund
load other_user
load stack

setup() {
    stack_setup
    free_port port
    free_port web_port
}
teardown() {
    local left=
    if ((EUID == 0)) && [[ -x $scratch/sigmund ]]; then
        as_user "$scratch/sigmund" kill -q @all >/dev/null 2>&1 || true
        left=$(SIGMUND_STATE_DIR=$scratch/store keyed_processes)
    fi
    sigmund_teardown
    [[ -z $left ]] || fail "processes are left: $left"
}

answers() { curl -fs -o /dev/null "http://127.0.0.1:$1/"; }
refuses() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

@test "Redis, a migration, a web server and a worker come up in order, are used, and go down" {
    cat >sigmund.toml <<TOML
[run.worker]
command = """
while :; do redis-cli -p $port incr jobs >/dev/null; sleep 0.1; done"""
depends = ["migrate"]
group = "back"

[run.web]
command = ["python3", "-m", "http.server", "--bind", "127.0.0.1", "$web_port"]
ready = "http://127.0.0.1:$web_port/"
depends = ["migrate"]

[run.migrate]
once = true
command = "test \"\$(redis-cli -p $port set schema 1)\" = OK"
depends = ["redis"]

[run.redis]
command = ["redis-server", "--port", "$port", "--bind", "127.0.0.1", "--save", "", "--dir", "{project}"]
ready = "tcp:127.0.0.1:$port"
TOML
    run sigmund up
    assert_success
    answers "$web_port"
    [[ $(redis-cli -p "$port" get schema) == 1 ]]
    jobs() { (($(redis-cli -p "$port" get jobs) > 2)); }
    wait_until 10 jobs
    # The second time everything runs, and the migration is done.
    run sigmund up
    assert_success
    assert_line --regexp "^sigmund: migrate: done \(.* ago\)$"
    [[ $output == *"redis: running"*"web: running"* ]] || [[ $output == *"web: running"* ]]
    # A redis that dies is restarted by up, with the migration only for what starts.
    web=$(field web id)
    kill -KILL "$(field redis pid)"
    wait_until 10 over redis
    run sigmund up
    assert_success
    assert_line "sigmund: web: running ($web)"
    [[ $(redis-cli -p "$port" ping) == PONG ]]
    run sigmund down back
    assert_success
    live_are "redis web"
    run --separate-stderr sigmund down --json
    assert_success
    [[ $(jq -c '[.data[].survivors] | add' <<<"$output") == '[]' ]]
    refuses "$port"
    refuses "$web_port"
    nothing_left
}

@test "A migration that fails leaves redis running, and no web server" {
    cat >sigmund.toml <<TOML
[run.redis]
command = "exec redis-server --port 0 --unixsocket $project/redis.sock --save ''"
ready = "unix:redis.sock"
[run.migrate]
once = true
command = "redis-cli -s redis.sock nonsense x | grep OK"
depends = ["redis"]
[run.web]
command = ["python3", "-m", "http.server", "--bind", "127.0.0.1", "$web_port"]
ready = "tcp:$web_port"
depends = ["migrate", "redis"]
TOML
    run sigmund up
    assert_failure 1
    assert_line --partial "migrate: failed: it exited 1"
    assert_line "sigmund: web: skipped: migrate failed"
    [[ $(redis-cli -s redis.sock ping) == PONG ]]
    refuses "$web_port"
    sed -i 's/nonsense x/set a b/' sigmund.toml
    run sigmund up
    assert_success
    answers "$web_port"
    run sigmund down
    assert_success
    nothing_left
}

@test "PostgreSQL comes up with its schema and a worker, as an ordinary user" {
    local programs
    programs=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
    [[ -x $programs/postgres ]] || programs=$(dirname "$(command -v postgres)")
    other_user_setup
    mkdir "$scratch/pg"
    ((EUID != 0)) || chown nobody "$scratch/pg"
    cat >"$scratch/pg/sigmund.toml" <<TOML
[run.initdb]
once = true
command = "test -e data/PG_VERSION || $programs/initdb --no-sync -D data -A trust -U me --locale=C"
[run.db]
command = ["$programs/postgres", "-D", "data", "-F", "-c", "listen_addresses=", "-c", "unix_socket_directories={project}"]
ready = "log:ready to accept connections"
stop-signal = "INT"
depends = ["initdb"]
[run.migrate]
once = true
command = "$programs/psql -h $scratch/pg -U me -d postgres -v ON_ERROR_STOP=1 -c 'create table if not exists jobs (n serial)'"
depends = ["db"]
[run.worker]
command = """
while :; do $programs/psql -qh $scratch/pg -U me -d postgres -c 'insert into jobs default values' || exit 1; touch worked; sleep 0.2; done"""
depends = ["migrate"]
ready = "file:worked"
TOML
    run as_user env -C "$scratch/pg" HOME="$scratch/home" SIGMUND_CONFIG=/dev/null "$scratch/sigmund" up
    assert_success
    run as_user "$programs/psql" -h "$scratch/pg" -U me -d postgres -Atc 'select count(*) > 0 from jobs'
    assert_output t
    run --separate-stderr as_user env -C "$scratch/pg" SIGMUND_CONFIG=/dev/null "$scratch/sigmund" down --json
    assert_success
    [[ $(jq -c '[.data[].survivors] | add' <<<"$output") == '[]' ]] || fail "$output"
    [[ ! -e $scratch/pg/data/postmaster.pid ]]
    # All workers of the server ended by its own order, before the time to stop was over.
    [[ $(jq -r '.data[] | select(.name == "db").outcome' <<<"$output") == stopped ]] || fail "$output"
}
