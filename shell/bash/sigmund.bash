# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# bash completion for sigmund, with and without the bash-completion package. Whatever comes from the store is checked
# against its grammar again, is never expanded, and reaches the terminal escaped, as `list --porcelain` gives it.

# Written by scripts/gen-completions from the program's own table.
# shellcheck disable=SC2089
# BEGIN table
__sigmund_table='verb	run	-	command	start a run
option	run	--name	-n	required	NAME	a name for the run; a name has at most one live run
option	run	--tag	-t	required	TAG	a label; may be given several times
option	run	--replace	-	none	-	first stop the live run that has this name
option	run	--tail	-f	none	-	then follow the log; Ctrl-C detaches
option	run	--wait	-w	none	-	then wait, and exit with the status of the run
option	run	--quiet	-q	none	-	print only the id
option	run	--json	-	optional	1	print the record as JSON
option	run	--cwd	-C	required	DIR	the working directory of the command
option	run	--clean-env	-	none	-	pass on PATH, HOME, USER, LANG and TERM only
option	run	--unset-env	-	required	NAME	remove a variable
option	run	--env-file	-	required	FILE	read variables from a file
option	run	--env	-e	required	NAME=VALUE	set a variable; may be given several times
option	run	--stdin	-	required	FILE	read input from FILE (default /dev/null)
option	run	--log	-	required	FILE	append output to FILE, which prune leaves alone
option	run	--split-log	-	none	-	write stderr to a log of its own, ID.err
option	run	--umask	-	required	MASK	the file mode mask, in octal
option	run	--nice	-	required	N	the niceness, -20 to 19
option	run	--rlimit	-	required	NAME=SOFT[:HARD]	a resource limit, as in nofile=1024
option	run	--inherit-signals	-	none	-	keep the caller'\''s signal settings
option	run	--ignore	-	required	SIG	ignore a signal in the command
option	run	--default	-	required	SIG	set a signal to its default action in the command
option	run	--block	-	required	SIG	block a signal in the command
option	run	--unblock	-	required	SIG	unblock a signal in the command
option	run	--stop-signal	-	required	SIG	the signal that stop sends first (default TERM)
option	run	--stop-timeout	-	required	TIME	how long stop waits before it sends SIGKILL (5s)
option	run	--timeout	-	required	TIME	stop the run after this time
option	run	--keep-fd	-	required	N	leave this descriptor open for the command
option	run	--restart	-	required	WHEN	restart the command: no, on-failure, always or on-exit=N,..
option	run	--max-restarts	-	required	N	give up after N restarts without a healthy life
option	run	--backoff	-	required	MIN[..MAX]	the pause before a restart, which doubles (100ms..30s)
option	run	--restart-window	-	required	TIME	a life of this length counts as healthy (10s)
option	run	--restart-on	-	required	SIG	restart when the guardian gets this signal
option	run	--ready	-	required	PROBE	return when the run is ready: tcp:PORT, log:REGEX...
option	run	--ready-timeout	-	required	TIME	how long the run may take to be ready (30s)
option	run	--ready-shared	-	none	-	accept the answer to a probe from any process
option	run	--health	-	required	COMMAND	restart when this shell command keeps failing
option	run	--health-interval	-	required	TIME	the pause between two checks (5s)
option	run	--health-timeout	-	required	TIME	a check that takes longer has failed (5s)
option	run	--health-retries	-	required	N	how many failures in a row cause a restart (3)
option	run	--health-start	-	required	TIME	failures this soon after a start do not count
option	run	--pool	-	required	N	keep N copies running, each with its WORKER_ID, 0 to N-1
option	run	--watch	-	required	PATH	restart when something in PATH changes
option	run	--watch-ext	-	required	EXT,..	watch only files with these endings
option	run	--watch-exclude	-	required	PATTERN	do not watch this folder, nor names that match
option	run	--debounce	-	required	TIME	restart once nothing has changed for this long (100ms)
option	run	--watch-all	-	none	-	also watch what is hidden or named in a .gitignore
option	run	--watch-poll	-	required	TIME	look this often, where no event reports changes
option	run	--watch-signal	-	required	SIG	send this signal instead of restarting
option	run	--on-exit	-	required	COMMAND	run this shell command when the run has ended
option	run	--pid-file	-	required	FILE	write the process id of the leader to FILE
option	run	--while	-	required	WHAT	stop when this ends: pid:N, shell or ttl:TIME
option	run	--log-max-size	-	required	SIZE	start a new log file at this size
option	run	--log-keep	-	required	N	how many old log files to keep (1)
option	run	--survive	-	required	WHAT	what the run must outlive: step, job (of CI) or login
option	run	--keep	-	none	-	do not offer to end it when the shell exits
option	run	--help	-h	none	-	show this help
verb	pipe	-	command	start commands joined by pipes
option	pipe	--name	-n	required	NAME	a name for the run; a name has at most one live run
option	pipe	--tag	-t	required	TAG	a label; may be given several times
option	pipe	--replace	-	none	-	first stop the live run that has this name
option	pipe	--tail	-f	none	-	then follow the log; Ctrl-C detaches
option	pipe	--wait	-w	none	-	then wait, and exit with the status of the run
option	pipe	--quiet	-q	none	-	print only the id
option	pipe	--json	-	optional	1	print the record as JSON
option	pipe	--cwd	-C	required	DIR	the working directory of the command
option	pipe	--clean-env	-	none	-	pass on PATH, HOME, USER, LANG and TERM only
option	pipe	--unset-env	-	required	NAME	remove a variable
option	pipe	--env-file	-	required	FILE	read variables from a file
option	pipe	--env	-e	required	NAME=VALUE	set a variable; may be given several times
option	pipe	--stdin	-	required	FILE	read input from FILE (default /dev/null)
option	pipe	--log	-	required	FILE	append output to FILE, which prune leaves alone
option	pipe	--split-log	-	none	-	write stderr to a log of its own, ID.err
option	pipe	--umask	-	required	MASK	the file mode mask, in octal
option	pipe	--nice	-	required	N	the niceness, -20 to 19
option	pipe	--rlimit	-	required	NAME=SOFT[:HARD]	a resource limit, as in nofile=1024
option	pipe	--inherit-signals	-	none	-	keep the caller'\''s signal settings
option	pipe	--ignore	-	required	SIG	ignore a signal in the command
option	pipe	--default	-	required	SIG	set a signal to its default action in the command
option	pipe	--block	-	required	SIG	block a signal in the command
option	pipe	--unblock	-	required	SIG	unblock a signal in the command
option	pipe	--stop-signal	-	required	SIG	the signal that stop sends first (default TERM)
option	pipe	--stop-timeout	-	required	TIME	how long stop waits before it sends SIGKILL (5s)
option	pipe	--timeout	-	required	TIME	stop the run after this time
option	pipe	--keep-fd	-	required	N	leave this descriptor open for the command
option	pipe	--restart	-	required	WHEN	restart the command: no, on-failure, always or on-exit=N,..
option	pipe	--max-restarts	-	required	N	give up after N restarts without a healthy life
option	pipe	--backoff	-	required	MIN[..MAX]	the pause before a restart, which doubles (100ms..30s)
option	pipe	--restart-window	-	required	TIME	a life of this length counts as healthy (10s)
option	pipe	--restart-on	-	required	SIG	restart when the guardian gets this signal
option	pipe	--ready	-	required	PROBE	return when the run is ready: tcp:PORT, log:REGEX...
option	pipe	--ready-timeout	-	required	TIME	how long the run may take to be ready (30s)
option	pipe	--ready-shared	-	none	-	accept the answer to a probe from any process
option	pipe	--health	-	required	COMMAND	restart when this shell command keeps failing
option	pipe	--health-interval	-	required	TIME	the pause between two checks (5s)
option	pipe	--health-timeout	-	required	TIME	a check that takes longer has failed (5s)
option	pipe	--health-retries	-	required	N	how many failures in a row cause a restart (3)
option	pipe	--health-start	-	required	TIME	failures this soon after a start do not count
option	pipe	--pool	-	required	N	keep N copies running, each with its WORKER_ID, 0 to N-1
option	pipe	--watch	-	required	PATH	restart when something in PATH changes
option	pipe	--watch-ext	-	required	EXT,..	watch only files with these endings
option	pipe	--watch-exclude	-	required	PATTERN	do not watch this folder, nor names that match
option	pipe	--debounce	-	required	TIME	restart once nothing has changed for this long (100ms)
option	pipe	--watch-all	-	none	-	also watch what is hidden or named in a .gitignore
option	pipe	--watch-poll	-	required	TIME	look this often, where no event reports changes
option	pipe	--watch-signal	-	required	SIG	send this signal instead of restarting
option	pipe	--on-exit	-	required	COMMAND	run this shell command when the run has ended
option	pipe	--pid-file	-	required	FILE	write the process id of the leader to FILE
option	pipe	--while	-	required	WHAT	stop when this ends: pid:N, shell or ttl:TIME
option	pipe	--log-max-size	-	required	SIZE	start a new log file at this size
option	pipe	--log-keep	-	required	N	how many old log files to keep (1)
option	pipe	--survive	-	required	WHAT	what the run must outlive: step, job (of CI) or login
option	pipe	--keep	-	none	-	do not offer to end it when the shell exits
option	pipe	--help	-h	none	-	show this help
verb	again	-	any	start a run once more as it was started
option	again	--env	-e	required	NAME=VALUE	set a variable; may be given several times
option	again	--dry-run	-n	none	-	print what would be started, and what is different now
option	again	--quiet	-q	none	-	print nothing when all goes well
option	again	--json	-	optional	1	print JSON
option	again	--help	-h	none	-	show this help
verb	up	-	nothing	start runs from templates of the configuration
option	up	--name	-n	required	NAME	a name for the run; a name has at most one live run
option	up	--tag	-t	required	TAG	a label; may be given several times
option	up	--replace	-	none	-	first stop the live run that has this name
option	up	--tail	-f	none	-	then follow the log; Ctrl-C detaches
option	up	--wait	-w	none	-	then wait, and exit with the status of the run
option	up	--quiet	-q	none	-	print only the id
option	up	--json	-	optional	1	print the record as JSON
option	up	--cwd	-C	required	DIR	the working directory of the command
option	up	--clean-env	-	none	-	pass on PATH, HOME, USER, LANG and TERM only
option	up	--unset-env	-	required	NAME	remove a variable
option	up	--env-file	-	required	FILE	read variables from a file
option	up	--env	-e	required	NAME=VALUE	set a variable; may be given several times
option	up	--stdin	-	required	FILE	read input from FILE (default /dev/null)
option	up	--log	-	required	FILE	append output to FILE, which prune leaves alone
option	up	--split-log	-	none	-	write stderr to a log of its own, ID.err
option	up	--umask	-	required	MASK	the file mode mask, in octal
option	up	--nice	-	required	N	the niceness, -20 to 19
option	up	--rlimit	-	required	NAME=SOFT[:HARD]	a resource limit, as in nofile=1024
option	up	--inherit-signals	-	none	-	keep the caller'\''s signal settings
option	up	--ignore	-	required	SIG	ignore a signal in the command
option	up	--default	-	required	SIG	set a signal to its default action in the command
option	up	--block	-	required	SIG	block a signal in the command
option	up	--unblock	-	required	SIG	unblock a signal in the command
option	up	--stop-signal	-	required	SIG	the signal that stop sends first (default TERM)
option	up	--stop-timeout	-	required	TIME	how long stop waits before it sends SIGKILL (5s)
option	up	--timeout	-	required	TIME	stop the run after this time
option	up	--keep-fd	-	required	N	leave this descriptor open for the command
option	up	--restart	-	required	WHEN	restart the command: no, on-failure, always or on-exit=N,..
option	up	--max-restarts	-	required	N	give up after N restarts without a healthy life
option	up	--backoff	-	required	MIN[..MAX]	the pause before a restart, which doubles (100ms..30s)
option	up	--restart-window	-	required	TIME	a life of this length counts as healthy (10s)
option	up	--restart-on	-	required	SIG	restart when the guardian gets this signal
option	up	--ready	-	required	PROBE	return when the run is ready: tcp:PORT, log:REGEX...
option	up	--ready-timeout	-	required	TIME	how long the run may take to be ready (30s)
option	up	--ready-shared	-	none	-	accept the answer to a probe from any process
option	up	--health	-	required	COMMAND	restart when this shell command keeps failing
option	up	--health-interval	-	required	TIME	the pause between two checks (5s)
option	up	--health-timeout	-	required	TIME	a check that takes longer has failed (5s)
option	up	--health-retries	-	required	N	how many failures in a row cause a restart (3)
option	up	--health-start	-	required	TIME	failures this soon after a start do not count
option	up	--pool	-	required	N	keep N copies running, each with its WORKER_ID, 0 to N-1
option	up	--watch	-	required	PATH	restart when something in PATH changes
option	up	--watch-ext	-	required	EXT,..	watch only files with these endings
option	up	--watch-exclude	-	required	PATTERN	do not watch this folder, nor names that match
option	up	--debounce	-	required	TIME	restart once nothing has changed for this long (100ms)
option	up	--watch-all	-	none	-	also watch what is hidden or named in a .gitignore
option	up	--watch-poll	-	required	TIME	look this often, where no event reports changes
option	up	--watch-signal	-	required	SIG	send this signal instead of restarting
option	up	--on-exit	-	required	COMMAND	run this shell command when the run has ended
option	up	--pid-file	-	required	FILE	write the process id of the leader to FILE
option	up	--while	-	required	WHAT	stop when this ends: pid:N, shell or ttl:TIME
option	up	--log-max-size	-	required	SIZE	start a new log file at this size
option	up	--log-keep	-	required	N	how many old log files to keep (1)
option	up	--survive	-	required	WHAT	what the run must outlive: step, job (of CI) or login
option	up	--keep	-	none	-	do not offer to end it when the shell exits
option	up	--help	-h	none	-	show this help
verb	list	ps	any	list runs
option	list	--live	-l	none	-	only runs that live
option	list	--state	-	required	STATE,..	only runs in these states
option	list	--here	-	none	-	only runs of this project
option	list	--shell	-	optional	ID	only runs started from this shell
option	list	--orphaned	-	none	-	only runs whose shell is gone
option	list	--begins	-	required	PREFIX	only runs whose id or name begins with PREFIX
option	list	--sort	-	required	KEY	newest, oldest, name or state
option	list	--limit	-n	required	N	no more than this many
option	list	--watch	-	none	-	redraw in place as things change
option	list	--json	-	optional	1	print JSON
option	list	--jsonl	-	none	-	print one JSON object per line
option	list	--porcelain	-	optional	v1	print stable lines for scripts
option	list	--zero	-z	none	-	end records with NUL (implies --porcelain)
option	list	--columns	-	required	A,B,..	the porcelain fields to print
option	list	--color	-	optional	WHEN	auto, always or never
option	list	--help	-h	none	-	show this help
verb	show	-	any	show all that is known of a run
option	show	--json	-	optional	1	print JSON
option	show	--jsonl	-	none	-	print one JSON object per line
option	show	--porcelain	-	optional	v1	print stable lines for scripts
option	show	--zero	-z	none	-	end records with NUL (implies --porcelain)
option	show	--columns	-	required	A,B,..	the porcelain fields to print
option	show	--help	-h	none	-	show this help
verb	tail	-	any	follow the log of a run
option	tail	--follow	-f	none	-	follow until the run ends, which is the default
option	tail	--lines	-n	required	N	begin with the last N lines, or all
option	tail	--since	-	required	TIME	begin with what was written this long ago
option	tail	--no-follow	-	none	-	print what there is and exit
option	tail	--jsonl	-	none	-	print one JSON object per line
option	tail	--color	-	optional	WHEN	auto, always or never
option	tail	--help	-h	none	-	show this help
verb	dump	-	any	print the whole log of a run
option	dump	--color	-	optional	WHEN	auto, always or never
option	dump	--help	-h	none	-	show this help
verb	logs	-	any	print the log; with -f follow it
option	logs	--follow	-f	none	-	follow until the run ends
option	logs	--lines	-n	required	N	begin with the last N lines, or all
option	logs	--color	-	optional	WHEN	auto, always or never
option	logs	--help	-h	none	-	show this help
verb	stop	-	live	end a run and all its processes
option	stop	--timeout	-t	required	TIME	how long to wait before SIGKILL
option	stop	--quiet	-q	none	-	print nothing when all goes well
option	stop	--json	-	optional	1	print JSON
option	stop	--help	-h	none	-	show this help
verb	kill	-	live	end a run at once
option	kill	--quiet	-q	none	-	print nothing when all goes well
option	kill	--json	-	optional	1	print JSON
option	kill	--help	-h	none	-	show this help
verb	signal	-	live	send a signal to a run
option	signal	--leader	-	none	-	only to the first process
option	signal	--every	-	none	-	also to processes that have left the group
option	signal	--help	-h	none	-	show this help
verb	pause	-	live	freeze every process of a run
option	pause	--help	-h	none	-	show this help
verb	resume	-	live	let a paused run go on
option	resume	--help	-h	none	-	show this help
verb	restart	-	any	stop a run and start it again
option	restart	--timeout	-t	required	TIME	how long to wait before SIGKILL
option	restart	--help	-h	none	-	show this help
verb	wait	-	any	wait until a run has ended
option	wait	--gone	-	none	-	until no process is left, not only until the leader has ended
option	wait	--until	-	required	WHAT	ready: until it is ready; gone: as --gone
option	wait	--any	-	none	-	until the first of them
option	wait	--timeout	-t	required	TIME	give up after this time (exit 124)
option	wait	--json	-	optional	1	print JSON
option	wait	--help	-h	none	-	show this help
verb	events	-	any	follow what happens to runs, as JSON lines
option	events	--since	-	required	TIME	begin with what happened this long ago
option	events	--no-follow	-	none	-	print what there is and exit
option	events	--help	-h	none	-	show this help
verb	guard	-	live	run a command while runs live; end it when one of them ends
option	guard	--help	-h	none	-	show this help
verb	explain	-	any	tell why a run ended, with evidence
option	explain	--json	-	optional	1	print JSON
option	explain	--help	-h	none	-	show this help
verb	killcmd	-	live	print the kill command for the group of a run
option	killcmd	--help	-h	none	-	show this help
verb	prune	rm	finished	remove finished runs and their logs
option	prune	--older-than	-	required	TIME	only runs that ended longer ago
option	prune	--keep	-	required	N	leave the newest N
option	prune	--dry-run	-	none	-	print what would be removed
option	prune	--force	-	none	-	also runs of other hosts and PID namespaces, and those whose result could not be written
option	prune	--quiet	-q	none	-	print nothing when all goes well
option	prune	--json	-	optional	1	print JSON
option	prune	--help	-h	none	-	show this help
verb	rename	-	any	give a run another name
option	rename	--help	-h	none	-	show this help
verb	tag	-	any	add tags to runs
option	tag	--remove	-	none	-	take the tags away
option	tag	--help	-h	none	-	show this help
verb	tree	-	live	show the processes of a run
option	tree	--help	-h	none	-	show this help
verb	shell-init	-	nothing	print the hook for a shell to eval
option	shell-init	--help	-h	none	-	show this help
verb	completions	-	nothing	print the completions of a shell
option	completions	--help	-h	none	-	show this help
verb	doctor	-	live	tell what would end runs here, and how to prevent it
option	doctor	--json	-	optional	1	print JSON
option	doctor	--help	-h	none	-	show this help
verb	config	-	nothing	show the configuration and where it comes from
option	config	--json	-	optional	1	print JSON
option	config	--help	-h	none	-	show this help
verb	prompt	-	nothing	print a prompt segment that shows what runs
option	prompt	--help	-h	none	-	show this help
verb	version	-	nothing	show the version
option	version	--json	-	optional	1	print JSON
option	version	--help	-h	none	-	show this help
verb	nosig	-	command	set signals, then execute a command
option	nosig	--reset	-	none	-	unblock all signals, then default all
option	nosig	--verbose	-v	none	-	report failed calls, name signals in --show-status
option	nosig	--ignore	-I	required	SIG	ignore SIG
option	nosig	--ignore-all	-	none	-	ignore all signals
option	nosig	--ignore-all-std	-	none	-	ignore all standard signals
option	nosig	--ignore-all-rt	-	none	-	ignore all real-time signals
option	nosig	--default	-D	required	SIG	set SIG to its default action
option	nosig	--default-all	-	none	-	set all signals to their defaults
option	nosig	--default-all-std	-	none	-	set all standard signals to their defaults
option	nosig	--default-all-rt	-	none	-	set all real-time signals to their defaults
option	nosig	--add	-a	required	SIG	add SIG to the set
option	nosig	--del	-d	required	SIG	remove SIG from the set
option	nosig	--empty	-e	none	-	remove all signals from the set
option	nosig	--fill	-f	none	-	add all signals to the set
option	nosig	--block	-b	none	-	block the signals in the set
option	nosig	--unblock	-u	none	-	unblock the signals in the set
option	nosig	--set	-s	none	-	block the signals in the set, and no others
option	nosig	--block-all	-	none	-	block all signals, whatever the set
option	nosig	--block-all-std	-	none	-	block all standard signals
option	nosig	--block-all-rt	-	none	-	block all real-time signals
option	nosig	--unblock-all	-	none	-	unblock all signals, whatever the set
option	nosig	--unblock-all-std	-	none	-	unblock all standard signals
option	nosig	--unblock-all-rt	-	none	-	unblock all real-time signals
option	nosig	--stdin	-	required	PATH	read standard input from PATH
option	nosig	--stdout	-	required	PATH	write standard output to PATH
option	nosig	--stderr	-	required	PATH	write standard error to PATH
option	nosig	--output	-	required	PATH	write both to PATH
option	nosig	--null-io	-	none	-	all three from and to /dev/null
option	nosig	--show-status	-	none	-	print dispositions and mask as they are so far
option	nosig	--list	-l	none	-	list the signals
option	nosig	--version	-V	none	-	print the version
option	nosig	--help	-h	none	-	print this help
verb	supervise	-	command	supervise processes behind file descriptors
option	supervise	--json	-	none	-	speak JSON lines, and start COMMAND, if one is given
option	supervise	--version	-V	none	-	print the version
option	supervise	--help	-h	none	-	print this help
verb	unlinkwait	-	file	wait until a file is removed
option	unlinkwait	--version	-V	none	-	print the version
option	unlinkwait	--help	-h	none	-	print this help'
__sigmund_signal_names='HUP INT QUIT ILL TRAP ABRT IOT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO POLL PWR SYS RTMIN RTMIN+0 RTMIN+1 RTMIN+2 RTMIN+3 RTMIN+4 RTMIN+5 RTMIN+6 RTMIN+7 RTMIN+8 RTMIN+9 RTMIN+10 RTMIN+11 RTMIN+12 RTMIN+13 RTMIN+14 RTMIN+15 RTMIN+16 RTMIN+17 RTMIN+18 RTMIN+19 RTMIN+20 RTMIN+21 RTMIN+22 RTMIN+23 RTMIN+24 RTMIN+25 RTMIN+26 RTMIN+27 RTMIN+28 RTMIN+29 RTMIN+30 RTMAX RTMAX-0 RTMAX-1 RTMAX-2 RTMAX-3 RTMAX-4 RTMAX-5 RTMAX-6 RTMAX-7 RTMAX-8 RTMAX-9 RTMAX-10 RTMAX-11 RTMAX-12 RTMAX-13 RTMAX-14 RTMAX-15 RTMAX-16 RTMAX-17 RTMAX-18 RTMAX-19 RTMAX-20 RTMAX-21 RTMAX-22 RTMAX-23 RTMAX-24 RTMAX-25 RTMAX-26 RTMAX-27 RTMAX-28 RTMAX-29 RTMAX-30'
# END table

