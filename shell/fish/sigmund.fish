# SPDX-License-Identifier: Apache-2.0
# fish completion for sigmund. Whatever comes from the store is checked against its grammar again and reaches the
# terminal escaped, as `list --porcelain` gives it.

# Written by scripts/gen-completions from the program's own table.
# BEGIN table
set -g __sigmund_table 'verb	run	-	command	start a run' \
    'option	run	--name	-n	required	NAME	a name for the run; a name has at most one live run' \
    'option	run	--tag	-t	required	TAG	a label; may be given several times' \
    'option	run	--replace	-	none	-	first stop the live run that has this name' \
    'option	run	--tail	-f	none	-	then follow the log; Ctrl-C detaches' \
    'option	run	--wait	-w	none	-	then wait, and exit with the status of the run' \
    'option	run	--quiet	-q	none	-	print only the id' \
    'option	run	--json	-	optional	1	print the record as JSON' \
    'option	run	--cwd	-C	required	DIR	the working directory of the command' \
    'option	run	--clean-env	-	none	-	pass on PATH, HOME, USER, LANG and TERM only' \
    'option	run	--unset-env	-	required	NAME	remove a variable' \
    'option	run	--env-file	-	required	FILE	read variables from a file' \
    'option	run	--env	-e	required	NAME=VALUE	set a variable; may be given several times' \
    'option	run	--stdin	-	required	FILE	read input from FILE (default /dev/null)' \
    'option	run	--log	-	required	FILE	append output to FILE, which prune leaves alone' \
    'option	run	--split-log	-	none	-	write stderr to a log of its own, ID.err' \
    'option	run	--umask	-	required	MASK	the file mode mask, in octal' \
    'option	run	--nice	-	required	N	the niceness, -20 to 19' \
    'option	run	--rlimit	-	required	NAME=SOFT[:HARD]	a resource limit, as in nofile=1024' \
    'option	run	--inherit-signals	-	none	-	keep the caller\'s signal settings' \
    'option	run	--ignore	-	required	SIG	ignore a signal in the command' \
    'option	run	--default	-	required	SIG	set a signal to its default action in the command' \
    'option	run	--block	-	required	SIG	block a signal in the command' \
    'option	run	--unblock	-	required	SIG	unblock a signal in the command' \
    'option	run	--stop-signal	-	required	SIG	the signal that stop sends first (default TERM)' \
    'option	run	--stop-timeout	-	required	TIME	how long stop waits before it sends SIGKILL (5s)' \
    'option	run	--timeout	-	required	TIME	stop the run after this time' \
    'option	run	--keep-fd	-	required	N	leave this descriptor open for the command' \
    'option	run	--restart	-	required	WHEN	restart the command: no, on-failure, always or on-exit=N,..' \
    'option	run	--max-restarts	-	required	N	give up after N restarts without a healthy life' \
    'option	run	--backoff	-	required	MIN[..MAX]	the pause before a restart, which doubles (100ms..30s)' \
    'option	run	--restart-window	-	required	TIME	a life of this length counts as healthy (10s)' \
    'option	run	--restart-on	-	required	SIG	restart when the guardian gets this signal' \
    'option	run	--ready	-	required	PROBE	return when the run is ready: tcp:PORT, log:REGEX...' \
    'option	run	--ready-timeout	-	required	TIME	how long the run may take to be ready (30s)' \
    'option	run	--ready-shared	-	none	-	accept the answer to a probe from any process' \
    'option	run	--health	-	required	COMMAND	restart when this shell command keeps failing' \
    'option	run	--health-interval	-	required	TIME	the pause between two checks (5s)' \
    'option	run	--health-timeout	-	required	TIME	a check that takes longer has failed (5s)' \
    'option	run	--health-retries	-	required	N	how many failures in a row cause a restart (3)' \
    'option	run	--health-start	-	required	TIME	failures this soon after a start do not count' \
    'option	run	--pool	-	required	N	keep N copies running, each with its WORKER_ID, 0 to N-1' \
    'option	run	--watch	-	required	PATH	restart when something in PATH changes' \
    'option	run	--watch-ext	-	required	EXT,..	watch only files with these endings' \
    'option	run	--watch-exclude	-	required	PATTERN	do not watch this folder, nor names that match' \
    'option	run	--debounce	-	required	TIME	restart once nothing has changed for this long (100ms)' \
    'option	run	--watch-all	-	none	-	also watch what is hidden or named in a .gitignore' \
    'option	run	--watch-poll	-	required	TIME	look this often, where no event reports changes' \
    'option	run	--watch-signal	-	required	SIG	send this signal instead of restarting' \
    'option	run	--on-exit	-	required	COMMAND	run this shell command when the run has ended' \
    'option	run	--pid-file	-	required	FILE	write the process id of the leader to FILE' \
    'option	run	--while	-	required	WHAT	stop when this ends: pid:N, shell or ttl:TIME' \
    'option	run	--log-max-size	-	required	SIZE	start a new log file at this size' \
    'option	run	--log-keep	-	required	N	how many old log files to keep (1)' \
    'option	run	--survive	-	required	WHAT	what the run must outlive: step, job (of CI) or login' \
    'option	run	--keep	-	none	-	do not offer to end it when the shell exits' \
    'option	run	--help	-h	none	-	show this help' \
    'verb	pipe	-	command	start commands joined by pipes' \
    'option	pipe	--name	-n	required	NAME	a name for the run; a name has at most one live run' \
    'option	pipe	--tag	-t	required	TAG	a label; may be given several times' \
    'option	pipe	--replace	-	none	-	first stop the live run that has this name' \
    'option	pipe	--tail	-f	none	-	then follow the log; Ctrl-C detaches' \
    'option	pipe	--wait	-w	none	-	then wait, and exit with the status of the run' \
    'option	pipe	--quiet	-q	none	-	print only the id' \
    'option	pipe	--json	-	optional	1	print the record as JSON' \
    'option	pipe	--cwd	-C	required	DIR	the working directory of the command' \
    'option	pipe	--clean-env	-	none	-	pass on PATH, HOME, USER, LANG and TERM only' \
    'option	pipe	--unset-env	-	required	NAME	remove a variable' \
    'option	pipe	--env-file	-	required	FILE	read variables from a file' \
    'option	pipe	--env	-e	required	NAME=VALUE	set a variable; may be given several times' \
    'option	pipe	--stdin	-	required	FILE	read input from FILE (default /dev/null)' \
    'option	pipe	--log	-	required	FILE	append output to FILE, which prune leaves alone' \
    'option	pipe	--split-log	-	none	-	write stderr to a log of its own, ID.err' \
    'option	pipe	--umask	-	required	MASK	the file mode mask, in octal' \
    'option	pipe	--nice	-	required	N	the niceness, -20 to 19' \
    'option	pipe	--rlimit	-	required	NAME=SOFT[:HARD]	a resource limit, as in nofile=1024' \
    'option	pipe	--inherit-signals	-	none	-	keep the caller\'s signal settings' \
    'option	pipe	--ignore	-	required	SIG	ignore a signal in the command' \
    'option	pipe	--default	-	required	SIG	set a signal to its default action in the command' \
    'option	pipe	--block	-	required	SIG	block a signal in the command' \
    'option	pipe	--unblock	-	required	SIG	unblock a signal in the command' \
    'option	pipe	--stop-signal	-	required	SIG	the signal that stop sends first (default TERM)' \
    'option	pipe	--stop-timeout	-	required	TIME	how long stop waits before it sends SIGKILL (5s)' \
    'option	pipe	--timeout	-	required	TIME	stop the run after this time' \
    'option	pipe	--keep-fd	-	required	N	leave this descriptor open for the command' \
    'option	pipe	--restart	-	required	WHEN	restart the command: no, on-failure, always or on-exit=N,..' \
    'option	pipe	--max-restarts	-	required	N	give up after N restarts without a healthy life' \
    'option	pipe	--backoff	-	required	MIN[..MAX]	the pause before a restart, which doubles (100ms..30s)' \
    'option	pipe	--restart-window	-	required	TIME	a life of this length counts as healthy (10s)' \
    'option	pipe	--restart-on	-	required	SIG	restart when the guardian gets this signal' \
    'option	pipe	--ready	-	required	PROBE	return when the run is ready: tcp:PORT, log:REGEX...' \
    'option	pipe	--ready-timeout	-	required	TIME	how long the run may take to be ready (30s)' \
    'option	pipe	--ready-shared	-	none	-	accept the answer to a probe from any process' \
    'option	pipe	--health	-	required	COMMAND	restart when this shell command keeps failing' \
    'option	pipe	--health-interval	-	required	TIME	the pause between two checks (5s)' \
    'option	pipe	--health-timeout	-	required	TIME	a check that takes longer has failed (5s)' \
    'option	pipe	--health-retries	-	required	N	how many failures in a row cause a restart (3)' \
    'option	pipe	--health-start	-	required	TIME	failures this soon after a start do not count' \
    'option	pipe	--pool	-	required	N	keep N copies running, each with its WORKER_ID, 0 to N-1' \
    'option	pipe	--watch	-	required	PATH	restart when something in PATH changes' \
    'option	pipe	--watch-ext	-	required	EXT,..	watch only files with these endings' \
    'option	pipe	--watch-exclude	-	required	PATTERN	do not watch this folder, nor names that match' \
    'option	pipe	--debounce	-	required	TIME	restart once nothing has changed for this long (100ms)' \
    'option	pipe	--watch-all	-	none	-	also watch what is hidden or named in a .gitignore' \
    'option	pipe	--watch-poll	-	required	TIME	look this often, where no event reports changes' \
    'option	pipe	--watch-signal	-	required	SIG	send this signal instead of restarting' \
    'option	pipe	--on-exit	-	required	COMMAND	run this shell command when the run has ended' \
    'option	pipe	--pid-file	-	required	FILE	write the process id of the leader to FILE' \
    'option	pipe	--while	-	required	WHAT	stop when this ends: pid:N, shell or ttl:TIME' \
    'option	pipe	--log-max-size	-	required	SIZE	start a new log file at this size' \
    'option	pipe	--log-keep	-	required	N	how many old log files to keep (1)' \
    'option	pipe	--survive	-	required	WHAT	what the run must outlive: step, job (of CI) or login' \
    'option	pipe	--keep	-	none	-	do not offer to end it when the shell exits' \
    'option	pipe	--help	-h	none	-	show this help' \
    'verb	again	-	any	start a run once more as it was started' \
    'option	again	--env	-e	required	NAME=VALUE	set a variable; may be given several times' \
    'option	again	--dry-run	-n	none	-	print what would be started, and what is different now' \
    'option	again	--quiet	-q	none	-	print nothing when all goes well' \
    'option	again	--json	-	optional	1	print JSON' \
    'option	again	--help	-h	none	-	show this help' \
    'verb	up	-	nothing	start runs from templates of the configuration' \
    'option	up	--name	-n	required	NAME	a name for the run; a name has at most one live run' \
    'option	up	--tag	-t	required	TAG	a label; may be given several times' \
    'option	up	--replace	-	none	-	first stop the live run that has this name' \
    'option	up	--tail	-f	none	-	then follow the log; Ctrl-C detaches' \
    'option	up	--wait	-w	none	-	then wait, and exit with the status of the run' \
    'option	up	--quiet	-q	none	-	print only the id' \
    'option	up	--json	-	optional	1	print the record as JSON' \
    'option	up	--cwd	-C	required	DIR	the working directory of the command' \
    'option	up	--clean-env	-	none	-	pass on PATH, HOME, USER, LANG and TERM only' \
    'option	up	--unset-env	-	required	NAME	remove a variable' \
    'option	up	--env-file	-	required	FILE	read variables from a file' \
    'option	up	--env	-e	required	NAME=VALUE	set a variable; may be given several times' \
    'option	up	--stdin	-	required	FILE	read input from FILE (default /dev/null)' \
    'option	up	--log	-	required	FILE	append output to FILE, which prune leaves alone' \
    'option	up	--split-log	-	none	-	write stderr to a log of its own, ID.err' \
    'option	up	--umask	-	required	MASK	the file mode mask, in octal' \
    'option	up	--nice	-	required	N	the niceness, -20 to 19' \
    'option	up	--rlimit	-	required	NAME=SOFT[:HARD]	a resource limit, as in nofile=1024' \
    'option	up	--inherit-signals	-	none	-	keep the caller\'s signal settings' \
    'option	up	--ignore	-	required	SIG	ignore a signal in the command' \
    'option	up	--default	-	required	SIG	set a signal to its default action in the command' \
    'option	up	--block	-	required	SIG	block a signal in the command' \
    'option	up	--unblock	-	required	SIG	unblock a signal in the command' \
    'option	up	--stop-signal	-	required	SIG	the signal that stop sends first (default TERM)' \
    'option	up	--stop-timeout	-	required	TIME	how long stop waits before it sends SIGKILL (5s)' \
    'option	up	--timeout	-	required	TIME	stop the run after this time' \
    'option	up	--keep-fd	-	required	N	leave this descriptor open for the command' \
    'option	up	--restart	-	required	WHEN	restart the command: no, on-failure, always or on-exit=N,..' \
    'option	up	--max-restarts	-	required	N	give up after N restarts without a healthy life' \
    'option	up	--backoff	-	required	MIN[..MAX]	the pause before a restart, which doubles (100ms..30s)' \
    'option	up	--restart-window	-	required	TIME	a life of this length counts as healthy (10s)' \
    'option	up	--restart-on	-	required	SIG	restart when the guardian gets this signal' \
    'option	up	--ready	-	required	PROBE	return when the run is ready: tcp:PORT, log:REGEX...' \
    'option	up	--ready-timeout	-	required	TIME	how long the run may take to be ready (30s)' \
    'option	up	--ready-shared	-	none	-	accept the answer to a probe from any process' \
    'option	up	--health	-	required	COMMAND	restart when this shell command keeps failing' \
    'option	up	--health-interval	-	required	TIME	the pause between two checks (5s)' \
    'option	up	--health-timeout	-	required	TIME	a check that takes longer has failed (5s)' \
    'option	up	--health-retries	-	required	N	how many failures in a row cause a restart (3)' \
    'option	up	--health-start	-	required	TIME	failures this soon after a start do not count' \
    'option	up	--pool	-	required	N	keep N copies running, each with its WORKER_ID, 0 to N-1' \
    'option	up	--watch	-	required	PATH	restart when something in PATH changes' \
    'option	up	--watch-ext	-	required	EXT,..	watch only files with these endings' \
    'option	up	--watch-exclude	-	required	PATTERN	do not watch this folder, nor names that match' \
    'option	up	--debounce	-	required	TIME	restart once nothing has changed for this long (100ms)' \
    'option	up	--watch-all	-	none	-	also watch what is hidden or named in a .gitignore' \
    'option	up	--watch-poll	-	required	TIME	look this often, where no event reports changes' \
    'option	up	--watch-signal	-	required	SIG	send this signal instead of restarting' \
    'option	up	--on-exit	-	required	COMMAND	run this shell command when the run has ended' \
    'option	up	--pid-file	-	required	FILE	write the process id of the leader to FILE' \
    'option	up	--while	-	required	WHAT	stop when this ends: pid:N, shell or ttl:TIME' \
    'option	up	--log-max-size	-	required	SIZE	start a new log file at this size' \
    'option	up	--log-keep	-	required	N	how many old log files to keep (1)' \
    'option	up	--survive	-	required	WHAT	what the run must outlive: step, job (of CI) or login' \
    'option	up	--keep	-	none	-	do not offer to end it when the shell exits' \
    'option	up	--help	-h	none	-	show this help' \
    'verb	list	ps	any	list runs' \
    'option	list	--live	-l	none	-	only runs that live' \
    'option	list	--state	-	required	STATE,..	only runs in these states' \
    'option	list	--here	-	none	-	only runs of this project' \
    'option	list	--shell	-	optional	ID	only runs started from this shell' \
    'option	list	--orphaned	-	none	-	only runs whose shell is gone' \
    'option	list	--begins	-	required	PREFIX	only runs whose id or name begins with PREFIX' \
    'option	list	--sort	-	required	KEY	newest, oldest, name or state' \
    'option	list	--limit	-n	required	N	no more than this many' \
    'option	list	--watch	-	none	-	redraw in place as things change' \
    'option	list	--json	-	optional	1	print JSON' \
    'option	list	--jsonl	-	none	-	print one JSON object per line' \
    'option	list	--porcelain	-	optional	v1	print stable lines for scripts' \
    'option	list	--zero	-z	none	-	end records with NUL (implies --porcelain)' \
    'option	list	--columns	-	required	A,B,..	the porcelain fields to print' \
    'option	list	--color	-	optional	WHEN	auto, always or never' \
    'option	list	--help	-h	none	-	show this help' \
    'verb	show	-	any	show all that is known of a run' \
    'option	show	--json	-	optional	1	print JSON' \
    'option	show	--jsonl	-	none	-	print one JSON object per line' \
    'option	show	--porcelain	-	optional	v1	print stable lines for scripts' \
    'option	show	--zero	-z	none	-	end records with NUL (implies --porcelain)' \
    'option	show	--columns	-	required	A,B,..	the porcelain fields to print' \
    'option	show	--help	-h	none	-	show this help' \
    'verb	tail	-	any	follow the log of a run' \
    'option	tail	--follow	-f	none	-	follow until the run ends, which is the default' \
    'option	tail	--lines	-n	required	N	begin with the last N lines, or all' \
    'option	tail	--since	-	required	TIME	begin with what was written this long ago' \
    'option	tail	--no-follow	-	none	-	print what there is and exit' \
    'option	tail	--jsonl	-	none	-	print one JSON object per line' \
    'option	tail	--color	-	optional	WHEN	auto, always or never' \
    'option	tail	--help	-h	none	-	show this help' \
    'verb	dump	-	any	print the whole log of a run' \
    'option	dump	--color	-	optional	WHEN	auto, always or never' \
    'option	dump	--help	-h	none	-	show this help' \
    'verb	logs	-	any	print the log; with -f follow it' \
    'option	logs	--follow	-f	none	-	follow until the run ends' \
    'option	logs	--lines	-n	required	N	begin with the last N lines, or all' \
    'option	logs	--color	-	optional	WHEN	auto, always or never' \
    'option	logs	--help	-h	none	-	show this help' \
    'verb	stop	-	live	end a run and all its processes' \
    'option	stop	--timeout	-t	required	TIME	how long to wait before SIGKILL' \
    'option	stop	--quiet	-q	none	-	print nothing when all goes well' \
    'option	stop	--json	-	optional	1	print JSON' \
    'option	stop	--help	-h	none	-	show this help' \
    'verb	kill	-	live	end a run at once' \
    'option	kill	--quiet	-q	none	-	print nothing when all goes well' \
    'option	kill	--json	-	optional	1	print JSON' \
    'option	kill	--help	-h	none	-	show this help' \
    'verb	signal	-	live	send a signal to a run' \
    'option	signal	--leader	-	none	-	only to the first process' \
    'option	signal	--every	-	none	-	also to processes that have left the group' \
    'option	signal	--help	-h	none	-	show this help' \
    'verb	pause	-	live	freeze every process of a run' \
    'option	pause	--help	-h	none	-	show this help' \
    'verb	resume	-	live	let a paused run go on' \
    'option	resume	--help	-h	none	-	show this help' \
    'verb	restart	-	any	stop a run and start it again' \
    'option	restart	--timeout	-t	required	TIME	how long to wait before SIGKILL' \
    'option	restart	--help	-h	none	-	show this help' \
    'verb	wait	-	any	wait until a run has ended' \
    'option	wait	--gone	-	none	-	until no process is left, not only until the leader has ended' \
    'option	wait	--until	-	required	WHAT	ready: until it is ready; gone: as --gone' \
    'option	wait	--any	-	none	-	until the first of them' \
    'option	wait	--timeout	-t	required	TIME	give up after this time (exit 124)' \
    'option	wait	--json	-	optional	1	print JSON' \
    'option	wait	--help	-h	none	-	show this help' \
    'verb	events	-	any	follow what happens to runs, as JSON lines' \
    'option	events	--since	-	required	TIME	begin with what happened this long ago' \
    'option	events	--no-follow	-	none	-	print what there is and exit' \
    'option	events	--help	-h	none	-	show this help' \
    'verb	guard	-	live	run a command while runs live; end it when one of them ends' \
    'option	guard	--help	-h	none	-	show this help' \
    'verb	explain	-	any	tell why a run ended, with evidence' \
    'option	explain	--json	-	optional	1	print JSON' \
    'option	explain	--help	-h	none	-	show this help' \
    'verb	killcmd	-	live	print the kill command for the group of a run' \
    'option	killcmd	--help	-h	none	-	show this help' \
    'verb	prune	rm	finished	remove finished runs and their logs' \
    'option	prune	--older-than	-	required	TIME	only runs that ended longer ago' \
    'option	prune	--keep	-	required	N	leave the newest N' \
    'option	prune	--dry-run	-	none	-	print what would be removed' \
    'option	prune	--force	-	none	-	also runs of other hosts and PID namespaces, and those whose result could not be written' \
    'option	prune	--quiet	-q	none	-	print nothing when all goes well' \
    'option	prune	--json	-	optional	1	print JSON' \
    'option	prune	--help	-h	none	-	show this help' \
    'verb	rename	-	any	give a run another name' \
    'option	rename	--help	-h	none	-	show this help' \
    'verb	tag	-	any	add tags to runs' \
    'option	tag	--remove	-	none	-	take the tags away' \
    'option	tag	--help	-h	none	-	show this help' \
    'verb	tree	-	live	show the processes of a run' \
    'option	tree	--help	-h	none	-	show this help' \
    'verb	shell-init	-	nothing	print the hook for a shell to eval' \
    'option	shell-init	--help	-h	none	-	show this help' \
    'verb	completions	-	nothing	print the completions of a shell' \
    'option	completions	--help	-h	none	-	show this help' \
    'verb	doctor	-	live	tell what would end runs here, and how to prevent it' \
    'option	doctor	--json	-	optional	1	print JSON' \
    'option	doctor	--help	-h	none	-	show this help' \
    'verb	config	-	nothing	show the configuration and where it comes from' \
    'option	config	--json	-	optional	1	print JSON' \
    'option	config	--help	-h	none	-	show this help' \
    'verb	prompt	-	nothing	print a prompt segment that shows what runs' \
    'option	prompt	--help	-h	none	-	show this help' \
    'verb	version	-	nothing	show the version' \
    'option	version	--json	-	optional	1	print JSON' \
    'option	version	--help	-h	none	-	show this help' \
    'verb	nosig	-	command	set signals, then execute a command' \
    'option	nosig	--reset	-	none	-	unblock all signals, then default all' \
    'option	nosig	--verbose	-v	none	-	report failed calls, name signals in --show-status' \
    'option	nosig	--ignore	-I	required	SIG	ignore SIG' \
    'option	nosig	--ignore-all	-	none	-	ignore all signals' \
    'option	nosig	--ignore-all-std	-	none	-	ignore all standard signals' \
    'option	nosig	--ignore-all-rt	-	none	-	ignore all real-time signals' \
    'option	nosig	--default	-D	required	SIG	set SIG to its default action' \
    'option	nosig	--default-all	-	none	-	set all signals to their defaults' \
    'option	nosig	--default-all-std	-	none	-	set all standard signals to their defaults' \
    'option	nosig	--default-all-rt	-	none	-	set all real-time signals to their defaults' \
    'option	nosig	--add	-a	required	SIG	add SIG to the set' \
    'option	nosig	--del	-d	required	SIG	remove SIG from the set' \
    'option	nosig	--empty	-e	none	-	remove all signals from the set' \
    'option	nosig	--fill	-f	none	-	add all signals to the set' \
    'option	nosig	--block	-b	none	-	block the signals in the set' \
    'option	nosig	--unblock	-u	none	-	unblock the signals in the set' \
    'option	nosig	--set	-s	none	-	block the signals in the set, and no others' \
    'option	nosig	--block-all	-	none	-	block all signals, whatever the set' \
    'option	nosig	--block-all-std	-	none	-	block all standard signals' \
    'option	nosig	--block-all-rt	-	none	-	block all real-time signals' \
    'option	nosig	--unblock-all	-	none	-	unblock all signals, whatever the set' \
    'option	nosig	--unblock-all-std	-	none	-	unblock all standard signals' \
    'option	nosig	--unblock-all-rt	-	none	-	unblock all real-time signals' \
    'option	nosig	--stdin	-	required	PATH	read standard input from PATH' \
    'option	nosig	--stdout	-	required	PATH	write standard output to PATH' \
    'option	nosig	--stderr	-	required	PATH	write standard error to PATH' \
    'option	nosig	--output	-	required	PATH	write both to PATH' \
    'option	nosig	--null-io	-	none	-	all three from and to /dev/null' \
    'option	nosig	--show-status	-	none	-	print dispositions and mask as they are so far' \
    'option	nosig	--list	-l	none	-	list the signals' \
    'option	nosig	--version	-V	none	-	print the version' \
    'option	nosig	--help	-h	none	-	print this help' \
    'verb	supervise	-	command	supervise processes behind file descriptors' \
    'option	supervise	--json	-	none	-	speak JSON lines, and start COMMAND, if one is given' \
    'option	supervise	--version	-V	none	-	print the version' \
    'option	supervise	--help	-h	none	-	print this help' \
    'verb	unlinkwait	-	file	wait until a file is removed' \
    'option	unlinkwait	--version	-V	none	-	print the version' \
    'option	unlinkwait	--help	-h	none	-	print this help'
