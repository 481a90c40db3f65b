#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Completion: the candidates, in bash by calling it, and in all three shells by pressing TAB in a real terminal.
load sigmund
setup() {
    sigmund_setup
    SIGMUND_SOURCE=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    export SIGMUND_SOURCE
    export PATH=${SIGMUND%/*}:$PATH
    cd "$BATS_TEST_TMPDIR" || return # the shells start elsewhere, and neither is in a project
}
teardown() { sigmund_teardown; }

offers() { timeout $((20 * slowness)) bash --norc "$BATS_TEST_DIRNAME/complete.bash" "$@"; }
tab() { timeout $((30 * slowness)) python3 "$BATS_TEST_DIRNAME/complete.py" "$@"; }

fish_offers() {
    timeout $((20 * slowness)) fish --no-config -c "source '$SIGMUND_SOURCE/shell/fish/sigmund.fish'; complete -C '$1'"
}

some_runs() {
    sigmund -q -n web -t db sleep 300 >&2
    other=$(sigmund -q sleep 300)
    over=$(sigmund -q -n job true)
    sigmund wait "$over"
}

@test "the program prints the completion files as they are installed, and they stay small" {
    for shell in bash zsh fish; do
        case $shell in
            bash) file=bash/sigmund.bash ;; zsh) file=zsh/_sigmund ;; fish) file=fish/sigmund.fish ;;
        esac
        diff <(sigmund completions "$shell") "$SIGMUND_SOURCE/shell/$file"
        (($(grep -vc '^ *#\|^$' "$SIGMUND_SOURCE/shell/$file") <= 110))
    done
}

@test "the files pass their linters" {
    cd "$SIGMUND_SOURCE/shell"
    run shellcheck bash/sigmund.bash && assert_success && refute_output
    run shfmt -d -i 4 -ci bash/sigmund.bash && assert_success && refute_output
    run zsh -f -n zsh/_sigmund && assert_success && refute_output
    run fish --no-config --no-execute fish/sigmund.fish && assert_success && refute_output
    run fish_indent --check fish/sigmund.fish && assert_success && refute_output
}

@test "bash: every option of every verb is offered, and only those" {
    while IFS=$'\t' read -r kind verb name _; do
        [[ $kind == verb ]] || continue
        wanted=$(sigmund help --porcelain | awk -F'\t' -v verb="$verb" '$1 == "option" && $2 == verb {print $3}' | sort)
        diff <(offers "sigmund $verb -" | sort) - <<<"$wanted" || fail "$verb $name"
    done < <(sigmund help --porcelain)
    diff <(offers "sigmund " bare | sort) <({
        sigmund help --porcelain | awk -F'\t' '$1 == "verb" {print $2; if ($3 != "-") print $3}'
        printf '%s\n' help ls
    } | sort)
}

@test "bash: a verb is offered the targets that it can take, names first" {
    some_runs
    [[ $(offers "sigmund stop " | head -1) == web ]]
    run offers "sigmund stop "
    assert_line "$other"
    assert_line "@shell"
    assert_line "tag=db"
    refute_line "$over"
    refute_line job
    run offers "sigmund prune "
    assert_line job
    refute_line web
    run offers "sigmund show "
    assert_line web
    assert_line job
    [[ $(offers "sigmund stop tag=") == db ]]
    run env COMP_TYPE=63 bash --norc "$BATS_TEST_DIRNAME/complete.bash" "sigmund stop "
    assert_line --regexp "^web +running [0-9]+s sleep 300$"
}

@test "the ports on which runs listen are offered, in the three shells" {
    port=$((20000 + RANDOM % 10000))
    sigmund -q -n web --ready "tcp:$port" python3 -m http.server "$port" >&2
    sigmund -q sleep 300 >&2
    [[ $(offers "sigmund stop :") == "$port" ]]
    run tab zsh "sigmund stop :${port:0:1}"
    assert_output --partial "stop :$port"
    run env PATH="${SIGMUND%/*}:$PATH" fish --no-config -c "source '$SIGMUND_SOURCE/shell/fish/sigmund.fish'; complete -C 'sigmund stop :'"
    assert_output --regexp "^:$port"$'\t'"web python3 "
}

@test "bash: the values of options are offered" {
    [[ $(offers "sigmund --restart on-f") == on-failure ]]
    [[ $(offers "sigmund --ready http") == http://localhost: ]]
    [[ $(offers "sigmund list --state=running,pa") == running,paused ]]
    [[ $(offers "sigmund signal WIN") == WINCH ]]
    [[ $(offers "sigmund --stop-signal QU") == QUIT ]]
    [[ $(offers "sigmund list --columns id,na") == id,name ]]
}

@test "bash: the wrapped command completes itself" {
    [[ $(offers "sigmund --name web -e A=b make -C /et") == /etc ]] || [[ $(offers "sigmund ls -") == *--state* ]]
    run offers "sigmund run --tag a unli" bare
    assert_success
    run offers "sigmund -- kill -" bare
    assert_success
}

@test "with hostile names and arguments nothing is executed or printed raw" {
    flag=$BATS_TEST_TMPDIR/executed
    sigmund -q -- sh -c 'sleep 300; :' "\$(touch $flag)" "\`touch $flag\`" $'a\nb' $'\e]0;owned\a' --all >/dev/null
    sigmund -q -n job true >/dev/null
    # A name that breaks the grammar, which only another program could write.
    sed -i "s/\"name\":\"job\"/\"name\":\"\$(touch ${flag//\//\\/})\"/" "$SIGMUND_STATE_DIR"/*.json
    for shell in bash zsh fish; do
        RAW=$BATS_TEST_TMPDIR/raw tab "$shell" "sigmund show " >/dev/null
        if grep -q $'\e]0;owned' "$BATS_TEST_TMPDIR/raw"; then fail "an escape was printed"; fi
        [[ ! -e $flag ]]
    done
    COMP_TYPE=63 offers "sigmund show " >/dev/null
    offers "sigmund stop " bare >/dev/null
    [[ ! -e $flag ]]
}

@test "TAB completes in a real terminal, in each shell" {
    some_runs
    for shell in bash zsh fish; do
        run tab "$shell" "sigmund stop "
        assert_output --partial web
        assert_output --partial "$other"
        assert_output --partial "running"
        assert_output --partial "@all"
        refute_output --partial "$over"
        run tab "$shell" "sigmund show jo"
        assert_output --partial "sigmund show job"
        run tab "$shell" "sigmund --health-i"
        assert_output --partial "nterval"
        run tab "$shell" "sigmund -n x env PAT"
        refute_output --partial "rror"
    done
}

@test "up and down offer groups with their members, and templates with their descriptions, in each shell" {
    cd "$BATS_TEST_TMPDIR"
    printf '[run.%s]\ncommand = "exec sleep 300"\ngroup = "front"\n' api web >sigmund.toml
    printf 'description = "the pages of the shop"\n' >>sigmund.toml
    sigmund up -q web >&2
    [[ $(offers "sigmund up ") == $'front\napi\nweb' ]]
    [[ $(offers "sigmund up api ") == $'front\nweb' ]]
    [[ $(offers "sigmund down ") == $'web\nfront\napi' ]]
    [[ $(offers "sigmund up --keep-c") == --keep-changed ]]
    for shell in bash zsh fish; do
        SETUP="cd $PWD" run tab "$shell" "sigmund up "
        for word in front api web; do assert_output --partial "$word"; done
        [[ $shell == bash ]] || assert_output --partial "the pages of the shop"
        [[ $shell == bash ]] || assert_output --partial "api, web"
        SETUP="cd $PWD" run tab "$shell" "sigmund down "
        [[ $shell == bash ]] || assert_output --partial "the pages of the shop"
        SETUP="cd $PWD" run tab "$shell" "sigmund down w"
        assert_output --partial "sigmund down web"
    done
}

@test "the project that the line names decides what is offered, and restart and port offer what they can use" {
    mkdir there
    printf '[run.%s]\ncommand = ["sleep", "300"]\ngroup = "front"\n' api web >there/sigmund.toml
    (cd there && sigmund up -q web >&2)
    sigmund -q -n over true
    sigmund wait --gone over
    for option in "--project there" --project=there "--project '$PWD/there'"; do
        [[ $(offers "sigmund down $option ") == $'web\nfront\napi' ]] || fail "$option: $(offers "sigmund down $option ")"
        [[ $(offers "sigmund stop $option " | head -1) == web ]]
    done
    [[ $(offers "sigmund down ") != *web* ]]
    run offers "sigmund restart "
    assert_line web
    refute_line over
    run offers "sigmund port "
    refute_line web
    refute_line over
    sigmund -q -n ported --port auto sleep 300
    [[ $(offers "sigmund port " | head -1) == ported ]]
    # Nothing breaks where the project cannot be one.
    run offers "sigmund down --project /nowhere/at/all "
    refute_output --partial "rror"
}

@test "quoted words, a quoted verb and redirections are completed, in each shell" {
    some_runs
    for shell in bash zsh fish; do
        for quote in '"' "'"; do
            run tab "$shell" "sigmund stop ${quote}w"
            assert_output --partial "stop ${quote}web${quote}"
        done
        run tab "$shell" 'sigmund stop "tag=d'
        assert_output --partial 'stop "tag=db"'
        run tab "$shell" 'sigmund list --state="starti'
        assert_output --partial 'starting'
        run tab "$shell" 'sigmund "stop" w'
        assert_output --partial '"stop" web'
        run tab "$shell" "sigmund list >/usr/local/shar"
        assert_output --partial "share/"
    done
}

@test "the command after guard's -- and after nosig's options completes itself, and values are offered, in each shell" {
    [[ $(offers "sigmund nosig --ignore-all-s") == --ignore-all-std ]]
    [[ $(offers "sigmund nosig -I WIN" bare) == WINCH ]]
    for shell in bash zsh fish; do
        for line in "sigmund guard web -- make -C /usr/local/shar" "sigmund nosig -I HUP make -C /usr/local/shar"; do
            run tab "$shell" "$line"
            assert_output --partial "share/"
        done
        run tab "$shell" "sigmund --ready tc"
        assert_output --partial "tcp:"
        run tab "$shell" "sigmund list --state=starti"
        assert_output --partial "starting"
    done
}

@test "zsh: runs with the same description stay separate and in their order" {
    for name in one two three; do sigmund -q -n "$name" sleep 300 >/dev/null; done
    run tab zsh "sigmund stop "
    for name in one two three; do assert_line --regexp "^$name +-- running [0-9]+s sleep 300"; done
    assert_line --regexp "^@all +-- every run"
}

@test "hostile options of the shell do not break it" {
    some_runs
    for options in 'set -u' 'set -f' 'IFS=x' 'shopt -s nocasematch' 'set -o posix' 'shopt -s nullglob failglob' \
        "trap 'echo TRAPPED' ERR; set -E"; do
        run bash --norc -c "$options
COMP_LINE='sigmund stop w' COMP_POINT=14 COMP_WORDS=(sigmund stop w) COMP_CWORD=2 COMP_TYPE=9
. '$SIGMUND_SOURCE/shell/bash/sigmund.bash'
_sigmund; builtin printf '%s\n' \"\${COMPREPLY[@]}\""
        [[ $output == *web* && $output != *TRAPPED* ]] || fail "$options: $output"
    done
}

@test "the names of signals are offered for nosig and for sigmund's own options" {
    names=$(sigmund nosig --list | awk '{sub(/^SIG/, "", $1); print $1}' | sort)
    diff <({
        offers "sigmund nosig -I "
        offers "sigmund nosig -I R"
    } | sort -u) - <<<"$names"
    while IFS=$'\t' read -r _ verb option letter _; do # every option whose value is a signal
        [[ $(offers "sigmund $verb $option ST") == STKFLT$'\n'STOP ]] || fail "$verb $option"
        [[ $(offers "sigmund $verb $option=sigusr") == SIGUSR1$'\n'SIGUSR2 ]] || fail "$verb $option="
        [[ $letter == - ]] || [[ $(offers "sigmund $verb $letter RTMIN+3") == RTMIN+3$'\n'RTMIN+30 ]] || fail "$verb $letter"
    done < <(sigmund help --porcelain | awk -F'\t' '$1 == "option" && $6 == "SIG"')
    for line in "sigmund nosig --ignore ABR" "sigmund nosig -vea ABR" "sigmund --block=ABR" "sigmund nosig --add SIGABR" \
        "sigmund signal abr"; do
        for shell in bash zsh; do
            run tab "$shell" "$line"
            assert_output --partial "ABRT "
        done
        run fish_offers "$line"
        assert_output --regexp '^(--block=|SIG)?ABRT$'
    done
    run fish_offers "sigmund nosig -I RTMAX-30"
    assert_output RTMAX-30
    run fish_offers "sigmund nosig -I "
    assert_line HUP
    refute_line RTMIN+3
}

@test "the additional tools complete their options, and the wrapped command after them" {
    for tool in nosig supervise unlinkwait; do
        run offers "sigmund $tool --vers"
        assert_output -- --version
    done
    [[ $(offers "sigmund supervise --j") == --json ]]
    mkdir -p "$BATS_TEST_TMPDIR/files/unlinked"
    for shell in bash zsh fish; do
        shown=(tab "$shell")
        [[ $shell == fish ]] && shown=(fish_offers)
        for line in "sigmund nosig -ea INT -b make -C /usr/local/shar" "sigmund nosig -vvIINT -- make -C /usr/local/shar" \
            "sigmund nosig --ignore HUP --null-io make -C /usr/local/shar" "sigmund nosig -fbd TERM -s make -C /usr/local/shar" \
            "sigmund supervise --json -- make -C /usr/local/shar"; do
            run "${shown[@]}" "$line"
            assert_output --partial "share/"
        done
        run "${shown[@]}" "sigmund unlinkwait $BATS_TEST_TMPDIR/files/unl"
        assert_output --partial "unlinked/"
        run "${shown[@]}" "sigmund nosig --show-s"
        assert_output --partial -- "--show-status"
        run "${shown[@]}" "sigmund supervise --js"
        assert_output --partial -- "--json"
        run "${shown[@]}" "sigmund unlinkw"
        assert_output --partial "unlinkwait"
    done
}
