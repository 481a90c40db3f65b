#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What people are told about projects and stacks: words that name no run, ports of runs that are over, mistakes in the
# file, and which runs are followed.
load sigmund
load stack

setup() { stack_setup; }
teardown() { sigmund_teardown; }

@test "A word that is a template or a group without a run is told what to do, whatever the verb" {
    { sleeper web 'group = "front"' && sleeper api 'group = "front"' && sleeper db; } | toml
    for verb in stop kill restart port tail dump show wait pause "signal TERM" killcmd tree explain; do
        # shellcheck disable=SC2086 # `signal TERM` is two words
        run -5 sigmund $verb web
        assert_line "sigmund: no run web"
        assert_line --partial "web is a template that has no run: sigmund up web starts one"
        # shellcheck disable=SC2086
        run -5 sigmund $verb front
        assert_line --partial "front is a group of templates (web, api), none of which has a live run: sigmund up front"
        # shellcheck disable=SC2086
        run -5 sigmund $verb wbe
        assert_line "sigmund: hint: did you mean web?"
    done
    sigmund up -q >/dev/null
    run -5 sigmund stop front
    assert_line --partial "front is a group of templates (web, api): sigmund down front"
    for verb in restart tail show; do
        run -5 sigmund $verb front
        assert_line --regexp "front is a group .*: sigmund $verb (web api|api web)$"
    done
    run -5 sigmund signal HUP front
    assert_line --regexp "front is a group .*: sigmund signal HUP (web api|api web)$"
    # Of several words, each has its own hint, and the others are acted on.
    run -5 sigmund stop db front
    assert_line --partial "stopped db"
    assert_line --partial "sigmund down front"
    # Another project is named in the command.
    cd "$HOME"
    run -5 sigmund stop --project "$project" front
    assert_line --partial "sigmund down --project $project front"
    run -5 sigmund restart --project "$project" db2
    assert_line --partial "did you mean db?"
    # Without a project, and with a file that cannot be read, the plain hint stays.
    run -5 sigmund stop front
    assert_line "sigmund: hint: sigmund list"
    sigmund down -q --project "$project"
}

@test "The port of a run that is over is an error, and --json gives it" {
    free_port port
    printf '[run.web]\nport = %d\nready = "cmd:true"\ncommand = "exec sleep 300"\n' "$port" | toml
    sigmund up -q >/dev/null
    id=$(field web id)
    [[ $(sigmund port web) == "$port" ]]
    [[ $(sigmund port --json web | jq -c '.kind, (.data[0] | [.id, .name, .live, .ports])') == "\"port\""$'\n'"[\"$id\",\"web\",true,[$port]]" ]]
    sigmund down -q
    run -5 sigmund port web
    refute_line "$port"
    assert_line "sigmund: web ($id) does not run any more"
    assert_line --partial "sigmund up web starts it"
    [[ $(sigmund port --json web | jq -c '.data[0] | [.live, .ports]') == "[false,[$port]]" ]]
    # A form for several runs means those that have a port now.
    sigmund -q -n plain sleep 300
    run sigmund port @here
    assert_success
    refute_output
    sigmund up -q >/dev/null
    [[ $(sigmund port @here) == "$port" ]]
    cd "$HOME"
    [[ $(sigmund port --project "$project" web) == "$port" ]]
    sigmund stop -q --project "$project" @here
}

@test "tail of a form for several runs follows the live ones, and leaves the logs of the others to dump" {
    toml </dev/null
    sigmund -q -n job sh -c 'echo from job' >/dev/null
    sigmund wait --gone job
    run sigmund tail @here
    assert_success
    assert_output "sigmund: none of these runs is live; sigmund logs @here prints the logs of those that are over"
    sigmund -q -n web sh -c 'echo from web; while test ! -e over; do sleep 0.05; done'
    { sleep 1 && touch over; } 3>&- &
    OWN_PIDS+=($!)
    for targets in @here @all tag=none; do
        run timeout $((60 * slowness)) "$SIGMUND" tail $targets
        assert_success
        refute_output --partial "from job"
    done
    run sigmund tail --no-follow @here
    assert_output --partial "from job"
    run sigmund dump @all
    assert_output --partial "from job"
    assert_output --partial "from web"
}

