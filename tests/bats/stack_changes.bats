#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# `up` of what runs already: what has changed since, which steps run again, and where templates come from.
load sigmund
load stack

setup() { stack_setup; }
teardown() { sigmund_teardown; }

@test "What runs already is left alone, whatever happens around it" {
    cat >sigmund.toml <<'TOML'
[run.db]
command = ["sleep", "300"]
env = { A = "1", B = "2" }
stop-timeout = "3s"
[run.web]
command = "exec sleep 301"
depends = ["db"]
env-file = "web.env"
TOML
    echo "C=3" >web.env
    sigmund up -q
    ids="$(field db id) $(field web id)"
    same() {
        run sigmund up
        assert_success
        refute_output --partial "restart"
        assert_line "sigmund: db: running (${ids% *})"
        assert_line "sigmund: web: running (${ids#* })"
    }
    same
    A=5 C=7 D=9 PORT=3 LANG=C same
    mkdir sub
    cd sub
    same
    cd ..
    touch sigmund.toml web.env
    same
    {
        echo '# the same in another order, with comments'
        printf '[run.web]\nenv-file = "./web.env" # here\ndepends = ["db"]\ncommand = "exec sleep 301"\n'
        printf '[run.db]\nstop-timeout = "3s"\nenv = { B = "2", A = "1" }\ncommand = [ "sleep",\n  "300" ]\ndescription = "it is new"\ngroup = ["new"]\n'
    } >sigmund.toml
    sed -i 's,\./web.env,web.env,' sigmund.toml
    same
    printf '[run.other]\ncommand = "sleep 302"\nmanual = true\n' >>sigmund.toml
    same
}

@test "A key with its default value is the same as none, and so are two ways to write one value" {
    sleeper web >sigmund.toml
    sigmund up -q
    id=$(field web id)
    for line in 'stop-timeout = "5s"' 'stop-timeout = "5000ms"' 'stop-signal = "SIGTERM"' 'stop-signal = "15"' \
        'restart = "no"' 'ready-timeout = "30s"' 'cwd = "."' 'split-log = false'; do
        sleeper web "$line" >sigmund.toml
        run sigmund up
        assert_success
        assert_line "sigmund: web: running ($id)"
    done
    sleeper web 'stop-timeout = "3s"' >sigmund.toml
    run sigmund up
    assert_line "sigmund: web ($id) is restarted, since its template has changed: stop-timeout was not set, and is now \"3s\""
    id=$(field web id)
    sleeper web 'stop-timeout = "3000ms"' >sigmund.toml
    run sigmund up
    assert_line "sigmund: web: running ($id)"
}

@test "A change of the command, an option or a dependency is told, and restarts the run" {
    changed() { # NAME SENTENCE
        local before
        before=$(field "$1" id)
        run sigmund up
        assert_success
        assert_line --partial "$1 ($before) is restarted, since its template has changed: $2"
        [[ $(field "$1" id) != "$before" ]]
        state_is "$before" exited || state_is "$before" failed
    }
    sleeper web >sigmund.toml
    sigmund up -q
    sleeper web 'stop-timeout = "3s"' >sigmund.toml
    changed web 'stop-timeout was not set, and is now "3s"'
    sleeper web 'stop-timeout = "4s"' 'tag = ["x"]' >sigmund.toml
    changed web 'stop-timeout was "3s", and is now "4s"'
    assert_line --partial 'tag was not set, and is now "x"'
    sleeper web >sigmund.toml
    changed web 'stop-timeout was "4s", and is not set any more'
    sleeper web | sed s/300/301/ >sigmund.toml
    changed web 'command was "sleep 300", and is now "sleep 301"'
    { sleeper web 'depends = ["db"]' | sed s/300/301/ && sleeper db; } >sigmund.toml
    changed web 'depends was not set, and is now "db"'
    sigmund down -q
    nothing_left
}

