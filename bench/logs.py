# SPDX-License-Identifier: Apache-2.0
"""Measures how fast a command writes its log, compared with a plain file, with a pipe, and with programs that keep logs
within a limit."""
import os

import rivals
from lib import Row
from turns import NOT_INSTALLED, Variant, in_turns, take


def plain_rows(bench):
    """The command writes its file itself. The cost of a start and a wait has its own line, so it is subtracted."""
    size = (100 if bench.quick else 500) * 1000 * 1000
    env, place = bench.store(), bench.folder("logs")
    write = ["head", "-c", str(size), "/dev/zero"]
    wait = [bench.sigmund, "-q", "--wait"]
    whole = f"""[ "$(cat "$SIGMUND_STATE_DIR"/*.log | wc -c)" = {size} ] && exec sigmund prune -q"""
    found = in_turns(bench, {
        "true": Variant(["true"]), "sigmund true": Variant([*wait, "true"], env, after="exec sigmund prune -q"),
        ">file": Variant(write, out=place + "/plain", after=f"rm {place}/plain"),
        "| cat >file": Variant(["sh", "-c", f'{" ".join(write)} | cat >{place}/piped'], after=f"rm {place}/piped"),
        "sigmund": Variant([*wait, *write], env, after=whole)}, 3 if bench.quick else 9)
    bench.drop(env)
    nothing, waited, bare, own = (take(found, name) for name in ("true", "sigmund true", ">file", "sigmund"))
    yield Row("log", f"a log of {size // 1000000} MB, memory", "ms", [a - b for a, b in zip(own, waited)],
              {">file": [a - b for a, b in zip(bare, nothing)], **found}, 1.05, ">file", against=">file",
              note=bench.no_tmpfs or "less what a run of `true` takes")


def capped_rows(bench):
    """Lines that come from a file go into a log that is rotated at 10 MB."""
    size = (20 if bench.quick else 100) * 1000 * 1000
    env, place = bench.store(), bench.folder("capped")
    lines = bench.lines(place, size)
    loggers = {"svlogd": "svlogd", "multilog": "multilog s10000000 n10", "s6-log": "s6-log n10 s10000000"}
    variants = {"sigmund": Variant([bench.sigmund, "-q", "--wait", "--log-max-size", "10M", "cat", lines], env,
                                   after="exec sigmund prune -q"),
                ">file": Variant(["cat", lines], out=place + "/plain", after=f"rm {place}/plain")}
    for name, command in loggers.items():
        folder = f"{place}/{name}"
        ready = f"mkdir {folder}; echo s10000000 >{folder}/config; echo n10 >>{folder}/config" if name == "svlogd" \
            else f"mkdir {folder}"
        variants["| " + name] = NOT_INSTALLED
        if rivals.has(bench, name):
            variants["| " + name] = Variant(["sh", "-c", f"cat {lines} | {command} {folder}"], before=ready,
                                            after=f"rm -r {folder}")
    found = in_turns(bench, variants, 3 if bench.quick else 5)
    os.unlink(lines)
    bench.drop(env)
    measured = [name for name in found if name.startswith("|") and isinstance(found[name], list)]
    fastest = min(measured, key=lambda name: sum(found[name]), default=None)
    yield Row("log", f"{size // 1000000} MB of lines, --log-max-size 10M", "ms", take(found, "sigmund"), found,
              1.0 if fastest else None, fastest, against=fastest)


def terminal_rows(bench):
    """The command writes to a terminal, which script(1) of util-linux and the guardian copy to a file."""
    size = (50 if bench.quick else 500) * 1000 * 1000
    env, place = bench.store(), bench.folder("terminal")
    lines = bench.lines(place, size)
    found = in_turns(bench, {
        "script -qf": Variant(["script", "-qfc", "cat " + lines, place + "/typescript"], after=f"rm {place}/typescript")
        if rivals.has(bench, "script") else NOT_INSTALLED,
        "sigmund": Variant([bench.sigmund, "-q", "--wait", "--tty", "cat", lines], env,
                           after="exec sigmund prune -q")}, 3 if bench.quick else 5)
    os.unlink(lines)
    bench.drop(env)
    rival = "script -qf" if isinstance(found["script -qf"], list) else None
    yield Row("log", f"{size // 1000000} MB of lines, --tty", "ms", take(found, "sigmund"), found, 1.1 if rival else None,
              rival, against=rival)


def log_rows(bench):
    yield from plain_rows(bench)
    yield from capped_rows(bench)
    yield from terminal_rows(bench)
