#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Names that belong to projects: two checkouts at once, submodules, worktrees inside others, and folders without a
# project. The projects are real ones of git.
load sigmund
load other_user

setup() {
    sigmund_setup
    scratch_folder
    scratch=$(realpath "$scratch")
    export HOME=$scratch/home GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
    export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@t GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@t
    mkdir "$HOME"
    a=$scratch/a b=$scratch/b
    git init -q "$a"
    git -C "$a" commit -q --allow-empty -m first
    git -C "$a" worktree add -q "$b"
    cd "$a" || return
}
teardown() { sigmund_teardown; }

# in_folder DIR COMMAND...
in_folder() (cd "$1" && shift && "$@")
live_ids() { sigmund list --live --porcelain --columns id | sort | tr '\n' ' '; }
# two_webs: a live run `web` in each checkout, in the variables one (of $a) and two (of $b).
two_webs() {
    one=$(sigmund -q -n web sleep 300)
    two=$(in_folder "$b" "$SIGMUND" -q -n web sleep 300)
}
project_of() { in_folder "$1" "$SIGMUND" run -q --json true | jq -r '"\(.data.project) \(.data.in_project)"'; }

@test "Two worktrees have a live run of the same name each, and no verb in one touches the other's" {
    two_webs
    [[ $one != "$two" && $(field "$one" project) == "$a" && $(field "$two" project) == "$b" ]]
    [[ $(field "$one" in_project) == true ]]
    run sigmund -q -n web true
    assert_failure 1
    assert_output --partial "name web is taken by $one"
    [[ $(field web id) == "$one" && $(in_folder "$b" "$SIGMUND" show --json web | jq -r '.data[0].id') == "$two" ]]

    sigmund restart web
    [[ $(field "$one" restarts) == 1 && $(field "$two" restarts) == 0 ]]
    sigmund rename web api
    [[ $(field "$one" name) == api && $(field "$two" name) == web ]]
    in_folder "$b" "$SIGMUND" rename web api
    [[ $(field "$two" name) == api ]]
    sigmund pause api
    state_is "$one" paused
    state_is "$two" running
    sigmund resume api
    new=$(sigmund -q -n api --replace sleep 301)
    [[ $(live_ids) == "$(printf '%s\n' "$new" "$two" | sort | tr '\n' ' ')" ]]
    run sigmund wait --timeout 0.2 api
    assert_failure 124

    sigmund stop -q api
    state_is "$two" running
    sigmund stop -q api # this project's newest finished run, which is over
    state_is "$two" running
    again=$(sigmund again -q api)
    [[ $(field "$again" project) == "$a" && $(field "$again" name) == api ]]
    state_is "$two" running
    sigmund stop -q @here
    [[ $(live_ids) == "$two " ]]
}

@test "Verbs that act or wait refuse a name of another project, and print the command for each of its runs" {
    one=$(sigmund -q -n web sleep 300)
    cd "$b"
    for words in "stop web" "kill web" "pause web" "resume web" "wait web" "restart web" "again web" "killcmd web" \
        "prune web" "events web"; do
        # shellcheck disable=SC2086 # these are words
        run sigmund $words
        assert_failure 5
        assert_output --regexp "web runs in ~?[^ ]*/a: sigmund ${words% *} $one$"
    done
    run sigmund signal HUP web
    assert_failure 5
    assert_output --partial "web runs in $a: sigmund signal HUP $one"
    run sigmund rename web api
    assert_failure 5
    assert_output --partial ": sigmund rename $one api"
    run sigmund tag web x
    assert_failure 5
    assert_output --partial ": sigmund tag $one x"
    run sigmund guard web -- true
    assert_failure 5
    assert_output --partial ": sigmund guard $one -- true"
    json_error not_found "$SIGMUND" stop --json web
    state_is "$one" running
    [[ $(field "$one" name) == web && $(field "$one" tags) == '[]' ]]
    # In the home folder paths are short, and several runs are all named.
    git init -q "$HOME/c"
    three=$(in_folder "$HOME/c" "$SIGMUND" -q -n web sleep 300)
    run sigmund stop web
    assert_failure 5
    assert_output --partial "in ~/c: sigmund stop $three"
    assert_output --partial "in $a: sigmund stop $one"
    run sigmund show web
    assert_failure 5
    assert_output --partial "sigmund show $one"
    # A run that is over elsewhere is not found.
    sigmund stop -q "$one" "$three"
    run sigmund show web
    assert_failure 5
    assert_output --partial "no run web"
}