# The table by verb, parsed once: what each verb says and takes (`alias` names, too), its options in their order, and of
# VERB--OPTION the help, whether a value follows and what it is; VERB-LETTER is the option of that letter.
declare -gA __sigmund_verbs=() __sigmund_takes=() __sigmund_options=() __sigmund_help=() __sigmund_has=() __sigmund_metavars=() __sigmund_letters=()
__sigmund_parse() {
    local - line kind verb name letter value metavar text IFS=$'\n'
    set -f
    # shellcheck disable=SC2086,SC2090 # split at newlines, and nowhere else
    set -- $__sigmund_table
    IFS=$'\t'
    __sigmund_order=()
    for line in "$@"; do
        # shellcheck disable=SC2086,SC2090 # no field is empty
        set -- $line
        kind=$1 verb=$2 name=$3 letter=$4 value=$5 metavar=${6-} text=${7-}
        if [[ $kind == option ]]; then
            __sigmund_options[$verb]+="$name "
            __sigmund_help[$verb$name]=$text __sigmund_has[$verb$name]=$value __sigmund_metavars[$verb$name]=$metavar
            [[ $letter == - ]] || __sigmund_letters[$verb$letter]=$name
        else # NAME ALIAS TAKES HELP
            __sigmund_order+=("$verb")
            __sigmund_verbs[$verb]=$value __sigmund_takes[$verb]=$letter
            [[ $name == - ]] && continue
            __sigmund_order+=("$name")
            __sigmund_verbs[$name]=$value __sigmund_takes[$name]=$letter
        fi
    done
    __sigmund_order+=(ls help)
    __sigmund_verbs[ls]=${__sigmund_verbs[list]} __sigmund_takes[ls]=${__sigmund_takes[list]}
    __sigmund_verbs[help]='show the help of a verb' __sigmund_takes[help]=verb
}

