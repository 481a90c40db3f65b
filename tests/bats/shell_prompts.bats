#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The hooks beside other code of prompts, in real terminals, in each of the three shells.
load sigmund
load shells

setup() { shells_setup; }
teardown() { shells_teardown; }

@test "PROMPT_COMMAND can be changed after the hook" { in_shells appended_commands; }
@test "Lists of hooks that are replaced get the hook back" { in_shells replaced_hooks; }
@test "sigmund_jobs says what the hook has lost, and puts it back" { in_shells lost_hooks; }
@test "Starship finds the number of runs" { in_shells starship; }
@test "The hook calls no DEBUG trap" { in_shells debug_trap; }
@test "The hook leaves no trace under set -x" { in_shells traces; }
@test "Aliases over builtins do not change the hook" { in_shells aliases; }
@test "Restricted shells get no hook, and an old bash gets one line" { in_shells unsupported; }
@test "Inner shells do not inherit the number of runs" { in_shells not_inherited; }
@test "Nothing is printed during the instant prompt of powerlevel10k" { in_shells instant_prompt; }
@test "The segment of powerlevel10k follows the number of runs" { in_shells powerlevel10k; }
@test "Notices begin on a fresh line and are at most eight" { in_shells many_ends; }
@test "The notice about orphans comes only when one is new" { in_shells shrinking_orphans; }
@test "The completion of zsh comes when compinit runs late" { in_shells late_compinit; }
@test "A DEBUG trap that marks commands, as that of VS Code, does not mark the hook" { in_shells debug_trap_that_marks; }
