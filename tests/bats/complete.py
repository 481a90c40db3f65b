#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a real zsh, fish or bash shows when TAB is pressed after a line: complete.py SHELL LINE.

Prints the screen after the line, without escape sequences. The raw bytes go to the file named in RAW, if any. The
lines of SETUP, if any, are executed before.
"""
import atexit
import os
import re
import shutil
import sys
import tempfile
import time

import pexpect

source = os.environ["SIGMUND_SOURCE"] + "/shell/"
kind, line = sys.argv[1], sys.argv[2]
setup = {
    "bash": ["bind 'set enable-bracketed-paste off'", "bind 'set show-all-if-ambiguous on'", "bind 'set page-completions off'",
             "bind 'set completion-query-items 0'", ". /usr/share/bash-completion/bash_completion",
             ". " + source + "bash/sigmund.bash"],
    "zsh": ["fpath=(" + source + "zsh $fpath); autoload -Uz compinit; compinit -u -D; unsetopt list_beep prompt_sp",
            "zstyle ':completion:*' list-prompt ''; LISTMAX=0; setopt auto_list"],
    "fish": ["function fish_prompt; printf '%s' 'READ''Y> '; end; function fish_greeting; end", "source " + source + "fish/sigmund.fish"],
}[kind]
head = {"bash": ["--norc", "--noprofile", "-i"], "zsh": ["-f", "-i"], "fish": ["--no-config", "-i"]}[kind]
home = tempfile.mkdtemp(prefix="sgm-home.")
atexit.register(shutil.rmtree, home, ignore_errors=True)
env = dict(os.environ, HOME=home, TERM="xterm", LANG="C.UTF-8", HISTFILE="/dev/null", INPUTRC="/dev/null",
           PATH=os.path.dirname(os.environ["SIGMUND"]) + ":/usr/bin:/bin")
tty = pexpect.spawn(kind, head, env=env, encoding="utf-8", timeout=15 * int(os.environ.get("SIGMUND_SLOWNESS", "1")), dimensions=(60, 160), cwd=home)
tty.delaybeforesend = 0
for command in setup + os.environ.get("SETUP", "").splitlines():
    tty.sendline(command)
if kind != "fish":
    tty.sendline("PS1='READ''Y> '")
tty.expect_exact("READY> ")
tty.send(line)
time.sleep(0.2)
tty.send("\t")
# The answer is complete when no more output comes.
raw, quiet = "", 0
end = time.monotonic() + 10
while quiet < 4 and time.monotonic() < end:
    try:
        raw += tty.read_nonblocking(65536, timeout=0.15)
        quiet = 0
    except pexpect.TIMEOUT:
        quiet += 1
    except pexpect.EOF:
        break
if os.environ.get("RAW"):
    with open(os.environ["RAW"], "w", encoding="utf-8") as file:
        file.write(raw)
text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>]|\x1b\][^\x07]*\x07", "", raw)
print(re.sub("[\x00-\x08\x0b-\x1f]", "", text.replace("\r", "\n")))
tty.close(force=True)
