# shellcheck shell=bash disable=SC2154,SC2016 # scripts/install sets prefix, bin, home, shell and the others
# SPDX-License-Identifier: Apache-2.0
# For scripts/install: which hook a shell gets in its start file, and whether. This file is sourced, never executed.

hook_file='' hook_line='' hook_state='' hook_wanted=0 hook_refused='' hook_told='' hook_there=0 no_shell=''
hooks=()

# spell SHELL PATH: prints the path as that shell reads it between double quotes, the home folder as $HOME.
spell() {
    local path=$2 before='' each=(\\ '"' '$')
    if [[ $path == "$home"/* ]]; then before=\$HOME path=${path#"$home"}; fi
    [[ $1 == fish ]] || each+=('`')
    local character
    for character in "${each[@]}"; do path=${path//"$character"/\\"$character"}; done
    printf '%s%s\n' "$before" "$path"
}

# Prints the line that loads the hook in the shell $1. It does nothing when the program is gone. Every PATH has the
# folders of the system, others are added where they are missing.
line_for() {
    local place path=''
    place=$(spell "$1" "$bin")
    case $1 in
        fish)
            [[ $bin == /usr/local/bin || $bin == /usr/bin ]] ||
                path='contains -- "'$place'" $PATH; or set -gx PATH "'$place'" $PATH; '
            path+='status is-interactive; and "'$place'/sigmund" shell-init fish | source'
            printf 'if command -v "%s/sigmund" >/dev/null; %s; end\n' "$place" "$path"
            ;;
        *)
            [[ $bin == /usr/local/bin || $bin == /usr/bin ]] ||
                path='case ":$PATH:" in *":'$place':"*) ;; *) export PATH="'$place':$PATH" ;; esac; '
            printf 'if command -v "%s/sigmund" >/dev/null; then %seval "$("%s/sigmund" shell-init %s)"; fi\n' \
                "$place" "$path" "$place" "$1"
            ;;
    esac
}

# Prints the start file of the shell $1.
start_file_of() {
    local config=${XDG_CONFIG_HOME-}
    [[ $config == /* ]] || config=$home/.config
    case $1 in
        bash) printf '%s\n' "$home/.bashrc" ;;
        zsh) printf '%s\n' "${ZDOTDIR:-$home}/.zshrc" ;;
        fish) printf '%s\n' "$config/fish/config.fish" ;;
    esac
}

# loads SHELL LINE: whether the line loads the hook of the program below this prefix.
loads() { [[ $2 == *"$bin/sigmund"* || $2 == *"$(spell "$1" "$bin")/sigmund"* ]]; }

# Prints the number of the first line of a file that loads a hook.
foreign_hook() {
    LC_ALL=C grep -anE -m 1 '^[^#]*(sigmund["'\'']? +shell-init|sigmund/shell/hook\.)' -- "$1" | cut -d: -f1
}

# Sets hook_file and hook_line, and hook_state: none (no shell), there, foreign (a line of the user loads it), add,
# other (the hook of another prefix is to be replaced), or why the file cannot be changed.
look_at_hook() {
    local found why
    if [[ -z $shell ]]; then
        shell=${login_shell##*/}
        [[ $shell == @(bash|zsh|fish) ]] || shell=none no_shell=${login_shell:-an unknown shell}
    fi
    hook_state=none
    [[ $shell != none ]] || return 0
    hook_file=$(start_file_of "$shell") hook_line=$(line_for "$shell") hook_state=add
    if [[ -f $hook_file ]] && found=$(find_mark "$hook_file"); then
        hook_state=other
        ! loads "$shell" "$(line_after "$hook_file" "${found%%:*}")" || hook_state=there
    elif [[ -f $hook_file && -n $(foreign_hook "$hook_file") ]]; then
        hook_state=foreign
    fi
    if [[ $hook_state == @(add|other) ]]; then
        why=$(why_not "$hook_file")
        hook_state=${why:-$hook_state}
    fi
}

# Asks whether the hook may be added, where it is not there. Sets hook_wanted.
decide_hook() {
    hook_wanted=$yes
    [[ $hook_state == @(add|other) && $yes == 0 ]] || return 0
    local question="Add these lines to $hook_file, so that new shells load the hook?" answer=0
    [[ $hook_state == add ]] || question="Replace the hook of another sigmund in $hook_file by these lines?"
    ask "$(printf '%s\n  %s\n  %s\n[Y/n]' "$question" "$mark" "$hook_line")" y || answer=$?
    case $answer in
        0) hook_wanted=1 ;;
        2) hook_refused="there is no terminal to ask at, and no --yes" ;;
        *) hook_refused="you said no" ;;
    esac
}

