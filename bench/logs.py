# SPDX-License-Identifier: Apache-2.0
"""Measures how fast a command writes its log, compared with a plain file and with a pipe."""
import os

import rivals
from lib import Row


def log_rows(bench):
    size = (100 if bench.quick else 500) * 1000 * 1000
    env = bench.store()
    place = bench.folder("logs")
    write = ["head", "-c", str(size), "/dev/zero"]
    plain, piped, logger, own = [], [], [], []
    has_s6_log = rivals.has(bench, "s6-log")
    for number in range((3 if bench.quick else 9) + 1):
        bench.settle()
        # The cost of a start and a wait has its own line, so a run of `true` is subtracted.
        alone = bench.timed(["true"], env), bench.timed([bench.sigmund, "-q", "--wait", "true"], env)
        bench.settle()
        took = [bench.timed(write, env, place + "/plain") - alone[0]]
        os.unlink(place + "/plain")
        took.append(bench.timed(["sh", "-c", f'{" ".join(write)} | cat >{place}/piped'], env))
        os.unlink(place + "/piped")
        if has_s6_log:
            lines = f"yes 0123456789012345678901234567890123456789012345678901234567890123456789 | head -c {size // 10}"
            took.append(bench.timed(["sh", "-c", f"{lines} | s6-log n2 s99999999 {place}/s6"], env) * 10)
        took.append(bench.timed([bench.sigmund, "-q", "--wait", *write], env) - alone[1])
        log = max(os.path.getsize(os.path.join(env["SIGMUND_STATE_DIR"], name))
                  for name in os.listdir(env["SIGMUND_STATE_DIR"]) if name.endswith(".log"))
        if log != size:
            raise RuntimeError(f"the log has {log} bytes of {size}")
        bench.timed([bench.sigmund, "prune", "-q"], env)
        if number:
            for samples, value in zip((plain, piped, *([logger] if has_s6_log else []), own), took):
                samples.append(value * 1e3)
    bench.drop(env)
    yield Row("log", f"writing a log of {size // 1000000} MB, memory", "ms", own,
              {">file": plain, "| cat >file": piped, "| s6-log (lines, x10)": logger if has_s6_log else "not installed"},
              1.05, ">file",
              note=bench.no_tmpfs or "less what a run of `true` takes")
