#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The full screen of `sigmund top`, in real pseudo-terminals: top.py SCENARIO.

Each scenario raises an exception when a person would see something wrong. The store, the binary and a folder for files
come from the environment (SIGMUND_STATE_DIR, SIGMUND, scratch). pyte computes what a terminal shows.
"""
import fcntl
import json
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

import pyte

SIGMUND = os.environ["SIGMUND"]
PATIENCE = 100 * int(os.environ.get("SIGMUND_SLOWNESS", "1"))  # seconds; nothing takes longer than a few on a fast machine
UP, DOWN, PAGE_UP, END, HOME, ESCAPE, TAB = "\x1b[A", "\x1b[B", "\x1b[5~", "\x1b[F", "\x1b[H", "\x1b", "\t"


def check(holds, *what):
    if not holds:
        raise AssertionError(what)


def wait_for(what, holds):
    end = time.monotonic() + PATIENCE
    while not holds():
        check(time.monotonic() < end, "time ran out", what)
        time.sleep(0.02)


def sigmund(*args, status=0):
    done = subprocess.run([SIGMUND, *args], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=PATIENCE, check=False)
    if status is not None:
        check(done.returncode == status, args, done)
    return done


def start(name, *command, options=()):
    return sigmund("-q", "-n", name, *options, "--", *command).stdout.strip()


def state(run):
    return json.loads(sigmund("show", "--json", run).stdout)["data"][0]["state"]


def wait_for_state(run, wanted):
    wait_for((run, wanted), lambda: state(run) == wanted)


class Picture(pyte.Screen):
    """pyte does not know these sequences of xterm, which ncurses uses: SU, SD (scroll) and REP (repeat)."""

    last = " "

    def draw(self, data):
        super().draw(data)
        self.last = data[-1:] or self.last

    def repeat(self, count=1):
        self.draw(self.last * (count or 1))

    def scroll_up(self, count=1):
        self.scroll(count or 1, (self.margins or pyte.screens.Margins(0, self.lines - 1)).bottom, self.index)

    def scroll_down(self, count=1):
        self.scroll(count or 1, (self.margins or pyte.screens.Margins(0, self.lines - 1)).top, self.reverse_index)

    def scroll(self, count, row, once):
        before = self.cursor.y
        self.cursor.y = row
        for _ in range(count):
            once()
        self.cursor.y = before


class Stream(pyte.ByteStream):
    csi = {**pyte.ByteStream.csi, "S": "scroll_up", "T": "scroll_down", "b": "repeat"}
    events = pyte.ByteStream.events | {"scroll_up", "scroll_down", "repeat"}


class Terminal:
    """A terminal with a command in it, as its session leader, and what it shows."""

    def __init__(self, *args, columns=100, rows=30, term="xterm-256color", locale="C.UTF-8", **environment):
        self.master, self.slave = os.openpty()
        self.screen = Picture(columns, rows)
        self.stream = Stream(self.screen)
        self.all = b""
        self.resize(columns, rows)
        self.before = termios.tcgetattr(self.slave)

        def begin():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERMINFO", "LC_ALL")}
        self.process = subprocess.Popen(args or [SIGMUND, "top"], stdin=self.slave, stdout=self.slave,
                                        stderr=self.slave, preexec_fn=begin,
                                        env={**kept, "TERM": term, "LC_ALL": locale, **environment})

    def resize(self, columns, rows):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def type(self, *texts):
        for text in texts:
            os.write(self.master, text.encode())

    def read(self, pause):
        if not select.select([self.master], [], [], pause)[0]:
            return False
        piece = os.read(self.master, 1 << 16)
        self.all += piece
        self.stream.feed(piece)
        return bool(piece)

    def text(self):
        return "\n".join(self.screen.display)

    def until(self, holds, *what):
        end = time.monotonic() + PATIENCE
        while not holds():
            check(time.monotonic() < end, "not seen", what, self.text())
            self.read(0.05)

    def see(self, *words):
        """Waits until the screen has each of these words."""
        self.until(lambda: all(word in self.text() for word in words), words)

    def see_no(self, word):
        self.until(lambda: word not in self.text(), "still seen", word)

    def line(self, word):
        """Returns the number of the first line with this word, or -1."""
        return next((i for i, line in enumerate(self.screen.display) if word in line), -1)

    def see_selected(self, name):
        self.until(lambda: any(line.startswith(f"> {name}") for line in self.screen.display), "selected", name)

    def alternate(self):
        return self.all.rfind(b"\x1b[?1049h") > self.all.rfind(b"\x1b[?1049l")

    def process_of_screen(self):
        out = []
        def found():
            with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as file:
                out[:] = [int(word) for word in file.read().split()]
            return out
        wait_for("the process of the screen", found)
        return out[0]

    def check_given_back(self):
        check(not self.alternate(), "still in the alternate screen", self.all[-300:])
        for mode in (b"\x1b[?2004", b"\x1b[?1000"):
            check(self.all.rfind(mode + b"h") <= self.all.rfind(mode + b"l"), "a mode is left on", mode)
        check(self.all.rfind(b"\x1b[?25l") <= max(self.all.rfind(b"\x1b[?25h"), self.all.rfind(b"\x1b[?12l\x1b[?25h")),
              "the cursor is hidden")
        check(termios.tcgetattr(self.slave) == self.before, "the line discipline is another one")

    def end(self, status=0):
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            check(time.monotonic() < end, "it does not end", self.text())
            self.read(0.02)
        while self.read(0):
            pass
        check(self.process.returncode == status, self.process.returncode, self.text())
        self.check_given_back()

    def quit(self):
        self.type("q")
        self.end()


def sleeper(name, *options):
    return start(name, "sh", "-c", "echo hello from $0; exec sleep 1000", name, options=options)


def the_list_and_the_log():
    one = sleeper("web", "--port=auto")
    two = start("done", "sh", "-c", "echo last words; exit 3")
    wait_for_state(two, "exited")
    top = Terminal()
    top.see("web", "running", "done", "exited 3", "NAME", "COMMAND", "1 live, 1 over", "sh -c", "MB",
            f"of web ({one}), following", "hello from web")
    check(top.alternate())
    check(top.line("web ") < top.line("exited 3"), "live runs come first", top.text())
    top.type("j")
    top.see_selected("done")
    top.see(f"of done ({two})", "last words")
    new = sleeper("newer")
    top.see("newer", "2 live, 1 over")
    top.see_selected("done")
    sigmund("stop", "-q", new)
    top.see("1 live, 2 over")
    top.quit()


def a_stop():
    run = sleeper("web")
    top = Terminal()
    top.see_selected("web")
    for no in ("n", ESCAPE, "\r", "s", " "):
        top.type("s")
        top.see(f"stop web ({run})? y: yes, any other key: no")
        top.type(no)
        top.see("nothing was done")
        check(state(run) == "running")
    top.type("s")
    top.see("any other key: no")
    top.type("y")
    top.see(f"stopped web ({run}) in")
    top.see("0 live, 1 over")
    check(state(run) == "exited")
    top.type("s")
    top.see(f"web ({run}) is over")
    top.quit()


def the_question_stays():
    one, two = sleeper("one"), sleeper("two")
    top = Terminal()
    top.see_selected("two")
    top.type(DOWN)
    top.see_selected("one")
    top.type("s")
    top.see(f"stop one ({one})?")
    others = [sleeper(f"other{i}") for i in range(3)]
    top.see("other0", "other1", "other2", f"stop one ({one})?")
    top.see_selected("one")
    sigmund("stop", "-q", two)
    top.see("4 live, 1 over", f"stop one ({one})?")
    top.type("y")
    top.see(f"stopped one ({one})")
    for run in others:
        check(state(run) == "running")
    # The run of the question ends by itself: a y does nothing to any other.
    top.type(HOME)
    top.see_selected("other2")
    top.type("s")
    top.see(f"stop other2 ({others[2]})?")
    sigmund("stop", "-q", others[2])
    top.see("2 live, 3 over")
    top.type("y")
    top.see("had already ended")
    check(state(others[0]) == state(others[1]) == "running")
    top.quit()


def the_other_actions():
    run = sleeper("web")
    top = Terminal()
    top.see_selected("web")
    top.type("p")
    top.see("paused")
    wait_for_state(run, "paused")
    top.type("p")
    wait_for_state(run, "running")
    top.see("running")
    top.type("r")
    top.see(f"restart web ({run})?")
    top.type("y")
    top.see(f"restarted web ({run})")
    top.type("K")
    top.see(f"kill web ({run})?")
    top.type("y")
    top.see("0 live, 1 over")
    top.type("g")
    top.see(f"start again web ({run})?")
    top.type("y")
    top.see("1 live, 1 over")
    top.see_selected("web")
    top.type("x")
    top.see(f"prune web ({run})?")
    top.type("y")
    top.see("1 live, 0 over")
    check(sigmund("list", "--live", "--porcelain").stdout.count("\n") == 1)
    top.quit()


def sizes():
    web = sleeper("web")
    top = Terminal()
    top.see("COMMAND")
    top.resize(40, 10)
    top.see_no("COMMAND")
    top.see("web", "running", "hello from web", "CPU%")
    check(top.line("hello from web") > top.line("web "), top.text())
    top.type("s")
    top.see("stop web", "any other key: no")
    top.type("n")
    top.see("nothing was done")
    for columns, rows in ((39, 10), (40, 9), (3, 2), (1, 1)):
        top.resize(columns, rows)
        top.until(lambda: top.screen.display[0].startswith("top needs 40x10"[: columns - 1]), columns, rows)
    top.resize(200, 50)
    top.see("COMMAND", "PORTS", "1 MINUTE", "hello from web")
    top.quit()
    # Nobody acts on what cannot be seen.
    top = Terminal(columns=3, rows=2)
    top.see("to")
    top.type("s", "y")
    top.quit()
    check(state(web) == "running")


def logs_of_all_kinds():
    split = start("split", "sh", "-c", "echo out $((40 + 2)); echo err $((40 + 3)) >&2; exec sleep 1000", options=("--split-log",))
    top = Terminal()
    top.see(f"of split ({split})", "out 42")
    top.type("o")
    top.see("err 43", "of stderr of split")
    top.see_no("out 42")
    top.type("o")
    top.see("out 42")
    # A log that is rotated goes on in the new file.
    start("turning", "sh", "-c", "for i in $(seq 1 400); do echo \"line $i of a log that is rotated\"; sleep 0.01; done;"
          " exec sleep 1000", options=("--log-max-size=4K",))
    top.see("turning")
    top.type(HOME)
    top.see_selected("turning")
    top.see("line 400 of a log that is rotated")
    # A log that is removed is no end of anything.
    os.unlink(os.path.join(os.environ["SIGMUND_STATE_DIR"], f"{split}.log"))
    top.type(DOWN)
    top.see_selected("split")
    top.see("the log cannot be read")
    top.type("o")
    top.see("err 43")
    top.quit()


def logs_of_workers():
    pool = start("pool", "sh", "-c", "echo I am worker $WORKER_ID; echo error of $WORKER_ID >&2; exec sleep 1000",
                 options=("--pool=3", "--split-log"))
    wait_for("the workers", lambda: all(f"worker {n}" in sigmund("dump", pool).stdout for n in range(3)))
    top = Terminal()
    top.see("log of worker 0 of pool", "I am worker 0")
    top.type("o")
    top.see("log of worker 1 of pool", "I am worker 1")
    top.see_no("I am worker 0")
    top.type("o")
    top.see("log of worker 2 of pool", "I am worker 2")
    top.type("o")
    top.see("log of worker 0 of pool", "I am worker 0")
    top.type("O")
    top.see("log of worker 2 of pool", "I am worker 2", "error of 2")
    sigmund("stop", "-q", pool)
    one = start("together", "sh", "-c", "echo I am $WORKER_ID; exec sleep 1000", options=("--pool=2",))
    top.type(HOME)
    top.see_selected("together")
    top.see("I am 0", "I am 1", f"log of together ({one})")
    top.type("o")
    top.see("all its output is in this log")
    top.quit()


def waits_for_input():
    guardian = json.loads(sigmund("show", "--json", start("asks", "cat", options=("--tty=80x24",))).stdout)
    guardian = guardian["data"][0]["guardian"]["pid"]
    sleeper("web")
    top = Terminal(columns=100)
    top.see("web")
    top.until(lambda: "waits for input" in top.screen.display[top.line("asks ")])
    check("running" in top.screen.display[top.line("web ")], top.text())
    sigmund("send", "--key", "ctrl-s", "asks")
    top.see("stopped by Ctrl-S")
    sigmund("send", "--key", "ctrl-q", "asks")
    top.see("waits for input")
    # A short word stands where the sentence has no room.
    top.resize(40, 12)
    top.until(lambda: "waits" in top.screen.display[top.line("asks ")])
    top.see_no("waits for input")
    top.resize(100, 30)
    top.see("waits for input")
    # A frozen guardian costs nothing: keys are answered, and what it may be doing is not claimed.
    os.kill(guardian, signal.SIGSTOP)
    try:
        top.see_no("waits for input")
        for _ in range(3):
            top.type(HOME)
            top.see_selected("web")
            top.type("j")
            top.see_selected("asks")
    finally:
        os.kill(guardian, signal.SIGCONT)
    top.see("waits for input")
    check(len(os.listdir(f"/proc/{top.process_of_screen()}/fd")) < 20, "descriptors are left open")
    sigmund("stop", "-q", "asks")
    top.see("1 live, 1 over")
    top.see_no("waits for input")
    top.quit()


def no_store_yet():
    os.rmdir(os.environ["SIGMUND_STATE_DIR"])
    top = Terminal()
    top.see("no runs", "0 live, 0 over")
    sleeper("web")
    top.see("1 live", "hello from web")
    sigmund("stop", "-q", "web")
    top.see("0 live, 1 over")
    top.quit()


def lost_guardians():
    run = sleeper("web")
    top = Terminal()
    top.see("1 live")
    record = json.loads(sigmund("show", "--json", run).stdout)["data"][0]
    os.kill(record["guardian"]["pid"], signal.SIGKILL)
    os.kill(record["pid"], signal.SIGKILL)
    top.see("lost", "0 live, 1 over")
    top.quit()


def a_killed_screen():
    sleeper("web")
    top = Terminal()
    top.see("hello from web")
    top.type("m")
    top.see("the mouse is on")
    os.kill(top.process_of_screen(), signal.SIGKILL)
    top.end(128 + signal.SIGKILL)
    check(b"the screen was ended by SIGKILL" in top.all, top.all[-300:])


def ended_by_signals():
    sleeper("web")
    top = Terminal()
    top.see("hello from web")
    os.kill(top.process.pid, signal.SIGTERM)
    top.end()
    # Without its parent the screen ends, too.
    top = Terminal()
    top.see("hello from web")
    screen = top.process_of_screen()
    os.kill(top.process.pid, signal.SIGKILL)
    wait_for("the end of the screen", lambda: not os.path.exists(f"/proc/{screen}"))
    top.process.wait()
    top = Terminal()
    top.see("hello from web")
    screen = top.process_of_screen()
    os.close(top.slave)
    os.close(top.master)
    top.process.wait(PATIENCE)
    wait_for("the end of the screen", lambda: not os.path.exists(f"/proc/{screen}"))


def stopped_and_continued():
    sleeper("web")
    shell = Terminal("bash", "--norc", "--noprofile", "-i", PS1="ready> ")
    shell.see("ready>")
    shell.type(f"{SIGMUND} top\r")
    shell.see("hello from web")
    with open(f"/proc/{shell.process.pid}/task/{shell.process.pid}/children", encoding="ascii") as file:
        parent = int(file.read().split()[0])

    def to_background():
        """It stops again, and draws nothing. The shell tells that with a prompt."""
        shell.type("clear; bg\r")
        shell.see("[1]")
        end = time.monotonic() + PATIENCE
        while "Stopped" not in shell.text():
            check(time.monotonic() < end, "it is not stopped", shell.text())
            shell.type("\r")
            shell.read(0.1)
        check(not shell.alternate())

    for _ in range(3):
        shell.type("\x1a")
        shell.until(lambda: not shell.alternate(), "the usual screen")
        shell.type("echo it is $((40 + 2))\r")
        shell.see("it is 42")
        to_background()
        shell.type("fg\r")
        shell.until(shell.alternate, "the alternate screen")
        shell.see("hello from web", "1 live")
    # SIGSTOP gives no chance to leave the screen, and the parent does it.
    with open(f"/proc/{parent}/task/{parent}/children", encoding="ascii") as file:
        os.kill(int(file.read().split()[0]), signal.SIGSTOP)
    shell.until(lambda: not shell.alternate(), "the usual screen")
    shell.type("echo it is $((40 + 3))\r")
    shell.see("it is 43")
    to_background()
    shell.type("clear; fg\r")
    shell.until(shell.alternate, "the alternate screen")
    shell.see("hello from web")
    shell.type("q")
    shell.until(lambda: not shell.alternate(), "the usual screen")
    # Started in the background it waits for the terminal.
    shell.type(f"clear; {SIGMUND} top &\r")
    shell.see("[1]")
    shell.type("fg\r")
    shell.see("hello from web", "1 live")
    shell.type("\x1a")
    shell.until(lambda: not shell.alternate(), "the usual screen")
    # A shell that is killed leaves no screen behind.
    with open(f"/proc/{shell.process.pid}/task/{shell.process.pid}/children", encoding="ascii") as file:
        parent = int(file.read().split()[0])
    shell.process.kill()
    shell.process.wait(PATIENCE)
    wait_for("the end of the screen", lambda: not os.path.exists(f"/proc/{parent}"))


def no_terminal():
    done = sigmund("top", status=1)
    check("top needs a terminal" in done.stderr, done)
    for term in ("dumb", "unknown", ""):
        top = Terminal(term=term)
        top.end(1)
        check("sigmund list --watch" in top.text(), top.text())
        check(not top.all.count(b"\x1b"), top.all)


def unknown_terminals():
    sleeper("web")
    empty = os.path.join(os.environ["scratch"], "empty")
    os.mkdir(empty)
    for term in ("xterm-kitty", "xterm-made-up", "screen-made-up", "tmux-made-up", "made-up"):
        top = Terminal(term=term, TERMINFO=empty, HOME=empty)
        top.see("hello from web", "1 live")
        top.type("f")
        top.type("no\r")
        top.see("no run passes the filter")
        top.type("q")
        top.end()


def hostile_text():
    evil = "\x1b]0;evil\x07\x1b[2J\x1b[1;1Hplanted\x1b[?1049l\x1b[31m"
    start("web", "sh", "-c", f"printf '%s' '{evil}' '\x9b31m\x0e'; echo; printf 'a\\tb\\x08c\\rd \\xff \\342\\200\\256 end\\n';"
          " exec sleep 1000", evil, "two\nlines\ttab")
    top = Terminal()
    top.see("running", "of web", "planted")
    top.see("end")
    top.type("\r")
    top.see("command  ")
    top.type(ESCAPE)
    top.see("1 live")
    check(b"\x1b]0;evil" not in top.all and b"\x0e" not in top.all, top.all)
    check(top.screen.display[0].startswith("sigmund top"), top.text())
    check(top.alternate())
    check("\u202e" not in top.text())
    top.quit()


def wide_characters():
    start("web", "sh", "-c", "echo '漢字 |'; echo 'e\u0301e\u0301e\u0301e\u0301 |'; echo '🚀🚀 |'; exec sleep 1000", "漢字🚀")
    for locale in ("C.UTF-8", "xx_XX.UTF-8"):  # this machine has no files of the second one
        top = Terminal(locale=locale)
        top.see("🚀")
        rows = [line for line in top.screen.display if line.rstrip().endswith("|")]
        check(len(rows) == 3, rows)
        for row in rows:
            # The bar is in the sixth column: pyte leaves an empty cell behind a wide character.
            number = top.screen.display.index(row)
            check(top.screen.buffer[number][5].data == "|", row, top.text())
        top.type("fü漢\x7f")
        top.see("filter: ü_")
        top.type(ESCAPE)
        top.see("🚀")
        top.quit()
    top = Terminal(locale="C")
    top.see("running", "???? |")
    check(all(ord(c) < 128 for c in top.text()), top.text())
    top.quit()


def scrolling_and_searching():
    run = start("web", "sh", "-c", "for i in $(seq 1000); do echo \"line $i;\"; done; echo needle one; "
                "for i in $(seq 2000 2500); do echo \"line $i;\"; done; while read -r x; do echo \"got $x\"; done",
                options=("--stdin=open",))
    top = Terminal()
    top.see("line 2500;", "following")
    top.type(TAB, PAGE_UP)
    top.see(f"({run}), End follows")
    top.see_no("line 2500;")
    while top.read(0.3):
        pass
    before = top.screen.display[10:-1]
    sigmund("send", run, "hello")
    wait_for("the answer", lambda: "got hello" in sigmund("dump", run).stdout)
    top.type("?")
    top.see("Keys of the list")
    top.type(ESCAPE)
    top.see(f"({run}), End follows")
    top.until(lambda: top.screen.display[10:-1] == before, "the log stays where it was")
    top.type(END)
    top.see("got hello", "following")
    top.type("/NEEDLE\r")
    top.see("needle one", "End follows")
    top.type("n")
    top.see("is not further up")
    top.type(HOME)
    top.see("line 1;")
    top.type(END)
    top.see("got hello")
    top.quit()


def a_huge_log():
    run = start("web", "sh", "-c", "read -r x; echo the end of the log; exec sleep 1000", options=("--stdin=open",))
    os.truncate(os.path.join(os.environ["SIGMUND_STATE_DIR"], f"{run}.log"), 1 << 30)
    sigmund("send", run, "go")
    top = Terminal()
    top.see("the end of the log", "before this")
    top.type("/nothing like it\r")
    top.see("is not further up in the last part of the log")
    with open(f"/proc/{top.process_of_screen()}/io", encoding="ascii") as file:
        bytes_read = int(file.readline().split()[1])
    check(bytes_read < 100 << 20, "it has read", bytes_read)
    top.quit()


def a_filter():
    sleeper("web")
    sleeper("db")
    top = Terminal()
    top.see("web", "db", "2 live")
    top.type("fWE")
    top.see('filter "WE": 1', "filter: WE_")
    top.see_no("> db")
    top.type("\x7f\x7fdb\r")
    top.see('filter "db": 1')
    top.see_selected("db")
    for _ in range(3):
        top.type(ESCAPE)
        top.see("of db", "  web")
        check(top.process.poll() is None)
    top.type("f" + "nothing")
    top.see("no run passes the filter")
    top.type("sy\r")
    top.type("s")
    top.type("y")
    top.type("\r")
    top.type(ESCAPE)
    top.see("2 live", "> ")
    top.quit()


def copies_mouse_and_pastes():
    run = sleeper("web")
    top = Terminal()
    top.see("hello from web")
    top.type("\x1b[200~syq\x1b[201~")
    top.type("?")
    top.see("Keys of the list")
    top.type(ESCAPE)
    top.see("hello from web")
    check(state(run) == "running")
    check(b"\x1b]52" not in top.all and b"\x1b[?1000h" not in top.all, top.all)
    top.type(TAB, "y")
    top.see("copied 1 line")
    check(b"\x1b]52;c;aGVsbG8gZnJvbSB3ZWIK" in top.all, top.all)
    top.type("m")
    top.see("the mouse is on")
    check(b"\x1b[?1000h" in top.all or b"\x1b[?1006;1000h" in top.all, top.all)
    top.type("m")
    top.see("the mouse is off")
    top.quit()


def attached_and_back():
    sleeper("web")
    top = Terminal()
    top.see_selected("web")
    top.type("a")
    top.see("no terminal")
    top.quit()
    run = sigmund("-q", "-n", "sh", "--tty=80x24", "--env", "PS1=ready> ", "--", "bash", "--norc", "--noprofile",
                  "-i").stdout.strip()
    wait_for("the prompt", lambda: "ready>" in sigmund("dump", run).stdout)
    top = Terminal()
    top.see_selected("sh")
    top.type("a")
    top.see("attached to sh")
    check(not top.alternate())
    top.type("echo it is $((40 + 2))\r")
    top.see("it is 42")
    top.type("\x1d\x1d\x1d")
    top.see("2 live", "of sh")
    check(top.alternate())
    top.type("s")
    top.see(f"stop sh ({run})?")
    top.type("y")
    top.see("1 over")
    top.quit()


def pages():
    run = sleeper("web")
    top = Terminal()
    top.see_selected("web")
    top.type("\r")
    top.see(f"status {run}", "command  ", "s stop", "e explain", "t tree")
    top.type("e")
    top.see(f"explain {run}", "it has not ended")
    top.type("s")
    top.see(f"stop web ({run})?")
    top.type("n")
    top.see("nothing was done", "1 live")
    top.type("t")
    top.see(f"tree {run}", "sleep")
    top.type("q")
    top.see("1 live", "hello from web")
    top.type("?")
    top.see("Keys of the list", "kill it without a grace")
    top.type("\r")
    top.see("hello from web")
    top.quit()


def no_color():
    sleeper("db")
    sleeper("web")
    top = Terminal()
    top.see("hello from web")
    check(re.search(rb"\x1b\[3[0-9]m", top.all), top.all)
    top.quit()
    top = Terminal(NO_COLOR="1")
    top.see("hello from web")
    check(not re.search(rb"\x1b\[([0-9;]*;)?[34][0-8]m", top.all), top.all)
    top.quit()


if __name__ == "__main__":
    globals()[sys.argv[1]]()
