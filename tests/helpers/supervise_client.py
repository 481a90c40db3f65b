#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A client of supervise and its scenarios: `supervise_client.py SCENARIO`. It returns 0 when every assertion of the
scenario is true.

Each scenario forks a caller, which makes itself a subreaper, starts children and executes supervise with an empty
environment. A pipe inherited by all descendants, but not by supervise, tells when the last of them is gone.
"""
import contextlib, ctypes, json, os, resource, select, signal, socket, struct, subprocess, sys, tempfile, time

BINARY = os.environ["SIGMUND_BIN"]
HELPERS = os.environ["SIGMUND_HELPERS"]
PR_SET_CHILD_SUBREAPER = 36
CLD_EXITED, CLD_KILLED, CLD_DUMPED = 1, 2, 3
EVENT_SIZE = 128
STOPPERS = {signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU}
HARMLESS = {signal.SIGCHLD, signal.SIGCONT, signal.SIGURG, signal.SIGWINCH}
FATAL = [n for n in range(1, 65) if n != signal.SIGKILL and n not in STOPPERS | HARMLESS]
libc = ctypes.CDLL(None, use_errno=True)


def subreaper():
    assert libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


def fork(act):
    """Forks a child that runs `act` and ends, even after an exception."""
    pid = os.fork()
    if pid == 0:
        try:
            act()
        finally:
            os._exit(0)
    return pid


def pause():
    while True:
        signal.pause()


def sleeper():
    return fork(pause)


def exec_supervise(arguments=("supervise",)):
    os.execve(BINARY, list(arguments), {})


def read_exactly(fd, size):
    data = b""
    while len(data) < size:
        part = os.read(fd, size - len(data))
        assert part, f"end of file after {len(data)} of {size} bytes"
        data += part
    return data


def eventually(condition, what, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.01)


def state(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0]
    except OSError:
        return None


class Supervised:
    """A running supervise. `start` runs in the caller before the exec and returns the value of `self.started`."""

    def __init__(self, start, kind="pipe", stdin=None, closed=(), arguments=("supervise",)):
        if kind == "pipe":
            command_r, self.commands = os.pipe()
            self.events, event_w = os.pipe()
        else:
            ours, theirs = socket.socketpair(socket.AF_UNIX, getattr(socket, kind))
            self.commands, self.events = ours.detach(), None
            self.events = os.dup(self.commands)
            command_r = theirs.detach()
            event_w = os.dup(command_r)
        told_r, told_w = os.pipe()
        self.alive, alive_w = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                for fd in (self.commands, self.events, told_r, self.alive):
                    os.close(fd)
                os.set_inheritable(alive_w, True)
                subreaper()
                os.write(told_w, json.dumps(start()).encode() + b"\n")
                if stdin is not None:
                    command_r = os.open(stdin, os.O_RDONLY)
                os.dup2(command_r, 0)
                os.dup2(event_w, 1)
                for fd in closed:
                    os.close(fd)
                os.set_inheritable(alive_w, False)
                exec_supervise(arguments)
            finally:
                os._exit(99)
        for fd in (command_r, event_w, told_w, alive_w):
            os.close(fd)
        self.kind = kind
        with open(told_r) as told:  # the children hold the other end, so this waits for a line, not the end of the file
            self.started = json.loads(told.readline())
        eventually(self.is_supervise, "the exec of supervise")

    def is_supervise(self):
        try:
            return os.path.samefile(f"/proc/{self.pid}/exe", BINARY) or state(self.pid) == "Z"
        except OSError:
            return True  # gone, or a zombie already

    def send(self, pid, number):
        assert os.write(self.commands, struct.pack("ii", pid, number)) == 8

    def event(self):
        """Returns (pid, code, status) of the next event, or None at the end."""
        if self.kind == "SOCK_SEQPACKET":
            data = os.read(self.events, 2 * EVENT_SIZE)
        else:
            data = os.read(self.events, EVENT_SIZE)
        if not data:
            return None
        assert len(data) == EVENT_SIZE, len(data)
        signo, errno, code, _, pid, uid, status = struct.unpack_from("iiiiiIi", data)
        assert (signo, errno, uid) == (signal.SIGCHLD, 0, os.getuid()), data
        assert not any(data[28:]), data
        return pid, code, status

    def rest(self):
        return list(iter(self.event, None))

    def hang_up(self):
        if self.kind == "pipe":
            os.close(self.commands)
        else:
            with socket.socket(fileno=os.dup(self.commands)) as peer:
                peer.shutdown(socket.SHUT_WR)

    def status(self):
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def assert_all_gone(self):
        ready, _, _ = select.select([self.alive], [], [], 20)
        assert ready and os.read(self.alive, 1) == b"", "descendants are left"

    def assert_killed(self, pids):
        """Checks that the rest of the events says that exactly these were killed, and that supervise then ends well."""
        assert sorted(self.rest()) == sorted((pid, CLD_KILLED, signal.SIGKILL) for pid in pids)
        assert self.status() == 0
        self.assert_all_gone()


# The service

def signals_a_child():
    for kind in "pipe", "SOCK_SEQPACKET", "SOCK_STREAM":
        s = Supervised(sleeper, kind)
        s.send(s.started, signal.SIGUSR1)
        assert s.event() == (s.started, CLD_KILLED, signal.SIGUSR1)
        assert s.event() is None and s.status() == 0


def reports_exit_codes():
    s = Supervised(lambda: [fork(lambda code=code: os._exit(code)) for code in (0, 1, 77, 255)])
    assert sorted(s.rest()) == sorted(zip(s.started, [CLD_EXITED] * 4, (0, 1, 77, 255)))
    assert s.status() == 0


def takes_several_commands_at_once():
    s = Supervised(lambda: [sleeper() for _ in range(300)], "SOCK_SEQPACKET")
    # This is more than a page in one packet.
    packet = b"".join(struct.pack("ii", pid, signal.SIGTERM) for pid in s.started * 5)
    assert os.write(s.commands, packet) == 12000
    assert sorted(s.rest()) == sorted((pid, CLD_KILLED, signal.SIGTERM) for pid in s.started)


def signals_an_adopted_orphan():
    def start():
        r, w = os.pipe()
        fork(lambda: (os.setsid(), os.write(w, struct.pack("i", sleeper()))))
        return struct.unpack("i", os.read(r, 4))[0]
    s = Supervised(start)
    assert s.event()[1:] == (CLD_EXITED, 0)
    s.send(s.started, signal.SIGTERM)
    assert s.event() == (s.started, CLD_KILLED, signal.SIGTERM)
    assert s.event() is None


def ignores_all_but_children():
    stranger = sleeper()

    def start():
        r, w = os.pipe()
        child = fork(lambda: (os.write(w, struct.pack("i", sleeper())), pause()))
        return child, struct.unpack("i", os.read(r, 4))[0]
    s = Supervised(start)
    child, grandchild = s.started
    for pid in stranger, grandchild, s.pid, os.getpid(), 1, 0, -1, -child, -s.pid, 2**31 - 1, -2**31:
        s.send(pid, signal.SIGKILL)
    for number in -1, 65, 2**31 - 1, 0:
        s.send(child, number)
    s.send(child, signal.SIGUSR1)  # commands are executed in order, so all others were executed before
    assert s.event() == (child, CLD_KILLED, signal.SIGUSR1)
    assert state(grandchild) not in (None, "Z") and state(stranger) not in (None, "Z")
    s.hang_up()
    s.assert_killed([grandchild])
    os.kill(stranger, signal.SIGKILL)


def partial_command():
    s = Supervised(lambda: [sleeper(), sleeper()])
    os.write(s.commands, struct.pack("ii", s.started[0], 0) + b"part")
    assert {pid for pid, _, _ in s.rest()} == set(s.started)
    assert s.status() == 1
    s.assert_all_gone()


# Nothing is lost or delayed

def slow_reader():
    for kind in "pipe", "SOCK_SEQPACKET":
        s = Supervised(lambda: [sleeper() for _ in range(1000)], kind)
        s.hang_up()
        s.assert_all_gone()  # the reader has not read yet, and 128 bytes of each do not fit into a pipe
        events = []
        while (event := s.event()) is not None:
            events.append(event)
            if len(events) % 100 == 0:
                time.sleep(0.01)
        assert sorted(events) == sorted((pid, CLD_KILLED, signal.SIGKILL) for pid in s.started)
        assert s.status() == 0


def peer_reads_after_hang_up():
    """Unread commands must not turn the peer's last events into ECONNRESET."""
    for kind in "SOCK_SEQPACKET", "SOCK_STREAM":
        s = Supervised(lambda: [sleeper() for _ in range(3)], kind)
        eventually(lambda: state(s.pid) == "S", "asleep")  # before that, its signals may not be blocked yet
        os.kill(s.pid, signal.SIGSTOP)
        eventually(lambda: state(s.pid) == "T", "stopped")
        os.kill(s.pid, signal.SIGTERM)
        for _ in range(50):
            s.send(1, 0)
        os.kill(s.pid, signal.SIGCONT)
        status = s.status()
        assert status == 0, (kind, status)
        assert len(s.rest()) == 3


