#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# scripts/install in a home folder of the test: the start files of the three shells, the question, the removal. It
# installs the program alone; tests/package installs all files.
load sigmund

setup() {
    sigmund_setup
    scratch_folder
    source_root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    export HOME=$scratch/home SHELL=/bin/bash
    unset ZDOTDIR XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME SUDO_UID "${!CMAKE_@}"
    mkdir "$HOME" "$scratch/build"
    build_with
    cd "$scratch"
}

teardown() { sigmund_teardown; }

# build_with [CMAKE-CODE]: makes a build folder that installs the program, and does what the code says.
build_with() {
    ln -sf "$(realpath "$SIGMUND")" "$scratch/build/sigmund"
    printf 'file(INSTALL DESTINATION "${CMAKE_INSTALL_PREFIX}/bin" TYPE PROGRAM FILES "%s")\n%s\n' \
        "$(realpath "$SIGMUND")" "${1-}" >"$scratch/build/cmake_install.cmake"
}

# Runs scripts/install without a terminal.
install_sigmund() {
    setsid -w "$source_root/scripts/install" --from "$scratch/build" --prefix "$HOME/.local" "$@" </dev/null
}
# shellcheck disable=SC2120 # the arguments come through `run`
remove_sigmund() {
    setsid -w "$source_root/scripts/install" --remove --prefix "$HOME/.local" "$@" </dev/null
}

# in_terminal KEYS WORD...: runs it in a terminal, and answers its question.
in_terminal() {
    local keys=$1
    shift
    python3 -B "$BATS_TEST_DIRNAME/install.py" answer "$keys" "$source_root/scripts/install" --prefix "$HOME/.local" "$@"
}

start_file() {
    case $1 in
        bash) echo "$HOME/.bashrc" ;;
        zsh) echo "$HOME/.zshrc" ;;
        fish) echo "$HOME/.config/fish/config.fish" ;;
    esac
}

hooks_in() { grep -c 'shell-init' "$1" || true; }

# everything FOLDER: prints every path below it with its kind, mode, target and content.
everything() {
    (cd "$1" && find . -printf '%p %y %m %l ' \( -type f -exec md5sum {} \; -o -printf '\n' \) | LC_ALL=C sort)
}

@test "Each shell gets one hook, and --remove restores its start file byte for byte" {
    contents=('' 'alias a=b\n' 'no line end' 'first\n\nlast\n\n' 'export A=b\\\n' 'windows\r\n' '\n' 'a\0b\n' 'a\0b'
        '\xff\xfe')
    for content in "${contents[@]}"; do
        rm -rf "$HOME" && mkdir -p "$HOME/.config/fish"
        for shell in bash zsh fish; do printf "$content" >"$(start_file "$shell")"; done
        everything "$HOME" >before
        for shell in bash zsh fish; do
            run -0 install_sigmund --yes --shell "$shell"
            assert_output --partial "$(start_file "$shell") loads the hook now"
            [[ $(hooks_in "$(start_file "$shell")") == 1 ]]
        done
        run -0 remove_sigmund
        everything "$HOME" | diff before -
    done
}

@test "Start files and folders that were made are gone after --remove" {
    everything "$HOME" >before
    for shell in bash zsh fish; do install_sigmund --yes --shell "$shell"; done
    [[ -x $HOME/.local/bin/sigmund && -s $HOME/.config/fish/config.fish ]]
    run -0 remove_sigmund
    assert_output --partial "$SIGMUND_STATE_DIR"
    everything "$HOME" | diff before -
}

@test "A hundred runs leave one hook" {
    install_sigmund --yes --shell bash
    cp "$HOME/.bashrc" first
    for ((i = 0; i < 99; i++)); do install_sigmund --yes --shell bash >last; done
    grep "loads the hook already" last
    cmp first "$HOME/.bashrc"
    [[ $(wc -l <"$HOME/.bashrc") == 2 ]]
    run find "$HOME/.local" "$scratch/build" -name 'install.*' -o -name '*.new'
    assert_output ""
}

@test "Installations at the same time leave one hook" {
    jobs=()
    for ((i = 0; i < 6; i++)); do
        install_sigmund --yes --shell bash >"told.$i" 2>&1 &
        jobs+=($!)
    done
    for job in "${jobs[@]}"; do wait "$job"; done
    [[ $(wc -l <"$HOME/.bashrc") == 2 ]]
    remove_sigmund
    run find "$HOME" -mindepth 1
    assert_output ""
}

