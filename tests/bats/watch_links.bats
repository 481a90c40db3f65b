#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# --watch: links that get another target, as in deployments and ConfigMaps.
load sigmund
load watch

setup() { watch_setup; }
teardown() { sigmund_teardown; }

@test "A link that is pointed elsewhere, as at a deployment, is a change" {
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
    echo 1 >releases/1/sub/f # it belongs to no watched path any more
    echo 2 >releases/2/g
    changes create "$scratch/current/g"
    [[ $(last_told "$id" | wc -l) == 1 ]]
    rm current
    changes delete "$scratch/current"
    ln -s releases/1 current
    changes create "$scratch/current"
}

@test "The swap of a ConfigMap is a change of the file that is watched" {
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

@test "The swap of a ConfigMap is a change of the folder where it is mounted, also with --watch-poll" {
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

@test "A loop of links is refused, and links below a watched folder are not followed" {
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