set -g __sigmund_signal_names HUP INT QUIT ILL TRAP ABRT IOT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO POLL PWR SYS RTMIN RTMIN+0 RTMIN+1 RTMIN+2 RTMIN+3 RTMIN+4 RTMIN+5 RTMIN+6 RTMIN+7 RTMIN+8 RTMIN+9 RTMIN+10 RTMIN+11 RTMIN+12 RTMIN+13 RTMIN+14 RTMIN+15 RTMIN+16 RTMIN+17 RTMIN+18 RTMIN+19 RTMIN+20 RTMIN+21 RTMIN+22 RTMIN+23 RTMIN+24 RTMIN+25 RTMIN+26 RTMIN+27 RTMIN+28 RTMIN+29 RTMIN+30 RTMAX RTMAX-0 RTMAX-1 RTMAX-2 RTMAX-3 RTMAX-4 RTMAX-5 RTMAX-6 RTMAX-7 RTMAX-8 RTMAX-9 RTMAX-10 RTMAX-11 RTMAX-12 RTMAX-13 RTMAX-14 RTMAX-15 RTMAX-16 RTMAX-17 RTMAX-18 RTMAX-19 RTMAX-20 RTMAX-21 RTMAX-22 RTMAX-23 RTMAX-24 RTMAX-25 RTMAX-26 RTMAX-27 RTMAX-28 RTMAX-29 RTMAX-30
# END table

