#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The configuration: defaults, templates, the policy of the shell hooks, retention, and refused files.
load sigmund

setup() {
    sigmund_setup
    export HOME=$BATS_TEST_TMPDIR/home
    mkdir -p "$HOME/.config/sigmund" "$BATS_TEST_TMPDIR/project/sub"
    unset XDG_CONFIG_HOME SIGMUND_CONFIG
    mine=$HOME/.config/sigmund/config.toml
    project=$BATS_TEST_TMPDIR/project/sigmund.toml
    cd "$BATS_TEST_TMPDIR/project/sub"
}
teardown() { sigmund_teardown; }

@test "Defaults apply to starts, and the command line takes precedence" {
    printf '[defaults]\nstop-timeout = "3s"\ntag = ["mine"]\nenv = { GREETING = "hi" }\nkeep = true\n' >"$mine"
    id=$(sigmund -q sh -c 'echo "$GREETING"; exec sleep 300')
    [[ $(field "$id" stop_timeout_ms) == 3000 && $(field "$id" keep) == true ]]
    [[ $(sigmund show "$id" --json | jq -c .data[0].tags) == '["mine"]' ]]
    id=$(sigmund -q --stop-timeout 7s -t other sleep 300)
    [[ $(field "$id" stop_timeout_ms) == 7000 ]]
    [[ $(sigmund show "$id" --json | jq -c .data[0].tags) == '["other"]' ]]
    [[ $(field "$(SIGMUND_CONFIG=/dev/null sigmund -q sleep 300)" stop_timeout_ms) == 5000 ]]
}

@test "Up starts templates by name, in their folder, and options of the command line take precedence" {
    printf '[run.web]\ncommand = "pwd; exec sleep 300"\nrestart = "on-failure"\nlog = "web.log"\n' >"$project"
    printf '[run.job]\nargv = ["echo", "a b"]\n[run.web]\ncommand = "false"\n' >"$mine"
    run sigmund up web
    assert_success
    assert_line "sigmund: web: started ($(field web id))"
    [[ $(field web state) == running ]]
    wait_until 5 test -s ../web.log
    [[ $(cat ../web.log) == "$BATS_TEST_TMPDIR/project" ]]
    run sigmund up --name other job
    assert_success
    sigmund wait other
    [[ $(sigmund dump other) == "a b" ]]
    run sigmund up jop
    assert_failure 5
    assert_output --partial "did you mean job?"
    run -127 sigmund web
    assert_failure 127
}

@test "Up starts what does not run yet, and reports what runs already" {
    printf '[run.one]\ncommand = ["sleep", "300"]\n[run.two]\ncommand = ["sleep", "301"]\n' >>"$mine"
    sigmund up -q one
    run sigmund up one two
    assert_success
    assert_line "sigmund: one: running ($(field one id))"
    assert_line "sigmund: two: started ($(field two id))"
    [[ $(sigmund list --live --porcelain | wc -l) == 2 ]]
    run sigmund up -q --replace one
    assert_success
    [[ $(sigmund list --live --porcelain | wc -l) == 2 ]]
}

@test "A project's file may contain only templates, must be the user's own, and must not be writable by others" {
    printf '[defaults]\nkeep = true\n' >"$project"
    run sigmund up web
    assert_failure 1
    assert_output --partial "may not be in a project's file"
    run sigmund -q true
    assert_success
    printf '[run.web]\ncommand = "true"\n' >"$project"
    chmod g+w "$project"
    run sigmund up web
    assert_failure 1
    assert_output --partial "chmod go-w"
    chmod 644 "$project"
    if [[ $EUID == 0 ]]; then
        chown 12345 "$project"
        run sigmund up web
        assert_failure 1
        assert_output --partial "another user"
    fi
}

@test "Errors name the file, the line and the nearest key" {
    printf '[defaults]\n\nstop-timout = 3\n' >"$mine"
    run sigmund -q true
    assert_failure
    assert_output --partial "$mine:3: unknown key \"stop-timout\""
    assert_output --partial "did you mean stop-timeout?"
    printf '[defaults]\nrestart = "sometimes"\n' >"$mine"
    run sigmund config
    assert_failure 1
    assert_output --partial "$mine:2: restart: \"sometimes\" is not a restart policy"
    for bad in '[defaults' '[defaults]\nkeep = "yes"' '[defaults]\nname = ["a", "b"]' 'x = 1' '[run.web]\nkeep = true' \
        '[run."../x"]\ncommand = "true"' '[retention]\nmax_age = "soon"'; do
        printf "$bad\n" >"$mine"
        run sigmund -q true
        assert_failure
        assert_output --partial "config.toml:"
    done
    # Verbs that only read runs do not read it.
    run sigmund list
    assert_success
}