@test "Of values in the environment and of files only the names are told and kept" {
    cat >sigmund.toml <<'TOML'
[run.web]
command = ["sleep", "300"]
env = { TOKEN = "first-secret", OLD = "old-secret" }
env-file = "web.env"
TOML
    echo "PASSWORD=file-secret-1" >web.env
    run --separate-stderr sigmund up
    assert_success
    run --separate-stderr sigmund up
    sed -i 's/first-secret/second-secret/; s/OLD = "old-secret"/NEW = "new-secret"/' sigmund.toml
    echo "PASSWORD=file-secret-2" >web.env
    local text=
    run --separate-stderr sigmund up --dry-run
    assert_success
    text+=$output$stderr
    run --separate-stderr sigmund up
    assert_success
    text+=$output$stderr
    for sentence in "the value of TOKEN has changed" "OLD is not set any more" "NEW was not set, and is now" \
        "the contents of $project/web.env have changed"; do
        [[ $text == *"$sentence"* ]] || fail "$sentence: $text"
    done
    [[ $text != *secret* ]] || fail "$text"
    run -1 grep -l secret "$SIGMUND_STATE_DIR"/*.json "$SIGMUND_STATE_DIR"/*.log
    run sigmund show web --json
    refute_output --partial secret
    sed -i 's/^env-file.*//' sigmund.toml
    run sigmund up
    assert_line --partial "web.env is not read any more"
}

@test "Escapes in values and names are shown escaped" {
    sleeper web >sigmund.toml
    sigmund up -q
    sleeper web 'tag = ["a\u001b]0;owned\u0007"]' 'description = "\u001b[31m"' >sigmund.toml
    run sigmund up --dry-run
    [[ $output != *$'\e'* && $output != *$'\a'* ]] || fail "an escape sequence"
    run sigmund up
    [[ $output != *$'\e'* && $output != *$'\a'* ]] || fail "an escape sequence"
    sleeper web 'env = { "B\u001bAD" = "x" }' >sigmund.toml
    run sigmund up
    [[ $output != *$'\e'* ]] || fail "an escape sequence"
    printf '[run."a b"]\ncommand = "true"\n' >sigmund.toml
    run sigmund up
    assert_failure 1
    printf '[run."a\\u001b[31m"]\ncommand = "true"\n' >sigmund.toml
    run sigmund up
    assert_failure 1
    [[ $output != *$'\e'* ]] || fail "an escape sequence"
    sleeper web 'depends = ["x\u001b[31mx"]' >sigmund.toml
    run sigmund up
    assert_failure 1
    [[ $output != *$'\e'* ]] || fail "an escape sequence"
    sleeper web 'group = ["x\u001b[31mx"]' >sigmund.toml
    run sigmund up
    assert_failure 1
    [[ $output != *$'\e'* ]] || fail "an escape sequence"
}

@test "A changed dependency: its dependents are stopped first, and start after it" {
    {
        before='trap "echo end >/dev/null" 0;' service db
        service web 'depends = ["db"]'
        service other
    } | toml
    sigmund up -q
    db=$(field db id) web=$(field web id) other=$(field other id)
    : >log
    sed -i '0,/ready = /s/ready = /tag = "new"\nready = /' sigmund.toml
    run sigmund up
    assert_success
    assert_line --partial "db ($db) is restarted, since its template has changed: tag"
    assert_line --partial "web ($web) is restarted, since it depends on db"
    assert_line "sigmund: other: running ($other)"
    logged_before "ready db" "start web"
    [[ $(field "$web" ended_ms) -le $(field "$db" ended_ms) ]]
    # When only db is named, what depends on it is restarted all the same.
    db=$(field db id) web=$(field web id)
    sed -i 's/tag = "new"/tag = "newer"/' sigmund.toml
    run sigmund up db
    assert_success
    [[ $(field web id) != "$web" && $(field db id) != "$db" ]]
}