# No more than a hundred: more is typed to see others.
function __sigmund_list
    command sigmund list --porcelain --limit 100 $argv --columns id,name,state,age,tags,shown </dev/null 2>/dev/null
end

# Runs that begin with $argv[2], in the states that $argv[1] (live, finished, any) allows: names first, then ids, then
# the forms for several.
function __sigmund_targets
    set -l filter
    switch $argv[1]
        case live
            set filter --live
        case finished
            set filter --state=exited,failed,lost,stale
    end
    if string match -q ':*' -- $argv[2]
        # The ports that runs listen on.
        for line in (command sigmund list --live --porcelain --columns ports,id,name,shown </dev/null 2>/dev/null)
            set -l field (string split \t -- $line)
            string match -qr '^[0-9,]+$' -- $field[1]; or continue
            test "$field[3]" = -; and set field[3] $field[2]
            for port in (string split -n , -- $field[1])
                printf '%s\t%s\n' :$port "$field[3..]"
            end
        end
        return
    end
    set -l ids
    set -l tags
    set -l names
    set -l lines (__sigmund_list $filter --begins "$argv[2]")
    set -q lines[1]; or set lines (__sigmund_list $filter)
    # Of all at once, which is far quicker: only lines of our grammar, cut at the TABs.
    for line in (string match -r '^[0-9a-f]{6,10}\t[^\t]+\t[a-z]+\t[0-9]+\t[^\t]+\t.*$' -- $lines)
        set -l field (string split \t -- $line)
        set -l age $field[4]s
        if test $field[4] -ge 60
            if test $field[4] -lt 3600
                set age (math -s0 $field[4] / 60)m
            else if test $field[4] -lt 86400
                set age (math -s0 $field[4] / 3600)h
            else
                set age (math -s0 $field[4] / 86400)d
            end
        end
        set -l about "$field[3] $age $field[6..]"
        if test "$field[2]" != -; and string match -qr '^[A-Za-z_][A-Za-z0-9._-]*$' -- $field[2]; and not contains -- $field[2] $names
            set -a names $field[2]
            printf '%s\t%s\n' $field[2] $about
        end
        set -a ids $field[1]\t$about
        test "$field[5]" = -; and continue
        for tag in (string split -n , -- $field[5])
            string match -qr '^[A-Za-z0-9][A-Za-z0-9._-]*$' -- $tag; and not contains -- tag=$tag $tags
            and set -a tags tag=$tag
        end
    end
    test (count $ids) -gt 0; and printf '%s\n' $ids
    for tag in $tags
        printf '%s\t%s\n' $tag 'every run with that tag'
    end
    # fish would find letters in what is said of them, too.
    string match -qr '^(@|$)' -- "$argv[2]"; or return
    printf '%s\t%s\n' @ 'the newest run' @! 'the newest that failed' @here 'the runs of this project' \
        @shell 'the runs of this shell' @all 'every run'
