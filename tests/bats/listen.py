#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""listen.py ADDRESS PORT [WORD...]: listens until it is killed.

Words: reuse (SO_REUSEPORT), v6only, close (hangs up at once), fork (a grandchild listens), comm=NAME (takes this
name), fd=N (listens on an inherited socket).
"""
import os
import socket
import sys
import time

address, port, words = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
values = dict(w.split("=") for w in words if "=" in w)
if "comm" in values:
    open("/proc/self/comm", "w").write(values["comm"])
if "fork" in words:
    for _ in range(2):
        if os.fork():
            time.sleep(1000)
    os.setsid()
if "fd" in values:
    s = socket.socket(fileno=int(values["fd"]))
else:
    s = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if "reuse" in words:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if ":" in address:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, "v6only" in words)
    s.bind((address, port))
    s.listen(64)
print("listening", flush=True)
kept = []
while True:
    c, _ = s.accept()
    if "close" in words:
        c.close()
    else:
        kept = [c] + kept[:20]
