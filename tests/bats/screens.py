#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the verbs show on terminals of many widths: screens.py SCENARIO.

Each scenario raises an exception when a person would see something wrong. The store, the binary and a folder for files
come from the environment (SIGMUND_STATE_DIR, SIGMUND, scratch).
"""
import os
import re
import socket
import sys

from wcwidth import wcswidth

from top import SIGMUND, Terminal, check, sigmund, start, wait_for, wait_for_state

WIDTHS = (40, 60, 80, 100, 120, 200)
WIDE = "日本語🎉日本語🎉 "
LONG_NAME = "a-name-" + "that-is-long-" * 4
LAST = "the-last-word"
STYLE = re.compile(r"\x1b\[[0-9;]*m")


def shown(columns, *args, status=0, rows=2000, **environment):
    """Returns the lines that the command writes to a terminal, as they are, and checks the rules for all of them."""
    environment.setdefault("NO_COLOR", "1")
    terminal = Terminal(SIGMUND, *args, columns=columns, rows=rows, **environment)
    try:
        while terminal.process.poll() is None:
            terminal.read(0.02)
        while terminal.read(0):
            pass
        check(status is None or terminal.process.returncode == status, args, terminal.process.returncode,
              terminal.all)
        terminal.check_given_back()
    finally:
        os.close(terminal.master)
        os.close(terminal.slave)
    text = terminal.all.decode()
    if "NO_COLOR" in environment and environment["NO_COLOR"]:
        check("\x1b" not in text, "an escape sequence", columns, args, text)
    check(text == "" or text.endswith("\n"), "the last line does not end", columns, args, text)
    lines = text.replace("\r\n", "\n").split("\n")[:-1]
    for line in lines:
        check("\r" not in line and line == line.rstrip(" "), "garbage at the end", columns, args, line)
    return lines


def width(line):
    columns = wcswidth(STYLE.sub("", line))
    check(columns >= 0, "a character that is not printed", line)
    return columns


def fit(columns, lines):
    for line in lines:
        check(width(line) <= columns, "too wide", columns, width(line), line, lines)
    return lines


def some_runs():
    """Starts runs of all kinds, and returns their ids by what they are."""
    out = {
        "wide": start("wide", "sh", "-c", f"echo {WIDE * 20}; sleep 1000; : {WIDE * 20} {LAST}"),
        "long": start(LONG_NAME, "sh", "-c", f"sleep 1000; : {'word ' * 2000}{LAST}"),
        "input": start("input", "cat", options=("--tty=90x20",)),
        "failed": start("failed", "sh", "-c", f"echo {'x' * 500}; echo {WIDE * 30}; exit 3"),
        "unbroken": start("unbroken", "sh", "-c", ": " + "x" * 3000),
    }
    for run in ("failed", "unbroken"):
        wait_for_state(out[run], "exited")
    wait_for("the log", lambda: "日" in sigmund("dump", out["wide"]).stdout)
    wait_for("input", lambda: "waits for input" in sigmund("list").stdout)
    return out


def words(lines):
    return "".join("".join(lines).split())


def tables():
    runs = some_runs()
    for columns in WIDTHS:
        for verb in (("list",), ("list", "--all"), ("ps",), ("list", "@all"), ("status",), ("list", "--jobs")):
            lines = fit(columns, shown(columns, *verb))
            if "--jobs" in verb:
                continue
            for run in ("wide", "long", "input", *(() if verb == ("status",) else ("failed", "unbroken"))):
                row = next(line for line in lines if line.startswith(runs[run]))
                name = LONG_NAME if run == "long" else run
                check(row.split()[1].rstrip("…") and name.startswith(row.split()[1].rstrip("…")), columns, row)
                state = {"input": "waits for input", "failed": "exited 3", "unbroken": "exited 0"}
                check(state.get(run, "running") in row, "no state", columns, row)
        check(shown(columns, "list", "nothing", status=5) != [])


def keys_and_values():
    runs = some_runs()
    for columns in WIDTHS:
        for run in runs.values():
            lines = fit(columns, shown(columns, "show", run))
            for line in lines:
                check(re.match(r"([a-z0-9 ]+: +| {12})\S", line), "torn", columns, line)
        lines = shown(columns, "show", runs["long"])
        check(f"command:sh-c'sleep1000;:{'word' * 2000}{LAST}'" in words(lines), columns, lines)
        for run, status in (("wide", 0), ("long", 0), ("input", 0), ("failed", 3)):
            lines = fit(columns, shown(columns, "status", runs[run], status=status))
            check(len(lines) < 60, "not one look", columns, lines)
            first = next(number for number, line in enumerate(lines) if line.startswith("  command "))
            for line in lines[first:]:
                check(re.match(r"  [a-z ]{9}  \S| {13}\S|    |  [a-z0-9]", line) or line == "  processes", "torn",
                      columns, line)
        fit(columns, (line for line in shown(columns, "config") if not line.startswith("sigmund: ")))


def rows():
    runs = some_runs()
    for columns in WIDTHS:
        lines = fit(columns, shown(columns, "tree", runs["wide"], runs["long"]))
        leaders = [line for line in lines if line.endswith("  (leader)")]
        check(len(leaders) == 2 and 6 <= len(lines) <= 8, columns, lines)
        check(all("…" in line for line in leaders), columns, lines)
        lines = shown(columns, "status", runs["failed"], status=3)
        check("    " + "x" * (columns - 5) + "…" in lines, columns, lines)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        for columns in WIDTHS:
            lines = fit(columns, shown(columns, "ports"))
            row = next(line for line in lines if f":{port} " in line)
            check(columns < 80 or str(os.getpid()) in row, columns, row)


def wide_characters():
    start("one", "sh", "-c", "exec sleep 1000 # 日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語")
    start("two", "sh", "-c", "exec sleep 1000 # e\u0301 🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉")
    for columns in range(40, 120):
        lines = fit(columns, shown(columns, "list"))
        at = lines[0].index("CMD")
        for line in lines[1:]:
            check(line[at:].startswith("sh"[:columns - at - 1]), "the columns are torn", columns, lines)
        fit(columns, shown(columns, "show", "one", "two"))
        fit(columns, shown(columns, "tree", "one", "two"))


def help_pages():
    whole = sigmund("help").stdout
    verbs = re.findall(r"(?m)^  ([a-z-]+) {2,}[a-z]", whole)
    check(len(verbs) > 30, verbs)
    for verb in (None, *verbs):
        args = ("help", verb) if verb else ("help",)
        said = sigmund(*args).stdout
        for columns in (40, 60, 64, 80, 200):
            lines = fit(min(columns, 80), shown(columns, *args))
            check(words(lines) == words(said.split("\n")), "not the same words", columns, args, lines)


def prose():
    runs = some_runs()
    whole = sigmund("explain", runs["failed"]).stdout
    for columns in WIDTHS:
        said = shown(columns, "explain", runs["failed"])
        check("exited 3" in " ".join(said) and len(said) >= len(whole.split("\n")) - 1, columns, said)
        fit(columns, (line for line in said if line.startswith("      ") and "hint" not in line))
        check("nobody is attached" in " ".join(" ".join(shown(columns, "explain", "input")).split()))
        said = shown(columns, "doctor", status=None)
        check(all(re.match(r"ok     \S|WRONG  \S|advice \S| {7}", line) for line in said), columns, said)
        fit(columns, (line for line in said if "fix: " not in line))
        for args, status in ((("stop", "no-such-run"), 5), (("list", "--no-such-option"), 1), (("help", "lisst"), 1)):
            said = shown(columns, *args, status=status)
            check(all(line.startswith("sigmund: ") for line in said), columns, said)
            check(any("hint: " in line for line in said), columns, said)
    # These are for programs, also on a terminal.
    check(shown(40, "events", "--no-follow")[0].startswith("{"))
    start("ported", "sleep", "1000", options=("--port=auto",))
    check(any(re.fullmatch(r"PORTED_PORT=\d+", line) for line in shown(40, "env")))


def stacks():
    os.chdir(os.environ["scratch"])
    os.mkdir(".git")
    with open("sigmund.toml", "w", encoding="utf-8") as file:
        for name in ("db", LONG_NAME):
            file.write(f'[run.{name}]\ncommand = "echo {WIDE * 20}; exec sleep 1000"\n')
        file.write('[run.prepare]\ncommand = "exit 3"\nonce = true\n[run.late]\ncommand = "sleep 1000"\n'
                   'depends = ["prepare"]\n')
    # In a CI job, up does not draw in place.
    for name in ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "JENKINS_URL"):
        os.environ.pop(name, None)
    for columns in WIDTHS:
        terminal = Terminal(SIGMUND, "up", columns=columns, rows=40, NO_COLOR="1")
        while terminal.process.poll() is None:
            terminal.read(0.02)
        while terminal.read(0):
            pass
        check(not re.search(rb"\x1b\[[0-9;]*m", terminal.all), "a colour", terminal.all)
        terminal.check_given_back()
        # Each task has one row: none is there twice, and none goes on in the next row.
        tasks = [line.split()[0] for line in terminal.screen.display
                 if line.split() and line.split()[0] in ("db", "prepare", "late", LONG_NAME[:columns - 1] + "…", LONG_NAME)]
        check(sorted(set(tasks)) == sorted(tasks) and {"db", "prepare", "late"} <= set(tasks), columns,
              terminal.text())
        sigmund("down", "-q")


def without_colors():
    runs = some_runs()
    for args, status in ((("list",), 0), (("status", runs["failed"]), 3), (("show", runs["failed"]), 0),
                         (("explain", runs["failed"]), 0), (("tree", runs["wide"]), 0), (("doctor",), None),
                         (("stop", "nothing"), 5)):
        plain = shown(100, *args, status=status)
        colored = shown(100, *args, status=status, NO_COLOR="")
        check(any("\x1b[" in line for line in colored), "no colours", args, colored)
        steady = re.compile(r"\b[0-9.]+(ms|s|m| [KM]B)\b[0-9ms]*| +")  # times and sizes go on
        check([steady.sub(" ", STYLE.sub("", line)) for line in colored] == [steady.sub(" ", line) for line in plain],
              "other words", args, plain, colored)


def pipes():
    runs = some_runs()
    for args, status in ((("list",), 0), (("ps",), 0), (("show", runs["long"]), 0), (("status", runs["long"]), 0),
                         (("explain", runs["long"]), 0), (("tree", runs["wide"]), 0), (("status",), 0)):
        said = sigmund(*args, status=status).stdout
        check("\x1b" not in said and "…" not in said, args, said)
        check(any(LAST in line and ("word " * 2000 in line or WIDE * 20 in line) for line in said.split("\n")), "it is cut", args, said)
    said = sigmund("status", runs["failed"], status=3).stdout
    check("    " + "x" * 500 + "\n" in said, said)
    for verb in ("doctor", "ports", "help", "config"):
        check("\x1b" not in sigmund(verb, status=None).stdout, verb)


def many_runs():
    one = start("origin", "true")
    wait_for_state(one, "exited")
    folder = os.environ["SIGMUND_STATE_DIR"]
    with open(os.path.join(folder, one + ".json"), encoding="utf-8") as file:
        record = file.read()
    for number in range(300):
        run = f"{0xa00000 + number:06x}"
        with open(os.path.join(folder, run + ".json"), "w", encoding="utf-8") as file:
            file.write(record.replace(one, run))
        os.chmod(file.name, 0o600)
        with open(os.path.join(folder, run + ".lock"), "w", encoding="utf-8") as file:
            os.chmod(file.name, 0o600)
    for columns in WIDTHS:
        lines = fit(columns, shown(columns, "list", "--all"))
        check(len(lines) == 302, len(lines))
        lines = shown(columns, "list")
        fit(columns, lines[:-1])
        check(lines[-1].startswith("... and 291 more"), lines)


if __name__ == "__main__":
    globals()[sys.argv[1]]()
