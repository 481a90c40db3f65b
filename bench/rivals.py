# SPDX-License-Identifier: Apache-2.0
"""The rivals that supervise: how each one is started with a command, and how it is told to stop it."""
import os
import shutil

from proc import children, until

SLEEP = "#!/bin/sh\nexec sleep 1000\n"
STUBBORN = "#!/bin/sh\ntrap '' TERM\nexec sleep 1000\n"


def service(bench, folder, script=SLEEP):
    """Creates a service folder for s6, runit or daemontools."""
    os.makedirs(folder)
    path = os.path.join(folder, "run")
    with open(path, "w", encoding="ascii") as file:
        file.write(script)
    os.chmod(path, 0o755)
    return folder


# The words before a service folder or before a command.
SUPERVISORS = {"s6-supervise": ["s6-supervise"], "runsv": ["runsv"], "supervise": ["/usr/bin/supervise"]}
INITS = {"tini": ["tini", "-s", "--"], "dumb-init": ["dumb-init", "--"]}


def has(bench, command):
    return shutil.which(command, path=bench.env["PATH"]) is not None


def child_sleeps(pid):
    for child in children(pid):
        try:
            with open(f"/proc/{child}/comm", encoding="ascii") as file:
                if file.read() == "sleep\n":
                    return child
        except OSError:
            pass
    return None


def supervise(bench, name, folder, script=SLEEP):
    """Starts rival NAME with a command. Returns its pid once the command runs."""
    if name in INITS:
        path = service(bench, folder, script)
        pid = bench.spawn([*INITS[name], path + "/run"])
    else:
        pid = bench.spawn([*SUPERVISORS[name], service(bench, folder, script)])
    until(10, lambda: child_sleeps(pid))
    return pid


def supervisord(bench, folder, count, script=SLEEP, grace=5):
    """Starts one supervisord with COUNT commands. Returns its pid and the command that controls it."""
    path = service(bench, folder, script)
    conf = folder + "/conf"
    with open(conf, "w", encoding="ascii") as file:
        file.write(f"""[unix_http_server]
file={folder}/socket
[supervisord]
nodaemon=true
logfile=/dev/null
logfile_maxbytes=0
pidfile={folder}/pid
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://{folder}/socket
[program:p]
command={path}/run
process_name=%(process_num)s
numprocs={count}
startsecs=0
stopwaitsecs={grace}
stdout_logfile=NONE
stderr_logfile=NONE
""")
    pid = bench.spawn(["supervisord", "-c", conf])
    until(30, lambda: sum(1 for child in children(pid) if sleeps(child)) == count)
    return pid, ["supervisorctl", "-c", conf]


def sleeps(pid):
    try:
        with open(f"/proc/{pid}/comm", encoding="ascii") as file:
            return file.read() == "sleep\n"
    except OSError:
        return False
