# SPDX-License-Identifier: Apache-2.0
# This is sigmund's hook for zsh. It connects runs to this shell, prints a notice when one ends, and asks a question
# at exit. The text is evaluated in a sticky emulation, so that no option or alias of the user changes its meaning.
'builtin' 'emulate' 'zsh' '-o' 'no_aliases' '-c' '
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

    # Runs at each prompt. It is cheap when this shell has no folder and the store is where it was; it forks only to
    # report a run that has ended. zsh itself keeps the status over its hooks; returning it would trigger ZERR a
    # second time.
    function __sigmund_prompt() {
        [[ $__sigmund_at == "$SIGMUND_STATE_DIR:$XDG_STATE_HOME:$HOME" && ! -d $__sigmund_own ]] || __sigmund_look
    }

    function __sigmund_look() {
        builtin local REPLY own
        builtin local -a marks
        __sigmund_shells
        own=$REPLY/${__sigmund_id-}
        if [[ -n ${__sigmund_first-} ]]; then
            builtin unset __sigmund_first
            __sigmund_offer
            marks=($REPLY/[0-9]*(N/))
            marks=(${marks:#$own})
            (($#marks == 0)) || command sigmund shell-notify --orphans --id "${__sigmund_id-}"
        fi
        marks=()
        if [[ -d $own ]]; then
            marks=($own/[dr]*(N))
            if [[ ${marks[1]-} == */done.* ]]; then # these sort before run.*
                command sigmund shell-notify --id $__sigmund_id
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

    # Loads the completion at the first TAB if it is in no folder that compinit has searched.
    function __sigmund_offer() {
        if (($+functions[compdef])) && [[ -z ${_comps[sigmund]-} ]]; then compdef __sigmund_completion sigmund; fi
    }

    function __sigmund_exit() {
        builtin local __sigmund_status=$? REPLY
        if ((!ZSH_SUBSHELL)) && [[ -n ${__sigmund_id-} ]]; then
            __sigmund_shells
            [[ -d $REPLY/$__sigmund_id ]] && command sigmund shell-exit --shell zsh --id $__sigmund_id
        fi
        builtin return $__sigmund_status
    }

    # Prints the runs of this shell, one per line, in the form of `jobs`.
    function sigmund_jobs() {
        builtin local line
        builtin local -a run
        command sigmund list --porcelain --shell --columns id,name,state,result,shown </dev/null 2>/dev/null |
            while IFS= builtin read -r line; do
                run=("${(@ps:\t:)line}")
                [[ $run[2] == - ]] || run[1]="$run[2] ($run[1])"
                [[ $run[4] == - ]] || run[3]=${${run[4]/exit=/exited }/signal=/killed }
                builtin print -r -- "[$run[1]]  $run[3]  $run[5]"
            done
    }

    __sigmund_init
    builtin typeset -g __sigmund_first=1 __sigmund_at=
    builtin typeset -ga zshexit_functions precmd_functions
    zshexit_functions=("${(@)zshexit_functions:#__sigmund_exit}" __sigmund_exit)
    precmd_functions=(__sigmund_prompt "${(@)precmd_functions:#__sigmund_prompt}")
fi'
# This function is outside the emulation, which would affect the completion of the commands that are started.
'__sigmund_completion' () {
    'builtin' 'unfunction' '__sigmund_completion'
    'builtin' 'eval' "$('command' 'sigmund' 'completions' 'zsh' 2>/dev/null)"
    'compdef' '_sigmund' 'sigmund'
}
