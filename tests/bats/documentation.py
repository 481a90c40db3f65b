#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the examples of a guide: documentation.py FILE FOLDER [NAME=VALUE...]

Each section (from a heading to the next) is one example. It gets a folder of its own below FOLDER, which is its HOME and
where it starts. Of its fenced blocks

    ```LANGUAGE PATH     becomes the file PATH (~/ is HOME);
    ```sh                is executed by one bash for all such blocks, which exits at the first failure;
    ```bash, zsh, fish   are executed by these shells, each by an interactive one of its own, before that;
    anything else        is only shown.

The comment of a command in a ```sh block is checked: "exits with N" is its status, and "prints TEXT" ends with what its
output must contain. A command with "Ctrl-C" in its comment is interrupted. PORT=FREE replaces a port number everywhere.
"""
import os
import re
import subprocess
import sys

SHELLS = {"sh": ["bash", "-c"], "bash": ["bash", "--norc", "-i", "-e", "-c"], "zsh": ["zsh", "-f", "-i", "-e", "-c"],
          "fish": ["fish", "--no-config", "-i", "-c"]}
CHECKS = """
set -e
checked() { # STATUS TEXT COMMAND...: executes the command and checks its exit status and its output
    local want=$1 text=$2 status=0 out
    shift 2
    out=$(eval "$*" 2>&1) || status=$?
    printf '%s\\n' "$out"
    [[ $status == "$want" ]] || { echo "the exit status was $status and not $want: $*"; exit 1; }
    [[ $out == *"$text"* ]] || { echo "it did not print $text: $*"; exit 1; }
}
interrupted() { timeout --preserve-status -s INT 1 bash -c "$*" || (($? == 130)); }
"""


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def command(line):
    """The line, and what checks that its comment is true."""
    text, _, comment = line.partition("  #") if not line.startswith("#") else ("", "", "")
    status = re.search(r"exits with (\d+)", comment)
    printed = re.search(r"prints (.+)$", comment)
    if "Ctrl-C" in comment:
        return "interrupted " + quoted(text.strip())
    if status or printed:
        return " ".join(["checked", status.group(1) if status else "0", quoted(printed.group(1) if printed else ""),
                         quoted(text.strip())])
    return line


def sections(text):
    """(heading, [(language, path, lines)]) for each section with blocks."""
    heading, blocks, block = "the beginning", [], None
    for line in text.split("\n"):
        if block is None and re.match(r"#+ ", line):
            if blocks:
                yield heading, blocks
            heading, blocks = line.lstrip("# "), []
        elif block is None and line.startswith("```"):
            language, _, path = line[3:].partition(" ")
            block = (language, path, [])
        elif block is not None and line == "```":
            blocks.append(block)
            block = None
        elif block is not None:
            block[2].append(line)
    if blocks:
        yield heading, blocks


def run(heading, blocks, home):
    """Returns the number of executed blocks."""
    os.makedirs(home)
    environment = {**os.environ, "HOME": home, "LC_ALL": "C.UTF-8"}
    environment.pop("XDG_CONFIG_HOME", None)
    executed, script = 0, []

    def execute(language, lines):
        nonlocal executed
        executed += 1
        done = subprocess.run([*SHELLS[language], "\n".join(lines)], cwd=home, env=environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            raise SystemExit(f"{heading}: status {done.returncode}\n{done.stdout}")

    for language, path, lines in blocks:
        if path:
            path = os.path.join(home, path.removeprefix("~/"))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
        elif language == "sh":
            script += [command(line) for line in lines]
        elif language in SHELLS:
            execute(language, lines)
    if script:
        execute("sh", [CHECKS, *script])
    return executed


def main():
    path, folder, *ports = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for port in ports:
        text = re.sub(r"\b%s\b" % port.partition("=")[0], port.partition("=")[2], text)
    total = 0
    for number, (heading, blocks) in enumerate(sections(text)):
        total += run(heading, blocks, f"{folder}/{number}")
        subprocess.run([os.environ["SIGMUND"], "kill", "-q", "@all"], check=False)
        subprocess.run([os.environ["SIGMUND"], "prune", "-q"], check=False)
    print(f"{total} examples were executed")
    if total == 0:
        raise SystemExit("there is no example")


main()