@test "Verbs that read take the only live run of another project, and say so on stderr" {
    one=$(sigmund -q -n web sh -c 'echo hello; exec sleep 300')
    wait_until 5 log_has "$one" hello
    cd "$b"
    for words in "show web" "list web" "dump web" "logs web" "tail --no-follow web" "explain web" "tree web"; do
        # shellcheck disable=SC2086 # these are words
        run --separate-stderr sigmund $words
        assert_success
        # shellcheck disable=SC2154
        [[ $stderr == "sigmund: no run here is named web; this is $one, which runs in $a" ]]
        [[ -n $output ]]
    done
    # A run of this project comes first, also one that is over, and then one that belongs to none.
    shared=$(in_folder "$HOME" "$SIGMUND" -q -n web sleep 300)
    run --separate-stderr sigmund show --json web
    [[ -z $stderr && $(jq -r '.data[0].id' <<<"$output") == "$shared" ]]
    two=$(sigmund -q -n web true)
    wait_until 5 over "$two"
    [[ $(field web id) == "$two" ]]
    run sigmund stop web
    assert_success
    state_is "$shared" running
    state_is "$one" running
}

@test "Runs without a project share one scope, and every checkout can reach them" {
    mkdir -p "$HOME/x" "$HOME/y"
    one=$(in_folder "$HOME/x" "$SIGMUND" -q -n web sleep 300)
    [[ $(field "$one" in_project) == false && $(field "$one" project) == "$HOME/x" ]]
    run in_folder "$HOME/y" "$SIGMUND" -q -n web true
    assert_failure 1
    assert_output --partial "taken by $one"
    # Only the runs of this very folder are here.
    [[ $(in_folder "$HOME/y" "$SIGMUND" list @here) == "" && $(in_folder "$HOME/x" "$SIGMUND" list @here --porcelain --columns id) == "$one" ]]
    sigmund stop -q web
    state_is "$one" exited
}

@test "The project is the nearest sigmund.toml, else the top of the checkout; submodules are passed through" {
    mkdir -p "$a/sub/deep" "$HOME/none"
    [[ $(project_of "$a/sub/deep") == "$a true" ]]
    : >"$a/sub/sigmund.toml"
    [[ $(project_of "$a/sub/deep") == "$a/sub true" ]]
    rm "$a/sub/sigmund.toml"
    [[ $(project_of "$HOME/none") == "$HOME/none false" ]]
    git init -q "$scratch/library"
    git -C "$scratch/library" commit -q --allow-empty -m first
    git -C "$a" -c protocol.file.allow=always submodule --quiet add "$scratch/library" libs/one
    [[ -f $a/libs/one/.git ]]
    [[ $(project_of "$a/libs/one") == "$a true" ]]
    git -C "$a/libs/one" worktree add -q "$scratch/of_submodule"
    [[ $(project_of "$scratch/of_submodule") == "$scratch/of_submodule true" ]]
    git -C "$a" commit -q -m submodule
    git -C "$a" worktree add -q "$scratch/third"
    git -C "$scratch/third" -c protocol.file.allow=always submodule --quiet update --init
    [[ $(project_of "$scratch/third/libs/one") == "$scratch/third true" ]]
    # The real path counts.
    ln -s "$a" "$HOME/link"
    [[ $(project_of "$HOME/link/sub") == "$a true" ]]
}