def reader_hangs_up():
    for kind in "pipe", "SOCK_SEQPACKET":
        s = Supervised(lambda: [sleeper(), sleeper()], kind)
        os.close(s.events)
        if kind != "pipe":
            os.close(s.commands)
        s.assert_all_gone()
        assert s.status() == 0


# Everything ends

def eof_kills_a_setsid_chain():
    def chain(depth, w):
        os.setsid()
        os.write(w, struct.pack("i", os.getpid()))
        if depth > 1:
            fork(lambda: chain(depth - 1, w))
        pause()

    def start():
        r, w = os.pipe()
        fork(lambda: chain(8, w))
        return struct.unpack("8i", read_exactly(r, 32))
    s = Supervised(start)
    s.hang_up()
    s.assert_killed(s.started)


def nested_three_deep():
    def level(depth, w):
        subreaper()
        if depth == 0:
            os.setsid()
            os.write(w, b"x")
            pause()
        fork(lambda: level(depth - 1, w))
        # An inner supervisor has its own streams, since a pipe whose other end it holds itself never ends.
        r, x = os.pipe()
        os.set_inheritable(x, True)
        os.dup2(r, 0)
        os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
        exec_supervise()

    def start():
        r, w = os.pipe()
        fork(lambda: level(2, w))
        os.read(r, 1)
        return None
    s = Supervised(start)
    s.hang_up()
    assert len(s.rest()) == 3  # two supervisors and the process at the bottom
    assert s.status() == 0
    s.assert_all_gone()


