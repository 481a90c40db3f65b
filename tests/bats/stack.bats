#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# `up` and `down`: the order of starts and stops, steps, failures, and what differs from the configuration.
load sigmund
load stack

setup() { stack_setup; }
teardown() { sigmund_teardown; }

@test "A bare up starts all templates but manual ones, each after what it depends on is ready" {
    { service web 'depends = ["migrate", "cache"]' && step migrate 'depends = ["db"]' && service db && service cache &&
        sleeper tool 'manual = true' 'depends = ["extra"]' && sleeper extra 'manual = true'; } | toml
    run sigmund up
    assert_success
    for name in web db cache; do assert_line --regexp "^sigmund: $name: ready in .*\($(field $name id)\)$"; done
    assert_line --regexp '^sigmund: migrate: done in .*\([0-9a-f]{6}\)$'
    logged_before "ready db" "step migrate"
    logged_before "step migrate" "start web"
    logged_before "ready cache" "start web"
    live_are "cache db web"
    # What a template depends on is started although it is manual.
    run sigmund up tool
    assert_success
    live_are "cache db extra tool web"
    run sigmund down
    assert_success
    live_are ""
    nothing_left
}

@test "Forty templates in six levels start level by level, and all of a level at the same time" {
    local level each depends='' sizes=(5 9 8 7 6 5)
    mkdir levels
    for level in 0 1 2 3 4 5; do
        for ((each = 0; each < sizes[level]; ++each)); do
            # Each waits until all of its level have begun, so it is never ready when they are started one by one.
            # shellcheck disable=SC2034 # service has it in its command
            before="date +%s%N >t$level-$each.start; touch levels/$level-$each
                while [ \$(ls levels | grep -c ^$level-) -lt ${sizes[level]} ]; do sleep 0.05; done
                date +%s%N >t$level-$each.ready;"
            service "t$level-$each" "${depends:+depends = [$depends]}" | sed 's/t\(.-.\)\.ready; exec/r\1; exec/; s/file:t/file:r/; s/\.ready"/"/'
        done
        depends=
        for ((each = 0; each < sizes[level]; ++each)); do depends+="${depends:+, }\"t$level-$each\""; done
    done >templates
    # The file names them in the opposite order.
    python3 - <<'PY' >sigmund.toml
import re
blocks = re.split(r"(?m)^(?=\[run)", open("templates").read())
print("\n".join(reversed(blocks)))
PY
    run sigmund up
    assert_success
    [[ $(sigmund list --live --porcelain | wc -l) == 40 ]]
    for level in 1 2 3 4 5; do
        latest=$(sort -n t$((level - 1))-*.ready | tail -n 1)
        earliest=$(sort -n t$level-*.start | head -n 1)
        ((latest < earliest)) || fail "level $level began at $earliest, before $latest"
    done
    run sigmund down --json
    assert_success
    [[ $(jq '.data | length' <<<"$output") == 40 ]]
    live_are ""
    nothing_left
}

@test "A failing step: what depends on it is skipped and told, the rest goes on, and its status is that of up" {
    { step first && step broken 'depends = ["first"]' && service web 'depends = ["broken"]' &&
        service front 'depends = ["web"]' && service db && step other; } | toml
    echo 7 >broken.fails
    echo 9 >other.fails
    run sigmund up
    # `other` depends on nothing, so it comes before `broken` although the file names it later.
    assert_failure 9
    assert_line --partial "broken: failed: it exited 7"
    assert_line "sigmund: web: skipped: broken failed"
    assert_line "sigmund: front: skipped: web did not start"
    assert_line --regexp "running: db .*; sigmund down stops them"
    live_are "db"
    rm other.fails
    run sigmund up
    assert_failure 7
    assert_line "sigmund: db: running ($(field db id))"
    # A step that failed last runs again, and so does the one before it, on which it depends.
    [[ $(times "step first") == 2 && $(times "step broken") == 2 ]]
    rm broken.fails
    run sigmund up
    assert_success
    live_are "db front web"
    [[ $(times "step first") == 3 && $(times "step broken") == 3 ]]
    run sigmund up
    assert_success
    assert_line --regexp "^sigmund: broken: done \(.* ago\)$"
    [[ $(times "step first") == 3 && $(times "step broken") == 3 ]]
}

