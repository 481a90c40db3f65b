#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Terminals that are attached to runs, on real pseudo-terminals: attach.py SCENARIO.

Each scenario raises an exception when a person would see something wrong. The store and the binary come from the
environment (SIGMUND_STATE_DIR, SIGMUND).
"""
import fcntl
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
import time

SIGMUND = os.environ["SIGMUND"]
PATIENCE = 100 * int(os.environ.get("SIGMUND_SLOWNESS", "1"))  # seconds; nothing takes longer than a few on a fast machine
DETACH = b"\x1d\x1d\x1d"
os.environ["TERM"] = "xterm-256color"


def sigmund(*args, status=0):
    done = subprocess.run([SIGMUND, *args], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=PATIENCE, check=False)
    if status is not None:
        check(done.returncode == status, args, done)
    return done


def start(*args):
    return sigmund("-q", *args).stdout.strip()


def check(holds, *what):
    if not holds:
        raise AssertionError(what)


def wait_for(what, holds):
    end = time.monotonic() + PATIENCE
    while not holds():
        check(time.monotonic() < end, "time ran out", what)
        time.sleep(0.02)


def log_of(run):
    return sigmund("dump", run).stdout


class Terminal:
    """A terminal with a command in it, as its session leader."""

    def __init__(self, *args, columns=100, rows=30, stdout=None):
        self.master, self.slave = os.openpty()
        self.resize(columns, rows)
        self.before = termios.tcgetattr(self.slave)
        self.seen = b""

        def begin():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen([SIGMUND, *args], stdin=self.slave, stdout=stdout or self.slave,
                                        stderr=self.slave, preexec_fn=begin)

    def resize(self, columns, rows):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text):
        os.write(self.master, text if isinstance(text, bytes) else text.encode())

    def read(self, pause=PATIENCE):
        """Reads what has come, after waiting for it. Returns False when nothing has."""
        if not select.select([self.master], [], [], pause)[0]:
            return False
        piece = os.read(self.master, 1 << 16)
        self.seen += piece
        return bool(piece)

    def expect(self, text):
        """Waits for the text, and returns what was before it. The next call looks behind it."""
        text = text if isinstance(text, bytes) else text.encode()
        end = time.monotonic() + PATIENCE
        while text not in self.seen:
            check(time.monotonic() < end, "not seen", text, self.seen[-3000:])
            self.read(1)
        before, _, self.seen = self.seen.partition(text)
        return before

    def end(self, status=None):
        """Waits for the end of the command. The line discipline must be as before. Returns its status."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            check(time.monotonic() < end, "it does not end", self.seen[-3000:])
            self.read(0.02)
        while self.read(0):
            pass
        if status is not None:
            check(self.process.returncode == status, self.process.returncode, self.seen[-3000:])
        check(termios.tcgetattr(self.slave) == self.before, "the line discipline is another one")
        return self.process.returncode


def attach(run, *args, **more):
    out = Terminal("attach", *args, run, **more)
    out.expect("three times to detach")
    return out


def start_shell(name="sh"):
    run = start("-n", name, "--tty=80x24", "--env", "PS1=ready> ", "--", "bash", "--norc", "--noprofile", "-i")
    wait_for("the prompt", lambda: "ready>" in log_of(run))
    return run


def size_in(terminal, columns, rows):
    """The program finds this size, at the latest after the signal has come."""
    end = time.monotonic() + PATIENCE
    while True:
        terminal.type("\x15echo size $(stty size) end\r")  # without what was typed before
        terminal.expect("size $(stty size) end")
        terminal.expect("size ")
        found = terminal.expect(" end").decode()
        if found == f"{rows} {columns}":
            return
        check(time.monotonic() < end, found)


def a_shell_in_it():
    run = start_shell()
    one = attach(run)
    one.expect("ready>")
    one.type("echo $((6 * 7))\r")
    one.expect("42\r\n")
    size_in(one, 100, 30)
    one.resize(120, 40)
    size_in(one, 120, 40)
    one.type("sh -c 'echo it $((40 + 2)); exec sleep 1000'\r")
    one.expect("it 42")
    one.type("\x03")
    one.expect("ready>")
    one.type(DETACH)
    one.expect("detached from sh")
    one.end(0)
    two = attach(run)
    two.expect("42\r\n")  # the end of the log
    two.expect("\x1b[?2004h")  # bash reads a line, so that pastes are marked
    two.type("exit 7\r")
    two.expect("has ended")
    two.end(7)


