# shellcheck shell=bash disable=SC2154,SC2016,SC2034 # `scratch` is set by sigmund.bash; the tests read `status`
# SPDX-License-Identifier: Apache-2.0
# The tests of `up` and `down` share a project in the folder `project`, whose file they write, and a log in which its
# templates note when they start and when they are ready.

stack_setup() {
    sigmund_setup
    scratch_folder
    export HOME=$scratch/home SIGMUND_CONFIG=$scratch/user.toml
    unset XDG_CONFIG_HOME
    project=$scratch/project
    mkdir "$HOME" "$project"
    cd "$project" || return
    touch log
}

# toml: writes the project's file from stdin.
toml() { cat >"$project/sigmund.toml"; }

# service NAME [LINE...]: prints a template that notes its start, does what SIGMUND_BEFORE says, is ready, and stays. The
# lines are further settings.
service() {
    printf '[run.%s]\ncommand = """echo "start %s" >>log; %s\necho "ready %s" >>log; touch %s.ready; exec sleep 300"""\n' \
        "$1" "$1" "${before-}" "$1" "$1"
    printf 'ready = "file:%s.ready"\n' "$1"
    (($# < 2)) || printf '%s\n' "${@:2}"
}
# sleeper NAME [LINE...]: prints a template that only sleeps.
sleeper() {
    printf '[run.%s]\ncommand = ["sleep", "300"]\n' "$1"
    (($# < 2)) || printf '%s\n' "${@:2}"
}
# step NAME [LINE...]: prints a step that notes each of its lives. Where a file NAME.fails exists, it fails with the
# status in it.
step() {
    printf '[run.%s]\nonce = true\ncommand = "echo step %s >>log; test ! -e %s.fails || exit $(cat %s.fails)"\n' \
        "$1" "$1" "$1" "$1"
    (($# < 2)) || printf '%s\n' "${@:2}"
}

# times TEXT: how often the log has that line.
times() { grep -cFx -- "$1" log || true; }
# before FIRST SECOND: whether the log has both lines, the first of them first.
logged_before() {
    local first second
    first=$(grep -nFx -m1 -- "$1" log | cut -d: -f1)
    second=$(grep -nFx -m1 -- "$2" log | cut -d: -f1)
    ((${first:-1} < ${second:-0})) || fail "$1 is not before $2: $(cat log)"
}
logged() { grep -qFx -- "$1" "${2:-log}"; }
live() { sigmund list --live --porcelain --columns name | sort | tr '\n' ' '; }
live_are() { [[ $(live) == "${1:+$1 }" ]]; }

# with_signals COMMAND...: executes it with the usual action of SIGINT, which bash lets its background jobs ignore.
with_signals() {
    exec python3 -c 'import os, signal, sys
for each in (signal.SIGINT, signal.SIGQUIT):
    signal.signal(each, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])' "$@"
}
# up_behind WORD...: runs `sigmund up` in the background, with its output in the file `err`; its pid is in `up`.
up_behind() {
    with_signals "$SIGMUND" up "$@" >out 2>err </dev/null &
    up=$!
    OWN_PIDS+=("$up")
}
# up_ends [PID]: waits for it, and puts its exit status into `status`.
up_ends() {
    status=0
    wait "${1:-$up}" || status=$?
}
