# SPDX-License-Identifier: Apache-2.0
# This is sigmund's hook for fish. It connects runs to this shell, prints a notice when one ends, and asks a question
# at exit.
if status is-interactive
    # PID.START identifies this shell uniquely: its pid, and the 22nd field of its stat, which is read without a fork.
    # The 28th field, the address of the stack, differs after each exec: by it `sigmund doctor` sees that this hook was
    # loaded by this very shell, and by the hash which version of the hook it is (shell-init sets it).
    function __sigmund_init
        set -l text
        if test -r /proc/$fish_pid/stat
            read -l -z text </proc/$fish_pid/stat
            set -l fields (string split ' ' -- (string replace -r '^.*\) ' '' -- $text))
            set -g __sigmund_id $fish_pid.$fields[20]
            set -gx SIGMUND_SHELL_ID $__sigmund_id
            set -gx SIGMUND_SHELL_HOOK "fish.$fields[26].$__sigmund_hash"
            # The store may be another one later, even for a single command: then the runs there add a link to this
            # folder, which leads to their marks. It stays when the hook is read again.
            if not string match -q "/*/shells/$__sigmund_id" -- $SIGMUND_SHELL_MARKS
                set -l shells (__sigmund_shells | string collect)
                string match -q '/*' -- $shells; or set shells $PWD/$shells
                set -gx SIGMUND_SHELL_MARKS $shells/$__sigmund_id
            end
            set -g __sigmund_own $SIGMUND_SHELL_MARKS
        end
    end

    # Prints the folder of the marks of all shells in the store of the moment.
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

    # Runs sigmund in each store in which this shell has marks. A link to a folder of marks leads to its store.
    function __sigmund_everywhere
        __sigmund_call $argv
        set -l here (builtin realpath -- (__sigmund_shells | string collect)/$__sigmund_id 2>/dev/null | string collect)
        for folder in $__sigmund_own $__sigmund_own/store.*
            if test -d "$folder"; and test "$(builtin realpath -- $folder | string collect)" != "$here"
                SIGMUND_STATE_DIR=$folder/../.. __sigmund_call $argv
            end
        end
    end

    # Runs at each prompt. It is cheap when this shell has no folder, and forks only to report a run that has ended.
    function __sigmund_prompt --on-event fish_prompt
        set -q __sigmund_busy
        or test -d "$__sigmund_own"
        and __sigmund_look
    end

    function __sigmund_look
        if set -q __sigmund_first
            set -e __sigmund_first
            for other in (__sigmund_shells | string collect)/*
                if test -d $other; and not string match -q "*/$__sigmund_id" -- $other
                    __sigmund_call shell-notify --orphans --id "$__sigmund_id"
                    break
                end
            end
        end
        # These are sorted, so store.*, which leads to the marks in another store, is last.
        set -l marks $__sigmund_own/*
        if string match -q -r '/store[.][^/]*$' -- "$marks[-1]"
            set marks $__sigmund_own/run.* $__sigmund_own/done.* $__sigmund_own/store.*/*
        end
        if set -q marks[1]; and test "$marks" = "$__sigmund_marks"; and set -q SIGMUND_RUNNING
            set -gx SIGMUND_RUNNING $SIGMUND_RUNNING
            return
        end
        # Where no mark is left but the folder is, sigmund removes the links in it.
        set -l news (string match -r '/done[.][^/]*$' -- $marks '')
        not set -q marks[1]; and test -d "$__sigmund_own"; and set -q SIGMUND_RUNNING; and set news links
        if set -q news[1]
            __sigmund_call shell-notify --id $__sigmund_id
            set marks $__sigmund_own/run.* $__sigmund_own/store.*/run.*
        end
        # The next prompt looks again while there are runs: the folder is removed with the last one.
        set -g __sigmund_marks $marks
        if set -q marks[1]
            set -gx SIGMUND_RUNNING (count $marks)
            set -g __sigmund_busy running
        else
            set -e __sigmund_busy
            set -e SIGMUND_RUNNING
        end
        true
    end

    # SIGMUND_RUNNING is for the programs that print the prompt; an inner shell without the hook would show the number
    # for ever.
    function __sigmund_preexec --on-event fish_preexec
        set -q SIGMUND_RUNNING; and set -gu SIGMUND_RUNNING $SIGMUND_RUNNING
    end

    function __sigmund_exit --on-event fish_exit
        test -n "$__sigmund_id"; or return
        test -d "$__sigmund_own"; or test -d (__sigmund_shells | string collect)/$__sigmund_id; or return
        __sigmund_call shell-exit --shell fish --id $__sigmund_id
        test $status = 127; or return
        set -l marks $__sigmund_own/run.* $__sigmund_own/store.*/run.*
        set -q marks[1]; or return
        echo "sigmund: left "(count $marks)" running, since the program sigmund was not found" >&2
    end

    # Prints this shell's runs, one per line, in the form of `jobs`. Puts back functions of the hook that are missing, and
    # says so.
    function sigmund_jobs
        if not functions -q __sigmund_{shells,call,everywhere,prompt,look,preexec,exit}
            begin
                __sigmund_call shell-init fish; or command sigmund shell-init fish
            end 2>/dev/null | source
            if functions -q __sigmund_{shells,call,everywhere,prompt,look,preexec,exit}
                echo 'sigmund: functions of the hook were missing; they are back' >&2
            else
                echo 'sigmund: functions of the hook are missing: source the output of sigmund shell-init fish again' >&2
            end
        end
        __sigmund_everywhere list --shell --jobs </dev/null 2>/dev/null
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
    set -g __sigmund_first 1
    set -g __sigmund_busy first
end