def keys_of_newer_terminals():
    run = start("-n", "cat", "--tty", "--", "sh", "-c", "stty raw -echo; echo up; exec cat -v")
    wait_for("cat", lambda: "up" in log_of(run))
    for one in (b"\x1d", b"\x1b[93;5u", b"\x1b[27;5;93~"):
        viewer = attach(run)
        viewer.type(b"\x1b[200~" + one * 3 + b"\x1b[201~")
        viewer.expect("[201~")  # it was passed on as a paste
        viewer.type(one + b"x" + one * 2)
        viewer.expect("x")
        viewer.type(b"y")
        viewer.expect("y")
        viewer.type(one * 3)
        viewer.end(0)
        check(b"detached" in viewer.seen, viewer.seen)


def a_long_paste():
    paste = b"\x1b[200~" + (b"x" * 997 + DETACH) * 100 + b"\x1b[201~"
    count = "stty raw -echo; echo up; head -c %d | cksum; exec cat -v" % len(paste)
    run = start("--tty", "--", "sh", "-c", count)
    wait_for("the count", lambda: "up" in log_of(run))
    wanted = subprocess.run(["cksum"], input=paste, capture_output=True, check=True).stdout.strip()
    viewer = attach(run)
    for at in range(0, len(paste), 1000):
        viewer.type(paste[at:at + 1000])
    viewer.expect(wanted)
    viewer.type(DETACH)
    viewer.end(0)


def full_screen_programs():
    folder = os.environ["scratch"]
    with open(folder + "/file", "w", encoding="utf-8") as file:
        file.write("".join(f"line {i}\n" for i in range(1, 500)))
    for program, leave in ((["vim", "-u", "NONE", "-N"], ":qa!\r"), (["less"], "q")):
        run = start("-n", program[0], "--tty", "--", *program, folder + "/file")
        wait_for("its screen", lambda: "line 5" in log_of(run))
        viewer = attach(run, columns=90, rows=20)
        before = viewer.expect("\x1b[?1049h")
        check(b"line" not in before, "nothing of it is shown twice", before)
        viewer.expect("line 5")
        # In vim the keys themselves would lead to a question, behind which it draws nothing.
        sigmund("detach", run)
        viewer.end(0)
        check(b"\x1b[?1049l" in viewer.seen, viewer.seen[-500:])
        again = attach(run, columns=90, rows=20)
        again.expect("line 5")
        again.type(leave)
        again.expect("has ended: it exited 0")
        again.end(0)


def a_python_in_it():
    run = start("-n", "py", "--tty", "--", "python3", "-q")
    viewer = attach(run)
    viewer.type("6 * 7\r")
    viewer.expect("42\r\n")
    viewer.type("import os; os.kill(os.getpid(), 9)\r")
    viewer.expect("has ended")
    viewer.end(137)


def the_size_of_the_last_who_typed():
    run = start_shell()
    one = attach(run, columns=100, rows=30)
    size_in(one, 100, 30)
    two = attach(run, columns=70, rows=20)
    looker = attach(run, "--read-only", columns=50, rows=10)
    one.type("\x1b[I\x1b[<35;3;3M")  # the focus and the mouse
    size_in(one, 100, 30)
    size_in(two, 70, 20)
    looker.type("echo $((50 + 5)) typed by the looker\r")
    two.type("\x1b[M !!")
    size_in(one, 100, 30)
    one.process.kill()
    one.process.wait()
    size_in(two, 70, 20)
    check("55 typed" not in log_of(run))
    sigmund("detach", run, status=1)
    sigmund("detach", "--all", run)
    for each in (two, looker):
        each.expect("detached from sh")
        each.end(0)
    alone = attach(run, columns=60, rows=15)
    sigmund("detach", run)
    alone.end(0)
    check("no terminal" in sigmund("detach", run).stderr)


def only_one_terminal_answers():
    run = start("-n", "asks", "--tty", "--", "sh", "-c",
                "stty raw -echo; echo up; dd bs=1 count=1 2>/dev/null; printf '\\033[c'; exec cat -v")
    wait_for("it", lambda: "up" in log_of(run))
    one, two = attach(run), attach(run)
    one.type("a")
    for each in (one, two):
        each.expect("\x1b[c")
    two.type("\x1b[?2;2c")
    one.type("\x1b[?1;1cz")
    one.expect("z")
    check("1;1c" in log_of(run) and "2;2c" not in log_of(run) and "?1;2c" not in log_of(run), log_of(run))


