# SPDX-License-Identifier: Apache-2.0
"""What `sigmund doctor` says about the shell at whose prompt it was typed."""
import json
import os
import re
import shutil
import subprocess

from store import SIGMUND, check, folders, marks, wait_for

HOOK_LINES = {
    "bash": 'eval "$({} shell-init)"  # in ~/.bashrc',
    "zsh": 'eval "$({} shell-init)"  # in ~/.zshrc',
    "fish": "{} shell-init fish | source  # in ~/.config/fish/config.fish",
}
COMPLETION_FILES = {
    "bash": ".local/share/bash-completion/completions/sigmund",
    "zsh": ".local/share/zsh/site-functions/_sigmund",
    "fish": ".config/fish/completions/sigmund.fish",
}


def findings(shell, command="sigmund doctor --json >doctor.new", around="{}"):
    """Types a doctor, and returns its findings by their codes. `around` is a line in which it is put."""
    name = os.path.join(shell.home, "doctor.json")
    if os.path.exists(name):
        os.remove(name)
    shell.tty.sendline(around.format(command + "; mv doctor.new doctor.json"))
    wait_for("the doctor's answer", lambda: os.path.exists(name))
    with open(name, encoding="utf-8") as file:
        return {each["code"]: each for each in json.load(file)["data"]}


def loaded(found, kind, pid):
    """Returns whether these findings say that this shell has loaded the hook."""
    return found["hook"]["level"] == "ok" and f"{kind} ({pid}) has loaded the shell hook" in found["hook"]["what"]


def doctor_hook(Shell):
    """The doctor looks at the shell at whose prompt it was typed, whatever SHELL says, and not at scripts between."""
    shell = Shell(hook=False, env={"SHELL": "/bin/zsh" if Shell.kind == "bash" else "/bin/bash"})
    found = findings(shell)
    check(found["hook"]["level"] == "advice" and f"not active in {Shell.kind} ({shell.tty.pid})" in found["hook"]["what"],
          found)
    check(found["hook"]["mend"] == HOOK_LINES[Shell.kind].format("sigmund"), found)
    check(found["completion"]["level"] == "advice" and COMPLETION_FILES[Shell.kind] in found["completion"]["mend"], found)
    shell.expect_prompt()
    shell.do(Shell.hook(Shell.kind))
    for around in ("{}", "sh -c '{}'", "bash -c '{}'", "zsh -fc '{}'", "echo '{}' | sh", "env -u SHELL sh -c '{}'",
                   "fish --no-config -c '{}'", *([] if Shell.kind == "fish" else ["({})", "echo $({})", "true | {{ {}; }}"])):
        found = findings(shell, around=around)
        shell.expect_prompt()
        check(loaded(found, Shell.kind, shell.tty.pid), around, found)
        check(found["completion"]["level"] == "ok" and "the hook completes" in found["completion"]["what"], around, found)
        check(found["path"]["level"] == "ok", around, found)
    shell.do("sigmund list --orph\t")  # zsh no longer ignores SIGQUIT after a completion has forked
    check(loaded(findings(shell), Shell.kind, shell.tty.pid), "a shell that has completed a word is interactive")
    shell.expect_prompt()
    if Shell.kind != "fish":
        shell.do("trap true TERM; true")
        check(loaded(findings(shell), Shell.kind, shell.tty.pid), "a shell with a trap is interactive, too")
        shell.expect_prompt()
    shell.leave()
    shell.end()


def doctor_inner(Shell):
    """An inner shell without the hook, and one that has replaced a shell with the hook, are not mistaken for it."""
    shell = Shell()
    shell.start_inner()
    found = findings(shell)
    check("not active in " + Shell.kind in found["hook"]["what"], found)
    check(f"the shell around it ({shell.tty.pid})" in found["hook"]["why"], found)
    shell.tty.sendline("exit")
    shell.expect_prompt()
    check(loaded(findings(shell), Shell.kind, shell.tty.pid))
    shell.expect_prompt()
    shell.become_inner()
    found = findings(shell)
    check(f"not active in {Shell.kind} ({shell.tty.pid})" in found["hook"]["what"], found)
    shell.tty.sendline(Shell.hook(Shell.kind))
    found = findings(shell)
    check(loaded(found, Shell.kind, shell.tty.pid), "the new shell has loaded it, too", found)
    shell.tty.sendline("dash -i")
    wait_for("dash", lambda: shell.has_job())
    found = findings(shell)
    check("this shell is dash" in found["hook"]["what"] and "completion" not in found, found)
    shell.tty.sendline("exit")
    wait_for("the end of dash", lambda: not shell.has_job())
    shell.tty.sendline("exit")
    shell.end()