@test "What is wrong with a command or a description is said with the line of the value" {
    refused_at() {
        printf '[run.a]\n\n%s\n' "$1" | toml
        [[ $1 == *command* ]] || echo 'command = "true"' >>sigmund.toml
        for verb in config "up --dry-run"; do
            # shellcheck disable=SC2086
            run -1 sigmund $verb
            assert_output --partial "$project/sigmund.toml:3: $2"
        done
    }
    refused_at 'command = ""' "the command is empty"
    refused_at 'command = "  "' "the command is empty"
    refused_at 'command = 7' '"command" is a text, or an array of words'
    refused_at 'command = true' '"command" is a text, or an array of words'
    refused_at 'command = []' '"command" is an array of words, and not empty'
    refused_at 'command = [""]' "the first word of the command is empty"
    refused_at 'description = 7' '"description" is a text'
    refused_at 'description = ["a"]' '"description" is a text'
    refused_at 'command = "serve {x.port}"' "{x.port}: there is no template x"
    # A key of another tool means the one that does it here.
    for pair in cmd:command script:command depends_on:depends needs:depends workdir:cwd environment:env ports:port; do
        refused_at "${pair%:*} = \"x\"" "unknown key \"${pair%:*}\""
        assert_output --partial "did you mean ${pair#*:}?"
    done
    printf '[run.a]\n\ncommand = "true"\n' | toml
    run sigmund config
    assert_line --regexp "run.a.command .*sigmund.toml:3 "
}

@test "A mistyped placeholder is a warning, and braces of other programs are none" {
    cat >sigmund.toml <<'TOML'
[run.db]
port = "auto"
command = "serve {prt} {Port} {projct} {db.prot}"
[run.web]
command = "awk '{print $1}' {} {{.State}} ${prt} {post} {sort} {a,b} {name} {product} {path} {print} {prt}"
env = { URL = "localhost:{db.pot}" }
TOML
    for verb in config "up --dry-run"; do
        # shellcheck disable=SC2086
        run --separate-stderr sigmund $verb
        assert_success
        [[ $(grep -c 'did you mean' <<<"$stderr") == 5 ]] || fail "$stderr"
        for each in "3: {prt}.*{port}" "3: {Port}.*{port}" "3: {projct}.*{project}" "3: {db.prot}.*{db.port}" "6: {db.pot}.*{db.port}"; do
            grep -q "sigmund.toml:$each?" <<<"$stderr" || fail "$each: $stderr"
        done
    done
}

@test "A run with the name of a template, but not from it, is named by down" {
    sleeper web | toml
    sigmund -q -n web sleep 300
    run sigmund down web
    assert_success
    assert_output "sigmund: web ($(field web id)) runs, but did not come from a template: sigmund stop web"
    sigmund stop -q web
    run sigmund down web
    assert_output "sigmund: web does not run"
}

@test "Messages about a run from a template speak of its keys, and not of options" {
    free_port port
    python3 -m http.server --bind 127.0.0.1 "$port" >/dev/null 2>&1 3>&- &
    OWN_PIDS+=($!)
    wait_until 20 curl -sf -o /dev/null "http://127.0.0.1:$port/"
    printf '[run.web]\nready = "tcp:%d"\ncommand = "exec sleep 300"\n' "$port" | toml
    run -125 sigmund up
    # shellcheck disable=SC2016 # the message has these quotes
    assert_output --partial '`ready-shared = true`'
    refute_output --partial "--ready"
    printf '[run.web]\nready-fail = "log:x"\ncommand = "exec sleep 300"\n' | toml
    run -1 sigmund up
    refute_output --partial "--ready"
    printf '[run.web]\nready = "cmd:false"\nready-timeout = "100ms"\ncommand = "exec sleep 300"\n' | toml
    run -124 sigmund up
    run sigmund explain @
    # shellcheck disable=SC2016
    assert_output --partial '`ready-timeout` gives it more time; `ready` chooses another check'
}

@test "The import says what the name of a verb means" {
    echo '{"scripts": {"up": "node a.js", "dev": "vite"}}' >package.json
    sigmund config --from package.json 2>/dev/null >sigmund.toml
    # shellcheck disable=SC2016
    grep -q '`sigmund up up` starts this template' sigmund.toml
    [[ $(grep -c 'means the whole file' sigmund.toml) == 1 ]]
    sigmund config >/dev/null
}

@test "The lines of up in a terminal that is narrow or low, and after Ctrl-Z" {
    for each in narrow low background; do
        {
            before='until test -e go; do sleep 0.05; done;' service s
            for n in 1 2 3; do sleeper "a-very-long-name-$n" 'depends = ["s"]'; done
        } | toml
        rm -f go s.ready
        run python3 "$BATS_TEST_DIRNAME/stack_terminal.py" "$each"
        assert_success
        sigmund down -q
    done
}
