# SPDX-License-Identifier: Apache-2.0
"""Sends many signals to a run that restarts at each of them: nothing may crash, pile up or run twice."""
import os
import signal
import time

from lib import Row
from proc import children, proc_fields, until


def living(pid):
    """Returns its children that are not zombies."""
    count = 0
    for child in children(pid):
        try:
            with open(f"/proc/{child}/stat", encoding="utf-8", errors="replace") as file:
                text = file.read()
            count += text[text.rindex(")") + 2] not in "ZX"
        except OSError:
            pass
    return count


def storm_rows(bench):
    signals = 20000 if bench.quick else 100000
    env = bench.store()
    run_id = bench.start(env, "--restart-on", "HUP", "sleep", "1000")
    guardian = bench.record(env, run_id)["guardian"]["pid"]
    before = proc_fields(guardian, "status")["VmHWM"]
    most, start = 0, time.perf_counter()
    for number in range(signals):
        os.kill(guardian, signal.SIGHUP)  # a child of this subreaper, so its number cannot be reused
        if number % 500 == 0:
            most = max(most, living(guardian))
    took = time.perf_counter() - start
    # The last signal counts, and then nothing changes.
    until(10, lambda: bench.record(env, run_id)["state"] == "running" and living(guardian) == 1)
    time.sleep(0.3)
    most = max(most, living(guardian))
    after = proc_fields(guardian, "status")["VmHWM"]
    restarts = bench.record(env, run_id)["restarts"]
    bench.drop(env)
    note = f"{restarts} restarts in {took:.2f} s; the guardian's largest size {before} KB before, {after} KB after"
    yield Row("storm", f"{signals:,} SIGHUPs: most alive at once", "", [most],
              {"a shell wrapper": "not run: they crash near 2,800 signals"}, 1, note=note)
    yield Row("storm", "the same: growth of the guardian", "KB", [after - before], {}, 1024)