@test "A worktree inside another checkout does not use its file, and says which file that is" {
    printf '[run.web]\ncommand = "exec sleep 300"\n' >sigmund.toml
    git worktree add -q inside
    one=$(sigmund up -q web)
    cd inside
    [[ $(project_of .) == "$a/inside true" ]]
    run --separate-stderr sigmund config
    assert_success
    refute_output --partial run.web
    assert_equal "$stderr" "sigmund: there is no sigmund.toml in $a/inside; $a/sigmund.toml belongs to another checkout, and is not used${stderr##*not used}"
    run sigmund up web
    assert_failure 5
    assert_output --partial "$a/sigmund.toml belongs to another checkout, and is not used"
    run sigmund stop web
    assert_failure 5
    state_is "$one" running
    cp ../sigmund.toml .
    two=$(sigmund up -q web)
    [[ $two != "$one" ]]
    run sigmund up web
    assert_success
    assert_output --partial "web: running ($two)"
    sigmund stop -q web
    state_is "$one" running
}

@test "The search ends at the home folder, whose own file counts" {
    printf '[run.above]\ncommand = "true"\n' >"$scratch/sigmund.toml"
    mkdir -p "$HOME/w/deep" "$scratch/outside"
    [[ $(project_of "$HOME/w/deep") == "$HOME/w/deep false" ]]
    run in_folder "$HOME/w" "$SIGMUND" up above
    assert_failure 5
    [[ $(project_of "$scratch/outside") == "$scratch true" ]]
    : >"$HOME/sigmund.toml"
    [[ $(project_of "$HOME/w/deep") == "$HOME true" ]]
    # The home folder may be named by a link.
    rm "$HOME/sigmund.toml"
    ln -s "$HOME" "$scratch/outside/me"
    HOME=$scratch/outside/me
    [[ $(project_of "$scratch/home/w") == "$scratch/home/w false" ]]
}

@test "The runs of a project that is gone are listed as such, and --project ends them" {
    two_webs
    keep=$(in_folder "$HOME" "$SIGMUND" -q -n web sleep 300)
    rm -rf "$b"
    run sigmund list
    assert_line --regexp "$two .* $b gone +sleep 300$"
    assert_line --regexp "$one .* $a +sleep 300$"
    run sigmund show "$two"
    assert_line --regexp "^folder: +$b gone$"
    run sigmund show "$(in_folder "$a" sh -c 'mkdir deep && cd deep && "$SIGMUND" -q sleep 300')"
    assert_line --regexp "^project: +$a$"
    sigmund stop -q @
    run sigmund stop --project "$b" web db
    assert_failure 5
    assert_output --partial "no run db"
    state_is "$two" exited
    three=$(in_folder "$scratch" "$SIGMUND" -q --cwd "$a" -n b sleep 300)
    sigmund stop --project "$b" @here
    sigmund stop --project "$scratch/never" @here
    [[ $(live_ids) == "$(printf '%s\n' "$one" "$keep" "$three" | sort | tr '\n' ' ')" ]]
    sigmund stop -q --project "$a/." @here
    [[ $(live_ids) == "$keep " ]]
    # Links, dots and relative paths are resolved as far as the folders exist.
    git init -q "$scratch/c"
    ln -s "$scratch" "$HOME/s"
    four=$(in_folder "$scratch/c" "$SIGMUND" -q sleep 300)
    rm -rf "$scratch/c"
    [[ $(in_folder "$HOME" "$SIGMUND" list --project ./../home/s/c/ --here --porcelain --columns id) == "$four" ]]
    sigmund stop -q --project "$HOME/s/c" @here
    [[ $(live_ids) == "$keep " ]]
}

@test "A run of an older version keeps its name, and a project does not start a second one beside it" {
    two_webs
    # The flag is taken from the record of the first run, and its name is locked as older versions lock it.
    older=$(in_folder "$HOME" "$SIGMUND" -q -n old sleep 300)
    sed -i "s|\"project\":\"$HOME\"|\"project\":\"$a\"|; s|,\"in_project\":false||" "$SIGMUND_STATE_DIR/$older.json"
    [[ $(field "$older" in_project) == false && $(field old id) == "$older" ]]
    run sigmund -q -n old true
    assert_failure 1
    assert_output --partial "name old is taken by $older"
    # In another project the name is free, and without a run of its own it means the older one there, too.
    [[ $(in_folder "$b" "$SIGMUND" show --json old | jq -r '.data[0].id') == "$older" ]]
    new=$(in_folder "$b" "$SIGMUND" -q -n old sleep 300)
    sigmund stop -q old
    state_is "$older" exited
    state_is "$new" running
}