def stopped_child():
    def start():
        pid = sleeper()
        os.kill(pid, signal.SIGSTOP)
        os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOWAIT)
        return pid
    s = Supervised(start)
    s.hang_up()
    s.assert_killed([s.started])


# Wider trees are a race that a loaded machine can lose (64 chains mostly ended in 20 to 100 ms).
def forking_tree(width=8, bound=100000):
    with tempfile.TemporaryDirectory() as folder:
        counter = os.path.join(folder, "forks")
        s = Supervised(lambda: fork(lambda: os.execv(f"{HELPERS}/forktree",
                                                    ["forktree", str(width), str(bound), counter])))

        def forks():
            with contextlib.suppress(OSError), open(counter, "rb") as file:
                return struct.unpack("i", file.read(4) or bytes(4))[0]
            return 0
        eventually(lambda: forks() > 1000, "1000 forks")
        began = forks()
        start = time.monotonic()
        s.hang_up()
        s.assert_all_gone()
        took = time.monotonic() - start
        ended = forks()
        events = s.rest()
        assert s.status() == 0
        print(f"width {width}: {took * 1000:.1f} ms, forks {began} to {ended}, {len(events)} events", file=sys.stderr)
        assert ended < bound, "the tree outgrew the killer and ended by itself"
        assert len({pid for pid, _, _ in events}) <= len(events) >= ended  # each process was reported


