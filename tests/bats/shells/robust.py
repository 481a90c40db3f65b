# SPDX-License-Identifier: Apache-2.0
"""What happens to the hook: the program disappears, other code replaces hooks, options and traps look at it."""
import os
import re
import shutil
import signal

from shell import QUESTION, SPELT_PROMPT
from store import SIGMUND, alive, check, live, marks, runs, sigmund, wait_for

COMPLAINT = re.compile(r"not found|[Nn]o such|[Uu]nknown command|[Ss]yntax|rror|denied|invalid")


def by_path(Shell):
    """Returns a shell whose hook comes from a program that is not in PATH, and the path of the program."""
    shell = Shell(hook=False, env={"PATH": "/usr/bin:/bin"})
    os.mkdir(shell.home + "/my bin")
    program = shutil.copy(SIGMUND, shell.home + "/my bin/sigmund")
    shell.do(Shell.hook(Shell.kind, "'" + program + "'").replace("sigmund shell-init", "'" + program + "' shell-init")
             if Shell.kind == "fish" else Shell.hook(Shell.kind, "'" + program + "'"))
    return shell, program


def ended(run):
    """Waits until a run has ended and its shell can tell so."""
    owner = next(each["shell"] for each in runs() if each["id"] == run)
    wait_for("its end", lambda: not alive(run))
    wait_for("its mark", lambda: "run." + run not in marks(owner))


def binary_gone(Shell):
    """The hook uses the program that printed it, and when that is gone there is no error, but a line at exit."""
    shell, program = by_path(Shell)
    start = "'" + program + "' -q -n "
    if Shell.kind == "fish":
        start = "command " + start
    shell.do(start + "web sleep 300")
    text = shell.do(start + "short sh -c 'sleep 0.1; exit 7'")
    ended(runs("short")[0]["id"])
    text += shell.do("true") + shell.do("true")
    check("short" in text and "exited 7" in text and shell.count() == 1, "the hook works without PATH", text)
    shell.do(start + "second sleep 300")
    os.rename(program, program + ".old")
    second = runs("second")[0]["id"]
    sigmund("stop", second)
    ended(second)
    text = shell.do("true") + shell.do("") + shell.do("true") + shell.do("sigmund_jobs")
    check(not COMPLAINT.search(text) and shell.count() == 1, text)
    shell.leave("exit 3")
    text, status = shell.end()
    check("sigmund: left 1 running" in text and status == 3 and QUESTION not in text, text, status)
    shell, program = by_path(Shell)
    os.remove(program)
    text = shell.do("true") + shell.do("true")
    shell.leave("exit 4")
    text, status = shell.end()
    check(not COMPLAINT.search(text) and "left" not in text and status == 4, text, status)


def binary_moved(Shell):
    """The program moves to another folder of PATH, while the shell remembers the old place."""
    shell = Shell(hook=False)
    old, new = shell.home + "/old", shell.home + "/new"
    os.mkdir(old)
    os.mkdir(new)
    shutil.copy(SIGMUND, old)
    shell.do("set -gx PATH " + old + " " + new + " /usr/bin /bin" if Shell.kind == "fish" else
             "export PATH=" + old + ":" + new + ":/usr/bin:/bin")
    shell.do(Shell.hook(Shell.kind))
    shell.do("sigmund -q -n web sleep 300")
    os.rename(old + "/sigmund", new + "/sigmund")
    text = shell.do("true") + shell.do("true")
    check(not COMPLAINT.search(text), text)
    shell.leave()
    shell.answer("s")
    shell.end()
    check(not live())