@test "--replace ends the run of an older version that was started from this project" {
    older=$(in_folder "$HOME" "$SIGMUND" -q -n old sleep 300)
    sed -i "s|\"project\":\"$HOME\"|\"project\":\"$a\"|; s|,\"in_project\":false||" "$SIGMUND_STATE_DIR/$older.json"
    elsewhere=$(in_folder "$b" "$SIGMUND" -q -n old --replace sleep 300)
    state_is "$older" running
    new=$(sigmund -q -n old --replace sleep 300)
    state_is "$older" exited
    [[ $(live_ids) == "$(printf '%s\n' "$elsewhere" "$new" | sort | tr '\n' ' ')" ]]
}

@test "Of twenty starts with one name in each of two projects exactly one wins in each" {
    for _ in {1..20}; do
        "$SIGMUND" -q -n web sleep 300 >/dev/null 2>&1 &
        in_folder "$b" "$SIGMUND" -q -n web sleep 300 >/dev/null 2>&1 &
    done
    wait
    run sigmund list --live --porcelain --columns project
    assert_equal "$(sort <<<"$output")" "$a"$'\n'"$b"
    for _ in {1..10}; do
        "$SIGMUND" -q -n web --replace sleep 300 >/dev/null 2>&1 &
        in_folder "$b" "$SIGMUND" -q -n web --replace sleep 300 >/dev/null 2>&1 &
    done
    wait
    run sigmund list --live --porcelain --columns project
    assert_equal "$(sort <<<"$output")" "$a"$'\n'"$b"
    sigmund stop -q @all
    run ls -A "$SIGMUND_STATE_DIR/names"
    refute_output
}

@test "After its guardian was killed a run keeps its name in its project only" {
    two_webs
    kill -KILL "$(guardian_of "$one")"
    run sigmund -q -n web true
    assert_failure 1
    assert_output --partial "name web is taken by $one"
    in_folder "$b" "$SIGMUND" prune -q
    run sigmund -q -n web true
    assert_failure 1
    sigmund stop -q web
    state_is "$two" running
    new=$(sigmund -q -n web sleep 300)
    [[ $(field web id) == "$new" ]]
    sigmund kill -q web
    sigmund prune -q
    run ls -A "$SIGMUND_STATE_DIR/names"
    assert_output --regexp '^=[0-9a-f]{16}\.web$'
}

@test "Another project whose path has the same hash is refused, also with --replace" {
    two_webs
    sigmund stop -q web
    of_two=$(ls "$SIGMUND_STATE_DIR/names")
    : "$(sigmund -q -n other sleep 300)"
    name=$(find "$SIGMUND_STATE_DIR/names" -name '*.other' -printf '%f\n')
    ln "$SIGMUND_STATE_DIR/names/$of_two" "$SIGMUND_STATE_DIR/names/${name%.other}.web"
    for words in "" "--replace"; do
        run sigmund -q -n web $words sleep 300
        assert_failure 1
        assert_output --partial "name web is taken by $two"
        state_is "$two" running
    done
    run sigmund stop web
    assert_success
    state_is "$two" running
}

@test "Whatever lies in the place of a project's name is refused or passed over" {
    mkdir -p "$SIGMUND_STATE_DIR/names"
    first=$(sigmund -q -n web sleep 300)
    name=$(ls "$SIGMUND_STATE_DIR/names")
    sigmund stop -q "$first"
    for kind in folder fifo link socket; do
        case $kind in
            folder) mkdir "$SIGMUND_STATE_DIR/names/$name" ;;
            fifo) mkfifo "$SIGMUND_STATE_DIR/names/$name" ;;
            link) ln -s /etc/passwd "$SIGMUND_STATE_DIR/names/$name" ;;
            socket) python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$SIGMUND_STATE_DIR/names/$name" ;;
        esac
        run timeout $((20 * slowness)) "$SIGMUND" -q -n web sleep 300
        assert_failure
        [[ $(field web id) == "$first" ]]
        rm -rf "${SIGMUND_STATE_DIR:?}/names/$name"
    done
    for text in '' zzz "$first" aaaaaa; do
        printf %s "$text" >"$SIGMUND_STATE_DIR/names/$name"
        id=$(sigmund -q -n web sleep 300)
        [[ $(field web id) == "$id" ]]
        sigmund kill -q "$id"
    done
}