@test "Config shows each value and where it comes from" {
    printf '[defaults]\nkeep = true\n[shell]\non_exit = "keep"\n' >"$mine"
    printf '[run.web]\ncommand = "true"\n' >"$project"
    run sigmund config
    assert_success
    assert_line --regexp "^defaults.keep +$mine:2 +true$"
    assert_line --regexp "^shell.on_exit +$mine:4 +keep$"
    assert_line --regexp "^shell.exit_timeout +default +15s$"
    assert_line --regexp "^run.web.command +$project:2 +true$"
    SIGMUND_ON_EXIT=stop run sigmund config
    assert_line --regexp "^shell.on_exit +SIGMUND_ON_EXIT +stop$"
    [[ $(sigmund config --json | jq -r '.kind + " " + .data.user_file') == "config $mine" ]]
}

@test "Config shows what a template is in its stack, and refuses a stack that cannot start" {
    printf '[run.db]\ncommand = "x"\ndescription = "keeps all"\nmanual = true\n[run.step]\ncommand = "y"\nwait = true\ndepends = ["db"]\ngroup = ["a", "b"]\n' >"$project"
    run sigmund config
    assert_success
    assert_line --regexp "^run.db.description +$project:3 +keeps all$"
    assert_line --regexp "^run.db.manual +$project:4 +true$"
    assert_line --regexp "^run.step.wait +$project:7 +true$"
    assert_line --regexp "^run.step.depends +$project:8 +db$"
    assert_line --regexp "^run.step.group +$project:9 +a, b$"
    run sigmund config --json
    jq -e --arg origin "$project:8" '.data.settings | any(. == {table: "run.step", key: "depends", value: "db", origin: $origin})' <<<"$output"
    printf '[run.db]\ncommand = "x"\ndepends = "bd"\n' >"$project"
    run sigmund config
    assert_failure 1
    assert_output --partial "$project:3: \"db\" depends on \"bd\", which is no template"
    printf '[run.a]\ncommand = "x"\ndepends = "b"\n[run.b]\ncommand = "x"\ndepends = "a"\n' >"$project"
    run sigmund config --json
    assert_failure 1
    [[ $(jq -r .error.message <<<"$output") == *"these templates wait for each other: a -> b -> a" ]]
    printf '[run.a]\ncommand = "x"\n[run.b]\ncommand = "x"\nenv-file = "missing"\nready = "tcp:{a.port}"\n' >"$project"
    run sigmund config
    assert_failure 1
    assert_output --partial "$project:6: {a.port}: the template a has no port"
    sed -i '/^ready/d' "$project" # a file that is missing matters only at a start
    run sigmund config
    assert_success
}

@test "Retention removes old or surplus runs, only when it is asked for" {
    for _ in 1 2 3 4 5; do sigmund -q --wait true; done
    [[ $(sigmund list --porcelain | wc -l) == 5 ]]
    printf '[retention]\nmax_count = 2\n' >"$mine"
    sigmund -q sleep 300
    [[ $(sigmund list --porcelain | wc -l) == 3 ]]
    printf '[retention]\nmax_age = "0s"\n' >"$mine"
    sigmund -q sleep 300
    [[ $(sigmund list --porcelain | wc -l) == 2 ]]
}

@test "Reading verbs open no configuration" {
    printf '[defaults]\nkeep = true\n' >"$mine"
    if [[ $EUID == 0 || $(cat /proc/sys/kernel/yama/ptrace_scope 2>/dev/null || echo 0) == 0 ]]; then
        run timeout -k 1 $((20 * slowness)) strace -f -e trace=openat,?open,?access,faccessat "$SIGMUND" list
        refute_output --partial config.toml
    fi
    echo '[' >"$mine"
    run sigmund list --json
    assert_success
}

@test "A mistyped key is reported with the nearest key, or with all keys" {
    printf '[run.a]\ncommnad = "x"\n' >"$mine"
    run sigmund up a
    assert_failure 1
    assert_output --partial 'config.toml:2: unknown key "commnad"'
    assert_output --partial "did you mean command?"
    printf '[retention]\nkeep = 3\n' >"$mine"
    run sigmund config
    assert_failure 1
    assert_output --partial "one of max_age, max_count"
}

@test "Up reports what runs already, and one failure keeps no other template from starting" {
    cat >sigmund.toml <<'END'
[run.db]
command = ["sleep", "300"]
[run.bad]
command = ["no-such-program"]
[run.web]
command = ["sleep", "301"]
END
    run -127 --separate-stderr sigmund up db bad web
    [[ $(wc -w <<<"$output") == 2 ]]
    [[ $stderr == *"no-such-program: command not found"* ]]
    is db state running
    is web state running
    id=$(sigmund up db 2>err)
    [[ $id == "$(field db id)" ]]
    grep -q "db: running ($id)" err
    [[ $(sigmund up -q --json db | jq -r '.kind + .data.id') == "run.start$id" ]]
    run sigmund up db nobody
    assert_failure 5
}