def appended_commands(Shell):
    """bash: PROMPT_COMMAND can be changed behind the hook, as a string and as an array."""
    if Shell.kind != "bash":
        return
    # The second hook is the one that old versions of bash get.
    for hook in ('eval "$(command sigmund shell-init bash)"',
                 'eval "$(command sigmund shell-init bash | sed "s/< 501/< 900/")"'):
        for line in ('PROMPT_COMMAND+="history -a"', 'PROMPT_COMMAND+=";history -a"', 'PROMPT_COMMAND+="; seen=1"',
                     'PROMPT_COMMAND="${PROMPT_COMMAND}history -a"', 'PROMPT_COMMAND="${PROMPT_COMMAND}; history -a"',
                     'PROMPT_COMMAND="history -a; $PROMPT_COMMAND"', 'PROMPT_COMMAND+=(true)',
                     'PROMPT_COMMAND="${PROMPT_COMMAND:+$PROMPT_COMMAND; }history -a"',
                     "PROMPT_COMMAND+=$'\\nhistory -a'", 'PROMPT_COMMAND="history -a"'):
            # Where PROMPT_COMMAND is empty without the hook, `;` is an error without it, too.
            shell = Shell(hook=False, before="PROMPT_COMMAND=true" if ";" in line and ":+" not in line else "")
            shell.do(hook)
            text = shell.do(line) + shell.do("true")
            run = shell.start()
            text += shell.do("true") + shell.do("true")
            check(not COMPLAINT.search(text), line, text)
            if line != 'PROMPT_COMMAND="history -a"' or "sed" not in hook:
                check(shell.count() == 1, line)
            shell.leave()
            shell.answer("s")
            shell.end()
            check(not alive(run))
    for line in ('PROMPT_COMMAND="${PROMPT_COMMAND:+$PROMPT_COMMAND; }seen=\\$?"',
                 "PROMPT_COMMAND+='seen=$?'", "PROMPT_COMMAND+=('seen=$?')"):
        shell = Shell(after=line)
        shell.do("(exit 7)")
        text = shell.do("echo SEEN'='$seen")
        check("SEEN=7" in text, "commands behind the hook find the status", line, text)
        shell.leave()
        shell.end()


def starship(Shell):
    """bash: a program that prints the whole prompt finds the number of runs of this moment in its environment, while
    other commands do not."""
    if Shell.kind != "bash":
        return
    print_number = "env | sed -n s/^SIGMUND_RUNNING=//p"
    for theirs in ("starship_precmd() { seen=$(" + print_number + "); }; PROMPT_COMMAND=starship_precmd",
                   "_omp_executable=printenv; _omp_hook() { PS1='<$(\"$_omp_executable\" SIGMUND_RUNNING)>" + SPELT_PROMPT +
                   "'; }; PROMPT_COMMAND=(\"${PROMPT_COMMAND[@]}\" _omp_hook)"):
        for words in ({"before": theirs}, {"after": theirs}):
            shell = Shell(**words)
            shell.start()
            shell.do("true")
            text = shell.do("echo SEEN'='$seen. $(" + print_number + ")") + shell.do("")
            check("SEEN=1.\r" in text if "starship" in theirs else "<1>" in text and "SEEN=.\r" in text, words, text)
            shell.leave()
            shell.answer("s")
            shell.end()


def replaced_hooks(Shell):
    """Lists of hooks that other code replaces get the hook back."""
    lines = {"zsh": ("zshexit_functions=(true)", "precmd_functions=(true)", "preexec_functions=()",
                     "precmd_functions=() zshexit_functions=()", "unset precmd_functions zshexit_functions"),
             "bash": ("PROMPT_COMMAND=true", "trap true EXIT", "trap - EXIT"), "fish": ()}
    for line in lines[Shell.kind]:
        shell = Shell()
        shell.do(line)
        run = shell.start()
        shell.do("true")
        check(shell.count() == 1, line)
        shell.leave()
        shell.answer("s")
        shell.end()
        check(not alive(run), line)
    if Shell.kind == "bash":
        shell = Shell()
        run = shell.start()
        shell.do("PROMPT_COMMAND=()")
        text = shell.do("sigmund_jobs")
        check(run in text and "PROMPT_COMMAND had lost the hook" in text, text)
        check("lost" not in shell.do("sigmund_jobs") and shell.count() == 1)
        shell.leave()
        shell.answer("s")
        shell.end()


def lost_hooks(Shell):
    """sigmund_jobs says which part of the hook the shell has lost, and puts it back."""
    lines = {
        "bash": (("trap - EXIT", ("EXIT trap",)), ("trap true EXIT; PROMPT_COMMAND=()", ("EXIT trap", "PROMPT_COMMAND")),
                 ("unset -f __sigmund_look", ("functions",)), ("unset -f __sigmund_call __sigmund_exit", ("functions",))),
        "zsh": (("zshexit_functions=(true)", ("zshexit_functions",)),
                ("unset precmd_functions zshexit_functions", ("precmd_functions", "zshexit_functions")),
                ("unfunction __sigmund_look __sigmund_call", ("functions",)), ("unfunction -m '__sigmund_*'", ("functions",))),
        "fish": (("functions -e __sigmund_prompt", ("functions",)), ("functions -e __sigmund_exit __sigmund_call", ("functions",))),
    }
    for line, lost in lines[Shell.kind]:
        shell = Shell()
        run = shell.start()
        text = shell.do(line + "; sigmund_jobs 2>&1; true")
        for part in lost:
            check(part in text.replace(line, ""), line, part, text)
        check(run in text and text.count("sigmund: ") == len(lost), line, text)
        check("sigmund: " not in shell.do("sigmund_jobs") and shell.count() == 1, line)
        shell.leave()
        shell.answer("s")
        shell.end()
        check(not alive(run), line)
    if Shell.kind == "bash":
        shell = Shell(before="readonly PROMPT_COMMAND=true")
        check("PROMPT_COMMAND is readonly" in shell.do("sigmund_jobs"))
        shell.leave()
        shell.end()
        shell = Shell()
        check("is back" not in shell.do("PROMPT_COMMAND=(); sigmund_jobs 2>&1 | cat"), "a subshell puts nothing back")
        shell.leave()
        shell.end()


