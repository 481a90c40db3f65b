# SPDX-License-Identifier: Apache-2.0
"""Measures commands in turns: turns.c starts each of them once in every round, and waits for it."""
import os
import shutil
import tempfile
from dataclasses import dataclass

NOT_INSTALLED = "not installed"
ANY = ("*",)


@dataclass
class Variant:
    """A command that takes its turn. `before` and `after` are shell texts around it that are not measured; an argument
    {} is replaced by the first line that `before` prints, which `after` has as $1."""

    argv: list
    env: dict = None
    before: str = ""
    after: str = ""
    ok: tuple = (0,)  # the exit statuses that are expected; ANY accepts all
    rounds: int = None  # a slow command takes part in the first rounds only
    out: str = ""  # the file for its output
    terminal: bool = False  # its output is a terminal
    until_gone: bool = False  # the process {} must have ended, too


def plan_of(bench, variants):
    """Returns the plan that turns.c reads."""
    words = []
    for each in variants:
        env = each.env or bench.env
        program = each.argv[0] if "/" in each.argv[0] else shutil.which(each.argv[0], path=env["PATH"])
        words += ["v", "p" + program, *("a" + word for word in each.argv), *(f"e{key}={env[key]}" for key in env)]
        words += [f"s{status}" for status in each.ok]
        words += ["b" + each.before] if each.before else []
        words += ["c" + each.after] if each.after else []
        words += ["o" + each.out] if each.out else []
        words += [f"r{each.rounds}"] if each.rounds is not None else []
        words += ["t"] * each.terminal + ["g"] * each.until_gone
    return "\0".join(words) + "\0"


def samples_of(text, count):
    """Returns for each of COUNT commands the (milliseconds, KB) of its rounds, or the reason why it has failed; and how
    long turns.c has waited for an idle machine, in seconds."""
    took, failed, waited = [[] for _ in range(count)], {}, 0.0
    for line in text.splitlines():
        first, second, rest = (line + "  ").split(" ", 2)
        if first == "waited":
            waited = float(second) / 1e3
        elif second == "failed":
            failed[int(first)] = rest.strip()
        else:
            nanoseconds, size = rest.split()
            took[int(first)].append((int(nanoseconds) / 1e6, int(size)))
    return [f"not available here: {failed[i]}" if i in failed else took[i] for i in range(count)], waited


def in_turns(bench, variants, rounds, pause=3, sizes=None):
    """Returns name -> the milliseconds of each round, or the reason why there are none. `sizes` gets name -> the KB that
    the command has used at most in each round.

    The value of a variant that is not available is the reason, and is passed on.
    """
    def missing(each):
        if isinstance(each, str):
            return each
        path = (each.env or bench.env)["PATH"]
        return "" if "/" in each.argv[0] or shutil.which(each.argv[0], path=path) else NOT_INSTALLED

    found = {name: missing(each) for name, each in variants.items()}
    names = [name for name, reason in found.items() if not reason]
    driver = bench.compiled("turns")
    handle, plan = tempfile.mkstemp(dir=bench.memory)
    with open(handle, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(plan_of(bench, [variants[name] for name in names]))
    pid = bench.spawn([driver, plan, str(rounds), str(pause), str(int(max(bench.patience, 0) * 1e3))], out=plan + ".out")
    status = bench.wait(pid, limit=3600)
    with open(plan + ".out", encoding="utf-8") as file:
        text = file.read()
    if status:
        raise RuntimeError(text.strip() or f"turns.c: exit status {status}")
    samples, waited = samples_of(text, len(names))
    os.unlink(plan)
    os.unlink(plan + ".out")
    bench.patience -= waited
    bench.settle(0)
    for name, each in zip(names, samples):
        found[name] = each if isinstance(each, str) else [took for took, _ in each]
        if sizes is not None and not isinstance(each, str):
            sizes[name] = [size for _, size in each]
    return found


def take(found, name):
    """Removes the samples of a variant that must be there, which is sigmund, and returns them."""
    samples = found.pop(name)
    if isinstance(samples, str):
        raise RuntimeError(f"{name}: {samples}")
    return samples