@test "ZDOTDIR and XDG_CONFIG_HOME lead to the start file" {
    export ZDOTDIR=$HOME/z XDG_CONFIG_HOME=$HOME/conf
    install_sigmund --yes --shell zsh
    install_sigmund --yes --shell fish
    [[ $(hooks_in "$HOME/z/.zshrc") == 1 && $(hooks_in "$HOME/conf/fish/config.fish") == 1 ]]
    unset ZDOTDIR XDG_CONFIG_HOME # the list knows them
    run -0 remove_sigmund
    run find "$HOME" -mindepth 1
    assert_output ""
}

@test "The shell is that of SHELL; there is no hook for others, or with --shell none" {
    SHELL=/usr/bin/zsh install_sigmund --yes
    [[ $(hooks_in "$HOME/.zshrc") == 1 && ! -e $HOME/.bashrc ]]
    for words in "SHELL=/bin/tcsh install_sigmund" "SHELL=/bin/bash install_sigmund --shell none"; do
        run -0 env_words $words --yes
        assert_output --partial "No start file was changed"
        [[ $words != *tcsh* ]] || assert_output --partial "no hook for /bin/tcsh"
    done
    [[ ! -e $HOME/.bashrc ]]
}

# env_words NAME=VALUE COMMAND...
env_words() {
    local -x "${1?}"
    "${@:2}"
}

@test "Links stay links, and modes stay" {
    mkdir dots
    printf 'a\n' >dots/bashrc
    chmod 640 dots/bashrc
    ln -s ../dots/bashrc "$HOME/.bashrc"
    ln -s ../dots/zshrc "$HOME/.zshrc" # leads nowhere
    ln dots/bashrc dots/other-name
    everything . >before
    for shell in bash zsh; do install_sigmund --yes --shell "$shell"; done
    [[ $(readlink "$HOME/.bashrc") == ../dots/bashrc && $(readlink "$HOME/.zshrc") == ../dots/zshrc ]]
    [[ $(hooks_in dots/bashrc) == 1 && $(hooks_in dots/zshrc) == 1 && $(stat -c %a dots/bashrc) == 640 ]]
    [[ dots/bashrc -ef dots/other-name ]]
    # Lines that came later stay, too, and so does the other name of the file.
    printf 'later\n' >>dots/bashrc
    run -0 remove_sigmund
    [[ $(readlink "$HOME/.bashrc") == ../dots/bashrc && dots/bashrc -ef dots/other-name ]]
    [[ $(<dots/bashrc) == $'a\nlater' && $(stat -c %a dots/bashrc) == 640 ]]
    printf 'a\n' >dots/bashrc
    everything . | grep -v before | diff <(grep -v before before) -
}

@test "Lines that came after the hook stay when it is removed" {
    printf 'no line end' >"$HOME/.bashrc"
    chmod 600 "$HOME/.bashrc"
    install_sigmund --yes
    printf 'export LATER=1\n' >>"$HOME/.bashrc"
    run -0 remove_sigmund
    [[ $(<"$HOME/.bashrc") == $'no line end\nexport LATER=1' && $(stat -c %a "$HOME/.bashrc") == 600 ]]
    # The hook twice, as after a merge of two copies of the file, and with the line ends of Windows.
    install_sigmund --yes
    tail -n 2 "$HOME/.bashrc" | sed 's/$/\r/' >twice
    cat twice >>"$HOME/.bashrc"
    run -0 remove_sigmund
    [[ $(<"$HOME/.bashrc") == $'no line end\nexport LATER=1' ]]
    run ls -A "$HOME"
    assert_output .bashrc
}

