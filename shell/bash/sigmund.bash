# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# bash completion for sigmund, with and without the bash-completion package. The program says what may stand at the
# cursor (sigmund-porcelain(5)); this file gives it the words and shows its answer, of which nothing is expanded.

# The words as they were typed, put together again where COMP_WORDBREAKS has cut them (`words`), of which the word number
# `cursor` ends at the cursor; of each word the index of its first piece in COMP_WORDS (`first`); and what of the word at
# the cursor readline keeps (`kept`): all up to its open quote (`quote`), else up to its last break.
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

# Paths ($1: -f, or -d for folders); $2 is what of the word stands before the path.
__sigmund_paths() {
    local path how=filenames
    [[ $2 != - ]] || set -- "$1" ''
    [[ $kept == "$2" ]] || how=nospace # readline would not see that it is a path
    compopt -o "$how" 2>/dev/null
    while IFS= read -r path; do
        [[ $how == filenames || ! -d $path ]] || path+=/
        path=$2$path path=${path#"$kept"}
        # readline itself quotes only what it sees to be a path; a tilde is to be expanded.
        [[ $how == filenames || -n $quote ]] || { printf -v path '%q' "$path" && path=${path//\\\~/\~}; }
        COMPREPLY+=("$path")
    done < <(compgen "$1" -- "${plain#"$2"}")
}

# Adds a candidate ($1) and what is said of it ($2), if it is a new one and begins with what was typed.
__sigmund_add() {
    [[ ${1,,} == "${plain,,}"* && -z ${seen[$1]-} ]] || return 0
    seen[$1]=1 candidates+=("${1#"$kept"}") notes+=("$2")
    ((width >= ${#1} - ${#kept})) || width=$((${#1} - ${#kept}))
}

# The completion of the command line that begins at the word $1.
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
    # Behind `exec` bash forks once, not twice.
    # shellcheck disable=SC2207 # split at newlines, and nowhere else: far quicker than reading a pipe by lines
    lines=($(exec sigmund completions --porcelain --word "$cursor" -- "${words[@]}" </dev/null 2>/dev/null))
    compopt -o nosort 2>/dev/null # what is meant most often comes first
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
    # Descriptions only where the candidates are listed, and never on the command line.
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
    # In the middle of the line neither a trap of the user's for ERR nor bash says anything, as of a readonly variable.
    __sigmund_complete || :
} 2>/dev/null

complete -F _sigmund sigmund nosig unlinkwait
