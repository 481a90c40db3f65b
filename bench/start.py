# SPDX-License-Identifier: Apache-2.0
"""Measures how long a command takes until it returns: a start, in memory and on disk, a run that is waited for, and
commands that fail."""
import os
import shutil

import rivals
from lib import Row
from turns import ANY, NOT_INSTALLED, Variant, in_turns, take

SLOW = 5  # the rounds in which rivals take part that need a second


def launchers(bench, folder):
    """Returns name -> variant for the programs that start a command and know nothing of it afterwards."""
    env = dict(bench.env, TMPDIR=folder, TS_SOCKET=folder + "/tsp.socket")
    found = {"setsid -f": Variant(["setsid", "-f", "true"]),
             "sh, nohup &": Variant(["sh", "-c", "nohup true >/dev/null 2>&1 &"]),
             "daemonize": Variant(["daemonize", "/bin/true"]), "tsp": Variant(["tsp", "-n", "true"], env)}
    if rivals.has(bench, "tsp"):
        bench.run(["tsp", "-n", "true"], env)  # starts its server, which serves all the others
    if os.path.isdir("/run/systemd/system") and shutil.which("systemd-run"):
        scope = [] if os.geteuid() == 0 else ["--user"]
        found["systemd-run"] = Variant(["systemd-run", *scope, "--quiet", "--collect", "true"],
                                       dict(os.environ, PATH=bench.env["PATH"]))
    else:
        found["systemd-run"] = "not available here: no systemd is running"
    return found


def supervisors(bench, folder):
    """Returns name -> variant for supervisors that run already, and are told to start a command that is prepared."""
    found = {}
    for name, supervisor, command in (("s6-svc -wu -o", "s6-supervise", ["s6-svc", "-wu", "-o"]),
                                      ("sv once (runit)", "runsv", ["sv", "once"]),
                                      ("svc -o (daemontools)", "supervise", ["svc", "-o"])):
        if not rivals.has(bench, command[0]):
            found[name] = NOT_INSTALLED
            continue
        rivals.idle_service(bench, supervisor, f"{folder}/{supervisor}", "/bin/true")
        found[name] = Variant([*command, f"{folder}/{supervisor}"])
    found["supervisorctl start"] = found["pm2 start"] = NOT_INSTALLED
    if rivals.has(bench, "supervisord"):
        _, control = rivals.supervisord(bench, folder + "/supervisord", 1, rivals.TRUE, autostart=False)
        found["supervisorctl start"] = Variant([*control, "start", "p:0"], rounds=SLOW, ok=(0, 7))  # 7: it has ended already
    if rivals.has(bench, "pm2"):
        env = rivals.pm2(bench, folder + "/pm2")
        start = ["pm2", "start", "/bin/true", "--name", "t", "--interpreter", "none", "--no-autorestart"]
        found["pm2 start"] = Variant(start, env, after="pm2 delete t >/dev/null", rounds=SLOW)
    else:
        found["pm2 start"] = rivals.no_npm()
    return found


def start_in(bench, disk):
    env = bench.store(disk)
    folder = bench.folder("start", disk)
    variants = {"sigmund": Variant([bench.sigmund, "true"], env)}
    if disk:
        variants["two fsyncs"] = Variant([bench.compiled("two_fsyncs"), folder, "true"])
        variants["setsid -f"] = Variant(["setsid", "-f", "true"])
    else:
        variants |= launchers(bench, folder)
        variants["least possible"] = Variant([bench.compiled("least", "-static", small=True), "true"])
        variants["two forks"] = Variant([bench.compiled("handshake", "-static"), "true"])
        variants |= supervisors(bench, folder)
    found = in_turns(bench, variants, 20 if bench.quick else 100)
    own = take(found, "sigmund")
    bench.drop(env)
    bench.settle()
    if disk:
        return Row("start", "start on disk, one fsync", "ms", own, found, 1.0, "two fsyncs", against="two fsyncs",
                   note="two fsyncs: what a simple program does, a durable record and setsid, no guardian")
    note = "least possible: a guardian and an awaited exec, without forks, files or checks; two forks: the same with fork"
    return Row("start", "start in memory", "ms", own, found, 1.25, "setsid -f", against="setsid -f",
               note=bench.no_tmpfs or note)


def start_rows(bench):
    yield start_in(bench, False)
    if bench.disk:
        yield start_in(bench, True)
    else:
        yield Row("start", "start on disk, one fsync", "ms", [], {}, 1.0, "two fsyncs", note=bench.no_disk)


def wait_rows(bench):
    env = bench.store()
    concurrently = rivals.no_npm()
    if rivals.has(bench, "concurrently"):
        concurrently = Variant(["concurrently", "true"], rounds=SLOW)
    found = in_turns(bench, {
        "sigmund": Variant([bench.sigmund, "-q", "--wait", "true"], env),
        "sh -c": Variant(["sh", "-c", "/bin/true; exit $?"]),
        "timeout": Variant(["timeout", "60", "true"]), "setsid -w": Variant(["setsid", "-f", "-w", "true"]),
        "tini": Variant(["tini", "-s", "--", "true"]), "dumb-init": Variant(["dumb-init", "--", "true"]),
        "concurrently": concurrently}, 20 if bench.quick else 100)
    own = take(found, "sigmund")
    bench.drop(env)
    yield Row("wait", "a run of `true` with --wait", "ms", own, found, against="timeout")


def fail_rows(bench):
    env = bench.store()
    rounds = 20 if bench.quick else 100
    found = in_turns(bench, {
        "sigmund": Variant([bench.sigmund, "list", "--nope"], env, ok=(1,)),
        "a static program": Variant([bench.compiled("fail", "-static"), "--nope"], ok=(1,)),
        "ls --nope": Variant(["ls", "--nope"], ok=(2,)), "tsp --nope": Variant(["tsp", "--nope"], ok=ANY),
        "setsid --nope": Variant(["setsid", "--nope"], ok=(1,))}, rounds)
    yield Row("fail", "`list --nope`, refused", "ms", take(found, "sigmund"), found, against="ls --nope")
    found = in_turns(bench, {
        "sigmund": Variant([bench.sigmund, "/no/such/command"], env, ok=(127,)),
        "env": Variant(["env", "/no/such/command"], ok=(127,)),
        "sh -c": Variant(["sh", "-c", "/no/such/command; exit $?"], ok=(127,)),
        "setsid -f (does not know)": Variant(["setsid", "-f", "/no/such/command"])}, rounds)
    yield Row("fail", "a command that does not exist", "ms", take(found, "sigmund"), found)
    bench.drop(env)
