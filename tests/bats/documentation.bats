#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Manual pages and examples: the program does what they say.
# This file runs once, since pages and examples do not depend on the user.
load sigmund

setup() {
    sigmund_setup
    source=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    export PATH=${SIGMUND%/*}:$PATH
    cd "$BATS_TEST_TMPDIR"
}
teardown() { sigmund_teardown; }

@test "The manual pages contain the verbs and options of the table, and pass their linter" {
    run "$source/scripts/gen-man" --check "$SIGMUND"
    assert_success
    for page in "$source"/man/*.[157]; do
        run mandoc -T lint -W warning "$page"
        assert_success
    done
}

@test "The help of every verb fits into 80 columns" {
    while IFS=$'\t' read -r kind verb _; do
        [[ $kind == verb ]] || continue
        run sigmund help "$verb"
        assert_success
        assert_output --regexp "(usage: sigmund|Usage:) $verb" # the additional tools are shown by their own names
        [[ $(awk 'length > 80' <<<"$output") == "" ]] || fail "$verb: $(awk 'length > 80' <<<"$output")"
        run sigmund "$verb" --help
        assert_success
    done < <(sigmund help --porcelain)
    run sigmund --help
    [[ $(awk 'length > 80' <<<"$output") == "" ]] || fail "$(awk 'length > 80' <<<"$output")"
}

@test "The example of a stack works as printed, in the manual, and is the same in the guide" {
    example() { # prints the first TOML example of the page or the guide, without indentation
        case $1 in
            *.7) mandoc -T ascii -O width=100 "$1" | col -bx | sed -n '/^EXAMPLES/,/^ *Use it:/p' | sed -n 's/^ \{11\}//p; /^$/p' ;;
            *) sed -n '/^```toml/,/^```$/p; /^```$/q' "$1" | sed '/^```/d' ;;
        esac | sed -n '/^\[run/,$p'
    }
    example "$source/man/sigmund-stack.7" | sed '/^$/d' >manual.toml
    example "$source/docs/stack.md" | sed '/^$/d' >guide.toml
    run diff manual.toml guide.toml
    assert_success
    free_port port
    free_port other_port
    sed "s/6390/$port/g; s/8390/$other_port/g" guide.toml >sigmund.toml
    run sigmund up
    assert_success
    for name in db web worker; do [[ $(field "$name" state) == running ]] || fail "$name"; done
    [[ $(field migrate result) == exit=0 && $(redis-cli -p "$port" get schema) == 3 ]]
    redis-cli -p "$port" rpush jobs hello
    wait_until 20 grep -q hello "$(field worker log)"
    run sigmund up monitor
    assert_success
    run sigmund restart web
    assert_success
    run sigmund down front
    assert_success
    [[ $(sigmund list --live --porcelain --columns name | sort | paste -sd' ') == "db monitor worker" ]]
    run sigmund down
    assert_success
    [[ -z $(sigmund list --live --porcelain) ]]
}

@test "The example of two worktrees with ports works as printed in the guide" {
    free_port port
    mkdir shop && cd shop
    git init -q . && git config user.email a@b && git config user.name a
    sed -n '/^## Two worktrees/,/^    \$/p' "$source/docs/stack.md" | sed -n '/^```toml/,/^```$/p' | sed "/^\`\`\`/d; s/8390/$port/" >sigmund.toml
    git add . && git commit -qm x && git worktree add -q ../shop-fix
    sigmund up -q
    cd ../shop-fix
    sigmund up -q
    eval "$(sigmund env)"
    [[ $WEB_PORT == "$(sigmund port web)" && $WEB_PORT != "$port" && $DB_PORT != "$WEB_PORT" ]]
    curl -fs "http://127.0.0.1:$WEB_PORT/" >/dev/null
    sigmund down -q
    cd ../shop
    [[ $(sigmund port web) == "$port" ]]
    curl -fs "http://127.0.0.1:$port/" >/dev/null
    [[ $(sigmund list --live --porcelain --columns name | sort | paste -sd' ') == "db web" ]]
    sigmund down -q
    [[ -z $(sigmund list --live --porcelain) ]]
}

@test "The examples for CI work as printed" {
    free_port port
    free_port other_port
    # The ports are changed, so that they meet nothing else on this machine. All else is as on the page.
    steps() { # prints the example under this heading, one command per line
        mandoc -T ascii -O width=100 "$source/man/sigmund-ci.7" | col -bx |
            awk -v head="   $1" '$0 == head {on = 1; next} /^   [^ ]/ || /^SEE/ {on = 0} on' |
            sed "s/6379/$port/g; s/8000/$other_port/g; s/redis-server --save/redis-server --port $port --save/; s/redis-cli /redis-cli -p $port /"
    }
    mapfile -t github < <(steps "GitHub Actions" | sed -n 's/^ *- run: //p; s/^ *\(sigmund explain.*\)/\1/p; s/^ *\(sigmund stop.*\)/\1/p')
    ((${#github[@]} >= 5))
    for command in "${github[@]}"; do
        run env GITHUB_ACTIONS=true CI=true bash -c "$command"
        assert_success
    done
    mapfile -t gitlab < <(steps "GitLab CI" | sed -n 's/^ *- \(sigmund.*\)/\1/p')
    ((${#gitlab[@]} == 4))
    for command in "${gitlab[@]}"; do
        run env GITLAB_CI=true CI=true bash -c "$command"
        assert_success
    done
    mapfile -t jenkins < <(steps "Jenkins" | sed -n "s/^ *sh [\"'’]\(sigmund.*\)[\"'’]$/\1/p")
    ((${#jenkins[@]} == 3))
    for command in "${jenkins[@]}"; do
        run env JENKINS_URL=x bash -c "${command//[‘’]/\'}"
        assert_success
    done
}

# examples FILE: executes the examples of a guide, each in a home folder of its own, with free ports.
examples() {
    local port ports=()
    for number in 6390 8137; do
        free_port port
        ports+=("$number=$port")
    done
    scratch_folder
    run python3 -B "$BATS_TEST_DIRNAME/documentation.py" "$source/$1" "$scratch/homes" "${ports[@]}"
    assert_success
}

@test "The examples of README.md work as printed" { examples README.md; }
@test "The examples of the guide about shells work as printed" { examples docs/shells.md; }
@test "The examples of the guide about terminals work as printed" { examples docs/terminals.md; }
@test "The examples of the guide about CI work as printed" { examples docs/ci.md; }
@test "The examples of the guide about problems work as printed" { examples docs/troubleshooting.md; }

@test "An example that does not do what its comment says is a failure" {
    for line in 'true  # exits with 3' 'echo a  # prints b' 'false' 'sh -c "exit 4"  # exits with 0'; do
        printf '%s\n' '# Title' '```sh' "$line" '```' >guide.md
        run python3 -B "$BATS_TEST_DIRNAME/documentation.py" guide.md "$BATS_TEST_TMPDIR/homes.$RANDOM$RANDOM"
        assert_failure
    done
}

@test "README and the guides link only to files that exist, and name only options that exist" {
    sigmund help --porcelain >table
    for guide in "$source"/README.md "$source"/docs/*.md; do
        while IFS= read -r link; do
            [[ $link == http* || -e ${guide%/*}/${link%%#*} ]] || fail "$guide: there is no $link"
        done < <(grep -oP '\]\(\K[^)#][^)]*|(src|srcset)="\K[^"]+' "$guide")
        while read -r option; do
            grep -qP "\t$option\t" table || fail "$guide: there is no option $option"
        done < <(grep -oP '^(\$ )?sigmund \K.*' "$guide" | sed 's/  #.*//; s/ -- .*//' |
            sed -E "s/(redis-server|redis-cli|python3|sh -c|docker|npm|fish|nginx|node) .*//" | grep -oP '(?<=[ ])--[a-z]+[a-z-]*')
    done
}