@test "With --keep-changed a changed run stays" {
    sleeper web >sigmund.toml
    id=$(sigmund up -q web)
    sleeper web 'tag = "x"' >sigmund.toml
    run sigmund up --keep-changed
    assert_success
    assert_line "sigmund: web: running ($id)"
    run sigmund up
    assert_success
    refute_line "sigmund: web: running ($id)"
}

@test "The options of the line do not count as a change" {
    sleeper web >sigmund.toml
    id=$(sigmund up -q --tag once --stop-timeout 2s web)
    run sigmund up
    assert_success
    assert_line "sigmund: web: running ($id)"
}

@test "A step runs when it is named, has changed, failed last, or something depends on it that starts" {
    { step migrate && sleeper web 'depends = ["migrate"]' && step alone; } | toml
    sigmund up -q
    [[ $(times "step migrate") == 1 && $(times "step alone") == 1 ]]
    run sigmund up
    assert_success
    assert_line --regexp '^sigmund: migrate: done \([0-9]+[a-z0-9]* ago\)$'
    assert_line --regexp '^sigmund: alone: done \([0-9]+[a-z0-9]* ago\)$'
    [[ $(times "step migrate") == 1 ]]
    run sigmund up migrate
    assert_success
    assert_line --regexp '^sigmund: migrate: done in '
    [[ $(times "step migrate") == 2 && $(times "step alone") == 1 ]]
    sigmund down -q web
    sigmund up -q
    [[ $(times "step migrate") == 3 && $(times "step alone") == 1 ]]
    echo 6 >alone.fails
    run sigmund up alone
    assert_failure 6
    run sigmund up
    assert_failure 6
    [[ $(times "step alone") == 3 && $(times "step migrate") == 3 ]]
    rm alone.fails
    sigmund up -q
    sigmund up -q
    [[ $(times "step alone") == 4 ]]
    sed -i 's/echo step alone/echo step changed/' sigmund.toml
    run sigmund up --dry-run
    assert_line "alone: run"
    assert_line --partial "  command was "
    sigmund up -q
    sigmund up -q
    [[ $(times "step changed") == 1 ]]
}

@test "A step that was stopped is not done, although its command exits with 0" {
    cat >sigmund.toml <<'TOML'
[run.migrate]
once = true
command = """trap 'exit 0' TERM; echo begin >>log; until test -e go; do sleep 0.05; done"""
[run.web]
command = ["sleep", "300"]
depends = ["migrate"]
TOML
    local verb
    for verb in "stop migrate" "down"; do
        : >log
        up_behind
        wait_until 10 logged begin
        # shellcheck disable=SC2086
        sigmund $verb
        up_ends
        ((status != 0)) || fail "$(cat err)"
        live_are ""
        [[ -z $(sigmund list --all --porcelain --columns name | grep -x web) ]]
    done
    touch go
    run sigmund up
    assert_success
    [[ $(times begin) == 2 ]]
    live_are web
}

@test "A step that is named runs although an older up, which ran it, still follows its runs" {
    { step migrate && sleeper web 'depends = ["migrate"]'; } | toml
    up_behind --wait
    wait_until 10 live_are web
    wait_until 10 grep -q "web: " err
    [[ $(times "step migrate") == 1 ]]
    # A moment after it has started all it is not bringing anything up any more.
    again() { sigmund up -q migrate >/dev/null && (($(times "step migrate") >= 2)); }
    wait_until 10 again
    sigmund down -q
    up_ends
}

@test "A step may leave processes behind, and fails with the status of its leader" {
    cat >sigmund.toml <<'TOML'
[run.seed]
once = true
command = "sleep 300 & echo seeded"
[run.web]
command = ["sleep", "300"]
depends = ["seed"]
TOML
    run sigmund up
    assert_success
    run sigmund down
    assert_success
    nothing_left
}

@test "The older word: wait = true makes a step" {
    printf '[run.a]\nwait = true\ncommand = "echo a >>log"\n[run.b]\ncommand = "sleep 300"\ndepends = "a"\n' | toml
    run sigmund up
    assert_success
    assert_line --regexp '^sigmund: a: done in '
    logged a
    live_are b
}