@test "The last lines of what failed are shown" {
    printf '[run.bad]\ncommand = "echo something is wrong; exit 4"\nready = "file:never"\n' | toml
    run sigmund up
    assert_failure 4
    assert_line --partial "bad: failed: "
    assert_line "something is wrong"
}

@test "A dependency that becomes ready late is waited for, and one that never does fails in time" {
    { before='sleep 1;' service db && sleeper web 'depends = ["db"]'; } | toml
    run sigmund up
    assert_success
    assert_line --partial "db: ready in "
    live_are "db web"
    sigmund down -q
    {
        sleeper db 'ready = "file:never"' 'ready-timeout = "500ms"'
        sleeper web 'depends = ["db"]'
        sleeper other
    } | toml
    run sigmund up
    assert_failure 124
    assert_line --regexp "db: failed: (db .*)?was not ready in time, and was stopped"
    assert_line "sigmund: web: skipped: db failed"
    live_are "other"
}

@test "A dependency that ends while its dependents wait for others fails them" {
    {
        printf '[run.short]\ncommand = "until test -e end; do sleep 0.05; done; exit 3"\n'
        before='until test -e go; do sleep 0.05; done;' service slow
        sleeper web 'depends = ["short", "slow"]'
        sleeper front 'depends = ["web"]'
    } | toml
    up_behind
    wait_until 10 logged "start slow"
    touch end
    wait_until 10 over short
    touch go
    up_ends
    [[ $status == 1 ]] || fail "$status: $(cat err)"
    grep -q "^sigmund: short: failed: it was ready, and then exited 3" err
    grep -qx "sigmund: web: skipped: short failed" err
    grep -qx "sigmund: front: skipped: web did not start" err
    live_are "slow"
}

@test "A dependency that ends before it is ready is not waited for until its time is over" {
    {
        printf '[run.db]\ncommand = "exit 5"\nready = "tcp:127.0.0.1:1"\nready-timeout = "10m"\n'
        sleeper web 'depends = ["db"]'
    } | toml
    run sigmund up
    assert_failure 5
    assert_line "sigmund: web: skipped: db failed"
    live_are ""
}

@test "Of several up at once one starts each template, steps too, and all wait until it is ready" {
    { service db && step migrate 'depends = ["db"]' && service web 'depends = ["migrate"]' && service cache; } | toml
    local round each pids
    for ((round = 1; round <= 8; ++round)); do
        : >log
        pids=()
        for each in 1 2 3; do
            sigmund up >"out$each" 2>"err$each" </dev/null &
            pids+=($!)
        done
        for each in "${pids[@]}"; do wait "$each" || fail "round $round: $(cat err?)"; done
        for each in "start db" "step migrate" "start web" "start cache"; do
            [[ $(times "$each") == 1 ]] || fail "round $round: $(cat log err?)"
        done
        [[ $(sort -u out1) == "$(sort -u out2)" && $(sort -u out1) == "$(sort -u out3)" ]] || fail "$(cat out?)"
        live_are "cache db web"
        sigmund down -q
    done
    nothing_left
}

@test "An interrupt in the middle of an up: it says what runs and what does not start, and nothing more starts" {
    {
        sleeper db
        before='until test -e go; do sleep 0.05; done;' service slow
        sleeper web 'depends = ["slow"]'
        sleeper front 'depends = ["web"]'
    } | toml
    up_behind
    wait_until 10 logged "start slow"
    kill -INT "$up"
    up_ends
    [[ $status == 130 ]] || fail "$status: $(cat err)"
    grep -q "interrupted by SIGINT" err
    grep -q "not started: web, front" err
    grep -q "running: db ($(field db id)), slow ($(field slow id)); sigmund down stops them" err
    touch go
    wait_until 10 is slow ready true
    live_are "db slow"
    run sigmund up
    assert_success
    live_are "db front slow web"
}

@test "An interrupt among many starts: none comes after it" {
    local i started
    for ((i = 0; i < 150; ++i)); do sleeper "t$i"; done | toml
    up_behind
    wait_until 10 grep -q ": started (" err
    kill -INT "$up"
    up_ends
    [[ $status == 130 ]] || fail "$status: $(cat err)"
    grep -q "^sigmund: not started: t" err
    started=$(grep -c ": started (" err)
    ((started < 150)) || fail "it has started all"
    [[ $(sigmund list --live --porcelain | wc -l) == "$started" ]]
    sleep 0.3
    [[ $(sigmund list --live --porcelain | wc -l) == "$started" ]]
}

