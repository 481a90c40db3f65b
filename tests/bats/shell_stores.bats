#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Shells whose runs are in several stores, in real terminals, in each of the three shells.
load sigmund
load shells

setup() { shells_setup; }
teardown() { shells_teardown; }

@test "Runs of a store that was left are counted, reported and asked about" { in_shells left_store; }
@test "A store that is set for one command is seen" { in_shells store_of_one_command; }
@test "The answer at exit is carried out in the store of each run" { in_shells keep_in_stores; }
@test "direnv sets and unsets the store per folder" { in_shells direnv_store; }
@test "Keeping runs in many stores does not wait for frozen guardians in turn" { in_shells keep_frozen_in_stores; }
@test "A store that is removed does no harm" { in_shells removed_store; }
@test "A store that cannot be used does no harm to the others" { in_shells unusable_store; }
@test "One question is about the runs of fifty stores" { in_shells many_stores; }
@test "The store may be a relative path while the hook is read" { in_shells relative_store; }
@test "A shell with an older hook knows the runs of one store, as before" { in_shells older_hook; }
@test "The hook works with an older program" { in_shells older_program; }
@test "The exec of another shell keeps the stores" { in_shells store_after_exec; }
