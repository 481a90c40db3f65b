#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# When inotify has no instance, no watch or no room left, the limit is named, and everything is polled instead.
load sigmund
load watch

setup() { watch_setup; }
teardown() { sigmund_teardown; }

@test "An overflowed queue counts as a change" {
    mkdir w
    id=$(sigmund -q --watch w true)
    wait_until 5 is "$id" state watching
    guardian=$(guardian_of "$id")
    kill -STOP "$guardian"
    python3 -c '
for i in range(9000):
    open(f"w/f{i % 50}", "w").close()'
    kill -CONT "$guardian"
    wait_until 10 restarted "$id" 1
}

# limited SETTING VALUE FILE: runs the script with a lower limit of inotify, in a user namespace.
limited() {
    unshare --user --map-root-user true 2>/dev/null || {
        ((EUID != 0)) # the pass as root shows that it may
        return
    }
    run timeout $((120 * slowness)) unshare --user --map-root-user bash -c 'echo "$2" >/proc/sys/user/$1 && exec bash -e "$3"' - "$@"
    echo "$output"
    [[ $status == 0 ]]
}

@test "Without an inotify instance the right limit is named, and changes are seen" {
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

@test "Tail, events, wait, ready probes and unlinkwait work without inotify" {
    cat >play <<'PLAY'
timeout $((120 * slowness)) "$SIGMUND" events --no-follow >/dev/null
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

@test "When the watches run out in the middle, the limit is named once and the other folders are polled" {
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
# This also works for a folder that is created later.
mkdir src/later
echo 1 >src/later/x
until "$SIGMUND" dump "$id" | grep -q src/later/x; do sleep 0.1; done
echo 2 >src/later/y
until "$SIGMUND" dump "$id" | grep -q src/later/y; do sleep 0.1; done
"$SIGMUND" stop -q "$id"
PLAY
    limited max_inotify_watches 20 play
}

@test "--watch-poll notices files that are written, made, moved and removed" {
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
