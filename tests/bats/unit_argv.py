# SPDX-License-Identifier: Apache-2.0
"""Prints the words of each command line that `systemd-analyze verify` has understood, as a JSON array per line.

Its log of level debug shows them in double quotes, with the escapes of C. This replaces $$ by $, as systemd does before
it executes the command.
"""
import json
import re
import sys

escapes = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "s": " "}
token = re.compile(r'\\x([0-9a-fA-F]{2})|\\([0-7]{3})|\\(.)|(")|( +)|(.)', re.S)


def words(line):
    out, quoted, begun = [], False, False
    current = b""
    for hexadecimal, octal, escape, quote, blanks, plain in token.findall(line):
        if blanks and not quoted:
            if begun:
                out.append(current)
            current, begun = b"", False
            continue
        begun = True
        if quote:
            quoted = not quoted
        elif hexadecimal:
            current += bytes([int(hexadecimal, 16)])
        elif octal:
            current += bytes([int(octal, 8)])
        elif escape:
            current += escapes.get(escape, escape).encode()
        else:
            current += (blanks or plain).encode()
    return [word.decode().replace("$$", "$") for word in out + ([current] if begun else [])]


for line in sys.stdin.read().split("\n"):
    before, found, command = line.partition("Command Line: ")
    if found and not before.strip():
        print(json.dumps(words(command)))