end

# What the option $argv[1] takes; $argv[2] is the value so far, $argv[3] the verb.
function __sigmund_value
    if string match -q -- "option"\t"$argv[3]"\t"$argv[1]"\t"*"\t"*"\tSIG\t'*' $__sigmund_table
        __sigmund_signals "$argv[2]"
        return
    end
    switch $argv[1]
        case --cwd --watch-exclude
            __fish_complete_directories $argv[2]
        case --env
            printf '%s=\n' (set -nx)
        case --unset-env
            set -nx
        case --watch --env-file --stdin --stdout --stderr --output --log --pid-file
            __fish_complete_path $argv[2]
        case --color
            printf '%s\n' auto always never
        case --json
            echo 1
        case --porcelain
            echo v1
        case --restart
            printf '%s\n' no on-failure always on-exit=
        case --ready
            printf '%s\n' tcp: unix: file: log: http://localhost: cmd: notify
        case --until
            printf '%s\n' ready gone
        case --while
            printf '%s\n' pid: shell ttl:
        case --survive
            printf '%s\n' step job login
        case --sort
            printf '%s\n' newest oldest name state
        case --rlimit
            printf '%s\n' as= core= cpu= data= fsize= locks= memlock= msgqueue= nice= nofile= nproc= rss= rtprio= rttime= sigpending= stack=
        case --state
            __fish_append , starting running paused backoff watching stopping exited failed lost stale
        case --columns
            __fish_append , id name state result pid pgid sid started ended age exit tags shell cwd project log \
                restarts ready health guardian ports cmd shown
    end