def each_fatal_signal():
    assert signal.SIGRTMIN + 3 in FATAL and 32 in FATAL and signal.SIGSTKFLT in FATAL and len(FATAL) == 55
    for number in FATAL:
        s = Supervised(sleeper)
        eventually(lambda: state(s.pid) in "S", "asleep")
        # This calls kill(2) directly: Python's os.kill takes all numbers, including two that the C library keeps.
        os.kill(s.pid, number)
        events = s.rest()
        assert events == [(s.started, CLD_KILLED, signal.SIGKILL)], (number, events)
        assert s.status() == 0, number
        s.assert_all_gone()


def other_signals_do_nothing():
    s = Supervised(sleeper)
    for number in signal.SIGCHLD, signal.SIGURG, signal.SIGWINCH, signal.SIGSTOP, signal.SIGCONT, signal.SIGTSTP, \
            signal.SIGCONT:
        os.kill(s.pid, number)
    s.send(s.started, signal.SIGHUP)
    assert s.event() == (s.started, CLD_KILLED, signal.SIGHUP)


def needs_wall():
    """Only waitid with __WALL sees a clone without an exit signal."""
    def start():
        pid = libc.syscall(56 if os.uname().machine == "x86_64" else 220, 0, 0, 0, 0, 0)
        if pid == 0:
            libc.pause()
            os._exit(0)
        return pid
    for act in "signal", "eof":
        s = Supervised(start)
        if act == "signal":
            s.send(s.started, signal.SIGTERM)
            assert s.event() == (s.started, CLD_KILLED, signal.SIGTERM)
        else:
            s.hang_up()
            s.assert_killed([s.started])


def child_of_another_user():
    """EPERM on one child does not save the others (root only, since no other user can change the user)."""
    def start():
        r, w = os.pipe()
        caller = os.getpid()

        def other():
            os.setresuid(2, 2, 2)
            os.write(w, b"x")
            time.sleep(0.5)

        stranger = fork(other)
        os.read(r, 1)
        os.setresuid(1, 1, 1)
        return [stranger] + [sleeper() for _ in range(3)]
    s = Supervised(start)
    s.hang_up()
    events = [struct.unpack_from("iI", read_exactly(s.events, EVENT_SIZE), 16) for _ in s.started]
    assert sorted(pid for pid, _ in events) == sorted(s.started), (events, s.started)
    assert s.status() == 0
    s.assert_all_gone()


# Unusual beginnings

def no_children():
    for kwargs in {}, {"stdin": "/dev/null"}, {"kind": "SOCK_SEQPACKET"}:
        s = Supervised(lambda: None, **kwargs)
        assert s.event() is None and s.status() == 0


def dead_before_start():
    def start():
        pid = fork(lambda: os._exit(7))
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        return pid
    s = Supervised(start)
    assert s.rest() == [(s.started, CLD_EXITED, 7)] and s.status() == 0


def ignored_sigchld():
    def start():
        pid = sleeper()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
        return pid
    s = Supervised(start)
    s.send(s.started, signal.SIGTERM)
    assert s.event() == (s.started, CLD_KILLED, signal.SIGTERM) and s.event() is None


def stdin_dev_null():
    s = Supervised(sleeper, stdin="/dev/null")
    s.assert_killed([s.started])


def stdin_file():
    with tempfile.NamedTemporaryFile() as file:
        s = Supervised(sleeper, stdin=file.name)
        s.assert_killed([s.started])