def doctor_path(Shell):
    """A program outside of PATH, and another one before it, are reported with the line that helps."""
    shell = Shell(hook=False, env={"PATH": "/usr/bin:/bin"})
    os.mkdir(shell.home + "/my bin")
    program = shutil.copy(SIGMUND, shell.home + "/my bin/sigmund")
    call = f"'{program}' doctor --json >doctor.new"
    found = findings(shell, call)
    folder = f"'{shell.home}/my bin'"
    line = {"bash": f"export PATH={folder}:\"$PATH\"  # in ~/.bashrc", "zsh": f"export PATH={folder}:\"$PATH\"  # in ~/.zshrc",
            "fish": f"set -gx PATH {folder} $PATH  # in ~/.config/fish/config.fish"}[Shell.kind]
    check(found["path"]["level"] == "advice" and found["path"]["mend"] == line, found)
    check(found["hook"]["mend"] == HOOK_LINES[Shell.kind].format(f"'{program}'"), found)
    shell.expect_prompt()
    shell.do(line)
    found = findings(shell, call)
    check(found["path"]["level"] == "ok", "the line helps", found)
    shell.expect_prompt()
    os.rename(program, shell.home + "/my bin/sg")
    found = findings(shell, call.replace("/sigmund", "/sg"))
    check(found["path"]["what"] == "PATH leads to no program named sigmund", found)
    shell.expect_prompt()
    os.rename(shell.home + "/my bin/sg", program)
    os.mkdir(shell.home + "/links")
    os.symlink(program, shell.home + "/links/sigmund")
    found = findings(shell, f"env PATH='{shell.home}/links':/usr/bin:/bin sigmund doctor --json >doctor.new")
    check(found["path"]["level"] == "ok" and f"{shell.home}/links/sigmund shell-init" in found["hook"]["mend"], found)
    shell.expect_prompt()
    other, endless = shell.home + "/other", f"3{os.getpid()}"
    os.mkdir(other)
    for text, version in (("echo sigmund 0.0.7", "0.0.7"), ("echo usage", "of an unknown version"),
                          (f"setsid sleep {endless} & sleep {endless}", "of an unknown version")):
        with open(other + "/sigmund", "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n" + text + "\n")
        os.chmod(other + "/sigmund", 0o755)
        found = findings(shell, f"env PATH='{other}':\"$PATH\" {call}")
        check(found["path"]["level"] == "advice" and f"{other}/sigmund ({version})" in found["path"]["what"]
              and f"this is {program} (" in found["path"]["what"], found)
        shell.expect_prompt()
    left = subprocess.run(["ps", "-eo", "args="], capture_output=True, text=True, check=True).stdout
    check(f"sleep {endless}" not in left, "the doctor leaves nothing of a program that does not answer")
    os.remove(other + "/sigmund")
    shutil.copy(SIGMUND, other)
    found = findings(shell, f"env PATH='{other}':\"$PATH\" {call}")
    check(found["path"]["level"] == "ok" and "same version" in found["path"]["what"], found)
    shell.expect_prompt()
    shell.leave()
    shell.end()