def closed_and_killed():
    run = start_shell()
    closed = attach(run)
    closed.expect("ready>")
    os.close(closed.slave)
    os.close(closed.master)
    check(closed.process.wait(PATIENCE) == 129, closed.process.returncode)
    killed = attach(run)
    killed.expect("ready>")
    killed.process.kill()
    killed.process.wait()
    for name, number in (("TERM", 143), ("HUP", 129), ("QUIT", 131), ("INT", 130)):
        viewer = attach(run)
        viewer.expect("\x1b[?2004h")
        viewer.process.send_signal(getattr(signal, "SIG" + name))
        viewer.end(number)
        check(b"\x1b[?2004l" in viewer.seen, viewer.seen)
    check(run in sigmund("list", "--live").stdout)


def stopped_and_continued():
    run = start_shell()
    viewer = attach(run)
    viewer.expect("\x1b[?2004h")
    for stop in (signal.SIGTSTP, signal.SIGSTOP):
        viewer.process.send_signal(stop)
        wait_for("the stop", lambda: "\nState:\tT" in open(f"/proc/{viewer.process.pid}/status",
                                                        encoding="utf-8").read())
        if stop == signal.SIGTSTP:
            viewer.expect("\x1b[?2004l")
            check(termios.tcgetattr(viewer.slave) == viewer.before)
        viewer.process.send_signal(signal.SIGCONT)
        viewer.expect("\x1b[?2004h")
        viewer.type("echo $((6 * 7))\r")
        viewer.expect("42\r\n")
    viewer.type(DETACH)
    viewer.end(0)


def a_viewer_that_does_not_read():
    run = start("-n", "flood", "--tty", "--", "sh", "-c",
                "read x; yes 0123456789012345678901234567890123456789 | head -c 50000000; echo; echo THE END; "
                "read y; exit $y")
    stopped, other = attach(run), attach(run)
    stopped.process.send_signal(signal.SIGSTOP)
    other.type("\r")
    other.expect("THE END")
    check(run in sigmund("list", "--live").stdout)
    check(sigmund("dump", run).stdout.endswith("THE END\n"))
    stopped.process.send_signal(signal.SIGCONT)
    stopped.expect("bytes were left out here; the log has them]")
    stopped.expect("THE END")
    stopped.type("5\r")
    stopped.end(5)
    other.end(5)


def an_interrupted_flood():
    run = start("-n", "yes", "--tty", "--", "sh", "-c", "trap 'echo STOPPED' INT; read x; yes; read y")
    viewer = attach(run)
    viewer.type("\r")
    viewer.expect("y\r\ny\r\n")
    viewer.type("\x03")
    viewer.expect("STOPPED")
    viewer.type("\r")
    viewer.end(0)


def the_end_of_the_run():
    run = start("-n", "seq", "--tty", "--", "sh", "-c", "read x; seq 3000; exit 3")
    viewer = attach(run)
    viewer.type("\r")
    for i in range(1, 3001):
        viewer.expect(f"{i}\r\n")
    viewer.end(3)
    sigmund("attach", run, status=3)  # a pipe gets the log
    ended = Terminal("attach", run)
    ended.expect("it has ended")
    ended.end(1)
    run = start("-n", "k", "--tty", "--", "sh", "-c", "printf '\\033[?1000h'; sleep 1000")
    viewer = attach(run)
    viewer.expect("\x1b[?1000h")
    sigmund("kill", run)
    viewer.end(137)
    check(b"\x1b[?1000l" in viewer.seen, viewer.seen)


def a_restart():
    run = start_shell()
    viewer = attach(run)
    viewer.type("life=one; echo first $((6 * 7)); printf '\\033[?1049h'\r")
    viewer.expect("first 42")
    sigmund("restart", run)
    viewer.expect("\x1b[?1049l")
    viewer.expect("ready>")
    viewer.type("echo [$life]; exit 4\r")
    viewer.expect("[]")
    viewer.end(4)


def a_lost_guardian():
    run = start_shell()
    viewer = attach(run)
    viewer.expect("\x1b[?2004h")
    guardian = subprocess.run(["jq", "-r", ".guardian.pid", f"{os.environ['SIGMUND_STATE_DIR']}/{run}.json"],
                              capture_output=True, text=True, check=True).stdout
    os.kill(int(guardian), signal.SIGKILL)
    viewer.end(125)
    check(b"\x1b[?2004l" in viewer.seen and b"is gone" in viewer.seen, viewer.seen)
    gone = Terminal("attach", run)
    gone.end(1)


def a_file_gets_all():
    run = start("-n", "seq", "--tty", "--", "sh", "-c", "read x; seq 200000; exit 6")
    path = os.environ["scratch"] + "/out"
    with open(path, "wb") as file:
        viewer = Terminal("attach", run, stdout=file)
        sigmund("send", run, "go")
        viewer.end(6)
    with open(path, "rb") as file:
        check(file.read().endswith(b"".join(b"%d\r\n" % i for i in range(1, 200001))))


