# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# This is sigmund's hook for bash. It connects runs to this shell, prints a notice when one ends, and asks a question
# at exit. Every builtin is called with `builtin`, since the user may have a function or an alias of that name.
case $- in
    *i*)
        # PID.START identifies this shell uniquely: its pid, and the 22nd field of its stat, which is read without a
        # fork.
        function __sigmund_init() {
            \builtin local IFS=$' \t\n' stat='' i
            IFS='' \builtin read -r -d '' stat 2>/dev/null </proc/$$/stat || [[ -n $stat ]] || \builtin return 0
            stat=${stat##*)}
            for ((i = 0; i < 20; i++)); do stat=${stat#* }; done
            __sigmund_id=$$.${stat%% *}
            export SIGMUND_SHELL_ID=$__sigmund_id
        }

        # Sets `shells` to the folder of the marks of all shells.
        function __sigmund_shells() {
            if [[ -n ${SIGMUND_STATE_DIR-} ]]; then
                shells=$SIGMUND_STATE_DIR/shells
            elif [[ ${XDG_STATE_HOME-} == /* ]]; then
                shells=$XDG_STATE_HOME/sigmund/shells
            else
                shells=${HOME-}/.local/state/sigmund/shells
            fi
        }

        # Puts the hook's call first in the EXIT trap and keeps the user's commands there. The trap is written into
        # the pipe of a here-string, up to a NUL, and read from there: this needs no fork and no file.
        function __sigmund_arm() {
            \builtin local text='' user=''
            {
                { \builtin trap -p EXIT && \builtin printf '\0'; } >|/proc/self/fd/0 &&
                    IFS='' \builtin read -r -d '' text
            } 2>/dev/null <<<'' || text=$(\builtin trap -p EXIT) || :
            text=${text#$'\n'}
            [[ $text == *__sigmund_exit* ]] && \builtin return 0
            if [[ -n $text ]]; then
                \builtin local -a words
                \builtin eval "words=($text)" || \builtin return 0
                user=${words[2]-}
                [[ $user == - ]] && user='' # posix mode prints - for no trap
            fi
            # `&& :` keeps a bad status from ending the trap under `set -e` before the user's part.
            \builtin trap -- "__sigmund_exit && :${user:+$'\n'$user}" EXIT
        }

        # Runs at each prompt. It is cheap when this shell has no folder and the store is where it was; it forks only
        # to report a run that has ended.
        function __sigmund_prompt() {
            __sigmund_status=$?
            [[ ${__sigmund_at-} == "${SIGMUND_STATE_DIR-}:${XDG_STATE_HOME-}:${HOME-}" && ! -d ${__sigmund_own-} ]] ||
                __sigmund_look
            \builtin return "$__sigmund_status"
        }

        function __sigmund_look() {
            \builtin local IFS=$' \t\n' shells='' own='' other='' options='' -
            \builtin set +efuET
            __sigmund_shells
            own=$shells/${__sigmund_id-}
            if [[ -n ${__sigmund_first-} && -d $shells ]]; then
                \builtin shopt -q failglob && options=failglob && \builtin shopt -u failglob
                for other in "$shells"/[0-9]*; do
                    [[ -d $other && $other != "$own" ]] || \builtin continue
                    \builtin command sigmund shell-notify --orphans --id "${__sigmund_id-}" || :
                    \builtin break
                done
                [[ -z $options ]] || \builtin shopt -s "$options"
            fi
            \builtin unset __sigmund_first
            if [[ -d $own ]]; then
                __sigmund_arm
                __sigmund_count
            else
                \builtin unset SIGMUND_RUNNING
            fi
            # While there are runs, the next prompt checks again: the folder is removed with the last run.
            __sigmund_own=$own __sigmund_at=''
            [[ -n ${SIGMUND_RUNNING-} ]] || __sigmund_at=${SIGMUND_STATE_DIR-}:${XDG_STATE_HOME-}:${HOME-}
        }

        # Sets SIGMUND_RUNNING from the marks in `own`, after reporting the finished runs.
        function __sigmund_count() {
            \builtin local failglob=''
            \builtin shopt -q failglob && failglob=1 && \builtin shopt -u failglob
            \builtin set -- "$own"/[dr]*
            if [[ ${1-} == */done.* ]]; then # these sort before `run.`
                \builtin command sigmund shell-notify --id "$__sigmund_id" || :
                \builtin set -- "$own"/run.*
            fi
            [[ -z $failglob ]] || \builtin shopt -s failglob
            if [[ -e ${1-} ]]; then # otherwise it is the pattern itself
                \builtin export SIGMUND_RUNNING=$#
            else
                \builtin unset SIGMUND_RUNNING
            fi
        }

        # Runs only in the shell itself, never in a subshell, and only once.
        function __sigmund_exit() {
            \builtin local status=$? shells=''
            if [[ ${BASHPID:-$$} == "$$" && -z ${__sigmund_over-} && -n ${__sigmund_id-} ]]; then
                __sigmund_over=1
                __sigmund_shells
                [[ -d $shells/$__sigmund_id ]] &&
                    \builtin command sigmund shell-exit --shell bash --id "$__sigmund_id"
            fi
            \builtin return "$status"
        }

        # Prints this shell's runs, one per line, in the form of `jobs`.
        function sigmund_jobs() {
            \builtin local id name state result cmd
            while IFS=$'\t' \builtin read -r id name state result cmd; do
                [[ $name == - ]] || id="$name ($id)"
                [[ $result == - ]] || state=${result/exit=/exited } state=${state/signal=/killed }
                \builtin printf '[%s]  %s  %s\n' "$id" "$state" "$cmd"
            done < <(\builtin command sigmund list --porcelain --shell --columns id,name,state,result,shown </dev/null 2>/dev/null)
        }

        # Loads the completion at the first TAB if the bash-completion package does not find it. It also works for an
        # alias: `complete -F __sigmund_completion sg`.
        function __sigmund_completion() {
            \builtin eval "$(\builtin command sigmund completions bash 2>/dev/null)"
            \builtin declare -F _sigmund >/dev/null || \builtin return 1
            \builtin complete -F _sigmund -- "${1-sigmund}"
            \builtin return 124 # tells bash to try again with the loaded completion
        }

        __sigmund_init
        __sigmund_first=1 __sigmund_at=''
        \builtin complete -p sigmund &>/dev/null || \builtin complete -F __sigmund_completion sigmund
        __sigmund_arm
        # `&& :` keeps the status for the commands that follow, but ERR and `set -e` do not see a failed command a
        # second time.
        if [[ -n ${__bp_imported-}${bash_preexec_imported-} ]]; then
            [[ " ${precmd_functions[*]-} " == *' __sigmund_prompt '* ]] || precmd_functions+=(__sigmund_prompt)
        elif [[ ";${PROMPT_COMMAND[*]-};" != *__sigmund_prompt* ]]; then
            if [[ -n ${PROMPT_COMMAND+set} && ${PROMPT_COMMAND@a} == *r* ]]; then
                : # it is readonly, so the trap that is set now must suffice
            elif ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501)) && [[ -n ${PROMPT_COMMAND[*]-} ]]; then
                # In an array, each element finds $? and PIPESTATUS as the user's command left them.
                PROMPT_COMMAND=('__sigmund_prompt && :' "${PROMPT_COMMAND[@]}")
            else
                # shellcheck disable=SC2128,SC2178 # a string, or the first of an array that this bash does not know
                PROMPT_COMMAND="__sigmund_prompt && :${PROMPT_COMMAND:+;$PROMPT_COMMAND}"
                \builtin export -n PROMPT_COMMAND # a child shell without these functions would call them
            fi
        fi
        ;;
esac
