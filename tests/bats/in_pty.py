#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a command on a terminal of its own and talks to it, step by step, in the order of the options.

Prints what the terminal showed, with plain newlines, when all is over. Exits with the command's status (128+N if
a signal ended it), or 124 when something did not come in time. TEXT knows Python's escapes: \\r, \\t, \\x03.
"""
import argparse
import codecs
import os
import sys
import time

import pexpect


class Step(argparse.Action):
    """Keeps the options in the order they were given."""

    def __call__(self, parser, namespace, values, option_string=None):
        namespace.steps.append((self.dest, values))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.set_defaults(steps=[])
    parser.add_argument("-x", "--expect", action=Step, metavar="REGEX", help="wait until the terminal shows it")
    parser.add_argument("-s", "--send", action=Step, metavar="TEXT", help="type it")
    parser.add_argument("--resize", action=Step, metavar="ROWSxCOLUMNS", help="change the terminal's size")
    parser.add_argument("--hangup", action=Step, nargs=0, help="close the terminal, as a closed window does")
    parser.add_argument("--size", default="24x80", metavar="ROWSxCOLUMNS", help="at the start")
    parser.add_argument("--timeout", type=float, default=10, metavar="SECONDS", help="for each step, and the end")
    parser.add_argument("--raw", action="store_true", help="print the bytes as they came")
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


class Transcript:
    """Where pexpect writes what it reads."""

    def __init__(self):
        self.data = b""

    def write(self, data):
        self.data += data

    def flush(self):
        pass


def size(text):
    rows, columns = text.split("x")
    return int(rows), int(columns)


def wait_for_end(child, timeout):
    """The exit status, after a hang-up, when there is nothing left to read."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        pid, status = os.waitpid(child.pid, os.WNOHANG)
        if pid:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
        time.sleep(0.02)
    raise pexpect.TIMEOUT("the command outlived its terminal")


def talk(child, options):
    for what, value in options.steps:
        if what == "expect":
            child.expect(value.encode())
        elif what == "send":
            child.send(codecs.escape_decode(value.encode())[0])
        elif what == "resize":
            child.setwinsize(*size(value))
        else:
            child.ptyproc.fileobj.close()
            return wait_for_end(child, options.timeout)
    child.expect(pexpect.EOF)
    child.wait()
    return child.exitstatus if child.exitstatus is not None else 128 + child.signalstatus


def main():
    options = arguments()
    child = pexpect.spawn(options.command[0], options.command[1:], timeout=options.timeout,
                          dimensions=size(options.size))
    transcript = Transcript()
    child.logfile_read = transcript
    child.delaybeforesend = None
    problem = None
    try:
        status = talk(child, options)
    except (pexpect.TIMEOUT, pexpect.EOF) as error:
        last = child.before if isinstance(child.before, bytes) else b""
        problem = f"in_pty.py: {type(error).__name__}; not seen in what came since: {last!r}"
        status = 124
    shown = transcript.data if options.raw else transcript.data.replace(b"\r\n", b"\n")
    sys.stdout.buffer.write(shown)
    sys.stdout.flush()
    if problem:
        print(problem, file=sys.stderr)
        child.kill(9)
    os._exit(status)  # pexpect's own end would close the terminal a second time


main()
