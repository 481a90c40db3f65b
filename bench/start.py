# SPDX-License-Identifier: Apache-2.0
"""Measures how long a start takes until it returns, in memory and on disk."""
import os
import shutil

from lib import Row


def rivals_of(bench, folder):
    """Returns name -> (command, environment), or the reason why the rival is not available."""
    env = dict(bench.env, TMPDIR=folder, TS_SOCKET=folder + "/tsp.socket")
    found = {"setsid -f": (["setsid", "-f", "true"], env),
             "sh, nohup &": (["sh", "-c", "nohup true >/dev/null 2>&1 &"], env)}
    for name, command in (("daemonize", ["daemonize", "/bin/true"]), ("tsp", ["tsp", "-n", "true"])):
        found[name] = (command, env) if shutil.which(command[0], path=env["PATH"]) else "not installed"
    if os.path.isdir("/run/systemd/system") and shutil.which("systemd-run"):
        scope = [] if os.geteuid() == 0 else ["--user"]
        found["systemd-run"] = (["systemd-run", *scope, "--quiet", "--collect", "true"],
                                dict(os.environ, PATH=bench.env["PATH"]))
    else:
        found["systemd-run"] = "not available here: no systemd is running"
    return found


def start_in(bench, disk):
    env = bench.store(disk)
    folder = bench.folder("start", disk)
    rivals = rivals_of(bench, folder)
    if disk:
        rivals["two fsyncs"] = ([bench.compiled("two_fsyncs"), folder, "true"], bench.env)
    else:
        rivals["bare handshake"] = ([bench.compiled("handshake", "-static"), "true"], bench.env)
    rivals["the C original"] = "not available: its sources cannot be had"
    rounds = 20 if bench.quick else 100
    own, theirs = [], {name: [] for name, value in rivals.items() if not isinstance(value, str)}
    for number in range(rounds + 3):
        for name in list(theirs):
            command, rival_env = rivals[name]
            try:
                took = bench.timed(command, rival_env)
            except (RuntimeError, FileNotFoundError) as error:
                del theirs[name]
                rivals[name] = "not available here: " + str(error)
                continue
            bench.settle()
            if number >= 3:  # the first ones warm the caches
                theirs[name].append(took * 1e3)
        took = bench.timed([bench.sigmund, "true"], env)
        bench.settle()
        if number >= 3:
            own.append(took * 1e3)
    bench.run(["tsp", "-K"], rivals_of(bench, folder)["setsid -f"][1]) if "tsp" in theirs else None
    bench.drop(env)
    shown = {name: theirs.get(name, rivals[name]) for name in rivals}
    if disk:
        return Row("start", "start on disk, one fsync", "ms", own, shown, 1.0, "two fsyncs",
                   note="the rival stands in for the C original: a record, two fsyncs, setsid, no guardian")
    return Row("start", "start in memory", "ms", own, shown, 1.25, "setsid -f", note=bench.no_tmpfs)


def run(bench):
    yield start_in(bench, False)
    if bench.disk:
        yield start_in(bench, True)
    else:
        yield Row("start", "start on disk, one fsync", "ms", [], {}, 1.0, "two fsyncs", note=bench.no_disk)