@test "Groups and several names, each with what it depends on" {
    {
        sleeper db
        sleeper web 'depends = ["db"]' 'group = ["front", "all"]'
        sleeper admin 'group = "front"'
        sleeper cache 'group = "all"'
    } | toml
    run sigmund up front
    assert_success
    live_are "admin db web"
    run sigmund up all db
    assert_success
    live_are "admin cache db web"
    run sigmund up frnt
    assert_failure 5
    assert_output --partial "did you mean front?"
    run sigmund down front
    live_are "cache db"
}

@test "The templates of the user are started by name, and those of the project come first" {
    { sleeper mine && sleeper web; } >"$SIGMUND_CONFIG"
    run sigmund up
    assert_failure 5
    { sleeper web 'depends = ["mine"]' | sed s/300/301/ && sleeper db; } | toml
    run sigmund up
    assert_success
    live_are "db mine web"
    sigmund show web --json | jq -e '.data[0].argv == ["sleep", "301"]'
    run sigmund down
    assert_success
    live_are ""
    rm sigmund.toml
    run sigmund up mine web
    assert_success
    live_are "mine web"
    run sigmund down
    assert_success
    live_are ""
}

@test "The machine output of an up that was interrupted says what is not ready yet, and since when" {
    { sleeper db 'ready = "file:never"' && sleeper web 'depends = ["db"]'; } | toml
    up_behind --json
    wait_until 10 is db ready false
    kill -INT "$up"
    up_ends
    [[ $status == 130 ]] || fail "$status: $(cat err)"
    [[ $(jq -r '.data[] | .template + " " + .outcome + " " + (.started | tostring)' out) == $'db cancelled true\nweb cancelled false' ]] || fail "$(cat out)"
    jq -e '.data[0].took_ms < 600000 and .data[1].took_ms == null' out
}

@test "A line that means failure is told once, without the word failed twice" {
    printf '[run.web]\ncommand = "echo FATAL: no; exec sleep 300"\nready = "log:^up"\nfail = "log:^FATAL"\n' | toml
    run sigmund up
    assert_failure
    assert_output --partial 'web: failed: its log says "FATAL: no"'
    refute_output --partial "failed: failed"
}

@test "The receipt of down has also a process that its own parent has reaped" {
    printf '[run.web]\ncommand = "trap : TERM; sleep 300; sleep 301"\nstop-timeout = "300ms"\n' | toml
    sigmund up -q
    id=$(field web id)
    processes_are() { [[ $(sigmund show "$1" --json | jq '.data[0].processes') == "$2" ]]; }
    wait_until 10 processes_are "$id" 2
    run --separate-stderr sigmund down --json
    jq -e '.data[0] | (.signalled - .exited - .killed) == [] and .survivors == []' <<<"$output" || fail "$output"
}

@test "The machine output of up says what became of each template" {
    { step first && step bad 'depends = ["first"]' && sleeper web 'depends = ["bad"]' && sleeper db; } | toml
    echo 4 >bad.fails
    run --separate-stderr sigmund up --json
    assert_failure 4
    [[ $(jq -r '.kind' <<<"$output") == stack.up ]]
    [[ $(jq -r '.data[] | .template + " " + .outcome' <<<"$output" | sort | tr '\n' ',') == "bad failed,db started,first done,web skipped," ]] || fail "$output"
    [[ $(jq -r '.data[] | select(.template == "bad").exit' <<<"$output") == 4 ]]
    rm bad.fails
    run --separate-stderr sigmund up --json
    assert_success
    [[ -z $stderr ]] || fail "$stderr"
    [[ $(jq -r '.data[] | .template + " " + .outcome' <<<"$output" | sort | tr '\n' ',') == "bad done,db running,first done,web started," ]] || fail "$output"
}

