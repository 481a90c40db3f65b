# SPDX-License-Identifier: Apache-2.0
# This is sigmund's hook for zsh. It connects runs to this shell, prints a notice when one ends, and asks a question
# at exit. The text is evaluated in a sticky emulation, so that no option or alias of the user changes its meaning, and
# `setopt xtrace` does not trace it. A function that begins with `trap - DEBUG` does not call a DEBUG trap even once: the
# trap is called after commands here, and is restored when the function returns (local_traps).
'builtin' 'emulate' 'zsh' '-o' 'no_aliases' '-o' 'no_xtrace' '-o' 'no_debug_before_cmd' '-o' 'local_traps' '-c' '
if [[ -o interactive ]]; then
    # PID.START identifies this shell uniquely: its pid, and the 22nd field of its stat, which is read without a fork.
    function __sigmund_init() {
        builtin local stat i
        IFS= builtin read -r -d "" stat 2>/dev/null </proc/$$/stat || [[ -n $stat ]] || builtin return 0
        stat=${stat##*\)}
        for ((i = 0; i < 20; i++)); do stat=${stat#* }; done
        builtin typeset -g __sigmund_id=$$.${stat%% *}
        builtin typeset -gx SIGMUND_SHELL_ID=$__sigmund_id
    }

    # Sets REPLY to the folder of the marks of all shells.
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

    # Runs at each prompt. It is cheap when this shell has no folder and the store is where it was; it forks only to
    # report a run that has ended. zsh itself keeps the status over its hooks; returning it would trigger ZERR a
    # second time.
    function __sigmund_prompt() {
        builtin trap - DEBUG
        [[ ${zshexit_functions-} == *__sigmund_exit* && ${preexec_functions-} == *__sigmund_preexec* ]] || __sigmund_arm
        (($+functions[compdef])) && [[ -z ${_comps[sigmund]-} ]] && __sigmund_offer
        [[ $__sigmund_at == "$SIGMUND_STATE_DIR:$XDG_STATE_HOME:$HOME" && ! -d $__sigmund_own ]] || __sigmund_look
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
        builtin local REPLY own
        builtin local -a marks
        # While powerlevel10k shows its instant prompt, the terminal belongs to it. The next prompt reports everything.
        ((!$+__p9k_instant_prompt_active)) || builtin return 0
        __sigmund_shells
        own=$REPLY/${__sigmund_id-}
        if [[ -n ${__sigmund_first-} ]]; then
            builtin unset __sigmund_first
            marks=($REPLY/[0-9]*(N/))
            marks=(${marks:#$own})
            (($#marks == 0)) || __sigmund_call shell-notify --orphans --id "${__sigmund_id-}"
        fi
        marks=()
        if [[ -d $own ]]; then
            marks=($own/[dr]*(N))
            if [[ ${marks[1]-} == */done.* ]]; then # these sort before run.*
                __sigmund_call shell-notify --id $__sigmund_id
                marks=($own/run.*(N))
            fi
        fi
        # While there are runs, the next prompt checks again: the folder is removed with the last run.
        builtin typeset -g __sigmund_own=$own __sigmund_at=
        if (($#marks > 0)); then
            builtin typeset -gx SIGMUND_RUNNING=$#marks
        else
            builtin unset SIGMUND_RUNNING
            __sigmund_at=$SIGMUND_STATE_DIR:$XDG_STATE_HOME:$HOME
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
            if [[ -d $REPLY/$__sigmund_id ]]; then
                __sigmund_call shell-exit --shell zsh --id $__sigmund_id || __sigmund_left $?
            fi
        fi
        builtin return $__sigmund_status
    }

    # Says at exit that runs are left when the status $1 says that sigmund was not found.
    function __sigmund_left() {
        builtin local -a marks
        marks=($REPLY/$__sigmund_id/run.*(N))
        (($1 != 127 || $#marks == 0)) ||
            builtin print -r -u2 -- "sigmund: left $#marks running, since the program sigmund was not found"
    }

    # Prints the runs of this shell, one per line, in the form of `jobs`. Puts a lost hook back.
    function sigmund_jobs() {
        __sigmund_call list --shell --jobs </dev/null 2>/dev/null || builtin true
        (($precmd_functions[(Ie)__sigmund_prompt])) ||
            builtin print -r -u2 -- "sigmund: precmd_functions had lost the hook, so notices were missing; it is back"
        __sigmund_arm
    }

    if [[ ! -o restricted ]]; then
        __sigmund_init
        builtin typeset -g __sigmund_first=1 __sigmund_at= __sigmund_own=
        __sigmund_arm
    fi
fi'
# This function is outside the emulation, which would affect the completion of the commands that are started.
'__sigmund_completion' () {
    'builtin' 'unfunction' '__sigmund_completion'
    'builtin' 'eval' "$(__sigmund_call 'completions' 'zsh' 2>/dev/null)"
    'compdef' '_sigmund' 'sigmund'
}