def closed_stdin():
    s = Supervised(sleeper, closed=[0])
    assert s.rest() == [(s.started, CLD_KILLED, signal.SIGKILL)]
    assert s.status() == 1
    s.assert_all_gone()


def closed_stdout():
    for closed in [1], [0, 1], [0, 1, 2]:
        s = Supervised(sleeper, closed=closed)
        assert s.rest() == []
        assert s.status() == 1
        s.assert_all_gone()


def closed_stderr():
    s = Supervised(sleeper, closed=[2])
    s.hang_up()
    s.assert_killed([s.started])


def unwritable_stdout():
    """The output is open for reading only. The first event cannot be written, and that must not save the second
    child."""
    with tempfile.NamedTemporaryFile() as file:
        r, w = os.pipe()
        alive, alive_w = os.pipe()
        pid = os.fork()
        if pid == 0:
            subreaper()
            fork(lambda: os._exit(0))
            sleeper()
            os.dup2(os.open(file.name, os.O_RDONLY), 1)
            os.dup2(r, 0)
            exec_supervise()
        os.close(alive_w)
        assert os.read(alive, 1) == b""
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1


def no_descriptors_left():
    """Without a free descriptor, a signalfd and /proc the children are still ended and reported."""
    def start():
        pids = [sleeper() for _ in range(3)]
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
        return pids
    s = Supervised(start)
    assert sorted(s.rest()) == sorted((pid, CLD_KILLED, signal.SIGKILL) for pid in s.started)
    assert s.status() == 1
    s.assert_all_gone()


def unchanged_streams():
    """O_NONBLOCK would apply to all processes that share the streams."""
    s = Supervised(sleeper, "SOCK_STREAM")
    assert not any(int(line.split()[1], 8) & os.O_NONBLOCK for fd in (0, 1)
                   for line in open(f"/proc/{s.pid}/fdinfo/{fd}") if line.startswith("flags"))
    s.hang_up()
    s.assert_killed([s.started])


def asleep():
    """It makes no system call in 5 s."""
    s = Supervised(sleeper)
    eventually(lambda: state(s.pid) == "S", "asleep")
    with tempfile.NamedTemporaryFile("r") as trace:
        tracer = subprocess.Popen(["strace", "-f", "-o", trace.name, "-p", str(s.pid)], stderr=subprocess.PIPE)
        assert b"attached" in tracer.stderr.readline()
        time.sleep(5)
        tracer.send_signal(signal.SIGINT)
        tracer.wait()
        lines = trace.read().splitlines()
    # It may be seen in the poll(2) in which it sleeps, when the trace began or ended, and in no other call.
    assert len(lines) <= 1 and all("poll" in line or "restart_syscall" in line for line in lines), lines
    s.hang_up()
    s.assert_killed([s.started])


# The same service as JSON lines

