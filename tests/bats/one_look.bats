#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A command looks only once: at the lock of each run, at the processes of the machine, and at the boot id. The test
# counts the system calls of the real binary.
load sigmund
setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

# looks COMMAND...: runs it, and leaves its calls in $BATS_TEST_TMPDIR/calls. -y adds the path to each descriptor.
looks() {
    strace -f -y -e trace=openat,flock -o "$BATS_TEST_TMPDIR/calls" "$SIGMUND" "$@" >/dev/null 2>&1 </dev/null || true
    [[ -s $BATS_TEST_TMPDIR/calls ]]
}
# counted PATTERN: prints how many of these calls there were.
counted() { grep -cE -- "$1" "$BATS_TEST_TMPDIR/calls" || true; }
boot_reads() { counted '"/proc/sys/kernel/random/boot_id"'; }
lists_of_processes() { counted 'openat\([^,]*, "/proc", '; }
looks_at_lock() { counted "flock\\([0-9]+<[^>]*/$1\\.lock>, LOCK_(SH|EX)"; }

@test "stop @all checks each lock once, and reads the boot id once" {
    local ids=() id
    for _ in 1 2 3 4 5; do ids+=("$(sigmund -q sleep 300)"); done
    looks stop @all
    for id in "${ids[@]}"; do
        [[ $(field "$id" result) == stopped ]]
        looks_at=$(looks_at_lock "$id")
        [[ $looks_at == 1 ]] || {
            echo "the lock of $id was checked $looks_at times"
            return 1
        }
    done
    [[ $(boot_reads) == 1 ]]
    [[ $(lists_of_processes) == 0 ]]
}

@test "events reads the boot id once, and checks each lock once" {
    local first second
    first=$(sigmund -q -n first sleep 300)
    second=$(sigmund -q -n second sleep 300)
    for words in '' first 'first second'; do
        # shellcheck disable=SC2086 # several words
        looks events --no-follow $words
        [[ $(boot_reads) == 1 ]]
        [[ $(looks_at_lock "$first") == 1 ]]
        (($(looks_at_lock "$second") <= 1))
    done
}

@test "no verb searches /proc or checks a lock twice" {
    local first second verb
    first=$(sigmund -q -n first sleep 300)
    second=$(sigmund -q -n second sleep 300)
    while read -r verb; do
        # shellcheck disable=SC2086 # several words
        looks $verb
        if (($(boot_reads) > 1 || $(lists_of_processes) > 1 || \
        $(looks_at_lock "$first") > 1 || $(looks_at_lock "$second") > 1)); then
            echo "it searches or checks twice: $verb"
            cat "$BATS_TEST_TMPDIR/calls"
            return 1
        fi
    done <<-END
	list
	list --json
	list --porcelain --columns id,ports first second
	list first @all
	show first second
	show --json first second
	tree first second
	dump first second
	logs first second
	tail --no-follow first second
	explain first second
	killcmd first second
	signal CONT first second
	pause first second
	resume first second
	wait --timeout 0.1 first second
	tag first one
	tag @all two
	again --dry-run first
	prune
	stop first
	kill second
	list
	prune @all
	END
}

@test "runs without a guardian are found by one search of the processes" {
    local ids=() id guardian leader
    for _ in 1 2 3; do
        id=$(sigmund -q sh -c 'sleep 300 & wait')
        guardian=$(field "$id" guardian.pid) leader=$(field "$id" pid)
        wait_until 10 test -n "$(pgrep -P "$leader" || true)"
        kill -KILL "$guardian" "$leader"
        wait_until 10 gone "$guardian"
        wait_until 10 gone "$leader"
        ids+=("$id")
    done
    looks list
    [[ $(lists_of_processes) == 1 ]]
    looks show "${ids[@]}"
    [[ $(lists_of_processes) == 1 ]]
    for id in "${ids[@]}"; do [[ $(looks_at_lock "$id") == 1 ]]; done
    state_is "${ids[0]}" running
}