@test "Ctrl-C in a terminal interrupts an up, and not the runs" {
    {
        before='until test -e go; do sleep 0.05; done;' service slow
        sleeper web 'depends = ["slow"]'
    } | toml
    cat >play.py <<'PY'
import os, pexpect, sys
child = pexpect.spawn(os.environ["SIGMUND"], ["up"], timeout=120, env={**os.environ, "TERM": "xterm"})
child.expect("starting.*waiting for slow")
child.sendintr()
child.expect(pexpect.EOF)
child.close()
text = child.before.decode()
print(text)
sys.exit(child.exitstatus if child.exitstatus is not None else 99)
PY
    run env -u CI -u GITHUB_ACTIONS python3 play.py
    assert_failure 130
    assert_output --partial "not started: web"
    assert_output --partial "running: slow ("
    live_are slow
    # Each line is drawn in its place, and the last picture stays.
    touch go
    cat >play.py <<'PY'
import os, pexpect, sys
child = pexpect.spawn(os.environ["SIGMUND"], ["up"], timeout=120, env={**os.environ, "TERM": "xterm"})
child.expect(pexpect.EOF)
child.close()
print(child.before.decode())
sys.exit(child.exitstatus)
PY
    run env -u CI -u GITHUB_ACTIONS python3 play.py
    assert_success
    assert_output --partial "slow  running ($(field slow id))"
    assert_output --partial "web   started ($(field web id))"
}

