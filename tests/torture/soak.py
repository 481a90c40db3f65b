#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Guardians that live through many operations: none of them may leak, spin, or stop to answer.

usage: soak.py [--seconds S] [--seed N]

For S seconds there are at the same time: a command that is restarted without end, one that is watched while folders
come and go, a pool whose workers are killed, a log that rotates, health checks that fail, hang and fork, a notify
socket that is flooded, and clients that connect, ask half a request, ask nonsense, do not read, or leave. Then all is
quiet, and every guardian must have no more descriptors than before, hardly more memory, no zombies and no wake-ups,
and must answer and obey a stop.
"""
import argparse
import array
import errno
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

SIGMUND = os.environ["SIGMUND"]
STORE = tempfile.mkdtemp(prefix="sgm-soak.", dir="/tmp")
PLACE = STORE + "/place"
ENV = dict(os.environ, SIGMUND_STATE_DIR=STORE, SIGMUND_CONFIG="/dev/null")
ENV.pop("SIGMUND_SHELL_ID", None)
MORE_MEMORY = 512  # KB of Private_Dirty, which malloc keeps after a burst
problems = []
END = [0.0]


def sigmund(*words):
    return subprocess.run([SIGMUND, *words], env=ENV, capture_output=True, text=True, timeout=60,
                          stdin=subprocess.DEVNULL, check=False)


def record(run):
    with open(f"{STORE}/{run}.json", encoding="utf-8") as file:
        return json.load(file)


def connect(run):
    client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, array.array("q", [5, 0]).tobytes())
    client.connect(f"{STORE}/{run}.sock")
    client.settimeout(5)
    return client


def facts(pid):
    """Returns descriptors, Private_Dirty in KB, context switches, and zombies among the children."""
    memory = [line for line in open(f"/proc/{pid}/smaps_rollup") if line.startswith("Private_Dirty:")]
    switches = sum(int(line.split()[1]) for line in open(f"/proc/{pid}/status") if "ctxt_switches" in line)
    zombies = 0
    for child in open(f"/proc/{pid}/task/{pid}/children").read().split():
        try:
            zombies += open(f"/proc/{child}/stat").read().rsplit(")", 1)[1].split()[0] == "Z"
        except OSError:
            pass
    return {"fds": len(os.listdir(f"/proc/{pid}/fd")), "dirty": int(memory[0].split()[1]), "switches": switches,
            "zombies": zombies}


def going():
    return time.monotonic() < END[0]


def restarts(run, _dice):
    while going():
        time.sleep(0.2)
    open(PLACE + "/quiet", "w").close()
    return record(run)["restarts"]


def changes(_run, dice):
    done = 0
    while going():
        folder = f"{PLACE}/watched/{dice.randrange(6)}"
        if os.path.isdir(folder):
            shutil.rmtree(folder)
        else:
            os.makedirs(folder + "/a/b")
            open(folder + "/a/b/c", "w").close()
        open(f"{PLACE}/watched/file", "w").close()
        done += 3
        time.sleep(0.003)
    return done


def kills(run, dice):
    done = 0
    while going():
        for worker in record(run)["workers"]:
            if worker["pid"] and dice.random() < 0.5:
                try:  # a number of a child that its guardian may be reaping now; a test cannot know better
                    pidfd = os.pidfd_open(worker["pid"])
                    if f"SOAK={STORE}".encode() in open(f"/proc/{worker['pid']}/environ", "rb").read():
                        signal.pidfd_send_signal(pidfd, dice.choice([signal.SIGKILL, signal.SIGTERM]))
                        done += 1
                    os.close(pidfd)
                except OSError:
                    pass
        time.sleep(0.05)
    return done


def wait_only(_run, _dice):
    while going():
        time.sleep(0.2)
    return 0


def notices(_run, dice):
    address = open(PLACE + "/notify").read()
    address = "\0" + address[1:] if address.startswith("@") else address
    sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    null = os.open("/dev/null", os.O_RDONLY)
    done = 0
    while going():
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [null] * dice.randrange(1, 100)))]
        try:
            sender.sendmsg([dice.choice([b"STATUS=%d" % done, dice.randbytes(3000), b"READY=1\nSTATUS=x"])],
                           rights if dice.random() < 0.3 else [], 0, address)
        except OSError as error:
            if error.errno != errno.ETOOMANYREFS:  # for an ordinary user, too many descriptors may be in flight at once
                raise
        done += 1
    return done


def clients(run, dice):
    slow = [connect(run) for _ in range(5)]
    for each in slow:
        each.send(b"events")
    done = 0
    while going():
        try:
            client = connect(run)
            client.send(dice.choice([b"hello 1", b"hel", b"wait gone", b"events", b"set tags " + b"x," * 500, b"pause",
                                     b"resume", dice.randbytes(dice.randrange(1, 5000))]))
            if dice.random() < 0.3:
                client.settimeout(0.02)  # not every word has an answer
                client.recv(65536)
            client.close()
        except (BrokenPipeError, ConnectionResetError, socket.timeout):
            pass
        done += 1
    client = connect(run)
    client.send(b"resume")
    client.recv(65536)
    return done


ALWAYS = ["--restart", "always", "--backoff", "10ms..20ms"]
LIFE = f"test ! -e {PLACE}/quiet || exec sleep 300"
CASES = {
    "restarts": (restarts, [*ALWAYS, "--restart-window", "1ms", "sh", "-c", LIFE]),
    "watch": (changes, ["--watch", PLACE + "/watched", "--debounce", "5ms", "sleep", "300"]),
    "pool": (kills, [*ALWAYS, "--pool", "4", "-e", "SOAK=" + STORE, "--", "sh", "-c",
                     "setsid sleep 300 & sleep 300 & wait"]),
    "log": (wait_only, ["--log-max-size", "2k", "sh", "-c",
                        f"while test ! -e {PLACE}/quiet; do echo a line, and one more; done; exec sleep 300"]),
    "health": (wait_only, ["--health-interval", "100ms", "--health-timeout", "100ms", "--health-retries", "1000000",
                           "--health", "case $$ in *[048]) sleep 9;; *[15]) setsid sleep 9 & ;; *[37]) false;; esac",
                           "sleep", "300"]),
    "notify": (notices, ["--ready", "notify", "sh", "-c",
                         f"printf %s \"$NOTIFY_SOCKET\" >{PLACE}/notify; exec sleep 300"]),
    "clients": (clients, ["sleep", "300"]),
}


def settle(pid, before):
    """Returns what is left when all is quiet. It is checked for at most 5 s, until it is as before."""
    for _ in range(10):
        now = facts(pid)
        if now["fds"] <= before["fds"] and now["zombies"] == 0:
            break
        time.sleep(0.5)
    return now


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=12)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    os.makedirs(PLACE + "/watched")
    runs, before, done, threads = {}, {}, {}, []
    for name, (_, words) in CASES.items():
        start = subprocess.Popen([SIGMUND, "-q", *words], env=ENV, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 text=True)
        while name == "notify" and start.poll() is None:  # it returns when it is told READY=1
            try:
                address = open(PLACE + "/notify").read()
                one = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                one.sendto(b"READY=1", "\0" + address[1:] if address.startswith("@") else address)
            except OSError:
                pass
            time.sleep(0.05)
        runs[name] = start.communicate()[0].strip()
        if start.returncode != 0:
            sys.exit(f"{name}: start {start.returncode}")
    time.sleep(0.5)
    for name, run in runs.items():
        before[name] = facts(record(run)["guardian"]["pid"])

    def work(name, seed):
        try:
            done[name] = CASES[name][0](runs[name], random.Random(seed))
        except Exception as error:  # the guardian may be gone
            problems.append(f"{name}: {error!r}")

    END[0] = time.monotonic() + args.seconds
    for number, name in enumerate(runs):
        threads.append(threading.Thread(target=work, args=(name, args.seed * 100 + number)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    time.sleep(1)
    for name, run in runs.items():
        if name == "health":  # it never rests, so it only must not have grown
            time.sleep(0.2)
        pid = record(run)["guardian"]["pid"]
        if not os.path.exists(f"/proc/{pid}"):
            problems.append(f"{name}: its guardian has gone")
            continue
        then, now = before[name], settle(pid, before[name])
        time.sleep(1)
        woken = facts(pid)["switches"] - now["switches"]
        client = connect(run)
        client.send(b"hello 1")
        answer = client.recv(100).decode()
        client.close()
        count = f"{done[name]} done; " if done.get(name) else ""
        print(f"{name}: {count}fds {then['fds']} -> {now['fds']}, Private_Dirty {then['dirty']} -> "
              f"{now['dirty']} KB, {woken} wake-ups in a second of quiet")
        for bad, what in ((now["fds"] > then["fds"] + 3, "descriptors"),
                          (now["dirty"] > then["dirty"] + MORE_MEMORY, "memory"), (now["zombies"] > 0, "zombies"),
                          (woken > 5 and name != "health", "wake-ups"), (not answer.startswith("hello 1"), "no answer")):
            if bad:
                problems.append(f"{name}: {what}: {then} -> {now}")
    for name, run in runs.items():
        stopped = sigmund("stop", "-q", run)
        if stopped.returncode != 0:
            problems.append(f"{name}: stop {stopped.returncode}: {stopped.stderr}")
    keys = {f"SIGMUND_KEY={record(run)['key']}".encode(): name for name, run in runs.items()}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            entries = open(f"/proc/{pid}/environ", "rb").read().split(b"\0")
        except OSError:
            continue
        problems.extend(f"{keys[each]}: {pid} is left" for each in entries if each in keys)
    sigmund("prune", "-q")
    print("\n".join(problems) or "all well")
    return 1 if problems else 0


if __name__ == "__main__":
    try:
        status = main()
    finally:
        sigmund("kill", "-q", "@all")
        shutil.rmtree(STORE, ignore_errors=True)
    sys.exit(status)