# The words of the line as typed, put together again around `:` and `=`: `words`, `cword`, and for each the index of
# its first piece in COMP_WORDS (`first`).
__sigmund_words() {
    local line=$COMP_LINE piece i rest
    words=() first=() cword=0
    for ((i = 0; i < ${#COMP_WORDS[@]}; i++)); do
        piece=${COMP_WORDS[i]}
        rest=${line#"${line%%[![:space:]]*}"}
        if ((i > 0)) && [[ $rest == "$line" && ($piece == [:=]* || ${COMP_WORDS[i - 1]} == *[:=]) ]]; then
            words[${#words[@]} - 1]+=$piece
        else
            words+=("$piece")
            first+=("$i")
        fi
        line=${rest#"$piece"}
        ((i == COMP_CWORD)) && cword=$((${#words[@]} - 1))
    done
}

# Adds a candidate ($1) that begins with what is typed, with what is said of it ($2).
__sigmund_add() {
    [[ $1 == "$cur"* ]] || return 0
    candidates+=("$1")
    descriptions+=("${2-}")
}

# Sets `lines` to what a command prints.
__sigmund_lines() {
    local - IFS=$'\n'
    set -f
    # shellcheck disable=SC2207 # split at newlines, and nowhere else: far quicker than reading a pipe by lines
    lines=($(command "$@" </dev/null 2>/dev/null))
}

__sigmund_add_each() {
    local word
    for word in "$@"; do __sigmund_add "$word"; done
}

__sigmund_add_verbs() {
    local verb
    for verb in "${__sigmund_order[@]}"; do __sigmund_add "$verb" "${__sigmund_verbs[$verb]}"; done
}

# Runs in the states that $1 (live, finished, any) allows: names first, then ids, then the forms for several.
__sigmund_targets() {
    local begins=$cur id name state age tags cmd tag about seen=' ' ids=() notes=() lines=() filter=() i line
    [[ $cur == tag=* ]] && begins=''
    if [[ $cur == :* ]]; then
        __sigmund_ports
        return
    fi
    case $1 in
        live) filter=(--live) ;;
        finished) filter=("--state=exited,failed,lost,stale") ;;
    esac
    __sigmund_lines sigmund list --porcelain --limit 100 "${filter[@]}" --begins "$begins" --columns id,name,state,age,tags,shown
    local - IFS=$'\t'
    set -f
    for line in "${lines[@]}"; do
        # shellcheck disable=SC2086 # split at tabs; no field is empty
        set -- $line
        id=$1 name=$2 state=$3 age=$4 tags=$5 cmd=$6
        [[ $id == *[!0-9a-f]* || ${#id} -lt 6 || ${#id} -gt 10 ]] && continue
        about=$age
        if [[ $age != *[!0-9]* ]]; then
            about=${age}s
            ((age < 60)) || about=$((age / 60))m
            ((age < 3600)) || about=$((age / 3600))h
            ((age < 86400)) || about=$((age / 86400))d
        fi
        if [[ $name == [A-Za-z_]* && $name != *[!A-Za-z0-9._-]* && $seen != *" $name "* ]]; then
            seen+="$name "
            __sigmund_add "$name" "$state $about $cmd"
        fi
        ids+=("$id") notes+=("$state $about $cmd")
        while [[ $tags != - && -n $tags ]]; do
            tag=${tags%%,*}
            tags=${tags#"$tag"} tags=${tags#,}
            [[ $tag =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ && $seen != *" tag=$tag "* ]] || continue
            seen+="tag=$tag "
        done
    done
    for ((i = 0; i < ${#ids[@]}; i++)); do __sigmund_add "${ids[i]}" "${notes[i]}"; done
    IFS=' '
    for tag in $seen; do [[ $tag == tag=* ]] && __sigmund_add "$tag" 'every run with that tag'; done
    __sigmund_add @ 'the newest run'
    __sigmund_add @! 'the newest that failed'
    __sigmund_add @here 'the runs of this project'
    __sigmund_add @shell 'the runs of this shell'
    __sigmund_add @all 'every run'
}

# The ports that runs listen on.
__sigmund_ports() {
    local line lines=() ports id name cmd port
    __sigmund_lines sigmund list --live --porcelain --columns ports,id,name,shown
    for line in "${lines[@]}"; do
        IFS=$'\t' read -r ports id name cmd <<<"$line"
        [[ $ports == [0-9]* && $ports != *[!0-9,]* ]] || continue
        [[ $name == - ]] && name=$id
        for port in ${ports//,/ }; do __sigmund_add ":$port" "$name $cmd"; done
    done
}

# As typed, in any case, with or without SIG; the many real-time ones when they are meant.
__sigmund_signals() {
    local cur=${cur^^} signal prefix=''
    [[ $cur == SI* ]] && prefix=SIG
    for signal in $__sigmund_signal_names; do
        [[ $signal == RTM*[+-]* && $cur != ?(SIG)R* ]] || __sigmund_add "$prefix$signal"
    done
}

__sigmund_files() {
    compopt -o filenames 2>/dev/null
    local path
    while IFS= read -r path; do candidates+=("$path") descriptions+=(''); done < <(compgen "$1" -- "$cur")
}

# What the option $1 of the verb $2 takes; `cur` is the value so far.
__sigmund_value() {
    if [[ ${__sigmund_metavars[$2$1]-} == SIG ]]; then
        __sigmund_signals
        return
    fi
    case $1 in
        --cwd | --watch-exclude) __sigmund_files -d ;;
        --watch | --env-file | --stdin | --stdout | --stderr | --output | --log | --pid-file) __sigmund_files -f ;;
        --env | --unset-env)
            local word
            for word in $(compgen -e); do
                [[ $1 == --env ]] && word+='='
                __sigmund_add "$word"
            done
            ;;
        --color) __sigmund_add_each auto always never ;;
        --json) __sigmund_add 1 ;;
        --porcelain) __sigmund_add v1 ;;
        --restart) __sigmund_add_each no on-failure always on-exit= ;;
        --ready) __sigmund_add_each tcp: unix: file: log: http://localhost: cmd: notify ;;
        --until) __sigmund_add_each ready gone ;;
        --while) __sigmund_add_each pid: shell ttl: ;;
        --survive) __sigmund_add_each step job login ;;
        --sort) __sigmund_add_each newest oldest name state ;;
        --rlimit)
            __sigmund_add_each as= core= cpu= data= fsize= locks= memlock= msgqueue= nice= nofile= nproc= rss= rtprio= \
                rttime= sigpending= stack=
            ;;
        --state | --columns)
            local list='starting running paused backoff watching stopping exited failed lost stale' done=''
            [[ $1 == --state ]] || list='id name state result pid pgid sid started ended age exit tags shell cwd project log restarts ready health guardian ports cmd shown'
            [[ $cur == *,* ]] && done=${cur%,*},
            local word
            for word in $list; do [[ ,$done == *,$word,* ]] || __sigmund_add "$done$word"; done
            compopt -o nospace 2>/dev/null
            ;;
    esac
}

# The wrapped command's own completion, from the word $1 on.
__sigmund_delegate() {
    local offset=${first[$1]}
    if declare -F _comp_command_offset >/dev/null; then
        _comp_command_offset "$offset"
    elif declare -F _command_offset >/dev/null; then
        _command_offset "$offset"
    elif (($1 == cword)); then
        mapfile -t COMPREPLY < <(compgen -c -- "$cur")
    else
        local function command=${words[$1]}
        function=$(complete -p -- "${command##*/}" 2>/dev/null) || function=
        if [[ $function == *' -F '* ]]; then
            function=${function#* -F } function=${function%% *}
            COMP_WORDS=("${COMP_WORDS[@]:offset}")
            ((COMP_CWORD -= offset))
            local cut=${COMP_LINE%%"$command"*}
            COMP_LINE=${COMP_LINE#"$cut"}
            ((COMP_POINT -= ${#cut}))
            "$function" "$command" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]-}"
        else
            compopt -o default 2>/dev/null
        fi
    fi
}

# Candidates to COMPREPLY: without what stands before the last `:` or `=` of the word, or before its quote (`kept`), which
# readline keeps; with descriptions when they are only listed.
__sigmund_reply() {
    local i cut='' width=0
    compopt -o nosort 2>/dev/null # what is meant most often comes first
    [[ $cur == *[:=]* ]] && cut=${cur%"${cur##*[:=]}"}
    [[ -z $quoted ]] || cut=$kept
    for i in "${candidates[@]}"; do ((${#i} > width)) && width=${#i}; done
    for ((i = 0; i < ${#candidates[@]}; i++)); do
        if ((${#candidates[@]} > 1)) && [[ ${COMP_TYPE-} == @(63|33|64) && -n ${descriptions[i]} ]]; then
            local line
            printf -v line '%-*s  %s' "$width" "${candidates[i]}" "${descriptions[i]}"
            COMPREPLY+=("${line:0:$((${COLUMNS:-80} - 2))}")
        else
            COMPREPLY+=("${candidates[i]#"$cut"}")
            [[ ${candidates[i]} == *[:=] ]] && compopt -o nospace 2>/dev/null
        fi
    done
}

# Of letters written together, sets `open` to the one that takes the next word, if any.
__sigmund_bundle() {
    local option letter letters=$2
    while [[ $letters == [A-Za-z]* ]]; do
        letter=-${letters:0:1} letters=${letters:1}
        option=${__sigmund_letters[$1$letter]-}
        [[ -n $option && ${__sigmund_has[$1$option]} == required ]] || continue
        [[ -n $letters ]] || open=$option
        break
    done
}

_sigmund() {
    local IFS=$' \t\n' - nocase='' globs=''
    set +efuET # nor does a trap of the user's speak in the middle of the line
    shopt -q nocasematch && nocase=1
    shopt -q extglob || globs=1
    shopt -u nocasematch
    shopt -s extglob
    COMPREPLY=()
    __sigmund_complete || :
    [[ -z $nocase ]] || shopt -s nocasematch
    [[ -z $globs ]] || shopt -u extglob
}

__sigmund_complete() {
    local words=() first=() cword=0 cur quoted='' kept='' candidates=() descriptions=()
    __sigmund_words
    cur=${words[cword]-}
    if [[ $cur == *[\"\']* ]]; then # an open quote: readline keeps all that stands before its inside
        local inside=${cur##*[\"\']}
        cur=${cur//[\"\']/}
        quoted=1 kept=${cur%"$inside"}
    fi
    local i word option at=0 open='' verb name lines=()
    ((${#__sigmund_takes[@]} > 0)) || __sigmund_parse
    verb=''
    name=run # whose options these are: before any verb those of a start
    for ((i = 1; i < cword; i++)); do
        word=${words[i]//[\"\']/}
        if [[ -n $open ]]; then
            open=''
        elif [[ $word == -- ]]; then
            [[ -z $verb || $verb == guard || ${__sigmund_takes[$verb]-} == command ]] && {
                __sigmund_delegate $((i + 1))
                return
            }
        elif [[ $word == --*=* ]]; then
            :
        elif [[ $word == --* ]]; then
            [[ ${__sigmund_has[$name$word]-} == required ]] && open=$word
        elif [[ $word == -?* ]]; then
            __sigmund_bundle "$name" "${word#-}"
        elif [[ -z $verb && -n ${__sigmund_verbs[$word]+set} && $i == 1 ]]; then
            verb=$word name=$word
            case $verb in ls | ps) name=list ;; rm) name=prune ;; esac
        elif [[ -z $verb || ${__sigmund_takes[$verb]-} == command ]]; then
            __sigmund_delegate "$i"
            return
        else
            ((at++))
        fi
    done

    if [[ ${words[cword - 1]} == *[\<\>] ]]; then
        __sigmund_files -f # a redirection
    elif [[ -n $open ]]; then
        __sigmund_value "$open" "$name"
    elif [[ $cur == --*=* ]]; then
        local whole=$cur
        option=${cur%%=*} cur=${cur#*=}
        __sigmund_value "$option" "$name"
        for ((i = 0; i < ${#candidates[@]}; i++)); do candidates[i]=$option=${candidates[i]}; done
        cur=$whole
    elif [[ $cur == -* ]]; then
        for option in ${__sigmund_options[$name]-}; do __sigmund_add "$option" "${__sigmund_help[$name$option]}"; done
    elif [[ -z $verb ]]; then
        ((cword == 1)) && __sigmund_add_verbs
        if [[ -n $cur ]]; then
            __sigmund_lines compgen -c -- "$cur"
            for word in "${lines[@]}"; do [[ -n ${__sigmund_verbs[$word]+set} ]] || __sigmund_add "$word" command; done
        fi
    else
        takes=${__sigmund_takes[$verb]}
        case $verb:$at in
            signal:0) __sigmund_signals ;;
            shell-init:0 | completions:0) __sigmund_add_each bash zsh fish ;;
            prompt:0) __sigmund_add_each bash zsh fish starship ;;
            help:0) __sigmund_add_verbs ;;
            up:*)
                __sigmund_lines sigmund config
                for word in "${lines[@]}"; do
                    [[ $word =~ ^run\.([A-Za-z_][A-Za-z0-9._-]*)\.command' ' ]] && __sigmund_add "${BASH_REMATCH[1]}" template
                done
                ;;
            rename:1 | tag:[1-9]*) ;;
            *)
                case $takes in
                    live | finished | any) __sigmund_targets "$takes" ;;
                    file) __sigmund_files -f ;;
                    command) __sigmund_delegate "$cword" && return ;;
                esac
                ;;
        esac
    fi
    __sigmund_reply
}

complete -F _sigmund sigmund