# Adds the hook, if it is wanted. Sets hook_told, a sentence about it, and hook_there.
add_hook() {
    local before=$hook_state
    look_at_hook # the build has taken its time
    case $hook_state in
        none) hook_told="No start file was changed${no_shell:+: there is no hook for $no_shell}." ;;
        there)
            hook_there=1 hook_told="$hook_file loads the hook already."
            start_files+=("$hook_file")
            write_list "${files[@]}"
            ;;
        foreign) hook_there=1 hook_told="$hook_file loads the hook already, in line $(foreign_hook "$hook_file")." ;;
        add | other)
            if ((!hook_wanted)) || [[ $before != "$hook_state" ]]; then
                hook_refused=${hook_refused:-it has changed meanwhile}
            elif write_hook; then
                hook_there=1 hook_told="$hook_file loads the hook now; scripts/install --remove takes it out again."
            else
                hook_refused="it could not be written"
            fi
            ;;
        *) hook_refused="it $hook_state" ;;
    esac
    [[ -n $hook_told ]] ||
        hook_told="$hook_file was not changed: $hook_refused. This line in it loads the hook:
$hook_line"
    ((!hook_there)) || hook_told+=$(tell_more)
}

# Prints what else the shell needs, each time after a line end.
tell_more() {
    local file config=${hook_file%/*}
    if [[ $shell == zsh ]]; then
        grep -qsE 'compinit|oh-my-zsh|prezto|zinit|antidote|antigen|zplug|/zim' -- "$hook_file" "$config/.zprofile" \
            "$config/.zshenv" /etc/zsh/zshrc ||
            printf '\nTAB completes in zsh only after this line: autoload -Uz compinit && compinit'
    elif [[ $shell == bash ]]; then
        for file in "$home"/.bash_profile "$home"/.bash_login "$home"/.profile; do [[ ! -r $file ]] || break; done
        grep -qs bashrc -- "$file" || printf '\nLogin shells of bash read %s only, which does not read .bashrc.' "$file"
    fi
}

write_hook() {
    [[ $hook_state != other ]] || take_out "$hook_file" || return
    note_folder "$(dirname -- "$(realpath -m -- "$hook_file")")"
    start_files+=("$hook_file")
    write_list "${files[@]}" # before the file is changed, so that --remove knows the file
    append_hook "$hook_file" "$hook_line"
}

# has_hook FILE: whether a start file has the hook of this prefix, or our comment without a hook.
has_hook() {
    local found line kind=bash
    [[ -f $1 ]] && found=$(find_mark "$1") || return
    line=$(line_after "$1" "${found%%:*}")
    [[ $1 != *.fish ]] || kind=fish
    [[ $line != *sigmund* ]] || loads "$kind" "$line"
}

# Sets `hooks` to the start files that have it.
find_hooks() {
    local file
    local -A seen=()
    hooks=()
    for file in "$(start_file_of bash)" "$(start_file_of zsh)" "$home/.zshrc" "$(start_file_of fish)" \
        "${start_files[@]}"; do
        if [[ -z ${seen[$file]-} ]] && has_hook "$file"; then hooks+=("$file"); fi
        seen[$file]=1
    done
}

remove_hooks() {
    local file why
    for file in "${hooks[@]}"; do
        why=$(why_not "$file")
        while [[ -z $why ]] && has_hook "$file"; do take_out "$file" || why="cannot be written"; done
        if [[ -z $why ]]; then
            step "removed the hook from $file"
        else
            step "$file $why; these lines of it do nothing any more, remove them:"
            grep -aF -A 1 -- "$mark" "$file" || true
        fi
    done
}
