#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Runs commands on a pseudo-terminal with hostile arguments, records, files and process names, and searches for every
# character that a terminal acts on or does not show. Usage: terminal_safety.py SIGMUND FOLDER
import os, pty, re, select, subprocess, sys, time

sigmund, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
hostile = "x\x1b]0;T\x07\x08\x7f\r\n\u009b31m\u202e\u2066\u200f\u061c\u2028\u200b\u2060\ufeff\u00ad\U000e0041z"
store = os.environ["SIGMUND_STATE_DIR"]
bad = []

def hidden(c):
    n = ord(c)
    return (n < 0x20 and c not in "\n\t") or 0x7f <= n < 0xa0 or n in (0xad, 0x61c, 0xfeff) or \
        0x200b <= n <= 0x200f or 0x2028 <= n <= 0x202e or 0x2060 <= n <= 0x206f or 0xe0000 <= n <= 0xe0fff

def on_terminal(argv, cwd, env=None):
    """Returns what argv writes to a terminal, until it ends or 60 seconds have passed."""
    pid, fd = pty.fork()
    if pid == 0:
        try:
            os.chdir(cwd)
            os.execve(argv[0], argv, {**os.environ, "TERM": "xterm", **(env or {})})
        finally:
            os._exit(99)
    out, end = b"", time.monotonic() + 60
    while time.monotonic() < end:
        if not select.select([fd], [], [], 1)[0]:
            continue
        try:
            piece = os.read(fd, 65536)
        except OSError:
            break
        if not piece:
            break
        out += piece
    else:
        os.kill(pid, 9)
        bad.append((argv, "did not end"))
    os.close(fd)
    return out, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

def look(*args, cwd=folder, env=None, program=None):
    argv = [program or sigmund, *args]
    out, status = on_terminal(argv, cwd, env)
    text = out.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    text = re.sub("\x1b\\[[0-9;]*m", "", text)  # sigmund's own colours; hostile ones are not SGR
    text = re.sub("\r\x1b\\[[0-9]+A\x1b\\[J", "", text)  # up draws its lines again
    for c in text:
        if hidden(c) or 0xdc80 <= ord(c) <= 0xdcff:
            bad.append((args, repr(c), repr(text)))
            break
    if status < 0 or status == 99:
        bad.append((args, f"status {status}"))
    return text

def start(*args):
    return subprocess.run([sigmund, "-q", *args], cwd=folder, check=True, stdout=subprocess.PIPE,
                          text=True).stdout.strip()

# A process with a hostile name and title, in a folder with a hostile name, which also writes hostile lines.
deep = os.path.join(folder, hostile.replace("/", ""))
os.mkdir(deep)
tool = os.path.join(deep, hostile[:9])
os.symlink("/bin/sh", tool)
script = 'printf "%s\\n" "$1" >&2; sleep 300 & wait'
live = start("--name", "live", "--tag", "t", "--cwd", deep, "--env", "A=" + hostile, tool, "-c", script, "sh", hostile)
dead = start("--name", "ended", "--cwd", deep, "sh", "-c", 'printf "%s\\n" "error: $1" "$1"; exit 3', "sh", hostile)
subprocess.run([sigmund, "wait", "ended"], stderr=subprocess.DEVNULL)
broken = subprocess.run([sigmund, "-q", hostile], capture_output=True)
with open(os.path.join(store, "bad123.json"), "w") as f:
    f.write('{"id":"bad123","name":"%s"' % "\u009b")
with open(os.path.join(store, hostile.replace("/", "") + ".json"), "w") as f:
    f.write("{")

for verb in ("list", "show", "tree", "explain", "doctor", "config", "killcmd", "prune", "stop", "kill", "signal",
             "pause", "resume", "restart", "wait", "rename", "tag", "up", "help", "completions", "prompt", "tail",
             "dump", "logs", "again", "guard", "events", "run", "pipe", "shell-init", "version", "nosig",
             "supervise", "unlinkwait"):
    if verb != "unlinkwait":  # any word is a path for it
        look(verb, hostile)
    look(verb, "--" + hostile)
    look(verb, "-" + hostile)
    if verb not in ("stop", "kill", "signal", "restart", "prune", "tail", "wait", "pause", "unlinkwait"):
        look(verb, "live", hostile)
look("signal", hostile, "live")
for option in ("--name", "--tag", "--cwd", "--env", "--env-file", "--stdin", "--log", "--keep-fd", "--umask", "--nice",
               "--rlimit", "--ignore", "--stop-signal", "--stop-timeout", "--timeout", "--restart", "--restart-on",
               "--backoff", "--ready", "--health-interval", "--watch-ext", "--log-max-size", "--pool", "--pid-file",
               "--while", "--survive", "--unset-env", "--health-retries"):
    look(option, hostile, "--", "/nonexistent/" + hostile)
for words in (["list"], ["list", "--all"], ["list", "--state", hostile], ["list", "--sort", hostile],
              ["list", "--columns", hostile], ["list", "--color", hostile], ["list", "--json=" + hostile],
              ["list", "--porcelain=" + hostile], ["list", "--json"], ["show", "live"], ["show", "ended"],
              ["show", "--json", "live"], ["show", "--json", "ended"], ["tree", "live"], ["explain", "ended"],
              ["explain", "--json", "ended"], ["doctor"], ["doctor", "live"], ["doctor", "--json", "live"],
              ["events", "--no-follow"], ["again", "--dry-run", "live"], ["again", "--dry-run", "ended"],
              ["wait", "ended"], ["wait", "--until", hostile, "live"], ["killcmd", "live"], ["prune", "--dry-run"],
              ["signal", "0" + hostile, "live"], ["logs", "--jsonl", "ended"], ["tail", "--lines", hostile, "live"],
              ["guard", "live", "--", hostile], ["--wait", "sh", "-c", "exit 3", hostile], [hostile],
              ["./" + hostile], ["rename", "live", hostile], ["tag", "live", hostile]):
    look(*words)
look("list", env={"SIGMUND_STATE_DIR": "/proc/" + hostile})
look("list", env={"SIGMUND_STATE_DIR": deep + "/store"})
look("version", cwd=deep)
for content in ('"%s" = 1\n', '[run.a]\n"%s" = 1\ncommand = "true"\n', '[run."%s"]\ncommand = "true"\n',
                '[run.a]\nstop-signal = "%s"\ncommand = "true"\n', '[run.a]\ncommand = ["%s"]\n',
                'a %s\n', '[run.a]\ncommand = "%s\n', '[run.a]\nready = "%s"\ncommand = "true"\n'):
    for value in ("\\u001b]0;\\u009b\\u202e\\U000E0041", hostile):
        with open(os.path.join(folder, "sigmund.toml"), "w") as f:
            f.write(content % value)
        look("config")
        look("up", "a")
        os.environ["SIGMUND_CONFIG"] = os.path.join(folder, "sigmund.toml")
        look("config", cwd="/")
        look("config", "--json", cwd="/")
        del os.environ["SIGMUND_CONFIG"]
os.remove(os.path.join(folder, "sigmund.toml"))
command = look("killcmd", "live")
if not re.fullmatch(r"kill -TERM -- -\d+(?: -\d+)*\n", "\n".join(
        line for line in command.splitlines(True) if line.startswith("kill")).strip("\n") + "\n"):
    bad.append(("killcmd", repr(command)))
look("stop", "live")
look("prune", "--keep", "1")
for each in bad:
    print(*each)
sys.exit(1 if bad else 0)