@test "Projects with hostile and very long paths are projects like others" {
    long=$scratch
    while ((${#long} < 3900)); do long+=/$(printf 'd%.0s' {1..150}); done
    for folder in "$scratch/"$'new\nline' "$scratch/"$'esc\e[31m' "$scratch/q'uo te" "$long"; do
        mkdir -p "$folder/.git"
        id=$(in_folder "$folder" "$SIGMUND" -q -n web sleep 300)
        [[ $(field "$id" project) == "$folder" && $(field "$id" in_project) == true ]]
        run sigmund stop web
        assert_failure 5
        refute_output --partial $'\e'
        [[ ${#lines[@]} == 1 && $output == *": sigmund stop $id" ]]
        rm -rf "$folder"
        run sigmund list
        refute_output --partial $'\e'
        run sigmund stop --project "$folder" web
        assert_success
        state_is "$id" exited
    done
}

@test "Completion offers the runs of this project first, and those of others by their ids, with their projects" {
    one=$(sigmund -q -n web sleep 300)
    two=$(in_folder "$b" "$SIGMUND" -q -n web sleep 300)
    api=$(in_folder "$b" "$SIGMUND" -q -n api sleep 300)
    offers() { sigmund completions --porcelain --word 2 -- sigmund "$1" '' | grep -E $'\t(name|id)$' | cut -f2,3; }
    run offers stop
    assert_line --index 0 --regexp "^web"$'\t'"running [0-9]+s sleep 300$"
    assert_line --index 2 --regexp "^$one"$'\t'"running [0-9]+s sleep 300$"
    assert_line --regexp "^$two"$'\t'"running [0-9]+s in $b: sleep 300$"
    assert_line --regexp "^$api"$'\t'"running [0-9]+s in $b: sleep 300$"
    # A name that only one run has is offered, with its project; the name of two is that of this project's run.
    assert_line --index 1 --regexp "^api"$'\t'"running [0-9]+s in $b: sleep 300$"
    [[ ${#lines[@]} == 5 ]]
    sigmund stop -q "$two"
    run offers show
    refute_line --regexp "^web"$'\t'".* in $b"
    run in_folder "$HOME" "$SIGMUND" completions --porcelain --word 2 -- sigmund stop w
    assert_line --regexp "^word"$'\t'"web"$'\t'"running [0-9]+s in $a: sleep 300"
}

@test "Hints name a run so that the command means it where the user stands" {
    one=$(sigmund -q -n web sleep 300)
    two=$(in_folder "$b" "$SIGMUND" -q -n web sleep 300)
    run sigmund stop
    assert_failure 5
    assert_output --partial "web"
    assert_output --partial "$two"
    run in_folder "$b" "$SIGMUND" -q -C "$a" -n web true
    assert_failure 1
    assert_output --partial "sigmund stop $one"
    run --separate-stderr sigmund tail --no-follow @all
    assert_success
    sigmund -q -n web --replace sh -c 'echo in a; exec sleep 300' >/dev/null
    in_folder "$b" "$SIGMUND" -q -n web --replace sh -c 'echo in b; exec sleep 300' >/dev/null
    both() { [[ $(sigmund tail --no-follow web "$(in_folder "$b" "$SIGMUND" show --json web | jq -r '.data[0].id')" | grep -c 'web (.*) | in [ab]$') == 2 ]]; }
    wait_until 5 both
}

@test "Another user's runs in the same project do not take its names" {
    cp "$SIGMUND" "$scratch/sigmund"
    chmod -R a+rX "$scratch"
    mine=$(sigmund -q -n web sleep 300)
    # A user who is not root runs both, and the name is taken.
    run as_user sh -c 'cd "$1" && "$2" -q -n web sleep 300 && "$2" stop web' - "$a" "$scratch/sigmund"
    ((status == (EUID == 0 ? 0 : 1)))
    state_is "$mine" running
}
