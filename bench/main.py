#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the chosen benchmarks and writes the table, the JSON and the picture. scripts/bench starts this program."""
import argparse
import os
import platform
import signal
import sys
import time

import idle
import logs
import many
import picture
import records
import report
import shells
import start
import stop
import storm
import terminals
import watch
from lib import Bench, Row

ALL = {
    "start": (start.start_rows, "until `sigmund true` returns, in memory and on disk"),
    "wait": (start.wait_rows, "a short run that is waited for"),
    "fail": (start.fail_rows, "commands that fail at once"),
    "memory": (idle.memory_rows, "the guardian's memory at 1, 10 and 50 runs"),
    "idle": (idle.idle_rows, "the guardian's wake-ups while nothing happens"),
    "list": (records.list_rows, "list at 100, 1,000 and 10,000 records"),
    "targets": (records.target_rows, "targets that are no full id, at 10,000 records"),
    "prune": (records.prune_rows, "prune of 10,000 records, in memory and on disk"),
    "stop": (stop.stop_rows, "stop of a process that dies at once"),
    "stubborn": (stop.stubborn_rows, "stop of 50 that ignore SIGTERM"),
    "shell-init": (shells.init_rows, "what the shell kit adds to a shell's start"),
    "hook": (shells.hook_rows, "the prompt hook without runs and with 20"),
    "tab": (shells.tab_rows, "TAB on options, and on run ids at 10, 1,000 and 10,000 records"),
    "records": (many.record_rows, "list, TAB and prune at 100,000 records"),
    "live": (many.live_rows, "start, list, stop and memory with 1,000 live runs"),
    "log": (logs.log_rows, "writing a big log, with and without a limit, and through a terminal"),
    "terminal": (terminals.terminal_rows, "a terminal of its own: the echo of a key, a stopped viewer, memory"),
    "watch": (watch.watch_rows, "a start that watches 50,000 files"),
    "storm": (storm.storm_rows, "100,000 signals at a run that restarts on each"),
    "tree": (stop.tree_rows, "ending a tree that forks on and on"),
}


def processor():
    """Returns the name of the processor, and whether the machine is a virtual one."""
    with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
        text = file.read()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine(), " hypervisor" in text


def machine_now():
    """Returns a description of the machine."""
    try:
        system = platform.freedesktop_os_release().get("PRETTY_NAME", "Linux").split(" (")[0].replace("GNU/Linux ", "")
    except OSError:
        system = "Linux"
    name, virtual = processor()
    return {"cores": len(os.sched_getaffinity(0)), "processor": name, "virtual": virtual, "system": system,
            "kernel": platform.release().split("-")[0], "load": round(os.getloadavg()[0], 2), "date": time.strftime("%Y-%m-%d")}


def interrupted(number, _frame):
    sys.exit(128 + number)


def parse():
    parser = argparse.ArgumentParser(prog="scripts/bench", add_help=False)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--svg", metavar="FILE")
    options = parser.parse_args()
    options.only = [name for names in options.only for name in names.split(",")]
    for name in options.only:
        if name not in ALL:
            parser.error(f"no benchmark {name}; there are {', '.join(ALL)}")
    return options


def earlier(options, rows):
    """Adds the lines of other benchmarks from the JSON file, when only some were chosen."""
    if not options.only or not os.path.exists(options.json):
        return rows
    with open(options.json, encoding="utf-8") as file:
        rows = [row for row in report.from_json(file.read()) if row.name not in options.only] + rows
    return sorted(rows, key=lambda row: list(ALL).index(row.name))


def main():
    options = parse()
    if options.list:
        for name, (_, about) in ALL.items():
            print(f"{name:12}{about}")
        return 0
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    rows = []
    bench = Bench(os.environ["SIGMUND_BIN"], os.environ["SIGMUND_HELPERS"], os.environ["SIGMUND_SOURCE"], options.quick)
    failed, cut = 0, 0
    try:
        for name, (measure, about) in ALL.items():
            if options.only and name not in options.only:
                continue
            print(f"==> {time.strftime('%T')} {name}: {about}", file=sys.stderr, flush=True)
            bench.patience = 5.0 if options.quick else 30.0
            try:
                for row in measure(bench):
                    row.machine = machine_now()
                    rows.append(row)
            except Exception as error:  # pylint: disable=broad-except  # one that fails must not prevent the others
                failed += 1
                text = f"{type(error).__name__} {error}".strip()
                print(f"bench: {name} failed: {text}", file=sys.stderr)
                rows.append(Row(name, about, "", [], note="failed: " + text))
            bench.clear()
    except SystemExit as end:
        cut = end.code
        print("bench: interrupted; what was measured until then:", file=sys.stderr)
    finally:
        bench.close()
    rows = earlier(options, rows) if options.json else rows
    print(report.table(rows))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            file.write(report.as_json(rows))
    if options.svg:
        with open(options.svg, "w", encoding="utf-8") as file:
            file.write(picture.draw(rows))
    return cut or (1 if failed else 0)


if __name__ == "__main__":
    sys.exit(main())
