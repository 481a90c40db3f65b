# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# This is sigmund's hook for bash. It connects runs to this shell, prints a notice when one ends, and asks a question
# at exit. Aliases are off while this text is read, and every builtin is called with `builtin`, since the user may have
# an alias or a function of that name. Even old versions of bash, and the posix mode, must be able to parse the text.
# shellcheck disable=SC2015
\builtin shopt -q expand_aliases && __sigmund_aliases=1 && \builtin shopt -u expand_aliases || \builtin :
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
            \builtin export "SIGMUND_SHELL_ID=$__sigmund_id"
        }

        # Sets `shells` to the folder of the marks of all shells. The commands in PROMPT_COMMAND say the same.
        function __sigmund_shells() {
            shells=${XDG_STATE_HOME-}
            [[ $shells == /* ]] || shells=${HOME-}/.local/state
            shells=${SIGMUND_STATE_DIR:-$shells/sigmund}/shells
        }

        # Runs sigmund: the file that printed this hook (shell-init sets __sigmund_path), or else the one in PATH.
        # Returns 127 without a message when there is neither. What bash remembers of PATH may be out of date.
        function __sigmund_call() {
            if [[ -f ${__sigmund_path-} && -x $__sigmund_path ]]; then
                \builtin command "$__sigmund_path" "$@"
            else
                \builtin hash -d sigmund &>/dev/null || :
                \builtin type -P sigmund &>/dev/null || \builtin return 127
                \builtin command sigmund "$@"
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
            # `&& :` keeps a bad status from ending the trap under `set -e` before the user's part. Descriptor 9 keeps
            # stderr for sigmund, while the traces of `set -x` go nowhere.
            \builtin trap -- "{ __sigmund_exit && :; } 9>&2 2>/dev/null${user:+$'\n'$user}" EXIT
        }

        # Runs at a prompt. It is cheap when this shell has no folder, unless __sigmund_ask is set, and forks only to
        # report a run that has ended. Its messages go to descriptor 9.
        function __sigmund_prompt() {
            \builtin local __sigmund_status="$?"
            [[ -d ${__sigmund_ask:-${SIGMUND_STATE_DIR:-${XDG_STATE_HOME:-${HOME-}/.local/state}/sigmund}/shells/${__sigmund_id-}} ]] &&
                __sigmund_look
            \builtin return "$__sigmund_status"
        }

        function __sigmund_look() {
            \builtin local IFS=$' \t\n' shells='' own='' other='' failglob='' -
            \builtin set +efuxET
            __sigmund_shells
            own=$shells/${__sigmund_id-}
            \builtin shopt -q failglob && failglob=1 && \builtin shopt -u failglob
            if [[ -n ${__sigmund_first-} && -d $shells ]]; then
                for other in "$shells"/[0-9]*; do
                    [[ -d $other && $other != "$own" ]] || \builtin continue
                    __sigmund_call shell-notify --orphans --id "${__sigmund_id-}" 2>&9 9>&- || :
                    \builtin break
                done
            fi
            __sigmund_order
            __sigmund_first='' __sigmund_ask=''
            if [[ -d $own ]]; then
                __sigmund_arm
                __sigmund_count
            else
                \builtin unset -v SIGMUND_RUNNING
            fi
            # The next prompt looks again: the folder is removed with the last run, and a relative XDG_STATE_HOME does
            # not count.
            [[ -z ${SIGMUND_RUNNING-} && /${XDG_STATE_HOME-} != /[!/]* ]] || __sigmund_ask=/
            [[ -z $failglob ]] || \builtin shopt -s failglob
        }

        # Programs that print a whole prompt read SIGMUND_RUNNING, so the hook must be called before them. VS Code must
        # call it itself.
        function __sigmund_order() {
            [[ ${PROMPT_COMMAND[1]-} == *'{ __sigmund_'* ]] || \builtin return 0
            if [[ ${PROMPT_COMMAND[1]} == *__sigmund_look* && $PROMPT_COMMAND == *@(starship_precmd|_omp_hook)* ]]; then
                # The commands that the user starts do not get the number.
                PROMPT_COMMAND=('' "${PROMPT_COMMAND[1]}" "$PROMPT_COMMAND" "${PROMPT_COMMAND[@]:2}"
                    "${PROMPT_COMMAND[1]%%&&*}&& \\builtin export -n SIGMUND_RUNNING")
            elif [[ ${PROMPT_COMMAND-} == __vsc_prompt_cmd* ]]; then
                PROMPT_COMMAND=("${PROMPT_COMMAND-}" "${PROMPT_COMMAND[@]:2}")
                __sigmund_install || :
            fi
        }

        # Sets SIGMUND_RUNNING from the marks in `own`, after reporting the finished runs. It is exported only for
        # programs that print prompts: an inner shell without the hook would show the number for ever.
        function __sigmund_count() {
            \builtin set -- "$own"/[dr]*
            if [[ ${1-} == */done.* ]]; then # these sort before `run.`
                __sigmund_call shell-notify --id "$__sigmund_id" 2>&9 9>&- || :
                \builtin set -- "$own"/run.*
            fi
            \builtin unset -v SIGMUND_RUNNING
            [[ -e ${1-} ]] || \builtin return 0 # it is the pattern itself
            SIGMUND_RUNNING=$#
            if [[ ${_omp_executable:-__sigmund_omp} != __sigmund_omp ]]; then
                __sigmund_omp_program=$_omp_executable _omp_executable=__sigmund_omp
            fi
            if \builtin declare -F starship_precmd >/dev/null; then
                \builtin export SIGMUND_RUNNING
            fi
        }

        # oh-my-posh calls its program by this name, after the last command of PROMPT_COMMAND.
        function __sigmund_omp() {
            SIGMUND_RUNNING=${SIGMUND_RUNNING-} \builtin command "$__sigmund_omp_program" "$@"
        }

        # Runs only in the shell itself, never in a subshell, and only once.
        function __sigmund_exit() {
            \builtin local status="$?" IFS=$' \t\n' shells='' -
            \builtin set +efuxET
            if [[ ${BASHPID:-$$} == "$$" && -z ${__sigmund_over-} && -n ${__sigmund_id-} ]]; then
                __sigmund_over=1
                __sigmund_shells
                if [[ -d $shells/$__sigmund_id ]]; then
                    __sigmund_call shell-exit --shell bash --id "$__sigmund_id" 2>&9 9>&- || __sigmund_left $?
                fi
            fi
            \builtin return "$status"
        }

        # Says at exit that runs are left when the status $1 says that sigmund was not found.
        function __sigmund_left() {
            (($1 == 127)) || \builtin return 0
            \builtin shopt -u failglob
            \builtin set -- "$shells/$__sigmund_id"/run.*
            [[ -e ${1-} ]] || \builtin return 0
            \builtin printf 'sigmund: left %d running, since the program sigmund was not found\n' $# >&9
        }

        # Prints this shell's runs, one per line, in the form of `jobs`. Puts a lost hook back.
        function sigmund_jobs() {
            \builtin local text id name state result cmd
            text=$(__sigmund_call list --porcelain --shell --columns id,name,state,result,shown </dev/null 2>/dev/null) || :
            while IFS=$'\t' \builtin read -r id name state result cmd; do
                [[ -n $id ]] || \builtin continue
                [[ $name == - ]] || id="$name ($id)"
                [[ $result == - ]] || state=${result/exit=/exited } state=${state/signal=/killed }
                \builtin printf '[%s]  %s  %s\n' "$id" "$state" "$cmd"
            done <<<"$text"
            __sigmund_install &&
                \builtin printf 'sigmund: PROMPT_COMMAND had lost the hook, so notices were missing; it is back\n' >&2
            \builtin return 0
        }

        # Loads the completion at the first TAB if the bash-completion package does not find it. It also works for an
        # alias: `complete -F __sigmund_completion sg`.
        function __sigmund_completion() {
            \builtin eval "$(__sigmund_call completions bash 2>/dev/null)"
            \builtin declare -F _sigmund >/dev/null || \builtin return 1
            \builtin complete -F _sigmund -- "${1-sigmund}"
            \builtin return 124 # tells bash to try again with the loaded completion
        }

        # bash-preexec calls this.
        function __sigmund_precmd() {
            { __sigmund_prompt; } 9>&2 2>/dev/null
        }

        # Returns whether the hook is called at prompts: from PROMPT_COMMAND, or by a program that has replaced it.
        function __sigmund_called() {
            case ${PROMPT_COMMAND[*]-} in
                *'{ __sigmund_'*) ;;
                *starship_precmd*) [[ ${STARSHIP_PROMPT_COMMAND-} == *'{ __sigmund_'* ]] ;;
                *__vsc_prompt_cmd_original*) [[ ${__vsc_original_prompt_command-} == *'{ __sigmund_'* ]] ;;
                *) \builtin return 1 ;;
            esac
        }

        # Puts the hook into PROMPT_COMMAND, or into the list of bash-preexec. Returns 1 when it is there already, or when
        # PROMPT_COMMAND is readonly: then the trap must suffice.
        #
        # Descriptor 9 keeps stderr for sigmund, while the traces of `set -x` go nowhere. A definition after `&&` keeps the
        # status for the commands that follow, but ERR and `set -e` do not see a failed command a second time.
        function __sigmund_install() {
            \builtin local folder call='{ __sigmund_prompt && __sigmund_() { :; }; } 9>&2 2>/dev/null'$'\n'
            if [[ -n ${__bp_imported-}${bash_preexec_imported-} ]]; then
                [[ " ${precmd_functions[*]-} " != *' __sigmund_precmd '* ]] || \builtin return 1
                precmd_functions+=(__sigmund_precmd)
            elif __sigmund_called || [[ -n ${PROMPT_COMMAND+set} && ${PROMPT_COMMAND@a} == *r* ]]; then
                \builtin return 1
            elif [[ ${PROMPT_COMMAND-} == __vsc_prompt_cmd* ]]; then
                # The DEBUG trap of VS Code takes each call outside of its functions for a command of the user.
                __vsc_original_prompt_command=$call${__vsc_original_prompt_command:-! }
                PROMPT_COMMAND=__vsc_prompt_cmd_original
            elif ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 501)) || [[ ${TERM_PROGRAM-} == vscode ]]; then
                # PROMPT_COMMAND is a string, or the first element of an array that this bash does not know. VS Code will
                # keep that element, and call it. After `!`, both `x` and `;x` can be appended.
                # shellcheck disable=SC2128,SC2178
                PROMPT_COMMAND=$call${PROMPT_COMMAND:-! }
                \builtin export -n PROMPT_COMMAND # a child shell without these functions would call them
            else
                # Each element of an array finds $? and PIPESTATUS as the user's command left them. The first one is left
                # to others, since PROMPT_COMMAND+=x and PROMPT_COMMAND=x mean that one.
                #
                # A DEBUG trap is called for each simple command, but not for a group with redirections and a definition.
                # So this opens the folder of the shell by a redirection, and calls the hook if it exists.
                # shellcheck disable=SC2016 # it is expanded at each prompt
                folder='"${__sigmund_ask:-${SIGMUND_STATE_DIR:-${XDG_STATE_HOME:-${HOME-}/.local/state}/sigmund}/shells/${__sigmund_id-}}"'
                call="{ __sigmund_() { :; }; } 2>/dev/null <$folder && { __sigmund_look; } 9>&2 2>/dev/null"
                PROMPT_COMMAND=("${PROMPT_COMMAND-}" "$call" "${PROMPT_COMMAND[@]:1}")
            fi
        }

        if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)); then
            [[ -n ${__sigmund_told-} ]] || \builtin printf 'sigmund: the hook needs bash 4.4 or later\n' >&2
            __sigmund_told=1
        elif ! \builtin shopt -q restricted_shell; then # a restricted shell may not redirect output
            __sigmund_init
            __sigmund_first=1 __sigmund_ask=/
            \builtin complete -p sigmund &>/dev/null || \builtin complete -F __sigmund_completion sigmund
            __sigmund_arm
            __sigmund_install || :
        fi
        ;;
esac
[[ -z ${__sigmund_aliases-} ]] || \builtin shopt -s expand_aliases
\builtin unset -v __sigmund_aliases