@test "A service that fails while up waits for others fails the up, although nothing depends on it" {
    {
        service slow
        printf '[run.short]\ncommand = "exit 4"\n'
    } | toml
    # The other one is not ready before the service without a probe is over.
    sed -i 's/^command = """/&until sigmund list --porcelain --columns name,exit | grep -q "^short.4$"; do sleep 0.1; done; /' sigmund.toml
    PATH=$(dirname "$SIGMUND"):$PATH run sigmund up
    assert_failure 4
    assert_output --partial "short: failed: it was started, and then exited 4"
    assert_output --partial "running: slow ("
}

@test "A run whose template was removed is named by up, and stopped by down" {
    { sleeper old && sleeper kept; } | toml
    sigmund up -q
    sleeper kept | toml
    run sigmund up
    assert_success
    assert_output --regexp "old \([0-9a-f]+\) keeps running, although there is no template old any more; sigmund down old stops it"
    run sigmund down old
    assert_success
    live_are kept
}

@test "A restart of a stopped run has the values of its template's variables" {
    sleeper web 'env = { WORD = "from the template" }' | toml
    sigmund up -q
    sigmund stop -q web
    run sigmund restart web
    assert_success
    refute_output --partial WORD
    id=$(sigmund list --live --porcelain --columns id)
    tr '\0' '\n' <"/proc/$(field "$id" pid)/environ" | grep -qx "WORD=from the template"
}

@test "Two templates that are brought up together cannot have the same port" {
    {
        sleeper a 'port = 21001'
        sleeper b 'port = 21001' 'manual = true'
    } | toml
    run sigmund up a b
    assert_failure 1
    assert_output --partial "sigmund.toml:6: a and b have the same port, 21001"
    live_are ""
    sigmund up --dry-run
}

@test "Down says which of the names does not run, and that a broken file hides what a group is" {
    { sleeper a 'group = "front"' && sleeper b; } | toml
    sigmund up -q a
    run sigmund down b
    assert_success
    assert_output --partial "b does not run"
    printf 'depends = ["nothing"]\n' >>sigmund.toml
    run sigmund down front
    assert_failure 5
    assert_output --partial "sigmund.toml:6"
    live_are a
    sigmund down -q
}

@test "A dry run as JSON says what would be done, and does nothing" {
    { sleeper db && step prepare 'depends = "db"' && sleeper web 'depends = "prepare"'; } | toml
    plan() { sigmund up --dry-run --json "$@" | jq -c '[.data[] | [.template, .action, .because, .depends]]'; }
    [[ $(sigmund up --dry-run --json | jq -r .kind) == stack.plan ]]
    [[ $(plan) == '[["db","start",null,[]],["prepare","run",null,["db"]],["web","start",null,["prepare"]]]' ]]
    [[ $(plan db) == '[["db","start",null,[]]]' ]]
    live_are ""
    sigmund up -q >/dev/null
    [[ $(plan) == '[["db","keep",null,[]],["prepare","skip",null,["db"]],["web","keep",null,["prepare"]]]' ]]
    sed -i '0,/"300"/s//"301"/' sigmund.toml
    [[ $(plan) == '[["db","restart",null,[]],["prepare","run",null,["db"]],["web","restart","db",["prepare"]]]' ]]
    sigmund up --dry-run --json | jq -e '.data[0] | (.differences | length == 1) and (.id | length == 6)'
    live_are "db web"
    sigmund down -q
}

@test "A step runs again when a service on which it depends has started since, although what depends on the step runs" {
    {
        sleeper db
        step migrate 'depends = ["db"]'
        step seed 'depends = ["migrate"]'
        sleeper web 'depends = ["seed"]'
        step alone
    } | toml
    sigmund up -q
    web=$(field web id)
    sigmund up -q
    [[ $(times "step migrate") == 1 && $(times "step seed") == 1 ]]
    sigmund down -q db
    run sigmund up --dry-run
    assert_line "migrate: run, after db"
    assert_line "seed: run, after migrate"
    assert_line "alone: is done"
    sigmund up -q
    [[ $(times "step migrate") == 2 && $(times "step seed") == 2 && $(times "step alone") == 1 ]] || fail "$(cat log)"
    [[ $(field web id) == "$web" ]]
    # Another up may have started it.
    sigmund down -q db
    sigmund up -q db
    [[ $(times "step migrate") == 2 ]]
    sigmund up -q
    sigmund up -q
    [[ $(times "step migrate") == 3 && $(times "step seed") == 3 ]] || fail "$(cat log)"
}

