# SPDX-License-Identifier: Apache-2.0
"""What `sigmund doctor` says about the shell at whose prompt it was typed."""
import json
import os
import shutil

from store import SIGMUND, check, folders, marks, sigmund, wait_for

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
    other = shell.home + "/other"
    os.mkdir(other)
    for text, version in (("echo sigmund 0.0.7", "0.0.7"), ("echo usage", "of an unknown version"),
                          ("sleep 300", "of an unknown version")):
        with open(other + "/sigmund", "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n" + text + "\n")
        os.chmod(other + "/sigmund", 0o755)
        found = findings(shell, f"env PATH='{other}':\"$PATH\" {call}")
        check(found["path"]["level"] == "advice" and f"{other}/sigmund ({version})" in found["path"]["what"]
              and f"this is {program} (" in found["path"]["what"], found)
        shell.expect_prompt()
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
    check(f"although ~/{name} loads it" in found["hook"]["what"] and found["hook"]["mend"] == "open a new shell", found)
    shell.expect_prompt()
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
    shell.do("sigmund -q --wait true")
    for _ in range(3):
        found = findings(shell)
        check("notices" not in found and loaded(found, Shell.kind, shell.tty.pid), found)
        shell.expect_prompt()
    wait_for("the prompt to remove what the doctor left", lambda: shell.do("true") and not folders())
    shell.do(lose)
    check("notices" not in findings(shell), "nothing is known yet")
    shell.expect_prompt()
    found = findings(shell)
    shell.expect_prompt()
    check("no prompt of this shell has called the hook since" in found["notices"]["what"] and cause in
          found["notices"]["why"], found)
    run = shell.start("sh -c 'sleep 0.2; exit 7'", "--name web")
    wait_for("its end", lambda: not sigmund("list", "--porcelain", "--live", run).stdout)
    wait_for("its mark", lambda: any("done." + run in marks(each) for each in folders()))
    found = findings(shell)
    shell.expect_prompt()
    check("1 run has ended without a notice in this shell (web)" in found["notices"]["what"], found)
    text = shell.do("sigmund_jobs")
    check("back" in text, text)
    text += shell.do("true") + shell.do("true")
    check("exited 7" in text, "the notice comes", text)
    check("notices" not in findings(shell))
    shell.expect_prompt()
    shell.leave()
    text, _ = shell.end()
    check("running" not in text, text)