def doctor_completion(Shell):
    """A completion file is found where the shell searches for it, and one of another version is reported."""
    shell = Shell(hook=False)
    found = findings(shell)
    shell.expect_prompt()
    path = os.path.join(shell.home, COMPLETION_FILES[Shell.kind])
    shell.do("begin; " + found["completion"]["mend"].rpartition("without it: ")[2] + "; end" if Shell.kind == "fish" else
             found["completion"]["mend"].rpartition("without it: ")[2])
    found = findings(shell)
    check(found["completion"]["level"] == "ok" and path in found["completion"]["what"].replace("~", shell.home), found)
    shell.expect_prompt()
    for hook in (False, True):
        if hook:
            shell.do(Shell.hook(Shell.kind))
            check(loaded(findings(shell), Shell.kind, shell.tty.pid))
            shell.expect_prompt()
        with open(path, "a", encoding="utf-8") as file:
            file.write("# another version\n")
        found = findings(shell)
        shell.expect_prompt()
        check(found["completion"]["level"] == "advice" and "is not the completion of this version" in
              found["completion"]["what"], hook, found)
        shell.do(found["completion"]["mend"])
        found = findings(shell)
        shell.expect_prompt()
        check(found["completion"]["level"] == "ok", "the line helps", hook, found)
    shell.leave()
    shell.end()


def doctor_versions(Shell):
    """A hook of another version than the program is reported, and so is one from before the hook told its version."""
    change = "sed 's/__sigmund_hash .*/__sigmund_hash 1/; s/__sigmund_hash=.*/__sigmund_hash=1/'"
    forget = "sed '/SIGMUND_SHELL_HOOK/s/SIGMUND_SHELL_HOOK/SIGMUND_SHELL_OTHER/g'"
    for text in (change, forget):
        shell = Shell(hook=False)
        shell.do("command sigmund shell-init " + Shell.kind + " | " + text + " >hook")
        shell.do(". ./hook")
        found = findings(shell)
        check(found["hook"]["level"] == "advice" and "another version" in found["hook"]["what"], text, found)
        shell.expect_prompt()
        shell.do(Shell.hook(Shell.kind))
        found = findings(shell)
        check(loaded(found, Shell.kind, shell.tty.pid), text, found)
        shell.expect_prompt()
        shell.leave()
        shell.end()


def doctor_restricted(Shell):
    """A restricted shell gets no hook, which is no fault."""
    if Shell.kind == "fish":
        return
    shell = Shell(hook=False)
    shell.become_inner(" -r")
    shell.do(Shell.setup)
    text = shell.do("sigmund doctor | grep restric'ted'")
    check(f"{Shell.kind} ({shell.tty.pid}) is restricted, so it gets no hook" in text, text)
    shell.leave()
    shell.end()


def doctor_old_bash(Shell):
    """A bash that is too old for the hook is recognised by its file. This one only says that it is old."""
    if Shell.kind != "bash":
        return
    shell = Shell(hook=False)
    with open(shutil.which("bash"), "rb") as file:
        program = re.sub(rb"(@\(#\)Bash version )\d\.\d\.", rb"\g<1>4.2.", file.read())
    with open(shell.home + "/bash", "wb") as file:
        file.write(program)
    os.chmod(shell.home + "/bash", 0o755)
    shell.tty.sendline("exec env INNER=1 PATH=" + shell.home + ":$PATH " + shell.command())
    wait_for("the new shell", lambda: os.readlink(f"/proc/{shell.tty.pid}/exe") == shell.home + "/bash" and shell.edits())
    found = findings(shell)
    check("version 4.2, which is too old" in found["hook"]["what"], found)
    check(found["hook"]["mend"] == "use bash 4.4 or later, zsh or fish", found)
    check("load the hook" not in found["completion"]["mend"], "the hook brings nothing there", found)
    shell.tty.sendline("exit")
    shell.end()


def doctor_start_file(Shell):
    """A start file that loads the hook, and a shell without it."""
    shell = Shell(hook=False)
    name = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish"}[Shell.kind]
    os.makedirs(os.path.dirname(os.path.join(shell.home, name)), exist_ok=True)
    with open(os.path.join(shell.home, name), "w", encoding="utf-8") as file:
        file.write("# sigmund shell-init\n")
    found = findings(shell)
    check("although" not in found["hook"]["what"], "a comment loads nothing", found)
    shell.expect_prompt()
    with open(os.path.join(shell.home, name), "w", encoding="utf-8") as file:
        file.write("  " + Shell.hook() + "\n")
    found = findings(shell)
    check(f"although the line for it is in ~/{name}" in found["hook"]["what"] and "open a new shell" in found["hook"]["mend"], found)
    shell.expect_prompt()
    if Shell.kind == "bash":
        shell.become_inner(" -l")
        found = findings(shell)
        check("a login shell reads only that" in found["hook"]["mend"], found)
        shell.do(Shell.setup)
    shell.leave()
    shell.end()


