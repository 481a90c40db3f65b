# SPDX-License-Identifier: Apache-2.0
# This is sigmund's hook for fish. It connects runs to this shell, prints a notice when one ends, and asks a question
# at exit.
if status is-interactive
    # PID.START identifies this shell uniquely: its pid, and the 22nd field of its stat, which is read without a fork.
    function __sigmund_init
        set -l text
        if test -r /proc/$fish_pid/stat
            read -l -z text </proc/$fish_pid/stat
            set -l fields (string split ' ' -- (string replace -r '^.*\) ' '' -- $text))
            set -g __sigmund_id $fish_pid.$fields[20]
            set -gx SIGMUND_SHELL_ID $__sigmund_id
        end
    end

    # Prints the folder of the marks of all shells.
    function __sigmund_shells
        if test -n "$SIGMUND_STATE_DIR"
            echo $SIGMUND_STATE_DIR/shells
        else if string match -q '/*' -- "$XDG_STATE_HOME"
            echo $XDG_STATE_HOME/sigmund/shells
        else
            echo $HOME/.local/state/sigmund/shells
        end
    end

    # Runs sigmund: the file that printed this hook (shell-init sets __sigmund_path), or else the one in PATH. Returns
    # 127 without a message when there is neither.
    function __sigmund_call
        if test -f "$__sigmund_path" -a -x "$__sigmund_path"
            command $__sigmund_path $argv
        else if command -q sigmund
            command sigmund $argv
        else
            return 127
        end
    end

    # Runs at each prompt. It is cheap when this shell has no folder, and forks only to report a run that has ended.
    function __sigmund_prompt --on-event fish_prompt
        set -q __sigmund_busy
        or test -d $__sigmund_own
        and __sigmund_look
    end

    # The store may be elsewhere now, so later prompts check closely.
    function __sigmund_moved --on-variable SIGMUND_STATE_DIR --on-variable XDG_STATE_HOME --on-variable HOME
        set -g __sigmund_busy moved
    end

    function __sigmund_look
        set -l own $__sigmund_own
        test "$__sigmund_busy" = moved; and set own (__sigmund_shells)/$__sigmund_id
        if set -q __sigmund_first
            set -e __sigmund_first
            for other in (__sigmund_shells)/*
                if test -d $other; and test $other != $own
                    __sigmund_call shell-notify --orphans --id "$__sigmund_id"
                    break
                end
            end
        end
        if test -d $own
            set -l marks $own/* # done.* sorts before run.*
            if test "$marks" = "$__sigmund_marks"; and set -q SIGMUND_RUNNING
                set -gx SIGMUND_RUNNING $SIGMUND_RUNNING
                return
            end
            if string match -q '*/done.*' -- "$marks[1]"
                __sigmund_call shell-notify --id $__sigmund_id
                set marks $own/run.*
            end
            if set -q marks[1]
                set -g __sigmund_marks $marks
                set -gx SIGMUND_RUNNING (count $marks)
                test "$__sigmund_busy" = moved; or set -g __sigmund_busy running
                return
            end
        end
        test "$__sigmund_busy" = moved; or set -e __sigmund_busy
        set -e SIGMUND_RUNNING
        true
    end

    # SIGMUND_RUNNING is for the programs that print the prompt; an inner shell without the hook would show the number
    # for ever.
    function __sigmund_preexec --on-event fish_preexec
        set -q SIGMUND_RUNNING; and set -gu SIGMUND_RUNNING $SIGMUND_RUNNING
    end

    function __sigmund_exit --on-event fish_exit
        set -l own (__sigmund_shells)/$__sigmund_id
        test -n "$__sigmund_id"; and test -d $own
        or return
        __sigmund_call shell-exit --shell fish --id $__sigmund_id
        test $status = 127; or return
        set -l marks $own/run.*
        set -q marks[1]; or return
        echo "sigmund: left "(count $marks)" running, since the program sigmund was not found" >&2
    end

    # Prints this shell's runs, one per line, in the form of `jobs`.
    function sigmund_jobs
        __sigmund_call list --shell --jobs </dev/null 2>/dev/null
        true
    end

    # Loads the completion at the first TAB if it is in no folder that fish searches.
    function __sigmund_completion
        complete -e -c sigmund
        __sigmund_call completions fish 2>/dev/null | source
        functions -q __sigmund_complete; and complete -C (commandline -cp)
    end

    function __sigmund_offer
        for folder in $fish_complete_path
            test -f $folder/sigmund.fish; and return
        end
        complete -c sigmund -f -a '(__sigmund_completion)'
    end

    __sigmund_init
    __sigmund_offer
    set -g __sigmund_own (__sigmund_shells)/$__sigmund_id
    set -g __sigmund_first 1
    set -g __sigmund_busy first
end
