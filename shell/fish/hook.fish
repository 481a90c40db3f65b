# SPDX-License-Identifier: Apache-2.0
# sigmund's hook for fish: which runs belong to this shell, a notice when one ends, a question when it exits.
if status is-interactive
    # PID.START names this shell for good: its number, and the 22nd field of its stat, read without a fork.
    function __sigmund_init
        set -l text
        if test -r /proc/$fish_pid/stat
            read -l -z text </proc/$fish_pid/stat
            set -l fields (string split ' ' -- (string replace -r '^.*\) ' '' -- $text))
            set -g __sigmund_id $fish_pid.$fields[20]
            set -gx SIGMUND_SHELL_ID $__sigmund_id
        end
    end

    # Prints the folder of all shells' marks.
    function __sigmund_shells
        if test -n "$SIGMUND_STATE_DIR"
            echo $SIGMUND_STATE_DIR/shells
        else if string match -q '/*' -- "$XDG_STATE_HOME"
            echo $XDG_STATE_HOME/sigmund/shells
        else
            echo $HOME/.local/state/sigmund/shells
        end
    end

    # At each prompt; forks only to tell of a run that has ended.
    function __sigmund_prompt --on-event fish_prompt
        set -l shells (__sigmund_shells)
        set -l own $shells/$__sigmund_id
        if set -q __sigmund_first
            set -e __sigmund_first
            for other in $shells/*
                if test -d $other; and test $other != $own
                    command sigmund shell-notify --orphans --id "$__sigmund_id"
                    break
                end
            end
        end
        if test -d $own
            set -l marks $own/done.*
            test (count $marks) -gt 0; and command sigmund shell-notify --id $__sigmund_id
            set marks $own/run.*
            if test (count $marks) -gt 0
                set -gx SIGMUND_RUNNING (count $marks)
            else
                set -e SIGMUND_RUNNING
            end
        else
            set -q SIGMUND_RUNNING; and set -e SIGMUND_RUNNING
        end
    end

    function __sigmund_exit --on-event fish_exit
        set -l own (__sigmund_shells)/$__sigmund_id
        test -n "$__sigmund_id"; and test -d $own
        and command sigmund shell-exit --shell fish --id $__sigmund_id
    end

    # This shell's runs, a line each, as `jobs` has it.
    function sigmund_jobs
        command sigmund list --porcelain --shell --columns id,name,state,cmd </dev/null 2>/dev/null | while read -l -d \t id name state cmd
            test "$name" = -; or set id "$name ($id)"
            printf '[%s]  %s  %s\n' $id $state $cmd
        end
    end

    __sigmund_init
    set -g __sigmund_first 1
end
