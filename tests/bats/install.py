# SPDX-License-Identifier: Apache-2.0
"""scripts/install in a terminal, and the login shells of a home folder afterwards.

usage: install.py answer KEYS COMMAND...   answers the question of a command; prints the rest, exits with its status
       install.py login bash|zsh|fish      a login shell finds sigmund, has the hook, and completes a word of sigmund
"""
import os
import sys

import pexpect

PATIENCE = 100 * int(os.environ.get("SIGMUND_SLOWNESS", "1"))  # seconds


def answer(keys, *command):
    child = pexpect.spawn(command[0], list(command[1:]), timeout=PATIENCE, encoding="utf-8", dimensions=(24, 200))
    child.expect(r"\[(Y/n|y/N)\] ")
    child.send(keys.encode().decode("unicode_escape"))
    child.expect(pexpect.EOF)
    print(child.before)
    child.close()
    sys.exit(child.exitstatus)


def login(kind):
    home = os.environ["HOME"]
    environment = {"HOME": home, "PATH": "/usr/bin:/bin", "TERM": "xterm", "LANG": "C.UTF-8", "HISTFILE": "/dev/null",
                   "INPUTRC": "/dev/null", "SIGMUND_STATE_DIR": os.environ["SIGMUND_STATE_DIR"]}
    shell = pexpect.spawn(kind, ["-l"], env=environment, timeout=PATIENCE, encoding="utf-8", dimensions=(24, 200), cwd=home)
    shell.sendline("echo REA''DY")
    shell.expect("READY\r\n")
    shell.sendline("command -v sigmund >found; printenv SIGMUND_SHELL_HOOK >hook; echo WRIT''TEN")
    shell.expect("WRITTEN\r\n")
    # Only a completed word is a word of sigmund.
    shell.sendline("sigmund shell-in\tbash >completed; echo COMPLE''TED")
    shell.expect("COMPLETED\r\n")
    shell.sendline("exit")
    shell.expect(pexpect.EOF)
    for name in "found", "hook", "completed":
        with open(os.path.join(home, name), encoding="utf-8") as file:
            text = file.read()
        assert text, name
        os.remove(os.path.join(home, name))
        if name == "found":
            print(text, end="")
        elif name == "hook":
            assert text.startswith(kind + "."), text


{"answer": answer, "login": login}[sys.argv[1]](*sys.argv[2:])