def attached_from_the_start():
    for _ in range(10):
        short = Terminal("-a", "-q", "--", "sh", "-c", "stty size; echo a; exit 9", columns=77, rows=11)
        short.expect("11 77\r\na\r\n")
        short.end(9)
    shell = Terminal("--attach", "-n", "sh", "--", "bash", "--norc", "--noprofile", "-i")
    shell.expect("three times to detach")
    shell.expect("\x1b[?2004h")
    shell.type("echo $((6 * 7))\r")
    shell.expect("42\r\n")
    shell.type(DETACH)
    shell.end(0)
    again = attach("sh")
    again.type("exit 5\r")
    again.end(5)
    # Only this terminal answers what the program asks at once.
    asks = Terminal("-a", "--", "sh", "-c", "stty raw -echo; printf '\\033[c'; dd bs=1 count=9 2>/dev/null | cat -v")
    asks.expect("\x1b[c")
    asks.type("\x1b[?62;1cz")
    asks.expect("?62;1cz")
    asks.end(0)
    missing = Terminal("-a", "no-such-command-here")
    missing.expect("command not found")
    missing.end(127)
    for words in (["--split-log", "true"], ["--pool", "2", "true"], ["--stdin", "open", "true"], ["--wait", "true"]):
        wrong = Terminal("-a", *words)
        wrong.end(1)
    sigmund("-a", "true", status=1)


def refused():
    run = start("-n", "plain", "--", "sleep", "1000")
    done = sigmund("attach", run, status=1)
    check("--tty" in done.stderr and "sigmund tail" in done.stderr and "send" not in done.stderr, done)
    run = start("-n", "open", "--stdin", "open", "--", "sleep", "1000")
    viewer = Terminal("attach", run)
    viewer.expect("sigmund send")
    viewer.end(1)
    run = start_shell()
    inside = attach(run)
    inside.type(f"'{SIGMUND}' attach sh; echo status $?\r")
    inside.expect("runs inside it")
    inside.expect("status 1")
    inside.type(f"'{SIGMUND}' attach sh | cat\r")
    inside.expect("runs inside it")
    inside.type(DETACH)
    inside.end(0)
    start("-n", "pool", "--tty", "--pool", "2", "--", "sleep", "1000")
    viewer = Terminal("attach", "pool")
    viewer.expect("worker of a pool")
    viewer.end(1)


def hostile_clients():
    run = start_shell()
    path = os.environ["SIGMUND_STATE_DIR"] + f"/{run}.sock"

    def connect():
        out = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        out.settimeout(PATIENCE)
        out.connect(path)
        return out

    def ask(client, line):
        client.send(line)
        text, streams, _, _ = socket.recv_fds(client, 1 << 16, 4)
        return text, streams

    for line in (b"attach", b"attach 0 0 type redraw", b"attach 80 99999999 type redraw", b"attach 80 24 never redraw",
                 b"attach -1 24 type redraw", b"size 80", b"detach", b"detach none"):
        check(ask(connect(), line)[0] == b"done 1 unknown request", line)
    check(b"attached no terminal" in ask(connect(), b"size 80 24 redraw")[0])
    clients, answers = [], []
    for _ in range(66):
        clients.append(connect())
        answers.append(ask(clients[-1], b"attach 80 24 type redraw"))
    check([text for text, _ in answers].count(b"viewer") == 64, answers)
    text, _ = ask(clients[0], b"attach 80 24 type redraw")
    check(text.startswith(b"done 1"), text)
    # One types without end and never reads; another keeps only its stream, and others only their connections.
    flood = socket.socket(fileno=answers[1][1][0])
    flood.setblocking(False)
    for _ in range(200):
        try:
            flood.send(b"\x1b]52;\x1b[<\x1b[200~" * 500)
        except BlockingIOError:
            time.sleep(0.01)
    clients[2].close()
    for _, streams in answers[3:]:
        for fd in streams:
            os.close(fd)
    check(run in sigmund("list", "--live").stdout)
    for client in clients:
        client.close()
    flood.close()
    sigmund("restart", run)
    viewer = attach(run)
    viewer.expect("ready>")
    viewer.type("exit 3\r")
    viewer.end(3)


if __name__ == "__main__":
    try:
        globals()[sys.argv[1]]()
    except Exception as error:  # bats shows only the message of the test
        print(f"{sys.argv[1]}: {type(error).__name__}: {error}")
        raise