@test "Down during an up, and stop @here likewise: what waits never starts" {
    {
        before='until test -e go; do sleep 0.05; done;' service slow
        sleeper web 'depends = ["slow"]'
        before='until test -e go; do sleep 0.05; done;' service other
        sleeper front 'depends = ["other"]'
    } | toml
    local verb
    for verb in down "stop @here"; do
        rm -f go ./*.ready
        : >log
        up_behind
        wait_until 10 logged "start slow"
        wait_until 10 logged "start other"
        # shellcheck disable=SC2086
        run sigmund $verb
        assert_success
        up_ends
        ((status != 0)) || fail "$(cat err)"
        live_are ""
        [[ -z $(sigmund list --all --porcelain --columns name | grep -Ex 'web|front') ]]
    done
    nothing_left
}

@test "An up that begins while a down is at work waits for its end, and then starts everything" {
    {
        sleeper db
        step migrate 'depends = ["db"]'
        printf '[run.web]\ncommand = """trap "until test -e go; do sleep 0.05; done; exit 0" TERM; touch web.ready; while :; do sleep 0.05; done"""\n'
        printf 'ready = "file:web.ready"\ndepends = ["migrate"]\nstop-timeout = "10m"\n'
    } | toml
    sigmund up -q
    db=$(field db id)
    sigmund down 2>down.err &
    down=$!
    wait_until 10 is web state stopping
    up_behind
    wait_until 10 grep -q "waiting for the end of a sigmund down" err
    is db state running
    touch go
    up_ends
    [[ $status == 0 ]] || fail "$(cat err)"
    wait "$down"
    live_are "db web"
    [[ $(field db id) != "$db" && $(times "step migrate") == 2 ]]
    # Ctrl-C ends the waiting.
    rm go
    sigmund down 2>down.err &
    down=$!
    wait_until 10 is web state stopping
    up_behind
    wait_until 10 grep -q "waiting for the end of a sigmund down" err
    kill -INT "$up"
    up_ends
    touch go
    [[ $status == 130 ]] || fail "$status: $(cat err)"
    wait "$down"
    live_are ""
    nothing_left
}

@test "What ran already and ends before its dependents start is started again, with the steps between" {
    {
        sleeper db
        step migrate 'depends = ["db"]'
        before='until test -e go; do sleep 0.05; done;' service slow
        sleeper web 'depends = ["migrate", "slow"]'
    } | toml
    sigmund up -q migrate
    db=$(field db id)
    up_behind
    wait_until 10 logged "start slow"
    wait_until 10 grep -q "migrate: done" err
    # It ends by itself: what a user stops is not started again.
    kill -KILL "$(field db pid)"
    wait_until 10 over db
    touch go
    up_ends
    [[ $status == 0 ]] || fail "$status: $(cat err)"
    live_are "db slow web"
    [[ $(field db id) != "$db" && $(times "step migrate") == 3 ]] || fail "$(cat err log)"
}

@test "Down stops a run once all that depend on it are gone" {
    local name
    for name in db: cache: migrate:db api:migrate,cache web:api worker:db,cache; do
        local depends=${name#*:}
        name=${name%:*}
        if [[ $name == migrate ]]; then
            step migrate 'depends = ["db"]'
            continue
        fi
        cat <<TOML
[run.$name]
command = """trap 'sleep 0.2; echo "end $name" >>log; exit 0' TERM; touch $name.ready; while :; do sleep 0.05; done"""
ready = "file:$name.ready"
depends = [$(sed 's/[a-z]\+/"&"/g' <<<"$depends")]
TOML
    done | toml
    run sigmund up
    assert_success
    # The order is that of the starts: the file is not needed any more.
    echo '[' | toml
    run sigmund down
    assert_success
    logged_before "end web" "end api"
    logged_before "end api" "end db"
    logged_before "end api" "end cache"
    logged_before "end worker" "end db"
    logged_before "end worker" "end cache"
    nothing_left
}

@test "Down needs no configuration: it may be broken, changed or removed" {
    local change
    for change in 'echo [ >sigmund.toml' 'rm sigmund.toml' 'printf "[run.new]\ncommand = \"true\"\n" >sigmund.toml' \
        'chmod 666 sigmund.toml'; do
        rm -f sigmund.toml
        { sleeper db && sleeper web 'depends = ["db"]'; } | toml
        sigmund up -q
        eval "$change"
        run sigmund down
        assert_success
        assert_line --partial "stopped web"
        assert_line --partial "stopped db"
        live_are ""
    done
    rm -f sigmund.toml
    { sleeper db && sleeper web 'depends = ["db"]'; } | toml
    sigmund up -q
    echo '[' >sigmund.toml
    run sigmund down web
    assert_success
    live_are db
    run sigmund down
    assert_success
    nothing_left
}

@test "Down of one names those that need it; groups, prune, and what down does not touch" {
    {
        sleeper db 'group = ["back"]'
        sleeper cache 'group = ["back"]'
        sleeper web 'depends = ["db"]'
    } | toml
    sigmund up -q
    sigmund -q -n mine sleep 300
    run sigmund down db
    assert_success
    assert_line "sigmund: web ($(field web id)) depends on db, and keeps running"
    live_are "cache mine web"
    run sigmund down back
    assert_success
    live_are "mine web"
    run sigmund down nothing
    assert_failure 5
    run sigmund down --prune
    assert_success
    live_are mine
    [[ $(sigmund list --all --porcelain --columns name) == mine ]]
    run sigmund down
    assert_success
    assert_output --partial "no run of this project that came from a template is live"
    [[ $(sigmund down --json | jq -c '[.kind, .data]') == '["run.stop",[]]' ]] || fail "$(sigmund down --json)"
}

@test "The receipt of down names every process and how it ended, and no survivors" {
    {
        printf '[run.tree]\ncommand = "sleep 301 & sleep 302 & exec sleep 303"\n'
        printf "[run.stubborn]\ncommand = \"trap '' TERM; touch up; while :; do sleep 0.05; done\"\n"
        printf 'ready = "file:up"\nstop-timeout = "300ms"\ndepends = ["tree"]\n'
    } | toml
    sigmund up -q
    run --separate-stderr sigmund down --json
    assert_success
    [[ $(jq -r '.data[] | select(.outcome == "stopped") | .signalled | length' <<<"$output") == 3 ]] || fail "$output"
    [[ $(jq -r '.data[] | select(.outcome == "killed") | .killed | length' <<<"$output") -ge 1 ]] || fail "$output"
    [[ $(jq -c '[.data[].survivors] | add' <<<"$output") == '[]' ]] || fail "$output"
    nothing_left
}

@test "A failure with --abort stops what this up has started, and nothing else" {
    { sleeper old && sleeper db && step made 'depends = ["db"]' && sleeper web 'depends = ["made"]' && step bad 'depends = ["web"]' && service last 'depends = ["bad"]'; } | toml
    sigmund up -q old
    echo 3 >bad.fails
    run sigmund up --abort
    assert_failure 3
    live_are old
    [[ $(times "start last") == 0 ]]
    # Those that it stopped were stopped in order.
    [[ $(sigmund list --all --json | jq -r '[.data[] | select(.name == "web" or .name == "db")] | sort_by(.ended_ms) | map(.name) | join(" ")') == "web db" ]]
}

@test "A dry run prints the order and what differs, and starts nothing" {
    { sleeper web 'depends = ["migrate"]' && step migrate 'depends = ["db"]' && sleeper db 'env = { A = "1" }'; } | toml
    run sigmund up --dry-run
    assert_success
    assert_line --index 0 "db: start"
    assert_line --index 1 "migrate: run, after db"
    assert_line --index 2 "web: start, after migrate"
    store_empty
    sigmund up -q
    sed -i 's/A = "1"/A = "2"/' sigmund.toml
    run sigmund up --dry-run
    assert_success
    assert_line --index 0 "db: restart ($(field db id))"
    assert_line "  the value of A has changed"
    id=$(field db id)
    assert_line "web: restart ($(field web id)), after migrate, since db is restarted"
    assert_line "migrate: run, after db"
    [[ $(field db id) == "$id" ]]
    # The step is between the two.
    web=$(field web id)
    run sigmund up
    assert_success
    assert_line --partial "web ($web) is restarted, since it depends on db"
    [[ $(field "$web" ended_ms) -le $(field "$id" ended_ms) && $(field web started_ms) -ge $(field db started_ms) ]]
}

@test "Up without templates says so" {
    run sigmund up
    assert_failure 5
    assert_output --partial "there is no sigmund.toml for this folder"
    printf '[run.x]\ncommand = "true"\nmanual = true\n' | toml
    run sigmund up
    assert_failure 5
    assert_output --partial "has no template that up starts by itself"
    run sigmund up y
    assert_failure 5
}

@test "Graphs that make no sense are refused with file and line before anything starts" {
    refused() { # LINE TEXT: the file on stdin
        toml
        run sigmund up
        assert_failure 1
        assert_output --partial "$project/sigmund.toml:$1: "
        assert_output --partial "$2"
        store_empty || fail "something was started"
    }
    { sleeper a && sleeper b 'depends = ["a", "nobody"]'; } | refused 5 '"b" depends on "nobody", which is no template'
    { sleeper ok && sleeper a 'depends = ["b"]' && sleeper b 'depends = ["c"]' && sleeper c 'depends = ["a"]'; } |
        refused 11 'these templates wait for each other: a -> b -> c -> a'
    { sleeper ok && sleeper a 'depends = "a"'; } | refused 5 'a -> a'
    { sleeper ok && sleeper a 'group = ["ok"]'; } | refused 5 'the group "ok" has the name of a template'
    { sleeper ok && sleeper a 'group = "../x"'; } | refused 5 'is not a valid name for a group'
    local key
    for key in 'ready = "log:x"' 'restart = "always"' 'pool = 2'; do
        { sleeper ok && step a "$key"; } | refused 6 "makes no sense for a step"
        { sleeper ok && sleeper a 'wait = true' "$key"; } | refused 6 "makes no sense for a step"
    done
    { sleeper ok && sleeper a 'depends = [["ok"]]'; } | refused 5 'neither a string nor a number'
    # A mistake that is far from what is named matters, too.
    { sleeper ok && sleeper a 'depends = ["oh"]'; } | toml
    run sigmund up ok
    assert_failure 1
    assert_output --partial "did you mean ok?"
    store_empty
}

@test "The option that is wrong in a template is reported before anything starts" {
    { sleeper ok && sleeper bad 'ready = "what:ever"'; } | toml
    run sigmund up
    assert_failure 1
    assert_output --partial "$project/sigmund.toml:5"
    { sleeper ok && sleeper bad 'env-file = "missing.env"'; } | toml
    run sigmund up
    assert_failure
    assert_output --partial "missing.env"
    live_are ""
}
