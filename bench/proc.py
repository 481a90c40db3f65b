# SPDX-License-Identifier: Apache-2.0
"""Reads /proc, and waits for conditions with a limit."""
import subprocess
import time


class Late(Exception):
    """A command took longer than its limit."""


def on_tmpfs(folder):
    kind = subprocess.run(["stat", "-f", "-c", "%T", folder], capture_output=True, text=True, check=False).stdout
    return kind.strip() in ("tmpfs", "ramfs")


def quiet(most):
    """Waits for at most MOST seconds until nothing else runs on this machine. Returns how long that took."""
    start, calm = time.monotonic(), 0
    while calm < 3 and time.monotonic() < start + most:
        with open("/proc/loadavg", encoding="ascii") as file:
            running = int(file.read().split()[3].split("/")[0])
        calm = calm + 1 if running <= 1 else 0
        time.sleep(0.001)
    return time.monotonic() - start


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def proc_fields(pid, name):
    """Returns the "Key: number" lines of /proc/PID/NAME."""
    found = {}
    with open(f"/proc/{pid}/{name}", encoding="ascii", errors="replace") as file:
        for line in file:
            key, _, rest = line.partition(":")
            if rest.split() and rest.split()[0].isdigit():
                found[key] = int(rest.split()[0])
    return found


def until(seconds, condition):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.005)
    raise Late()