@test "A run that was renamed is still the one of its template" {
    { sleeper db 'port = "auto"' && sleeper web 'depends = ["db"]' && step once; } | toml
    sed -i '/port = /a ready = "cmd:true"' sigmund.toml
    sigmund up -q web
    db=$(field db id)
    sigmund rename db data
    run sigmund up
    assert_success
    assert_line "sigmund: db: running ($db)"
    live_are "data web"
    # A change restarts it under the name of the template.
    sed -i 's/^\[run.db\]/&\ntag = "new"/' sigmund.toml
    run sigmund up
    assert_success
    assert_line --partial "data ($db) is restarted, since its template has changed: tag"
    live_are "db web"
    sigmund rename db data
    run sigmund down db
    assert_success
    assert_line --partial "stopped data ("
    live_are web
    # A name of this call means one more run.
    sigmund rename web front
    sigmund up -q --name second web
    live_are "db front second"
}

@test "Automatic ports are reserved for what is started and what it names, and for nothing else" {
    {
        sleeper web 'port = "auto"' 'ready = "cmd:true"' 'env = { API = "{api.port}" }'
        sleeper api 'port = "auto"' 'manual = true'
        sleeper other 'port = "auto"' 'manual = true'
        sleeper bad 'port = "auto"' 'manual = true' 'env = { PORT = "{port}" }'
    } | toml
    cat >"$scratch/counts" <<'PLAY'
#!/bin/sh
# Counts the ports that are reserved while the command runs, by the locks of the file `ports`.
exec strace -f -qq -e trace=fcntl -o "$SCRATCH/trace" "$@"
PLAY
    chmod +x "$scratch/counts"
    export SCRATCH=$scratch
    reserved() { grep -E 'F_OFD_SETLK, *\{l_type=F_WRLCK, .*l_start=2[0-9]{4}, l_len=1\}\) = 0' "$scratch/trace" | grep -oE 'l_start=2[0-9]{4}' | sort -u | wc -l; }
    "$scratch/counts" "$SIGMUND" up --dry-run
    [[ $(reserved) == 2 ]] || fail "$(cat "$scratch/trace")"
    sigmund up -q web
    # web has its port; it names that of api, which does not run.
    "$scratch/counts" "$SIGMUND" restart web
    [[ $(reserved) == 1 ]] || fail "$(cat "$scratch/trace")"
    # A PORT of its own that is another one is refused, although nothing of that template starts.
    sed -i 's/PORT = "{port}"/PORT = "3000"/' sigmund.toml
    run sigmund up web
    assert_failure 1
    assert_output --partial "PORT is given by the port of the template"
}

@test "The last lines of what failed have no escapes, and are not announced where there are none" {
    {
        printf '[run.bad]\ncommand = """printf "\\\\033[31mred\\\\033[0m \\\\033]0;owned\\\\007 end\\\\n"; exit 4"""\nready = "file:never"\n'
        printf '[run.mute]\ncommand = "exit 5"\nready = "file:never"\n'
    } | toml
    run sigmund up
    assert_line "red  end"
    [[ $output != *$'\e'* && $output != *$'\a'* ]] || fail "an escape sequence"
    assert_line --partial "the last lines of bad ("
    refute_output --partial "the last lines of mute"
    run sigmund --ready file:never sh -c 'printf "\033[31mred\033[0m\n"; exit 4'
    assert_failure 4
    assert_line "red"
}