def doctor_notices(Shell):
    """A prompt that no longer calls the hook is noticed by what it leaves, and sigmund_jobs puts it back."""
    lose = {"bash": "PROMPT_COMMAND=()", "zsh": "precmd_functions=() preexec_functions=()",
            "fish": "functions -e __sigmund_prompt"}[Shell.kind]
    cause = {"bash": "PROMPT_COMMAND no longer", "zsh": "precmd_functions no longer", "fish": "fish_prompt is gone"}[Shell.kind]
    shell = Shell()
    check("notices" not in findings(shell), "there is no store, so nothing is left in it")
    shell.expect_prompt()
    shell.do("sigmund stop -q $(sigmund -q sleep 300)" if Shell.kind != "fish" else "sigmund stop -q (sigmund -q sleep 300)")
    wait_for("the end of its marks", lambda: not folders())
    for _ in range(3):
        found = findings(shell)
        check("notices" not in found and loaded(found, Shell.kind, shell.tty.pid), found)
        shell.expect_prompt()
        wait_for("the prompt to remove what the doctor left", lambda: shell.do("true") and not folders())
    shell.do(lose)
    run = shell.start("sh -c 'sleep 0.2; exit 7'", "--name web")
    wait_for("its mark", lambda: any("done." + run in marks(each) for each in folders()))
    found = findings(shell)
    shell.expect_prompt()
    check(found["notices"]["level"] == "ok" and "waits for the next prompt" in found["notices"]["what"] and cause in
          found["notices"]["what"], "nothing is certain yet", found)
    found = findings(shell)
    shell.expect_prompt()
    check(found["notices"]["level"] == "advice" and cause in found["notices"]["why"] and
          "the hook has not removed what sigmund doctor left" in found["notices"]["what"], found)
    text = shell.do("sigmund_jobs")
    check("back" in text, text)
    text += shell.do("true") + shell.do("true")
    check("exited 7" in text, "the notice comes", text)
    check("notices" not in findings(shell))
    shell.expect_prompt()
    shell.leave()
    text, _ = shell.end()
    check("running" not in text, text)


def doctor_elsewhere(Shell):
    """In another user's command, in tmux and in a container the doctor looks at the right shell."""
    shell = Shell()
    os.chmod(shell.home, 0o755)
    program = shutil.copy(SIGMUND, shell.home)
    if os.geteuid() == 0:
        found = findings(shell, f"setpriv --reuid=65534 --clear-groups {program} doctor --json >doctor.new")
        shell.expect_prompt()
        check(found["hook"]["level"] == "ok" and "belongs to another user" in found["hook"]["what"], found)
        check("completion" not in found, found)
        shell.tty.sendline(f"unshare --pid --fork --mount-proc {shell.command()}")
        wait_for("the shell in a container", lambda: shell.has_job() and shell.edits())
        shell.tty.sendline(Shell.hook(Shell.kind))
        check(loaded(findings(shell), Shell.kind, 1), "a container's shell may be process 1")
        shell.tty.sendline("sigmund -q -n inside sleep 300")
        wait_for("its run", lambda: any(each.startswith("1.") for each in folders() if marks(each)))
        shell.tty.sendline("exit")
        shell.tty.expect_exact("1 run started in this shell is still running:")
        shell.answer("s")
        shell.expect_prompt()
    tmux = ["tmux", "-f", "/dev/null"]

    def in_tmux(*words):
        return subprocess.run([*tmux, *words], capture_output=True, text=True, check=False, timeout=100, cwd=shell.home,
                              env={"PATH": os.environ["PATH"], "TERM": "xterm", "TMUX_TMPDIR": shell.home}).stdout

    class Pane:
        """What `findings` needs of a shell, for one in tmux."""
        home = shell.home

        class tty:
            @staticmethod
            def sendline(line):
                in_tmux("send-keys", "-l", line)
                in_tmux("send-keys", "Enter")

    try:
        shell.do(" ".join(tmux) + " new-session -d -x 100 -y 30 'exec " + shell.command() + "'")
        found = findings(Pane)
        check("not active in " + Shell.kind in found["hook"]["what"], "the variable of the outer shell is not its own", found)
        check("around" not in found["hook"]["why"], found)
        Pane.tty.sendline(Shell.hook(Shell.kind))
        pid = int(in_tmux("display-message", "-p", "#{pane_pid}"))
        found = findings(Pane)
        check(loaded(found, Shell.kind, pid), found)
    finally:
        in_tmux("kill-server")
    shell.leave()
    shell.end()


