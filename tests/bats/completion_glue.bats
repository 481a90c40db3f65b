#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The shell files: words that the shell cuts, cursors inside words, other names of the program, other programs of its
# name.
load sigmund
setup() {
    sigmund_setup
    SIGMUND_SOURCE=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    export SIGMUND_SOURCE
}
teardown() { sigmund_teardown; }

tab() { timeout $((30 * slowness)) python3 "$BATS_TEST_DIRNAME/complete.py" "$@"; }

fish_offers() {
    PATH=${SIGMUND%/*}:$PATH timeout $((20 * slowness)) fish --no-config -c "source '$SIGMUND_SOURCE/shell/fish/sigmund.fish'; ${2-}; complete -C '$1'"
}

@test "bash: the intended word is inserted, whatever COMP_WORDBREAKS contains" {
    sigmund -q -n web -t db sleep 300
    for breaks in '${COMP_WORDBREAKS//[=:]/}' '${COMP_WORDBREAKS},-' '${COMP_WORDBREAKS//@}' '" "' '${COMP_WORDBREAKS}/'; do
        export SETUP="COMP_WORDBREAKS=$breaks"
        for want in 'list --state=running,pa|list --state=running,paused' 'stop tag=d|stop tag=db ' 'stop @he|stop @here ' \
            '--ready=tc|--ready=tcp:' '--log=/usr/local/shar|--log=/usr/local/share/' 'list --sta|list --state '; do
            run tab bash "sigmund ${want%|*}"
            [[ $output == *"sigmund ${want#*|}"* ]] || fail "$breaks: $want: $output"
        done
    done
    SETUP="shopt -u hostcomplete" run tab bash "sigmund stop @he"
    assert_output --partial "stop @here "
    SETUP="unset COMP_WORDBREAKS" run tab bash "sigmund list --state=sta"
    assert_output --partial " --state=sta"
    refute_output --partial "--state=--state"
}

@test "a path with blanks is quoted, whatever is before it in its word" {
    mkdir "$BATS_TEST_TMPDIR/with blank"
    for breaks in '$COMP_WORDBREAKS' '${COMP_WORDBREAKS//=}'; do
        for option in -C -qC '-C ' --cwd= '--log='; do
            SETUP="COMP_WORDBREAKS=$breaks" run tab bash "sigmund $option$BATS_TEST_TMPDIR/wi"
            assert_output --partial "sigmund $option$BATS_TEST_TMPDIR/with\ blank/"
        done
    done
    run tab bash "sigmund \"-C$BATS_TEST_TMPDIR/wi"
    assert_output --partial "\"-C$BATS_TEST_TMPDIR/with blank/"
    for shell in zsh fish; do
        for option in -C '-C ' --cwd= '--log='; do
            run tab "$shell" "sigmund $option$BATS_TEST_TMPDIR/wi"
            assert_output --partial "$option$BATS_TEST_TMPDIR/with\ blank/"
        done
    done
}

@test "bash: a readonly variable of the user causes no message in the line" {
    SETUP="readonly IFS words=x line=x" run tab bash "sigmund sto"
    refute_output --partial readonly
}

@test "the word left of the cursor is completed, and the text right of it is kept" {
    sigmund -q -n web sleep 300
    left=$'\e[D'
    run tab bash "sigmund stop we.x$left$left"
    assert_output --partial "stop we.xb.x" # the terminal draws the text right of the cursor again
    run tab bash "sigmund list --st running${left}$left$left$left$left$left$left$left"
    assert_output --partial "ate"
    run tab zsh "sigmund list --orph web$left$left$left$left"
    assert_output --partial -- "--orph webaned  web"
}

@test "words right of the cursor are not offered again" {
    sigmund -q -n web -t db sleep 300
    sigmund -q -n wide sleep 300
    left=$'\e[D'
    for shell in bash zsh; do
        run tab "$shell" "sigmund stop w web$left$left$left$left"
        assert_output --regexp "stop w webide +web"
        run tab "$shell" "sigmund stop tag= wide$left$left$left$left$left"
        assert_output --regexp "tag= widedb +wide"
    done
}

@test "bash: while the candidates are cycled through, only they are inserted" {
    sigmund -q -n web sleep 300
    sigmund -q -n other sleep 300
    SETUP="bind 'TAB:menu-complete'" run tab bash "sigmund stop "
    refute_output --partial "running"
}

@test "an alias, a link with another name, and nosig under its own name are completed" {
    SETUP="complete -F _sigmund sm" run tab bash "sm list --orph"
    assert_output --partial "sm list --orphaned "
    SETUP="alias sm=sigmund" run tab zsh "sm list --orph"
    assert_output --partial "sm list --orphaned "
    run fish_offers "sm list --orph" "alias sm=sigmund"
    assert_output --partial -- "--orphaned"
    for shell in bash zsh; do
        run tab "$shell" "nosig --ignore-all-s"
        assert_output --partial "nosig --ignore-all-std "
        run tab "$shell" "nosig -I HUP make -C /usr/local/shar"
        assert_output --partial "share/"
    done
    run fish_offers "nosig --ignore-all-s"
    assert_output --partial -- "--ignore-all-std"
}

@test "each stage of a pipe completes itself, in each shell" {
    for shell in bash zsh; do
        run tab "$shell" "sigmund pipe -- cat '|' make -C /usr/local/shar"
        assert_output --partial "share/"
    done
    run fish_offers 'sigmund pipe -- cat "|" make -C /usr/local/shar'
    assert_output /usr/local/share/
}

@test "with an older sigmund, or another program of its name, nothing is offered, printed or started" {
    mkdir "$BATS_TEST_TMPDIR/bin"
    for body in 'echo "$0: unknown option" >&2; exit 1' 'printf "what\n\tever\n"' 'kill -SEGV $$' 'exit 0'; do
        printf '#!/bin/sh\n%s\n' "$body" >"$BATS_TEST_TMPDIR/bin/sigmund"
        chmod +x "$BATS_TEST_TMPDIR/bin/sigmund"
        run env PATH="$BATS_TEST_TMPDIR/bin:$PATH" bash --norc "$BATS_TEST_DIRNAME/complete.bash" "sigmund stop "
        refute_output
        run env PATH="$BATS_TEST_TMPDIR/bin:$PATH" fish --no-config -c \
            "source '$SIGMUND_SOURCE/shell/fish/sigmund.fish'; complete -C 'sigmund stop '"
        refute_output
    done
    for shell in bash zsh; do
        SIGMUND=$BATS_TEST_TMPDIR/bin/sigmund run tab "$shell" "sigmund sto"
        refute_output --partial "rror"
    done
}