@test "A file that cannot be changed is left alone, and the line is printed" {
    printf 'a\n' >"$HOME/.bashrc"
    chmod 444 "$HOME/.bashrc"
    run -0 install_sigmund --yes
    assert_output --partial "$HOME/.bashrc was not changed: it is read-only"
    assert_output --partial 'eval "$("$HOME/.local/bin/sigmund" shell-init bash)"'
    [[ $(<"$HOME/.bashrc") == a && -x $HOME/.local/bin/sigmund ]]
    mkdir "$HOME/.zshrc"
    run -0 install_sigmund --yes --shell zsh
    assert_output --partial "is not a regular file"
    printf 'half a line \\' >"$HOME/.bash"
    mkdir "$HOME/z"
    cp "$HOME/.bash" "$HOME/z/.zshrc"
    ZDOTDIR=$HOME/z run -0 install_sigmund --yes --shell zsh
    assert_output --partial "ends within a line"
    cmp "$HOME/.bash" "$HOME/z/.zshrc"
    # A hook in a file that has become read-only stays there, and does nothing.
    chmod 644 "$HOME/.bashrc"
    install_sigmund --yes
    chmod 444 "$HOME/.bashrc"
    run -0 remove_sigmund
    assert_output --partial "is read-only; these lines of it do nothing any more"
    [[ $(hooks_in "$HOME/.bashrc") == 1 && ! -e $HOME/.local ]]
}

@test "Without a terminal and without --yes no start file is touched, and the line is printed" {
    printf 'a\n' >"$HOME/.bashrc"
    run -0 install_sigmund
    assert_output --partial "there is no terminal to ask at"
    assert_output --partial 'eval "$("$HOME/.local/bin/sigmund" shell-init bash)"'
    [[ $(<"$HOME/.bashrc") == a && -x $HOME/.local/bin/sigmund ]]
    # The printed line works.
    printf '%s\n' "$(grep '^if command' <<<"$output")" >>"$HOME/.bashrc"
    run -0 bash --rcfile "$HOME/.bashrc" -ic 'echo "$(command -v sigmund) $SIGMUND_SHELL_HOOK"' 2>/dev/null
    assert_output --partial "$HOME/.local/bin/sigmund bash."
}

@test "The question is answered at the terminal" {
    printf 'a\n' >"$HOME/.bashrc"
    for keys in 'n\r' 'no\r' 'what\rN\r' '\x04'; do
        run -0 in_terminal "$keys" --from "$scratch/build"
        assert_output --partial "you said no"
        [[ $(<"$HOME/.bashrc") == a ]]
    done
    run -130 in_terminal '\x03' --from "$scratch/build"
    [[ $(<"$HOME/.bashrc") == a ]]
    for keys in 'y\r' 'YES\r' 'what\ry\r' '\r'; do
        run -0 in_terminal "$keys" --from "$scratch/build"
        assert_output --partial "$HOME/.bashrc loads the hook now"
        [[ $(hooks_in "$HOME/.bashrc") == 1 ]]
        remove_sigmund
        [[ $(<"$HOME/.bashrc") == a ]]
    done
}

@test "Login shells find sigmund, have its hook, and complete its words" {
    cp /etc/skel/.bashrc /etc/skel/.profile "$HOME"
    printf 'autoload -Uz compinit; compinit -u -D\n' >"$HOME/.zshrc"
    for shell in bash zsh fish; do
        install_sigmund --yes --shell "$shell" >told
        run -0 python3 -B "$BATS_TEST_DIRNAME/install.py" login "$shell"
        assert_output "$HOME/.local/bin/sigmund"
    done
}

@test "What the shell still needs is told" {
    run -0 install_sigmund --yes
    assert_output --partial "Login shells of bash read $HOME/.profile only, which does not read .bashrc"
    cp /etc/skel/.profile "$HOME"
    run -0 install_sigmund --yes
    refute_output --partial "Login shells"
    assert_output --partial 'export PATH="$HOME/.local/bin:$PATH"'
    printf 'autoload -Uz compinit; compinit\n' >"$HOME/.zshrc"
    run -0 install_sigmund --yes --shell zsh
    refute_output --partial "TAB"
    run -0 install_sigmund --yes --shell fish
    assert_output --partial 'set -gx PATH "$HOME/.local/bin" $PATH'
    PATH=$HOME/.local/bin:$PATH run -0 install_sigmund --yes
    refute_output --partial "in PATH"
    assert_output --partial "exec bash"
    assert_output --partial "sigmund doctor"
}

@test "Shells start in silence after the program is gone" {
    for shell in bash zsh fish; do install_sigmund --yes --shell "$shell"; done
    rm "$HOME/.local/bin/sigmund"
    bash --rcfile "$HOME/.bashrc" -ic 'echo "$? $PATH"' >out 2>err </dev/null
    [[ $(<out) == "0 $PATH" ]]
    run ! grep -v 'job control\|terminal process group' err
    run -0 zsh -ic 'echo "$? $PATH"' </dev/null
    assert_output "0 $PATH"
    run -0 fish -ic 'string join : $PATH' </dev/null
    assert_output "$PATH"
}

