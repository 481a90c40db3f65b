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
        # fork. The 28th field, the address of the stack, differs after each exec: by it `sigmund doctor` sees that this
        # hook was loaded by this very shell, and by the hash which version of the hook it is (shell-init sets it).
        function __sigmund_init() {
            \builtin local IFS=$' \t\n' stat='' i
            IFS='' \builtin read -r -d '' stat 2>/dev/null </proc/$$/stat || [[ -n $stat ]] || \builtin return 0
            stat=${stat##*)}
            for ((i = 0; i < 20; i++)); do stat=${stat#* }; done
            __sigmund_id=$$.${stat%% *}
            for ((i = 0; i < 6; i++)); do stat=${stat#* }; done
            \builtin export "SIGMUND_SHELL_ID=$__sigmund_id" "SIGMUND_SHELL_HOOK=bash.${stat%% *}.${__sigmund_hash-}"
            # The store may be another one later, even for a single command: then the runs there add a link to this
            # folder, which leads to their marks. It stays when the hook is read again.
            __sigmund_own=${SIGMUND_SHELL_MARKS-}
            if [[ $__sigmund_own != /*"/shells/$__sigmund_id" ]]; then
                \builtin local shells
                __sigmund_shells
                [[ $shells == /* ]] || shells=$PWD/$shells
                __sigmund_own=$shells/$__sigmund_id
            fi
            \builtin export "SIGMUND_SHELL_MARKS=$__sigmund_own"
        }

        # Sets `shells` to the folder of the marks of all shells in the store of the moment.
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

        # Runs sigmund in each store in which this shell has marks. A link to a folder of marks leads to its store. Call
        # it in a subshell, since it sets SIGMUND_STATE_DIR.
        function __sigmund_everywhere() {
            \builtin local shells='' folder
            __sigmund_call "$@" || :
            __sigmund_shells
            \builtin set +f
            for folder in "${__sigmund_own-}" "${__sigmund_own-}"/store.*; do
                [[ -d $folder && ! $folder -ef $shells/$__sigmund_id ]] || \builtin continue
                \builtin export "SIGMUND_STATE_DIR=$folder/../.."
                __sigmund_call "$@" || :
            done
        }

        # Puts the hook's call first in the EXIT trap and keeps the user's commands there. The trap is written into
        # the pipe of a here-string, and read from there: this needs no fork and no file. Returns 1 when the call is there
        # already.
        function __sigmund_arm() {
            \builtin local text='' user=''
            {
                \builtin trap -p EXIT >|/proc/self/fd/0 && { \builtin read -r -N 65536 text || :; }
            } 2>/dev/null <<<'' || text=$(\builtin trap -p EXIT) || :
            text=${text#$'\n'}
            [[ $text == *__sigmund_exit* ]] && \builtin return 1
            if [[ -n $text ]]; then
                \builtin local -a words
                \builtin eval "words=($text)" || \builtin return 1
                user=${words[2]-}
                [[ $user == - ]] && user='' # posix mode prints - for no trap
            fi
            # `&& :` keeps a bad status from ending the trap under `set -e` before the user's part. Descriptor 9 keeps
            # stderr for sigmund, while the traces of `set -x` go nowhere.
            \builtin trap -- "{ __sigmund_exit && :; } 9>&2 2>/dev/null${user:+$'\n'$user}" EXIT
        }

        # Runs at a prompt. It is cheap when this shell has no folder, and forks only to report a run that has ended.
        # Its messages go to descriptor 9.
        function __sigmund_prompt() {
            \builtin local __sigmund_status="$?"
            [[ -d $__sigmund_at ]] && __sigmund_look
            \builtin return "$__sigmund_status"
        }

        function __sigmund_look() {
            \builtin local IFS=$' \t\n' -
            \builtin set +efuxET
            [[ -z ${__sigmund_first-} ]] || __sigmund_report_orphans
            __sigmund_order
            if [[ -d $__sigmund_own ]]; then
                __sigmund_arm || :
                __sigmund_count
            else
                \builtin unset -v SIGMUND_RUNNING
            fi
            # The next prompt looks again while there are runs: the folder is removed with the last one.
            __sigmund_at=$__sigmund_own __sigmund_first=''
            [[ -z ${SIGMUND_RUNNING-} ]] || __sigmund_at=/
        }

        # Reports the runs that other shells have left behind, if there is any other shell in this store.
        function __sigmund_report_orphans() {
            \builtin local shells='' other=''
            \builtin local -a marks
            __sigmund_shells
            [[ -d $shells ]] || \builtin return 0
            __sigmund_glob "$shells" '[0-9]*'
            for other in "${marks[@]}"; do
                [[ -d $other && $other != */"${__sigmund_id-}" ]] || \builtin continue
                __sigmund_call shell-notify --orphans --id "${__sigmund_id-}" 2>&9 9>&- || :
                \builtin break
            done
        }

        # Sets `marks` to what matches the pattern $2 in the folder $1, and in the folders to which its links lead.
        function __sigmund_glob() {
            \builtin local options=$BASHOPTS
            \builtin shopt -u failglob
            \builtin shopt -s nullglob
            # shellcheck disable=SC2206 # it is a pattern
            marks=("$1"/$2 "$1"/store.*/$2)
            [[ $options == *nullglob* ]] || \builtin shopt -u nullglob
            [[ $options != *failglob* ]] || \builtin shopt -s failglob
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

        # Sets SIGMUND_RUNNING to the number of marks of live runs, after reporting the finished runs. Most often there are
        # only marks of live runs, and as many as at the last prompt.
        function __sigmund_count() {
            if [[ $BASHOPTS != *failglob* ]]; then
                \builtin set -- "$__sigmund_own"/[drs]*
                if [[ -e ${1-} && $* != *"/$__sigmund_id/"[ds]* ]]; then
                    [[ $# == "${SIGMUND_RUNNING-}" && -z ${__sigmund_first-}${__sigmund_exports-} ]] || __sigmund_show $#
                    \builtin return 0
                fi
            fi
            __sigmund_report_ends
        }

        # Where no mark is left but the folder is, sigmund removes the links in it.
        function __sigmund_report_ends() {
            \builtin local -a marks
            __sigmund_glob "$__sigmund_own" '[dr]*'
            if [[ " ${marks[*]##*/}" == *' done.'* ]] || ((${#marks[@]} == 0 && ${SIGMUND_RUNNING:-0} > 0)); then
                __sigmund_call shell-notify --id "$__sigmund_id" 2>&9 9>&- || :
                __sigmund_glob "$__sigmund_own" 'run.*'
            fi
            __sigmund_show ${#marks[@]}
        }

        # Sets SIGMUND_RUNNING to $1. It is exported only for programs that print prompts: an inner shell without the hook
        # would show the number for ever.
        function __sigmund_show() {
            \builtin unset -v SIGMUND_RUNNING
            (($1 > 0)) || \builtin return 0
            SIGMUND_RUNNING=$1
            if [[ ${_omp_executable:-__sigmund_omp} != __sigmund_omp ]]; then
                __sigmund_omp_program=$_omp_executable _omp_executable=__sigmund_omp
            fi
            if \builtin declare -F starship_precmd >/dev/null; then
                \builtin export SIGMUND_RUNNING
                __sigmund_exports=1 # at each prompt, since it is taken back afterwards
            fi
        }

        # oh-my-posh calls its program by this name, after the last command of PROMPT_COMMAND.
        function __sigmund_omp() {
            SIGMUND_RUNNING=${SIGMUND_RUNNING-} \builtin command "$__sigmund_omp_program" "$@"
        }

        # Runs only in the shell itself, never in a subshell, and only once.
        function __sigmund_exit() {
            \builtin local status="$?" IFS=$' \t\n' shells='' -
            \builtin local -a marks
            \builtin set +efuxET
            if [[ ${BASHPID:-$$} == "$$" && -z ${__sigmund_over-} && -n ${__sigmund_id-} ]]; then
                __sigmund_over=1
                __sigmund_shells
                if [[ -d $__sigmund_own || -d $shells/$__sigmund_id ]]; then
                    __sigmund_call shell-exit --shell bash --id "$__sigmund_id" 2>&9 9>&- || __sigmund_left $?
                fi
            fi
            \builtin return "$status"
        }

        # Says at exit that runs are left when the status $1 says that sigmund was not found.
        function __sigmund_left() {
            (($1 == 127)) || \builtin return 0
            __sigmund_glob "$__sigmund_own" 'run.*'
            ((${#marks[@]} == 0)) ||
                \builtin printf 'sigmund: left %d running, since the program sigmund was not found\n' ${#marks[@]} >&9
        }

        # Prints this shell's runs, one per line, in the form of `jobs`. Puts back what the hook has lost, and says so.
        function sigmund_jobs() {
            [[ ${BASHPID:-$$} != "$$" ]] || __sigmund_repair 9>&2 2>/dev/null ||
                \builtin printf 'sigmund: functions of the hook are missing: evaluate sigmund shell-init again\n' >&2
            (__sigmund_everywhere list --shell --jobs </dev/null 2>/dev/null) || :
            \builtin return 0
        }

        # Returns 1 when functions are missing and could not be restored. Its messages go to descriptor 9.
        function __sigmund_repair() {
            if ! \builtin declare -F __sigmund_shells __sigmund_call __sigmund_arm __sigmund_prompt __sigmund_look \
                __sigmund_order __sigmund_called __sigmund_count __sigmund_exit __sigmund_left __sigmund_precmd \
                __sigmund_install __sigmund_everywhere __sigmund_report_orphans __sigmund_report_ends __sigmund_glob \
                __sigmund_show __sigmund_omp >/dev/null; then
                \builtin eval "$(__sigmund_call shell-init bash || \builtin command sigmund shell-init bash)"
                \builtin declare -F __sigmund_look >/dev/null || \builtin return 1
                \builtin printf 'sigmund: functions of the hook were missing; they are back\n' >&9
            fi
            if __sigmund_install; then
                \builtin printf 'sigmund: PROMPT_COMMAND had lost the hook, so notices were missing; it is back\n' >&9
            elif [[ -z ${__bp_imported-}${bash_preexec_imported-} && ${PROMPT_COMMAND[*]-} != *'{ __sigmund_'* ]]; then
                \builtin printf 'sigmund: PROMPT_COMMAND is readonly and lacks the hook, so notices are missing\n' >&9
            fi
            __sigmund_arm && \builtin printf 'sigmund: the EXIT trap had lost the hook; it is back\n' >&9
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
            \builtin local call='{ __sigmund_prompt && __sigmund_() { :; }; } 9>&2 2>/dev/null'$'\n'
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
                # A DEBUG trap is called for each simple command, but not for a loop without turns. So this opens the
                # folder of the shell by a redirection of such a loop, and calls the hook if it exists. bash parses this
                # text at each prompt, so it is short. While there are runs the trap is called once, since only a command
                # can tell whether the EXIT trap is still there.
                # shellcheck disable=SC2016 # it is expanded at each prompt
                call='for __ in; do :; done 2>&- <"$__sigmund_at" && { __sigmund_look; } 9>&2 2>/dev/null'
                PROMPT_COMMAND=("${PROMPT_COMMAND-}" "$call" "${PROMPT_COMMAND[@]:1}")
            fi
        }

        if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)); then
            [[ -n ${__sigmund_told-} ]] || \builtin printf 'sigmund: the hook needs bash 4.4 or later\n' >&2
            __sigmund_told=1
        elif [[ $- == *r* ]] || \builtin shopt -q restricted_shell; then
            # A restricted shell may not redirect output, and says so when a completion does it.
            \builtin complete -o default sigmund
        else
            __sigmund_init
            __sigmund_first=1 __sigmund_at=/
            \builtin complete -p sigmund &>/dev/null || \builtin complete -F __sigmund_completion sigmund
            __sigmund_arm || :
            __sigmund_install || :
        fi
        ;;
esac
[[ -z ${__sigmund_aliases-} ]] || \builtin shopt -s expand_aliases
\builtin unset -v __sigmund_aliases