def doctor_prompt(Shell):
    """Where the program is known that draws the prompt, the doctor tells whether it shows the number of runs."""
    other = "zsh" if Shell.kind == "bash" else "bash"
    drawers = [("starship", {"STARSHIP_SHELL": Shell.kind}, ".config/starship.toml"),
               ("oh-my-posh", {"POSH_THEME": "HOME/theme.json", "POSH_SHELL": Shell.kind}, "theme.json")]
    if Shell.kind == "zsh":
        drawers.append(("powerlevel10k", {"P9K_TTY": "old"}, ".zshrc"))
    for environment in ({}, {"STARSHIP_SHELL": other}, {"POSH_THEME": "/theme.json", "POSH_SHELL": other}):
        shell = Shell(env=environment)
        found = findings(shell)
        shell.expect_prompt()
        check("prompt" not in found, environment, found)
        shell.leave()
        shell.end()
    for word, environment, name in drawers:
        shell = Shell()
        file = os.path.join(shell.home, name)
        words = " ".join(f"{key}={value}" for key, value in environment.items()).replace("HOME", shell.home)
        command = f"env {words} sigmund doctor --json >doctor.new"
        found = findings(shell, command)
        shell.expect_prompt()
        check(found["prompt"]["level"] == "ok" and f"sigmund prompt {word} prints the lines for {file}" in
              found["prompt"]["what"], found)
        shell.do(f"mkdir -p .config; echo 'sigmund prompt {word}' >>{file}")
        found = findings(shell, command)
        shell.expect_prompt()
        check(found["prompt"]["what"] == file + " shows the number of runs in the prompt", found)
        shell.leave()
        shell.end()


def doctor_bash_places(Shell):
    """bash-completion searches in folders that variables name, and since 2.12 next to the programs in PATH."""
    if Shell.kind != "bash":
        return
    shell = Shell(hook=False)
    package = shell.home + "/data/bash-completion/bash_completion"
    os.makedirs(os.path.dirname(package))

    def install(folder):
        os.makedirs(folder)
        shell.do(f"sigmund completions bash >{folder}/sigmund")
        return folder + "/sigmund"

    def found_with(text, version):
        with open(package, "w", encoding="utf-8") as file:
            file.write(f"# a line\nBASH_COMPLETION_VERSINFO=({version})\n")
        found = findings(shell, f"env XDG_DATA_DIRS={shell.home}/data {text} sigmund doctor --json >doctor.new")
        shell.expect_prompt()
        return found["completion"]["what"]

    next_to = install(shell.home + "/opt/share/bash-completion/completions")
    path = f"PATH={shell.home}/opt/bin:$PATH"
    check("no completion file" in found_with(path, "2 11"), "that version does not search there")
    for version in ("2 12 0", "2 16", "3 0"):
        check(next_to in found_with(path, version), version)
    of_data = install(shell.home + "/data/bash-completion/completions")
    check(of_data in found_with("", "2 11"))
    of_user = install(shell.home + "/user/completions")
    check(of_user in found_with(f"BASH_COMPLETION_USER_DIR={shell.home}/user", "2 11"))
    check(of_user in found_with(f"BASH_COMPLETION_USER_DIR={shell.home}/none:{shell.home}/user", "2 12"))
    shell.leave()
    shell.end()