end

# As typed in $argv[1], with or without SIG; the many real-time ones when they are meant.
function __sigmund_signals
    set -l names $__sigmund_signal_names
    string match -qir '^(SIG)?R' -- $argv[1]
    or set names (string match -rv '^RTM...?[+-]' -- $names)
    string match -qi 'SI*' -- $argv[1]; and set names SIG$names
    printf '%s\n' $names
end

# The option of the verb $argv[1] that takes the next word, if any of the letters $argv[2], written together, does.
function __sigmund_bundle
    set -l letters (string split '' -- $argv[2])
    for at in (seq (count $letters))
        string match -qr '^[A-Za-z]$' -- $letters[$at]; or return
        set -l field (string split \t -- (string match -- "option"\t"$argv[1]"\t"*"\t"-$letters[$at]"\t'*' $__sigmund_table))
        test "$field[5]" = required; or continue
        test $at -eq (count $letters); and echo $field[3]
        return
    end
end

# The wrapped command's own completion.
function __sigmund_delegate
    set -l cur (commandline -ct)
    set -l line (string join ' ' -- (string escape -- $argv))
    if test (count $argv) -eq 0
        test -n "$cur"; and complete "-C$cur"
        return
    end
    complete "-C$line $cur"
end

function __sigmund_complete
    set -l words (commandline -opc)
    set -l cur (commandline -ct)
    set -e words[1]
    set -l verb
    set -l name run # whose options these are: before any verb those of a start
    set -l takes command
    set -l open
    set -l at 0
    set -l extra help ls
    set -l index 0
    for word in $words
        set index (math $index + 1)
        if test -n "$open"
            set open
        else if test "$word" = --
            if test -z "$verb"; or test "$verb" = guard; or test "$takes" = command
                __sigmund_delegate $words[(math $index + 1)..]
                return
            end
        else if string match -q -- '--*=*' $word
            continue
        else if string match -q -- '-?*' $word
            string match -q -- '--*' $word
            or set open (__sigmund_bundle $name (string sub -s 2 -- $word))
            string match -q -- "option"\t"$name"\t"$word"\t"*"\trequired\t'*' $__sigmund_table
            and set open $word
        else if test -z "$verb"; and test $index -eq 1
            set -l found (string match -- "verb"\t"$word"\t'*' $__sigmund_table) \
                (string match -- "verb"\t'*'\t"$word"\t'*' $__sigmund_table)
            if test (count $found) -gt 0
                set -l field (string split \t -- $found[1])
                set verb $field[2]
                set name $field[2]
                set takes $field[4]
            else if contains -- $word $extra
                set verb $word
                set name $word
                test $word = ls; and set name list
                set takes any
            else
                __sigmund_delegate $words[$index..]
                return
            end
        else if test -z "$verb"; or test "$takes" = command
            __sigmund_delegate $words[$index..]
            return
        else
            set at (math $at + 1)
        end
    end

    if test -n "$open"
        __sigmund_value $open "$cur" $name
    else if string match -q -- '--*=*' $cur
        set -l option (string replace -r '=.*' '' -- $cur)
        for value in (__sigmund_value $option (string replace -r '^[^=]*=' '' -- $cur) $name)
            echo $option=$value
        end
    else if string match -q -- '-*' $cur
        for line in (string match -- "option"\t"$name"\t'*' $__sigmund_table)
            set -l field (string split \t -- $line)
            printf '%s\t%s\n' $field[3] $field[7]
            test $field[4] = -; or printf '%s\t%s\n' $field[4] $field[7]
        end
    else if test -z "$verb"
        if test (count $words) -eq 0
            for line in (string match -- "verb"\t'*' $__sigmund_table)
                set -l field (string split \t -- $line)
                printf '%s\t%s\n' $field[2] $field[5]
                test $field[3] = -; or printf '%s\t%s\n' $field[3] $field[5]
            end
            printf '%s\t%s\n' ls 'list runs' help 'show the help of a verb'
        end
        test -n "$cur"; and complete "-C$cur"
    else if test "$verb" = signal -a $at -eq 0
        __sigmund_signals "$cur"
    else if contains -- $verb shell-init completions prompt
        test $at -eq 0; and printf '%s\n' bash zsh fish
        test $at -eq 0; and test $verb = prompt; and echo starship
    else if test "$verb" = up
        for line in (command sigmund config </dev/null 2>/dev/null)
            string replace -rf '^run\.([A-Za-z_][A-Za-z0-9._-]*)\.command .*' '$1'\ttemplate -- $line
        end
    else if test "$verb" = help
        for line in (string match -- "verb"\t'*' $__sigmund_table)
            set -l field (string split \t -- $line)
            printf '%s\t%s\n' $field[2] $field[5]
        end
    else if test "$takes" = file
        __fish_complete_path $cur
    else if test "$takes" = command
        test -n "$cur"; and complete "-C$cur"
    else if contains -- $takes live finished any
        test $at -gt 0; and contains -- $verb rename tag
        or __sigmund_targets $takes $cur
    end
end

complete -c sigmund -f -k -a '(__sigmund_complete)'