def debug_calls(shell, prepare):
    shell.do("calls=0; trap 'calls=$((calls+1))' DEBUG")
    prepare()
    shell.do("calls=0")
    for _ in range(5):
        shell.do("true")
    return int(re.search(r"CALLS=(\d+)", shell.do("echo CALLS'='$calls")).group(1))


def debug_trap(Shell):
    """A DEBUG trap is not called for the hook while there are no runs, nor in zsh at all."""
    if Shell.kind == "fish":
        return
    bare = Shell(hook=False)
    expected = debug_calls(bare, lambda: None)
    for options in ("true", "set -T") if Shell.kind == "bash" else ("true", "setopt no_debug_before_cmd"):
        shell = Shell()
        shell.do(options)
        found = debug_calls(shell, lambda: None)
        check(found == expected, options, found, expected)
        shell.leave()
        shell.end()
    if Shell.kind == "zsh":
        shell = Shell()
        found = debug_calls(shell, shell.start)
        check(found == expected, "with a run", found, expected)
        shell.leave()
        shell.answer("s")
        shell.end()
    bare.leave()
    bare.end()


def traces(Shell):
    """`set -x` shows no trace of the hook, neither at a prompt nor at exit."""
    if Shell.kind == "fish":
        return
    shell = Shell()
    run = shell.start()
    shell.do("set -x")
    text = shell.do("true") + shell.do("true")
    sigmund("stop", run)
    ended(run)
    text += shell.do("true") + shell.do("true")
    check("+" in text and "stopped" in text, text)
    shell.start()
    shell.leave()
    shell.tty.expect_exact(QUESTION)
    text += shell.tty.before
    shell.tty.send("s")
    text += shell.end()[0]
    check("__sigmund" not in text and "SIGMUND" not in text, text)


def aliases(Shell):
    """Aliases over builtins change nothing, and are still there."""
    if Shell.kind == "fish":
        return
    names = "export local builtin trap return read printf declare eval complete unset typeset set"
    shell = Shell(hook=False)
    shell.do("sigmund_real() { \\command sigmund \"$@\"; }")
    shell.do("alias " + " ".join(name + "=false" for name in names.split()))
    text = shell.do("\\eval \"$(\\command sigmund shell-init " + Shell.kind + ")\"")
    text += shell.do("alias export")
    check("false" in text, "the alias is still there", text)
    shell.do("\\unalias -a; true")
    run = shell.start()
    text += shell.do("true")
    check(not COMPLAINT.search(text), text)
    check(shell.count() == 1)
    shell.leave()
    shell.answer("s")
    shell.end()
    check(not alive(run))


def unsupported(Shell):
    """A restricted shell gets no hook and no message, and an old bash gets one line."""
    if Shell.kind == "bash":
        shell = Shell(hook=False)
        shell.do("command sigmund shell-init bash >hook; sed 's/< 404/< 900/' hook >old")
        text = shell.do(". ./old") + shell.do("true")
        check("sigmund: the hook needs bash 4.4 or later" in text, text)
        check("sigmund" not in shell.do("echo \"$PROMPT_COMMAND\"; trap -p EXIT; . ./old").replace("./old", ""))
        shell.leave("bash --posix -n hook && bash --posix -n old && exit 6")
        check(shell.end()[1] == 6, "posix mode parses the text")
    if Shell.kind == "fish":
        return
    shell = Shell(hook=False)
    shell.tty.sendline("exec env PS1='" + "REA''DY> ".replace("''", "") + "' " + shell.command() + " -r")
    shell.expect_prompt()
    shell.do("true")
    text = shell.do(Shell.hook(Shell.kind)) + shell.do("true") + shell.do("true")
    if Shell.kind == "bash":
        for loaded in (False, True):
            if loaded:
                shell.do("eval \"$(sigmund completions bash)\"")
            for line in ("sigmund list --orph", "sigmund stop ", "sigmund run git chec"):
                shell.tty.send(line + "\t\t")
                text += shell.do("\x15true")
    check("restricted" not in text and not COMPLAINT.search(text), text)
    shell.leave("exit 5")
    text, status = shell.end()
    check("restricted" not in text and status == 5, text, status)