@test "A hook line of the user is left alone" {
    for line in 'eval "$(sigmund shell-init)"' '  . /usr/local/share/sigmund/shell/hook.bash'; do
        printf 'a\n%s\n' "$line" >"$HOME/.bashrc"
        cp "$HOME/.bashrc" before
        run -0 install_sigmund --yes
        assert_output --partial "$HOME/.bashrc loads the hook already, in line 2"
        remove_sigmund
        cmp before "$HOME/.bashrc"
    done
    printf '# eval "$(sigmund shell-init)"\n' >"$HOME/.bashrc"
    run -0 install_sigmund --yes
    assert_output --partial "loads the hook now"
}

@test "A second prefix takes over the hook, and the removal of the first leaves it there" {
    printf 'a\n' >"$HOME/.bashrc"
    install_sigmund --yes
    run -0 install_sigmund --prefix "$HOME/second" --yes
    [[ $(hooks_in "$HOME/.bashrc") == 1 && $(<"$HOME/.bashrc") == *'"$HOME/second/bin/sigmund"'* ]]
    run -0 remove_sigmund
    refute_output --partial "removed the hook"
    [[ $(hooks_in "$HOME/.bashrc") == 1 && -x $HOME/second/bin/sigmund ]]
    run -0 "$source_root/scripts/install" --remove --prefix "$HOME/second"
    [[ $(<"$HOME/.bashrc") == a ]]
    run ls -A "$HOME"
    assert_output .bashrc
}

@test "Homes and prefixes with blanks, quotes and dollars work" {
    export HOME="$scratch/it's \"my\" \$HOME \`id\`"
    mkdir "$HOME"
    for prefix in "$HOME/a b\$(id)'\"\`\\c" "$scratch/o p\$t\\"; do
        for shell in bash zsh fish; do
            run -0 install_sigmund --prefix "$prefix" --yes --shell "$shell"
        done
        bash --rcfile "$HOME/.bashrc" -ic 'echo "$(type -P sigmund) ${SIGMUND_SHELL_HOOK%%.*}"' \
            </dev/null >out 2>/dev/null
        [[ $(<out) == "$prefix/bin/sigmund bash" ]]
        run -0 zsh -ic 'print -r "$commands[sigmund] ${SIGMUND_SHELL_HOOK%%.*}"' </dev/null
        assert_output "$prefix/bin/sigmund zsh"
        run -0 fish -ic 'command -v sigmund; string match -r "^fish" $SIGMUND_SHELL_HOOK' </dev/null
        assert_output "$prefix/bin/sigmund"$'\n'fish
        run -0 "$source_root/scripts/install" --remove --prefix "$prefix"
        [[ ! -e $prefix && ! -e $HOME/.bashrc && ! -e $HOME/.zshrc && ! -e $HOME/.config/fish/config.fish ]]
    done
}

@test "Live runs are told before the removal, and stay alive" {
    install_sigmund --yes
    sleeper=$(sigmund sleep 300)
    other=$(sigmund sleep 301)
    run -1 remove_sigmund
    assert_output --partial "2 run(s) still live"
    assert_output --partial "$HOME/.local/bin/sigmund stop @all"
    assert_output --partial "nothing was removed: there is no terminal to ask at"
    [[ -x $HOME/.local/bin/sigmund && $(hooks_in "$HOME/.bashrc") == 1 ]]
    run -1 in_terminal '\r' --remove
    assert_output --partial "nothing was removed"
    [[ -x $HOME/.local/bin/sigmund ]]
    sigmund stop -q "$other"
    run -0 in_terminal 'y\r' --remove
    [[ ! -e $HOME/.local && ! -e $HOME/.bashrc ]]
    state_is "$sleeper" running
    install_sigmund --yes
    run -0 remove_sigmund --yes
    assert_output --partial "1 run(s) still live"
    [[ ! -e $HOME/.local ]]
    state_is "$sleeper" running
    [[ -e $SIGMUND_STATE_DIR/$sleeper.json ]]
}

