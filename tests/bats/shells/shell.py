# SPDX-License-Identifier: Apache-2.0
"""An interactive shell in a real pty, with sigmund's hook. Each shell has a class for its differences."""
import array
import atexit
import fcntl
import os
import re
import shutil
import tempfile
import termios
import time

import pexpect

from store import SIGMUND, SLOWNESS, STORE, runs, wait_for

PROMPT = "READY> "
# As a shell has to write it, so that its echo of the line is not taken for a prompt.
SPELT_PROMPT = PROMPT[:3] + "''" + PROMPT[3:]
QUESTION = "[s]top all   [k]eep   [c]hoose"

# A key answers only after the question has been there for 500 ms, and after 300 ms without another key.
PACE = 0.8


class Terminal(pexpect.spawn):
    """A terminal with a person at it, who reads a question before answering it, and types at a person's pace."""
    asked = False

    def expect_exact(self, pattern, *more, **named):
        found = super().expect_exact(pattern, *more, **named)
        if pattern == PROMPT:
            self.asked = False
        elif "hoose" in pattern or "which" in pattern or "please" in pattern:
            self.asked = True
        return found

    def send(self, keys):
        if self.asked:
            for part in (keys[:-1], keys[-1:]):  # the last key is what answers
                if part:
                    time.sleep(PACE)
                    super().send(part)
            return len(keys)
        return super().send(keys)

    def send_at_once(self, keys):
        """Sends the keys as nobody types them on purpose."""
        return super().send(keys)


class Shell:
    kind = ""  # the name of its program, and of its hook
    words = []  # options for an interactive shell that reads no start file
    status = "$?"
    running = "${SIGMUND_RUNNING:-0}"  # the number of runs, as a word of the shell
    setup = ""  # the line that makes PROMPT its prompt
    setup_with_editor = ""  # the same for a start file; the line editor stays as it is

    def __init__(self, before="", after="", env=None, hook=True, start_file=None):
        """Types `before`, the line of the hook and `after`, or else has them all in its start file."""
        self.home = tempfile.mkdtemp(prefix="sgm-home.")
        atexit.register(shutil.rmtree, self.home, ignore_errors=True)
        full = {
            "PATH": os.path.dirname(SIGMUND) + ":/usr/bin:/bin:/usr/sbin:/sbin", "HOME": self.home, "TERM": "xterm",
            "LANG": "C.UTF-8", "SIGMUND_STATE_DIR": STORE, "SIGMUND": SIGMUND, "HISTFILE": "/dev/null",
            "INPUTRC": "/dev/null", "TMUX_TMPDIR": self.home,
        }
        full.update(env or {})
        words = self.words
        if start_file is not None:
            path, words, more = self.start_file(self.home)
            full.update(more)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(self.setup_with_editor + "\n" + start_file + "\n")
        self.tty = Terminal(self.kind, words, env=full, encoding="utf-8", timeout=100 * SLOWNESS, dimensions=(24, 100),
                            cwd=self.home)
        self.tty.delaybeforesend = 0
        if start_file is not None:
            self.startup = self.expect_prompt()
            return
        self.do(self.setup)
        if before:
            self.do(before)
        if hook:
            self.do(self.hook(self.kind, "\\command sigmund"))
        if after:
            self.do(after)

    @classmethod
    def hook(cls, name="", program="sigmund"):
        """Returns the line that loads the hook. Without a name sigmund finds out which shell asks."""
        return 'eval "$(' + program + " shell-init" + (" " + name if name else "") + ')"'

    @classmethod
    def command(cls):
        """Returns the line that starts another shell of this kind."""
        return " ".join([cls.kind, *cls.words])

    def expect_prompt(self):
        self.tty.expect_exact(PROMPT)
        return self.tty.before

    def do(self, line):
        self.tty.sendline(line)
        return self.expect_prompt()

    def start(self, line="sleep 300", options=""):
        before = {run["id"] for run in runs()}
        self.do("sigmund -q " + options + " " + line)
        new = [run for run in runs() if run["id"] not in before]
        assert len(new) == 1, new
        return new[0]["id"]

    def leave(self, line="exit"):
        self.tty.sendline(line)

    def answer(self, key):
        """Waits for the question and gives this answer."""
        self.tty.expect_exact(QUESTION)
        # It is drawn again after a second, so the half second in which no key counts is over, however busy the machine is.
        self.tty.expect_exact(QUESTION)
        self.tty.send(key)

    def end(self):
        """Returns its output until the end, and its exit status."""
        self.tty.expect(pexpect.EOF)
        text = self.tty.before
        self.tty.close()
        return text, self.tty.exitstatus

    def ended(self):
        return not self.tty.isalive()

    def status_of(self, line):
        self.do(line)
        return int(re.search(r"ST=(\d+)", self.do("echo ST'='" + self.status)).group(1))

    def count(self):
        """Returns the number of runs that the hook shows the shell."""
        return int(re.search(r"N=(\d+)", self.do("echo N'='" + self.running)).group(1))

    def send_apart(self, keys):
        """Sends the keys, and returns when they were read, so that later keys come in another piece."""
        self.tty.send_at_once(keys)
        terminal = os.open(f"/proc/{self.tty.pid}/fd/0", os.O_RDONLY | os.O_NOCTTY)
        try:
            wait_for("the keys to be read", lambda: self._unread(terminal) == 0)
        finally:
            os.close(terminal)

    @staticmethod
    def _unread(terminal):
        count = array.array("i", [0])
        fcntl.ioctl(terminal, termios.FIONREAD, count)
        return count[0]

    def has_job(self):
        """Returns whether another process group has the terminal."""
        return os.tcgetpgrp(self.tty.child_fd) != self.tty.pid

    def runs_job(self, name):
        """Returns whether that program has the terminal. Before its exec it is a copy of the shell, which still
        ignores Ctrl-Z."""
        try:
            with open(f"/proc/{os.tcgetpgrp(self.tty.child_fd)}/comm", encoding="utf-8") as file:
                return file.read() == name + "\n"
        except OSError:
            return False

    def edits(self):
        """Returns whether a process reads keys one by one, as a shell does at its prompt."""
        return not termios.tcgetattr(self.tty.child_fd)[3] & termios.ICANON

    def start_inner(self):
        """Starts a shell in this one, without a hook, and waits for its prompt."""
        self.tty.sendline(self.command())
        wait_for("the inner shell", lambda: self.has_job() and self.edits())

    def become_inner(self, options=""):
        """Replaces this shell by a new one without a hook, and waits for its prompt."""
        self.tty.sendline("exec env INNER=1 " + self.command() + options)

        def replaced():
            with open(f"/proc/{self.tty.pid}/environ", "rb") as file:
                return b"INNER=1" in file.read().split(b"\0")

        wait_for("the new shell", lambda: replaced() and self.edits())

