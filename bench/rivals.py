# SPDX-License-Identifier: Apache-2.0
"""The rivals that supervise: how each one is started with a command, and how it is told to stop it."""
import os
import shutil

from proc import children, until

TRUE = "#!/bin/sh\nexit 0\n"
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


def idle_service(bench, name, folder, program):
    """Starts rival NAME with a program that it does not start before it is told to."""
    os.makedirs(folder)
    os.symlink(program, folder + "/run")
    with open(folder + "/down", "w", encoding="ascii"):
        pass
    bench.spawn([*SUPERVISORS[name], folder])
    until(10, lambda: os.path.exists(folder + "/supervise/control") and os.path.exists(folder + "/supervise/status"))


def no_npm():
    """Returns why a rival from npm is not available."""
    return "not installed" if shutil.which("npm") else "not installed: there is no npm"


def pm2(bench, folder):
    """Starts the daemon of pm2. Returns the environment for its commands."""
    env = dict(bench.env, PM2_HOME=folder, PM2_DISCRETE_MODE="true", CI="1")
    bench.run(["pm2", "ping"], env)
    return env


def supervisord(bench, folder, count, script=SLEEP, grace=5, autostart=True):
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
autostart={"true" if autostart else "false"}
autorestart={"unexpected" if autostart else "false"}
startsecs=0
stopwaitsecs={grace}
stdout_logfile=NONE
stderr_logfile=NONE
""")
    pid = bench.spawn(["supervisord", "-c", conf])
    if autostart:
        until(30, lambda: sum(1 for child in children(pid) if sleeps(child)) == count)
    else:
        until(30, lambda: os.path.exists(folder + "/socket"))
    return pid, ["supervisorctl", "-c", conf]


def sleeps(pid):
    try:
        with open(f"/proc/{pid}/comm", encoding="ascii") as file:
            return file.read() == "sleep\n"
    except OSError:
        return False