@test "Files of others stay, and those that a later version lacks go" {
    mkdir -p "$HOME/.local/bin" "$HOME/.local/share/man/man1"
    touch "$HOME/.local/bin/other"
    everything "$HOME" >before
    touch page.1
    build_with "foreach(folder man/man1 new)
        file(INSTALL DESTINATION \"\${CMAKE_INSTALL_PREFIX}/share/\${folder}\" TYPE FILE FILES \"$scratch/page.1\")
        endforeach()"
    install_sigmund --yes
    [[ -e $HOME/.local/share/man/man1/page.1 && -e $HOME/.local/share/new/page.1 ]]
    build_with
    install_sigmund --yes
    [[ ! -e $HOME/.local/share/man/man1/page.1 && ! -e $HOME/.local/share/new/page.1 ]]
    touch "$HOME/.local/share/sigmund/of-another"
    run -0 remove_sigmund
    assert_output --partial "kept, since others have files there: $HOME/.local/share/sigmund"
    rm -r "$HOME/.local/share/sigmund"
    everything "$HOME" | diff before -
}

@test "An interrupted installation can be repeated, and removed" {
    build_with "file(TOUCH \"$scratch/begun\")
        execute_process(COMMAND sleep 300)"
    for signal in TERM KILL; do
        rm -f begun
        setsid -w "$source_root/scripts/install" --from "$scratch/build" --prefix "$HOME/.local" --yes </dev/null &
        job=$!
        wait_until 10 test -e begun
        kill "-$signal" -- "-$job"
        wait "$job" || true
        [[ ! -e $HOME/.bashrc && ! -e $HOME/.local ]]
        [[ $signal == KILL || -z $(compgen -G "$scratch/build/install.*") ]]
    done
    # One that was interrupted after the list was written.
    build_with
    mkdir -p "$HOME/.local/share/sigmund/.new/bin"
    printf '%s\n' "file bin/sigmund" "folder bin" "folder share" "folder share/sigmund" "folder $HOME/.local" \
        >"$HOME/.local/share/sigmund/install-manifest.txt"
    cp -r "$HOME" cut
    install_sigmund --yes
    run -0 remove_sigmund
    run find "$HOME" -mindepth 1
    assert_output ""
    cp -r cut/. "$HOME"
    run -0 remove_sigmund
    run find "$HOME" -mindepth 1
    assert_output ""
}

@test "A list of files cannot lead out of the prefix" {
    install_sigmund --yes
    touch precious
    printf 'file ../../precious\nfile %s\nfile bin/../../../precious\nnonsense\n' "$scratch/precious" \
        >>"$HOME/.local/share/sigmund/install-manifest.txt"
    run -0 remove_sigmund
    [[ -e precious && ! -e $HOME/.local ]]
}

@test "A program of a package is not overwritten" {
    mkdir -p tools "$HOME/.local/bin"
    printf '#!/bin/sh\necho "sigmund: $2"\n' >tools/dpkg-query
    chmod +x tools/dpkg-query
    touch "$HOME/.local/bin/sigmund"
    PATH=$scratch/tools:$PATH run -1 install_sigmund --yes
    assert_output --partial "belongs to the package sigmund"
    [[ ! -s $HOME/.local/bin/sigmund && ! -e $HOME/.bashrc ]]
}

@test "Where packages are missing and nobody can install them, they are named" {
    [[ $EUID != 0 ]] || return 0 # root can install them; the tests also run as an ordinary user
    mkdir tools
    ln -s /usr/bin/* tools
    rm -f tools/sudo tools/c++ tools/dpkg-query
    printf '#!/bin/sh\nexit 1\n' >tools/dpkg-query
    chmod +x tools/dpkg-query
    PATH=$scratch/tools run -1 setsid -w "$source_root/scripts/install" --yes </dev/null
    assert_output --partial "as root: apt-get install g++ cmake"
    run find "$HOME" -mindepth 1
    assert_output ""
}

@test "Wrong words are refused, and nothing is written" {
    for words in --what "--shell tcsh" --prefix "--prefix /" "--prefix a:b" "--prefix=" "--from $scratch" more; do
        run -1 setsid -w "$source_root/scripts/install" --from "$scratch/build" --yes $words </dev/null
    done
    run -1 remove_sigmund
    assert_output --partial "has installed nothing below $HOME/.local"
    run -0 "$source_root/scripts/install" --help
    assert_output --partial "usage: scripts/install"
    run find "$HOME" -mindepth 1
    assert_output ""
}
