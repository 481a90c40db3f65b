# SPDX-License-Identifier: Apache-2.0
# This is sigmund's hook for zsh. It connects runs to this shell, prints a notice when one ends, and asks a question
# at exit. The text is evaluated in a sticky emulation, so that no option or alias of the user changes its meaning, and
# `setopt xtrace` does not trace it. A function that begins with `trap - DEBUG` does not call a DEBUG trap even once: the
# trap is called after commands here, and is restored when the function returns (local_traps).
'builtin' 'emulate' 'zsh' '-o' 'no_aliases' '-o' 'no_xtrace' '-o' 'no_debug_before_cmd' '-o' 'local_traps' '-c' '
if [[ -o interactive ]]; then
    # PID.START identifies this shell uniquely: its pid, and the 22nd field of its stat, which is read without a fork.
    # The 28th field, the address of the stack, differs after each exec: by it `sigmund doctor` sees that this hook was
    # loaded by this very shell, and by the hash which version of the hook it is (shell-init sets it).
    function __sigmund_init() {
        builtin local stat i
        IFS= builtin read -r -d "" stat 2>/dev/null </proc/$$/stat || [[ -n $stat ]] || builtin return 0
        stat=${stat##*\)}
        for ((i = 0; i < 20; i++)); do stat=${stat#* }; done
        builtin typeset -g __sigmund_id=$$.${stat%% *}
        for ((i = 0; i < 6; i++)); do stat=${stat#* }; done
        builtin typeset -gx SIGMUND_SHELL_ID=$__sigmund_id SIGMUND_SHELL_HOOK=zsh.${stat%% *}.${__sigmund_hash-}
        # The store may be another one later, even for a single command: then the runs there add a link to this folder,
        # which leads to their marks. It stays when the hook is read again.
        if [[ ${SIGMUND_SHELL_MARKS-} != /*/shells/$__sigmund_id ]]; then
            builtin local REPLY
            __sigmund_shells
            [[ $REPLY == /* ]] || REPLY=$PWD/$REPLY
            builtin typeset -gx SIGMUND_SHELL_MARKS=$REPLY/$__sigmund_id
        fi
        builtin typeset -g __sigmund_own=$SIGMUND_SHELL_MARKS
    }

    # Sets REPLY to the folder of the marks of all shells in the store of the moment.
    function __sigmund_shells() {
        if [[ -n ${SIGMUND_STATE_DIR-} ]]; then
            REPLY=$SIGMUND_STATE_DIR/shells
        elif [[ ${XDG_STATE_HOME-} == /* ]]; then
            REPLY=$XDG_STATE_HOME/sigmund/shells
        else
            REPLY=${HOME-}/.local/state/sigmund/shells
        fi
    }

    # Runs sigmund: the file that printed this hook (shell-init sets __sigmund_path), or else the one in PATH. Returns
    # 127 without a message when there is neither. What zsh remembers of PATH may be out of date.
    function __sigmund_call() {
        if [[ -f ${__sigmund_path-} && -x $__sigmund_path ]]; then
            command $__sigmund_path "$@"
        else
            builtin unhash sigmund 2>/dev/null
            builtin whence -p sigmund >/dev/null || builtin return 127
            command sigmund "$@"
        fi
    }

    # Runs sigmund in each store in which this shell has marks. A link to a folder of marks leads to its store.
    function __sigmund_everywhere() {
        builtin local REPLY folder
        __sigmund_call "$@"
        __sigmund_shells
        for folder in $__sigmund_own(N/) $__sigmund_own/store.*(N-/); do
            [[ $folder -ef $REPLY/$__sigmund_id ]] || SIGMUND_STATE_DIR=$folder/../.. __sigmund_call "$@"
        done
    }

    # Runs at each prompt. It is cheap when nothing has to be done: no run was live, this shell has no folder, the other
    # hooks are in place, and so is the completion if compinit has run. It forks only to report a run that has ended.
    # zsh itself keeps the status over its hooks; returning it would trigger ZERR a second time.
    function __sigmund_prompt() {
        builtin trap - DEBUG
        [[ -z $__sigmund_busy && ! -d $__sigmund_own && $+_comps == $+_comps[sigmund] &&
            "$zshexit_functions $preexec_functions" == *__sigmund_exit*__sigmund_preexec* ]] && builtin return
        __sigmund_arm
        (($+_comps == $+_comps[sigmund])) || __sigmund_offer
        [[ -z $__sigmund_busy && ! -d $__sigmund_own ]] || __sigmund_look
    }

    # Puts back what other code has removed from the hooks.
    function __sigmund_arm() {
        builtin typeset -ga zshexit_functions precmd_functions preexec_functions
        (($zshexit_functions[(Ie)__sigmund_exit])) || zshexit_functions+=(__sigmund_exit)
        (($precmd_functions[(Ie)__sigmund_prompt])) || precmd_functions=(__sigmund_prompt $precmd_functions)
        (($preexec_functions[(Ie)__sigmund_preexec])) || preexec_functions+=(__sigmund_preexec)
    }

    # Runs before each command. SIGMUND_RUNNING is for the programs that print the prompt; an inner shell without the
    # hook would show the number for ever.
    function __sigmund_preexec() {
        builtin trap - DEBUG
        [[ -z ${SIGMUND_RUNNING-} ]] || builtin typeset -g +x SIGMUND_RUNNING
        __sigmund_arm
    }

    function __sigmund_look() {
        builtin local REPLY news
        builtin local -a marks
        # While powerlevel10k shows its instant prompt, the terminal belongs to it. The next prompt reports everything.
        ((!$+__p9k_instant_prompt_active)) || builtin return 0
        if [[ -n ${__sigmund_first-} ]]; then
            builtin unset __sigmund_first
            __sigmund_shells
            marks=($REPLY/[0-9]*(N/))
            marks=(${marks:#*/${__sigmund_id-}})
            (($#marks == 0)) || __sigmund_call shell-notify --orphans --id "${__sigmund_id-}"
        fi
        # These are sorted: done.* is before run.*, and store.*, which leads to the marks in another store, is last.
        marks=($__sigmund_own/[drs]*(N))
        news=${(M)${marks[1]:t}:#done.*}
        if [[ ${marks[-1]:t} == store.* ]]; then
            marks=($__sigmund_own/[dr]*(N) $__sigmund_own/store.*/[dr]*(N))
            news=${(M)${marks:t}:#done.*}
        fi
        # Where no mark is left but the folder is, sigmund removes the links in it.
        if [[ -n $news || $#marks == 0 && -n ${SIGMUND_RUNNING-} && -d $__sigmund_own ]]; then
            __sigmund_call shell-notify --id $__sigmund_id
            marks=($__sigmund_own/run.*(N) $__sigmund_own/store.*/run.*(N))
        fi
        # While there are runs, the next prompt checks again: the folder is removed with the last run.
        builtin typeset -g __sigmund_busy=
        if (($#marks > 0)); then
            builtin typeset -gx SIGMUND_RUNNING=$#marks
            __sigmund_busy=1
        else
            builtin unset SIGMUND_RUNNING
        fi
    }

    # Loads the completion at the first TAB if it is in no folder that compinit has searched. compinit may run late.
    function __sigmund_offer() {
        compdef __sigmund_completion sigmund
    }

    function __sigmund_exit() {
        builtin local __sigmund_status=$? REPLY
        builtin trap - DEBUG
        if ((!ZSH_SUBSHELL)) && [[ -n ${__sigmund_id-} ]]; then
            __sigmund_shells
            if [[ -d $__sigmund_own || -d $REPLY/$__sigmund_id ]]; then
                __sigmund_call shell-exit --shell zsh --id $__sigmund_id || __sigmund_left $?
            fi
        fi
        builtin return $__sigmund_status
    }

    # Says at exit that runs are left when the status $1 says that sigmund was not found.
    function __sigmund_left() {
        builtin local -a marks
        marks=($__sigmund_own/run.*(N) $__sigmund_own/store.*/run.*(N))
        (($1 != 127 || $#marks == 0)) ||
            builtin print -r -u2 -- "sigmund: left $#marks running, since the program sigmund was not found"
    }

    # Prints the runs of this shell, one per line, in the form of `jobs`. Puts back what the hook has lost, and says so.
    function sigmund_jobs() {
        builtin local name
        if ((!ZSH_SUBSHELL)); then
            for name in shells call everywhere prompt arm preexec look offer exit left; do
                (($+functions[__sigmund_$name])) && builtin continue
                builtin eval "$(__sigmund_call shell-init zsh 2>/dev/null || command sigmund shell-init zsh 2>/dev/null)"
                if (($+functions[__sigmund_$name])); then
                    builtin print -r -u2 -- "sigmund: functions of the hook were missing; they are back"
                else
                    builtin print -r -u2 -- "sigmund: functions of the hook are missing: evaluate sigmund shell-init again"
                fi
                builtin break
            done
        fi
        if ((!ZSH_SUBSHELL && $+functions[__sigmund_arm])); then
            (($precmd_functions[(Ie)__sigmund_prompt])) ||
                builtin print -r -u2 -- "sigmund: precmd_functions had lost the hook, so notices were missing; it is back"
            (($zshexit_functions[(Ie)__sigmund_exit])) ||
                builtin print -r -u2 -- "sigmund: zshexit_functions had lost the hook; it is back"
            __sigmund_arm
        fi
        __sigmund_everywhere list --shell --jobs </dev/null 2>/dev/null
        builtin true
    }

    if [[ ! -o restricted ]]; then
        builtin typeset -g __sigmund_first=1 __sigmund_busy=1 __sigmund_own=
        __sigmund_init
        __sigmund_arm
    fi
fi'
# This function is outside the emulation, which would affect the completion of the commands that are started.
'__sigmund_completion' () {
    'builtin' 'unfunction' '__sigmund_completion'
    'builtin' 'eval' "$(__sigmund_call 'completions' 'zsh' 2>/dev/null)"
    'compdef' '_sigmund' 'sigmund'
}
