# shellcheck shell=bash disable=SC2154 # `scratch` is set by sigmund.bash
# SPDX-License-Identifier: Apache-2.0
# The tests of --watch share a run that prints its changes, and checks of what it was told.

watch_setup() {
    sigmund_setup
    scratch_folder
    cd "$scratch" || return
}

restarts_are() { [[ $(field "$1" restarts) == "$2" ]]; }
# Prints the changes that the newest life was told, as SIGMUND_CHANGES has them.
last_told() { sigmund dump "$1" | tac | sed '/^told:/q' | tac | sed 's/^told: //'; }
# told RUN TEXT [-x]: the newest life was told this text. With -x it must be a whole line.
told() { last_told "$1" | grep -qF "${@:3}" -- "$2"; }
# shellcheck disable=SC2016 # the command's own shell expands it
show_changes='printf "told: %s\n" "$SIGMUND_CHANGES"'

# started OPTIONS...: starts a command that prints its changes and ends. `id` is its run.
started() {
    id=$(sigmund -q --debounce 20ms "$@" sh -c "$show_changes")
    wait_until 10 state_is "$id" watching
    lives=0
}
# changes KIND PATH: one more life begins, and it was told this change.
changes() {
    local path=$2
    [[ $path == /* ]] || path=$scratch/$path
    wait_until 10 told "$id" "$1"$'\t'"$path" -x || {
        sigmund dump "$id"
        return 1
    }
}
# nothing_counts FOLDER: nothing that was done until now counted, since only the next change is reported.
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