def run_json(*command, **kwargs):
    return subprocess.Popen([BINARY, "supervise", "--json", *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            **kwargs)


def json_service():
    p = run_json("--", "sh", "-c", "kill -STOP $$; exit 5")
    started = json.loads(p.stdout.readline())
    pid = started["pid"]
    assert started == {"event": "started", "pid": pid}
    eventually(lambda: state(pid) == "T", "stopped")
    p.stdin.write(b'\n{"pid":%d,"signal":"NOSUCH"}\n{"signal":"TERM","pid":1}\n{"signal":18,"pid":%d,"more":[]}\n'
                  % (pid, pid))
    p.stdin.flush()
    assert json.loads(p.stdout.readline()) == {"event": "exited", "pid": pid, "code": 5}
    assert p.stdout.readline() == b"" and p.wait() == 0


def json_kills_at_eof():
    p = run_json("sleep", "1000")
    pid = json.loads(p.stdout.readline())["pid"]
    p.stdin.close()
    assert json.loads(p.stdout.readline()) == {"event": "killed", "pid": pid, "signal": "SIGKILL",
                                              "core_dumped": False}
    assert p.wait() == 0


def json_split_lines():
    p = run_json("--", "sleep", "1000")
    pid = json.loads(p.stdout.readline())["pid"]
    for byte in b'{"signal": "sigrtmin+3", "pid": %d}\n' % pid:
        p.stdin.write(bytes([byte]))
        p.stdin.flush()
    assert json.loads(p.stdout.readline())["signal"] == "SIGRTMIN+3"
    assert p.wait() == 0


def json_bad_lines():
    for bad in (b"{bad\n", b"[]\n", b'{"pid":1}\n', b'{"pid":"1","signal":1}\n', b'{"pid":1.5,"signal":1}\n',
                b'{"pid":1,"signal":null}\n', b"x" * 70000, b"[" * 60000 + b"\n", b'{"pid":\xff}\n'):
        p = run_json("--", "sleep", "1000", stderr=subprocess.PIPE)
        out, err = p.communicate(bad)
        assert b'"killed"' in out and err.startswith(b"supervise: ") and p.returncode == 1, (bad[:50], out, err)
        assert err.count(b"\n") == 1 and len(err) < 400
    for odd in (b'{"pid":99999999999999999999999,"signal":1}\n', b'{"pid":18446744073709551615,"signal":9}\n',
                b'{"pid":-1,"signal":9}\n', b'{"pid":0,"signal":9}\n', b'{"pid":4294967297,"signal":9}\n'):
        p = run_json("--", "sleep", "1000", stderr=subprocess.PIPE)
        out, err = p.communicate(odd)
        assert b'"killed"' in out, (odd, out, err)


def json_long_lines():
    """The limit is 64 KiB, whether the line is read in pieces or as a whole; a file is read as a whole."""
    for size, status in ((65536, 0), (65537, 1)):
        with tempfile.TemporaryFile() as lines:
            command = b'{"pid":1,"signal":0,"more":"'
            lines.write(command + b"x" * (size - len(command) - 2) + b'"}\n')
            lines.seek(0)
            p = subprocess.run([BINARY, "supervise", "--json", "--", "sleep", "1000"], stdin=lines,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert b'"killed"' in p.stdout and p.returncode == status, (size, p)
        assert (b"64 KiB" in p.stderr) == (status == 1), p.stderr


def json_command_is_clean():
    """COMMAND gets /dev/null, its output does not mix with events, and the caller's signal settings stay."""
    # The signals are not read in sh, since some shells clear their mask.
    for command, expected in ((("sh", "-c", "cat; echo out; echo err >&2"), [b"out", b"err"]),
                              (("grep", "-E", "Sig(Blk|Ign)", "/proc/self/status"),
                               [b"SigBlk:", b"0000000000000200", b"SigIgn:", b"0000000000000001"])):
        r, w = os.pipe()
        p = run_json("--", *command, stderr=w, preexec_fn=lambda: (
            [signal.signal(n, signal.SIG_DFL) for n in (signal.SIGINT, signal.SIGQUIT)],
            signal.pthread_sigmask(signal.SIG_SETMASK, {signal.SIGUSR1}), signal.signal(signal.SIGHUP, signal.SIG_IGN)))
        os.close(w)
        lines = p.stdout.read().splitlines()
        assert [json.loads(line)["event"] for line in lines] == ["started", "exited"]
        said = os.read(r, 4096).split()
        assert said == expected, said


def json_cannot_start():
    for command, status in (("/nonexistent/x", 127), ("/etc/passwd", 126), ("no-such-program", 127)):
        p = run_json("--", command, stderr=subprocess.PIPE)
        out, err = p.communicate()
        assert (out, p.returncode) == (b"", status) and err.startswith(b"supervise: " + command.encode()), err


def main():
    signal.alarm(120)
    scenario = globals()[sys.argv[1]]
    scenario()
    return 0


if __name__ == "__main__":
    sys.exit(main())
