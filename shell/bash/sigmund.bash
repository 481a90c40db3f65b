# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# bash completion for sigmund, with and without the bash-completion package. The program says what can be at the
# cursor (sigmund-porcelain(5)); this file passes it the words and shows its answer, without expanding any of it.

# Sets `words` to the words as they were typed, rejoined where COMP_WORDBREAKS has split them; `cursor` to the number of
# the word that ends at the cursor; `first` to the index in COMP_WORDS of the first piece of each word; `plain` to the word
# at the cursor without quotes; `quote` to its open quote; and `kept` to the part of it that readline keeps: up to its open
# quote, or else up to its last break.
__sigmund_words() {
    local rest=$COMP_LINE piece blank before='' char i at=0 typed
    for ((i = 0; i < ${#COMP_WORDS[@]}; at += ${#piece}, i++)); do
        piece=${COMP_WORDS[i]} blank=${rest%%[![:space:]]*}
        [[ -n $piece || i -ne COMP_CWORD ]] || blank=${rest:0:COMP_POINT-at}
        ((at += ${#blank}, typed = i == COMP_CWORD ? COMP_POINT - at : ${#piece}, typed = typed < 0 ? 0 : typed)) || :
        if [[ $i == 0 || -n $blank || $before == *[\;\<\>\|\&\(\)] || $piece == [\;\<\>\|\&\(\)]* ]]; then
            words+=("${piece:0:typed}") first+=("$i") cursor=$((i > COMP_CWORD ? cursor : ${#words[@]} - 1))
        elif ((i <= COMP_CWORD || cursor < ${#words[@]} - 1)); then
            words[${#words[@]} - 1]+=${piece:0:typed}
        fi
        rest=${rest:${#blank}+${#piece}} before=$piece
    done
    typed=${words[cursor]}
    for ((i = 0; i < ${#typed}; i++)); do
        char=${typed:i:1}
        case $quote$char in
            \\? | \"\" | \'\') quote='' ;;
            [\"\']?) ;;
            \\) quote=\\ ;;
            \" | \') quote=$char kept=${typed:0:i+1} ;;
            *)
                [[ ${COMP_WORDBREAKS-$' \t\n"\'><=;|&(:'} == *"$char"* ]] || continue
                kept=${typed:0:i+1}
                # These two remain a part of the word that readline completes.
                [[ $char != [@$] ]] || { [[ $char == @ ]] && ! shopt -q hostcomplete; } || kept=${typed:0:i}
                ;;
        esac
    done
    plain=${typed//[\"\'\\]/} kept=${kept//[\"\'\\]/}
}

# Completes paths ($1: -f, or -d for folders only). $2 is the part of the word before the path.
__sigmund_paths() {
    local path how=filenames
    [[ $2 != - ]] || set -- "$1" ''
    [[ $kept == "$2" ]] || how=nospace # readline would not recognize a path in it
    compopt -o "$how" 2>/dev/null
    while IFS= read -r path && [[ -n $path ]]; do
        [[ $how == filenames || ! -d $path ]] || path+=/
        path=$2$path path=${path#"$kept"}
        # readline itself quotes only what it sees to be a path; a tilde is to be expanded.
        [[ $how == filenames || -n $quote ]] || { printf -v path '%q' "$path" && path=${path//\\\~/\~}; }
        COMPREPLY+=("$path")
    done <<<"$(compgen "$1" -- "${plain#"$2"}")" # old versions cannot parse a process substitution in posix mode
}

# Adds a candidate ($1) and its description ($2), if it is new and begins with what was typed.
__sigmund_add() {
    [[ ${1,,} == "${plain,,}"* && -z ${seen[$1]-} ]] || return 0
    seen[$1]=1 candidates+=("${1#"$kept"}") notes+=("$2")
    ((width >= ${#1} - ${#kept})) || width=$((${#1} - ${#kept}))
}

# Completes the command line that begins at the word $1.
__sigmund_delegate() {
    local offset=${first[$1]} command=${words[$1]-} cut function
    if (($1 == cursor)) && [[ $plain != */* ]]; then
        for function in ${plain:+$(compgen -c -- "$plain")}; do __sigmund_add "$function" -; done && return
    fi
    local IFS=$' \t\n'
    set +f
    if declare -F _comp_command_offset >/dev/null; then
        _comp_command_offset "$offset"
    elif declare -F _command_offset >/dev/null; then
        _command_offset "$offset"
    elif function=$(complete -p -- "${command##*/}" 2>/dev/null) cut=${function#* -F } && [[ $cut != "$function" ]]; then
        function=${cut%% *} cut=${COMP_LINE%%"$command"*} COMP_WORDS=("${COMP_WORDS[@]:offset}")
        COMP_LINE=${COMP_LINE:${#cut}} COMP_POINT=$((COMP_POINT - ${#cut})) COMP_CWORD=$((COMP_CWORD - offset))
        "$function" "$command" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]-}"
    else
        compopt -o default 2>/dev/null
    fi
}

__sigmund_complete() {
    local words=() first=() candidates=() notes=() kept='' plain='' quote='' line lines width=0 cursor=0 i
    local -A seen=()
    __sigmund_words
    # With `exec` bash forks once instead of twice.
    # shellcheck disable=SC2207 # split at newlines only, which is much faster than reading a pipe line by line
    lines=($(exec sigmund completions --porcelain --word "$cursor" -- "${words[@]}" </dev/null 2>/dev/null))
    compopt -o nosort 2>/dev/null # the program orders them by how likely they are meant
    for line in "${lines[@]}"; do
        IFS=$'\t'
        # shellcheck disable=SC2086 # split at tabs; no field is empty
        set -- $line
        IFS=$'\n'
        case $1 in
            word | nospace)
                __sigmund_add "$2" "$3"
                ((${#candidates[@]} > 1)) || [[ $1 == word ]] || compopt -o nospace 2>/dev/null
                ;;
            file) __sigmund_paths -f "$2" ;;
            folder) __sigmund_paths -d "$2" ;;
            command-at-*) __sigmund_delegate "${1##*-}" ;;
        esac
    done
    # Descriptions are shown only where the candidates are listed, never on the command line.
    for ((i = 0; i < ${#candidates[@]}; i++)); do
        [[ ${#candidates[@]} -gt 1 && ${COMP_TYPE-} == @(63|33|64) && ${notes[i]} != - ]] || continue
        printf -v line '%-*s  %s' "$width" "${candidates[i]}" "${notes[i]}"
        candidates[i]=${line:0:${COLUMNS:-80}-2}
    done
    COMPREPLY=("${candidates[@]}" "${COMPREPLY[@]}")
}

_sigmund() {
    local IFS=$'\n' -
    set +euET -f
    COMPREPLY=()
    # Neither the user's ERR trap nor a message of bash (about a readonly variable) may print into the line.
    __sigmund_complete || :
} 2>/dev/null

# A restricted shell may not redirect output, and would say so at each TAB.
if [[ $- == *r* ]] || shopt -q restricted_shell; then
    complete -o default sigmund nosig unlinkwait
else
    complete -F _sigmund sigmund nosig unlinkwait
fi