def not_inherited(Shell):
    """The number of runs is not in the environment of commands, nor in an inner shell."""
    shell = Shell()
    shell.start()
    shell.do("true")
    text = shell.do("sh -c 'echo RUN=[$SIGMUND_RUNNING]'") + shell.do("env")
    check("RUN=[]" in text and "SIGMUND_RUNNING=" not in text, text)
    check(shell.count() == 1)
    shell.leave()
    shell.answer("s")
    shell.end()
    shell = Shell(env={"SIGMUND_RUNNING": "5"})
    shell.do("true")
    check(shell.count() == 0, "what an older hook has exported is removed")
    shell.leave()
    shell.end()


def instant_prompt(Shell):
    """zsh: nothing is printed while powerlevel10k shows its instant prompt, but at the next prompt."""
    if Shell.kind != "zsh":
        return
    shell = Shell()
    run = shell.start("sleep 300", "--name web")
    shell.do("__p9k_instant_prompt_active=1")
    sigmund("stop", run)
    ended(run)
    text = shell.do("true") + shell.do("true")
    check("sigmund:" not in text, text)
    text = shell.do("unset __p9k_instant_prompt_active") + shell.do("true")
    check("web" in text and "sigmund:" in text, text)
    shell.leave()
    shell.end()


def powerlevel10k(Shell):
    """zsh: the segment follows the number of runs. This p10k evaluates conditions and texts as the real one does."""
    if Shell.kind != "zsh":
        return
    theirs = ("p10k() { [[ $1 == segment ]] && c=$6 t=$8; }; setopt prompt_subst; "
              "draw() { prompt_sigmund; local shown=${(e)c}; line=${shown:+${(e)t}}; }; "
              "POWERLEVEL9K_RIGHT_PROMPT_ELEMENTS=(status); eval \"$(sigmund prompt powerlevel10k)\"; "
              "eval \"$(sigmund prompt powerlevel10k)\"")
    shell = Shell(after=theirs)
    text = shell.do("echo ELEMENTS'='$POWERLEVEL9K_RIGHT_PROMPT_ELEMENTS.")
    check("ELEMENTS=sigmund status." in text, text)
    for runs_now, line in ((0, "true"), (1, "sigmund -q -n one sleep 300"), (2, "sigmund -q -n two sleep 300"),
                           (1, "sigmund stop -q one"), (0, "sigmund stop -q two")):
        shell.do(line)
        text = shell.do("draw; echo LINE'='$line.")
        check((f"LINE=[{runs_now} running]." if runs_now else "LINE=.") in text, line, text)
    shell.leave()
    shell.end()


def many_ends(Shell):
    """Notices begin on a fresh line, and are at most eight."""
    shell = Shell()
    ids = [shell.start("sleep 300") for _ in range(11)]
    sigmund("stop", *ids)
    for each in ids:
        ended(each)
    text = shell.do("printf unfini'shed'") + shell.do("true")
    check(text.count("sigmund logs") == 8 and "sigmund: and 3 more" in text, text)
    check(re.search(r"unfinished(\S*\r?\n| {100}\r)", text) or Shell.kind != "bash", text)
    shell.leave()
    shell.end()


def shrinking_orphans(Shell):
    """The notice about orphans comes only when one is new."""
    shell = Shell()
    one, two = shell.start(), shell.start()
    os.kill(shell.tty.pid, signal.SIGKILL)
    shell.tty.wait()
    for word, news in (("2 runs left", True), ("left by", False), ("left by", False)):
        shell = Shell(hook=False)
        shell.tty.sendline(Shell.hook(Shell.kind))
        text = shell.expect_prompt() + shell.do("true")
        check((word in text) == news, text)
        shell.leave()
        shell.end()
        if one:
            sigmund("stop", one)
            one = ""
    check(alive(two))


def late_compinit(Shell):
    """zsh: the completion comes when compinit runs after the first prompt, even twice."""
    if Shell.kind != "zsh":
        return
    shell = Shell()
    shell.do("true")
    for _ in range(2):
        shell.do("autoload -Uz compinit; compinit -u -D")
        shell.do("true")
        shell.do("setopt zle")
        shell.tty.send("sigmund list --orph\t")
        shell.tty.expect_exact("aned")
        shell.tty.send("; true\r")
        shell.expect_prompt()
        shell.do("unsetopt zle")
    shell.leave()
    shell.end()
