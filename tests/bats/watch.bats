# SPDX-License-Identifier: Apache-2.0
# --watch: what counts as a change, links that point elsewhere, the limits of inotify, and looking again.
load sigmund

setup() {
    sigmund_setup
    scratch=$(mktemp -d /tmp/sgw.XXXXXX)
    cd "$scratch" || return
}
teardown() {
    cd / || return
    chmod -R u+rwX "$scratch" 2>/dev/null || true
    rm -rf "$scratch"
    sigmund_teardown
}

restarts_are() { [[ $(field "$1" restarts) == "$2" ]]; }
# The changes that the newest life was told of, as SIGMUND_CHANGES has them.
last_told() { sigmund dump "$1" | tac | sed '/^told:/q' | tac | sed 's/^told: //'; }
# told RUN TEXT [-x]: -x, a whole line of it.
told() { last_told "$1" | grep -qF "${@:3}" -- "$2"; }
# shellcheck disable=SC2016 # the command's own shell expands it
show_changes='printf "told: %s\n" "$SIGMUND_CHANGES"'

# started OPTIONS...: a command that shows what it was told and ends; `id` is its run.
started() {
    id=$(sigmund -q --debounce 20ms "$@" sh -c "$show_changes")
    wait_until 10 state_is "$id" watching
    lives=0
}
# changes KIND PATH: one more life, which was told of this.
changes() {
    local path=$2
    [[ $path == /* ]] || path=$scratch/$path
    wait_until 10 told "$id" "$1"$'\t'"$path" -x || {
        sigmund dump "$id"
        return 1
    }
}
# nothing_counts FOLDER: what was done until now did not count, since only the next change is told.
nothing_counts() {
    local before
    before=$(field "$id" restarts)
    lives=$((lives + 1))
    echo "$lives" >"$1/visible.$lives"
    wait_until 10 told "$id" "visible.$lives"
    [[ $(last_told "$id" | wc -l) == 1 ]] || {
        last_told "$id"
        return 1
    }
    [[ $(field "$id" restarts) == $((before + 1)) ]]
}

@test "watch: hidden folders, node_modules and what .gitignore names are skipped" {
    mkdir -p src/.git src/node_modules/x src/build src/sub/out
    printf 'build/\n*.log\n!keep.log\n/only-here\n' >src/.gitignore
    echo 'out/**' >src/sub/.gitignore
    started --watch src
    touch src/.git/index src/node_modules/x/y src/build/z src/a.log src/.hidden src/only-here src/sub/out/o \
        src/main.c~ src/4913
    nothing_counts src
    echo 1 >src/keep.log
    changes create src/keep.log
    wait_until 10 state_is "$id" watching
    echo 1 >src/sub/only-here
    changes create src/sub/only-here
}

@test "watch: a changed .gitignore counts from then on" {
    mkdir -p src/out
    started --watch src
    echo 1 >src/out/a
    changes create src/out/a
    wait_until 10 state_is "$id" watching
    echo out/ >src/.gitignore
    echo 2 >src/out/b
    nothing_counts src
    : >src/.gitignore
    nothing_counts src
    echo 3 >src/out/c
    changes create src/out/c
}

@test "watch: a .gitignore that changes together with other files hides no change of them" {
    mkdir -p src/old src/out src/named
    echo 1 >src/old/b
    started --watch src --watch src/named
    # As a checkout does it: the guardian is told of all of it at once.
    guardian=$(field "$id" guardian.pid)
    kill -STOP "$guardian"
    printf 'out/\nnamed/\n' >src/.gitignore
    mkdir src/new
    echo 1 >src/new/a
    echo 2 >src/old/b
    echo 3 >src/main.c
    echo 4 >src/out/c
    kill -CONT "$guardian"
    changes create src/new/a
    told "$id" "modify"$'\t'"$scratch/src/old/b" -x
    told "$id" "create"$'\t'"$scratch/src/main.c" -x
    run ! told "$id" src/out
    wait_until 10 state_is "$id" watching
    echo 5 >src/out/c
    nothing_counts src
    echo 6 >src/named/d
    changes create src/named/d
}

@test "watch: --watch-all watches everything, and what is named is watched whatever it is" {
    mkdir -p src/.cache src/build/deep
    echo 'build/' >src/.gitignore
    started --watch src --watch-all
    echo 1 >src/.cache/x
    changes create src/.cache/x
    sigmund stop -q "$id"
    touch .env
    started --watch src --watch .env --watch src/build
    echo 1 >.env
    changes modify "$scratch/.env"
    wait_until 10 state_is "$id" watching
    echo 1 >src/build/deep/x
    changes create src/build/deep/x
}

@test "watch: the rules above the named folder count, up to the repository's top" {
    mkdir -p repo/sub repo/logs
    git init -q repo
    printf '*.o\nlogs/*\n' >repo/.gitignore
    echo '*.c' >.gitignore # outside of the repository
    started --watch repo/sub
    touch repo/sub/x.o
    nothing_counts repo/sub
    touch repo/sub/x.c
    changes create repo/sub/x.c
    sigmund stop -q "$id"
    # All that is in it is ignored: who names it means just that.
    started --watch repo/logs
    touch repo/logs/today
    changes create repo/logs/today
}

@test "watch: ignores what git ignores" {
    git init -q repo
    mkdir -p repo/{a/b/c,build,x/build,docs/api,'sp ace'}
    cat >repo/.gitignore <<'RULES'
# comment
*.o
!keep.o
/top
build/
docs/**/gen
a/b/
!a/b/c
foo**bar
[a-c]?[[:digit:]]
\#hash
trailing\ 
sp?ace/x
x*/y
RULES
    printf '*\n!wanted\n' >repo/docs/.gitignore
    local files=(m.o a/keep.o top a/top build/f x/build/f docs/api/gen docs/wanted docs/api/wanted a/b/c/f
        fooxbar foo/x/bar ab1 bz9 dz9 '#hash' 'trailing ' 'sp ace/x' x/y xx.c)
    (
        cd repo
        mkdir -p foo/x
        for file in "${files[@]}"; do [[ ! -e $file ]] && : >"$file"; done
        true
    )
    started --watch repo
    for file in "${files[@]}"; do echo 1 >>"repo/$file"; done
    echo end >repo/end
    wait_until 10 told "$id" repo/end
    local everything
    everything=$(sigmund dump "$id")
    for file in "${files[@]}"; do
        if git -C repo check-ignore -q "$file"; then
            refute_regex "$everything" "repo/$(printf %q "$file" | sed 's/\\//g')"$'(\n|$)'
        else
            assert_regex "$everything" "modify.$scratch/repo/$file"
        fi
    done
}

@test "watch: --watch-exclude takes folders and patterns; --watch-ext still filters" {
    mkdir -p 'w[1]/src/out' 'w[1]/src/tmp' 'w[1]/src/deep/gen'
    cd 'w[1]'
    started --watch src --watch-exclude out --watch-exclude 'tmp/' --watch-exclude '*.bak' \
        --watch-exclude 'src/**/gen' --watch-exclude src/one
    touch src/out/x src/tmp/x src/a.bak src/deep/gen/x src/one
    nothing_counts src
    touch src/deep/one
    changes create "$PWD/src/deep/one"
}

@test "watch: a link that is pointed elsewhere is a change, as at a deploy" {
    mkdir -p releases/1/sub releases/2/sub
    ln -s releases/1 current
    started --watch current --watch current/sub
    ln -s releases/2 next
    mv -T next current
    changes modify "$scratch/current"
    wait_until 10 state_is "$id" watching
    echo 1 >releases/2/sub/f
    changes create "$scratch/current/sub/f"
    wait_until 10 state_is "$id" watching
    echo 1 >releases/1/sub/f # nobody's any more
    echo 2 >releases/2/g
    changes create "$scratch/current/g"
    [[ $(last_told "$id" | wc -l) == 1 ]]
    rm current
    changes delete "$scratch/current"
    ln -s releases/1 current
    changes create "$scratch/current"
}

@test "watch: the swap of a ConfigMap is a change" {
    mkdir -p config/..2026_1
    echo 1 >config/..2026_1/app.yaml
    ln -s ..2026_1 config/..data
    ln -s ..data/app.yaml config/app.yaml
    started --watch config/app.yaml
    for i in 2 3; do
        mkdir "config/..2026_$i"
        echo "$i" >"config/..2026_$i/app.yaml"
        ln -s "..2026_$i" config/..data_tmp
        before=$(field "$id" restarts)
        mv -T config/..data_tmp config/..data
        rm -r "config/..2026_$((i - 1))"
        wait_until 10 restarts_are "$id" $((before + 1))
        changes modify "$scratch/config/app.yaml"
        wait_until 10 state_is "$id" watching
    done
}

@test "watch: the swap of a ConfigMap is a change of the folder that it is mounted at, also by looking" {
    mkdir -p config/..2026_1
    echo 1 >config/..2026_1/app.yaml
    ln -s ..2026_1 config/..data
    ln -s ..data/app.yaml config/app.yaml
    i=1
    for options in "" "--watch-ext .yaml" "--watch-poll 50ms"; do
        i=$((i + 1))
        # shellcheck disable=SC2086 # an option and its value
        started --watch config $options
        mkdir "config/..2026_$i"
        echo "$i" >"config/..2026_$i/app.yaml"
        ln -s "..2026_$i" config/..data_tmp
        mv -T config/..data_tmp config/..data
        rm -r "config/..2026_$((i - 1))"
        wait_until 10 told "$id" "$scratch/config/..data"
        [[ $(last_told "$id" | wc -l) == 1 ]]
        sigmund stop "$id"
    done
}

@test "watch: a loop of links is refused; links below a watched folder are not followed" {
    ln -s b a
    ln -s a b
    run sigmund --watch a true
    assert_failure 125
    assert_output --partial "$scratch/a"
    mkdir -p src elsewhere
    ln -s ../src src/self
    ln -s ../elsewhere src/out
    started --watch src
    touch elsewhere/x
    nothing_counts src
}

@test "watch: editors' saves, folders moved away and back, removed and made again" {
    mkdir -p src/in
    echo 1 >src/a.c
    started --watch src
    echo 2 >src/.a.c.tmp
    mv src/.a.c.tmp src/a.c
    changes moved-to src/a.c
    [[ $(last_told "$id" | wc -l) == 1 ]]
    wait_until 10 state_is "$id" watching
    mv src away
    changes delete "$scratch/src"
    mv away src
    changes create "$scratch/src"
    wait_until 10 state_is "$id" watching
    echo 3 >src/in/b
    changes create src/in/b
    rm -r src
    changes delete "$scratch/src"
    mkdir -p src/in
    wait_until 10 told "$id" "$scratch/src"
    wait_until 10 state_is "$id" watching
    echo 4 >src/in/c
    changes create src/in/c
    # A folder above it is moved, which it is not told of itself.
    sigmund stop -q "$id"
    mkdir -p top/mid/leaf
    started --watch top/mid/leaf
    mv top/mid top/other
    changes delete top/mid/leaf
    mkdir -p top/mid/leaf
    changes create top/mid/leaf
    wait_until 10 state_is "$id" watching
    echo 1 >top/mid/leaf/x
    changes create top/mid/leaf/x
}

@test "watch: a folder that cannot be read is named in the log, and watched once it can be" {
    cat >play <<'PLAY'
cd "$1"
export HOME=$PWD SIGMUND_STATE_DIR=$PWD/store
trap '"$SIGMUND" kill -q @all' EXIT
mkdir -p src/open src/shut
chmod 000 src/shut
id=$("$SIGMUND" -q --debounce 20ms --watch src sh -c 'echo "told: $SIGMUND_CHANGED"')
until "$SIGMUND" list --porcelain --state watching | grep -q "$id"; do sleep 0.05; done
[[ $("$SIGMUND" dump "$id" | grep -c "cannot watch $PWD/src/shut: Permission denied") == 1 ]]
echo 1 >src/open/x
until "$SIGMUND" dump "$id" | grep -q src/open/x; do sleep 0.05; done
chmod 755 src/shut
until "$SIGMUND" dump "$id" | grep -q src/shut/x; do
    echo 1 >>src/shut/x
    sleep 0.05
done
[[ $("$SIGMUND" dump "$id" | grep -c "cannot watch") == 1 ]]
"$SIGMUND" stop -q "$id"
# What is named itself must be readable.
chmod 000 src/shut
! "$SIGMUND" --watch src/shut true 2>refused
grep -q "$PWD/src/shut" refused
PLAY
    # Root reads everything, so an ordinary user tries it.
    mkdir place
    chmod 755 .
    local as=()
    if ((EUID == 0)); then
        chown nobody place
        as=(runuser -u nobody --)
    fi
    run timeout 60 "${as[@]}" env SIGMUND="$SIGMUND" bash -e "$scratch/play" "$scratch/place"
    assert_success
}

@test "watch: --watch-signal sends a signal instead, and starts a command that has ended" {
    mkdir src
    id=$(sigmund -q --debounce 20ms --watch src --watch-signal USR1 sh -c '
        trap "echo got; test -e src/end && exit 0" USR1
        echo began
        while :; do sleep 0.05; done')
    wait_until 10 log_has "$id" began
    echo 1 >src/a
    wait_until 10 log_has "$id" got
    restarts_are "$id" 0
    echo 1 >src/end
    wait_until 10 state_is "$id" watching
    rm src/end
    wait_until 10 restarts_are "$id" 1
    run sigmund --watch src --watch-signal KILL true
    assert_failure 1
    assert_output --partial "hint:"
}

@test "signal, pause and resume say that nothing runs which could be signalled or paused" {
    mkdir src
    started --watch src
    for verb in "signal USR1" pause resume; do
        # shellcheck disable=SC2086 # a verb and its word
        run sigmund $verb "$id"
        assert_failure 1
        assert_output --partial "no process of it"
        state_is "$id" watching
    done
    run sigmund explain "$id"
    assert_output --partial "it starts again when something changes that --watch names"
}

@test "watch: again repeats its options; events and list know the state and the changes" {
    mkdir -p src/.hidden
    id=$(sigmund -q --debounce 20ms --watch src --watch-all --watch-exclude '*.o' --watch-poll 60ms --watch-signal HUP true)
    wait_until 10 state_is "$id" watching
    [[ $(sigmund list --porcelain --state watching | cut -f1,2) == "$id"$'\t'watching ]]
    run sigmund show "$id"
    assert_output --partial "at the next change"
    sigmund events "$id" >events.jsonl &
    OWN_PIDS+=($!)
    wait_until 10 test -s events.jsonl
    printf x >"src/.hidden/a b
c"
    seen() { jq -se --arg path "$scratch/src/.hidden/a b
c" 'any(.[]; .changes != null and any(.changes[]; .kind == "create" and .path == $path))' events.jsonl >/dev/null; }
    wait_until 10 seen
    sigmund stop -q "$id"
    other=$(sigmund again -q "$id")
    [[ $other =~ ^[0-9a-f]+$ ]] || other=$(sigmund list --porcelain --live | cut -f1)
    run sigmund show "$other" --json
    run cat "$SIGMUND_STATE_DIR/$other.json"
    for word in '"watch_all":true' '"watch_poll_ms":60' '"watch_signal":"SIGHUP"' '"*.o"'; do assert_output --partial "$word"; done
}

@test "watch: --watch-poll sees what is written, made, moved and removed" {
    mkdir -p src/sub
    echo 1 >src/sub/a
    touch file
    started --watch src --watch file --watch-poll 50ms
    echo 22 >src/sub/a
    changes modify src/sub/a
    wait_until 10 state_is "$id" watching
    mkdir -p src/new/deep
    echo 1 >src/new/deep/b
    wait_until 10 told "$id" src/new/deep/b
    mv src/new src/moved
    wait_until 10 told "$id" src/moved/deep/b
    echo 333 >file
    changes modify "$scratch/file"
    wait_until 10 state_is "$id" watching
    rm -r src/moved
    wait_until 10 told "$id" $'delete\t'"$scratch/src/moved/deep/b"
    mv src away
    changes delete "$scratch/src"
    mkdir src
    changes create "$scratch/src"
    rm file
    changes delete "$scratch/file"
}

@test "watch: names with newlines and bytes that are no text are escaped in SIGMUND_CHANGES" {
    mkdir src
    id=$(sigmund -q --debounce 20ms --watch src -- python3 -c '
import os
print(os.environb.get(b"SIGMUND_CHANGES"), os.environb.get(b"SIGMUND_CHANGED"))')
    wait_until 10 state_is "$id" watching
    python3 -c 'import os
os.close(os.open(b"src/a\nb\t\xff\\c", os.O_CREAT | os.O_WRONLY))'
    has() { grep -qF -- "$1" "$SIGMUND_STATE_DIR/$id.log"; }
    wait_until 10 has "create\\t$scratch/src/a"'\\nb\\t\\xff\\\\c'
    has "$scratch/src/a"'\nb\t\xff\\c'
}

@test "watch: ten thousand changed paths are cut at whole lines" {
    mkdir src
    id=$(sigmund -q --debounce 500ms --watch src sh -c 'printf "%s\n" "$SIGMUND_CHANGES" >told')
    wait_until 10 state_is "$id" watching
    python3 -c '
for i in range(6000): open("src/%05d" % i, "w").close()'
    cut() { [[ $(tail -n 1 told) == ... ]] && ! grep -v '^\.\.\.$' told | grep -qv "^create.$scratch/src/[0-9]*$"; }
    wait_until 20 cut
}

@test "watch: a command that writes into what it watches is told so once" {
    mkdir src
    id=$(sigmund -q --debounce 20ms --watch src sh -c 'date +%N >src/log')
    wait_until 20 log_has "$id" 'seems to write to the files that it watches'
    before=$(field "$id" restarts)
    further() { (($(field "$id" restarts) > before + 8)); }
    wait_until 20 further
    [[ $(sigmund dump "$id" | grep -c 'seems to write') == 1 ]]
    sigmund dump "$id" | grep -q "change of $scratch/src/log"
}

# limited SETTING VALUE FILE: the script with a lower limit of inotify, in a user namespace.
limited() {
    unshare --user --map-root-user true 2>/dev/null || {
        ((EUID != 0)) # that it may, root's turn shows
        return
    }
    run timeout 60 unshare --user --map-root-user bash -c 'echo "$2" >/proc/sys/user/$1 && exec bash -e "$3"' - "$@"
    echo "$output"
    [[ $status == 0 ]]
}

@test "watch: no inotify instance is left: the right limit is named, and changes are seen" {
    mkdir src
    cat >play <<'PLAY'
id=$("$SIGMUND" -q --debounce 20ms --watch src sh -c 'echo "$SIGMUND_CHANGED"')
"$SIGMUND" dump "$id"
until "$SIGMUND" list --porcelain --state watching | grep -q "$id"; do sleep 0.05; done
echo 1 >src/seen
until "$SIGMUND" dump "$id" | grep -q src/seen; do sleep 0.05; done
"$SIGMUND" dump "$id" | grep 'user.max_inotify_instances (0)'
"$SIGMUND" doctor | grep 'user.max_inotify_instances (0)'
"$SIGMUND" stop -q "$id"
PLAY
    limited max_inotify_instances 0 play
}

@test "tail, events, wait, ready probes and unlinkwait do without inotify" {
    cat >play <<'PLAY'
timeout 30 "$SIGMUND" events --no-follow >/dev/null
"$SIGMUND" events >events.jsonl 2>events.err &
events=$!
until [[ -s events.jsonl ]]; do sleep 0.05; done
id=$("$SIGMUND" -q --ready file:"$PWD/ready" --ready log:begun sh -c 'sleep 0.3; touch ready; echo begun; until test -e go; do sleep 0.05; done; echo last')
"$SIGMUND" tail "$id" >tailed &
tail=$!
until grep -q begun tailed; do sleep 0.05; done
touch go
wait "$tail"
grep -q last tailed
until grep -q '"state":"exited"' events.jsonl; do sleep 0.05; done
grep -q '"state":"starting"' events.jsonl
grep 'user.max_inotify_[a-z]* (0)' events.err
kill "$events"
touch linked
"$SIGMUND" unlinkwait linked &
waits=$!
sleep 0.2
kill -0 "$waits"
rm linked
wait "$waits"
mkdir folder
"$SIGMUND" unlinkwait folder &
waits=$!
sleep 0.2
rmdir folder
wait "$waits"
PLAY
    limited max_inotify_instances 0 play
    rm -f ready go tailed
    limited max_inotify_watches 0 play
}

@test "watch: the limit of watches is reached in the middle: it is named once, and the rest is looked at" {
    mkdir -p src/{a,b,c,d,e,f,g,h}/{1,2,3,4}
    cat >play <<'PLAY'
id=$("$SIGMUND" -q --debounce 20ms --watch src sh -c 'echo "told: $SIGMUND_CHANGED"')
until "$SIGMUND" list --porcelain --state watching | grep -q "$id"; do sleep 0.05; done
for folder in src/{a,b,c,d,e,f,g,h}/{1,2,3,4}; do
    echo 1 >"$folder/seen"
done
for folder in src/{a,b,c,d,e,f,g,h}/{1,2,3,4}; do
    until "$SIGMUND" dump "$id" | grep -q "$folder/seen"; do sleep 0.1; done
done
[[ $("$SIGMUND" dump "$id" | grep -c 'user.max_inotify_watches (20)') == 1 ]]
# A folder that comes later, too.
mkdir src/later
echo 1 >src/later/x
until "$SIGMUND" dump "$id" | grep -q src/later/x; do sleep 0.1; done
echo 2 >src/later/y
until "$SIGMUND" dump "$id" | grep -q src/later/y; do sleep 0.1; done
"$SIGMUND" stop -q "$id"
PLAY
    limited max_inotify_watches 20 play
}

@test "watch: a file that is mounted from elsewhere, as into a container" {
    mkdir -p etc host
    echo 1 >host/app.conf
    touch etc/app.conf
    cat >play <<'PLAY'
mount --bind host/app.conf etc/app.conf
id=$("$SIGMUND" -q --debounce 20ms --watch etc/app.conf sh -c 'echo "told: $SIGMUND_CHANGED"')
until "$SIGMUND" list --porcelain --state watching | grep -q "$id"; do sleep 0.05; done
echo 2 >host/app.conf
until "$SIGMUND" dump "$id" | grep -q etc/app.conf; do sleep 0.05; done
"$SIGMUND" stop -q "$id"
PLAY
    unshare --user --map-root-user --mount true 2>/dev/null || {
        ((EUID != 0))
        return
    }
    run timeout 60 unshare --user --map-root-user --mount --propagation private bash -e play
    assert_success
}

@test "watch: what is mounted over a watched folder is a change, and is watched" {
    mkdir -p src/in other/in
    cat >play <<'PLAY'
id=$("$SIGMUND" -q --debounce 20ms --watch src sh -c 'echo "told: $SIGMUND_CHANGED"')
until "$SIGMUND" list --porcelain --state watching | grep -q "$id"; do sleep 0.05; done
mount --bind other src
until "$SIGMUND" dump "$id" | grep -q "told: $PWD/src$"; do sleep 0.05; done
echo 1 >src/in/x
until "$SIGMUND" dump "$id" | grep -q src/in/x; do sleep 0.05; done
umount src
until [[ $("$SIGMUND" dump "$id" | grep -c "told: $PWD/src$") == 2 ]]; do sleep 0.05; done
mount -t tmpfs none src/in
until "$SIGMUND" dump "$id" | grep -q src/in/y; do
    echo 1 >>src/in/y
    sleep 0.05
done
"$SIGMUND" stop -q "$id"
PLAY
    unshare --user --map-root-user --mount true 2>/dev/null || {
        ((EUID != 0))
        return
    }
    run timeout 60 unshare --user --map-root-user --mount --propagation private bash -e play
    assert_success
}

@test "watch: a big tree is watched, lost and found without holding the guardian up" {
    python3 -c '
import os
for i in range(60):
    for j in range(50):
        os.makedirs(f"src/{i}/{j}")'
    started --watch src --debounce 100ms
    mv src/7 elsewhere
    changes moved-from src/7
    mv elsewhere src/back
    changes moved-to src/back/49
    wait_until 10 state_is "$id" watching
    echo 1 >src/back/49/x
    changes create src/back/49/x
    rm -r src
    wait_until 20 told "$id" $'delete\t'"$scratch/src" -x
    run timeout 10 "$SIGMUND" stop -q "$id"
    assert_success
}

@test "watch: folders that are made one in the other at once are found, however close together" {
    mkdir top
    started --watch "$scratch/top" --watch-all
    sigmund stop -q "$id"
    for _ in {1..12}; do
        mkdir -p top/a/b/c/d
        started --watch top/a/b/c/d
        rm -r top/a
        changes delete top/a/b/c/d
        mkdir -p top/a/b/c/d
        changes create top/a/b/c/d
        sigmund stop -q "$id"
        rm -r top/a
    done
}
