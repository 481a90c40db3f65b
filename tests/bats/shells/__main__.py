#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scenarios in real interactive shells, in real ptys, with sigmund's hook: python3 shells SHELL SCENARIO.

Each scenario is a function of one of the modules below. It takes the class of the shell, and raises an exception when
a person would see something wrong. The store and the binary come from the environment (SIGMUND_STATE_DIR, SIGMUND).
"""
import sys

import adoption
import doctor
import exit_keys
import exit_list
import exit_prompt
import frameworks
import hook
import hostile
import notices
import robust
import sessions
import stores
from bash import Bash
from fish import Fish
from store import sigmund
from zsh import Zsh

SHELLS = {"bash": Bash, "zsh": Zsh, "fish": Fish}
SCENARIOS = {}
for module in (adoption, doctor, exit_keys, exit_list, exit_prompt, frameworks, hook, hostile, notices, robust, sessions,
               stores):
    for name, scenario in vars(module).items():
        if getattr(scenario, "__module__", None) == module.__name__ and callable(scenario):
            assert name not in SCENARIOS, name + " is the name of two scenarios"
            SCENARIOS[name] = scenario


if __name__ == "__main__":
    try:
        SCENARIOS[sys.argv[2]](SHELLS[sys.argv[1]])
    except Exception as error:  # bats shows only the message of the test
        print(f"{sys.argv[1]} {sys.argv[2]}: {type(error).__name__}: {error}")
        sys.exit(1)
    finally:
        sigmund("kill", "-q", "@all")
