# SPDX-License-Identifier: Apache-2.0
"""Measures what the shell kit costs: at the start of a shell, at each prompt, and at a TAB."""
import os
import pty
import select
import shutil
import signal
import statistics

import records
from lib import Row
from proc import Late, until
from turns import NOT_INSTALLED, Variant, in_turns, take

# An interactive shell with no configuration at all.
BARE = {"bash": ["bash", "--norc", "--noprofile", "-i"], "zsh": ["zsh", "-f", "-i"], "fish": ["fish", "--no-config", "-i"]}
INIT = {"bash": 'eval "$(sigmund shell-init bash)"', "zsh": 'eval "$(sigmund shell-init zsh)"',
        "fish": "sigmund shell-init fish | source"}
# What runs at a prompt. bash parses and runs a text at each prompt, and so does `eval` here.
HOOK = {"bash": (INIT["bash"] + '; hook_text() { eval "${PROMPT_COMMAND[1]}"; }', "hook_text"),
        "zsh": (INIT["zsh"], "__sigmund_prompt"), "fish": (INIT["fish"], "__sigmund_prompt")}
DIRENV = {"bash": 'eval "$(direnv hook bash)"', "zsh": 'eval "$(direnv hook zsh)"', "fish": "direnv hook fish | source"}

# Each prints the nanoseconds of one call of $1, five times. It measures LOOPS calls at once, and subtracts the time of
# as many calls of a command that does nothing, which is the cost of the loop.
LOOP = {
    "bash": """turns() { local i t=${EPOCHREALTIME/[.,]/}; for ((i = 0; i < LOOPS; i++)); do "$1"; done
    took=$((${EPOCHREALTIME/[.,]/} - t)); }
    measure() { local r bare; for r in 1 2 3 4 5; do turns :; bare=$took; turns "$1"
    echo "$(((took - bare) * 1000 / LOOPS))"; done; }""",
    "zsh": """zmodload zsh/datetime; turns() { local i; local -F t=$EPOCHREALTIME
    for ((i = 0; i < LOOPS; i++)); do "$1"; done; took=$((EPOCHREALTIME - t)); }
    measure() { local r; local -F bare; for r in 1 2 3 4 5; do turns :; bare=$took; turns "$1"
    printf '%d\\n' $(((took - bare) * 1e9 / LOOPS)); done; }""",
    "fish": """function turns; set -l t (date +%s%N); for i in (seq LOOPS); $argv[1]; end
    set -g took (math (date +%s%N) - $t); end
    function measure; for r in 1 2 3 4 5
    turns true; set -l bare $took; turns $argv[1]; math -s0 "($took - $bare) / LOOPS"; end; end""",
}
DIRENV_HOOK = {"bash": "_direnv_hook", "zsh": "_direnv_hook", "fish": "__direnv_export_eval"}


def shells(bench):
    return [shell for shell in BARE if shutil.which(shell, path=bench.env["PATH"])]


def init_rows(bench):
    """The time that a text adds to a shell's start is its difference to a bare shell in the same round."""
    for shell in shells(bench):
        env = bench.store()
        texts = {"bare": "", "sigmund": INIT[shell], "its hook file, sourced": f". $SIGMUND_SOURCE/shell/{shell}/hook.{shell}",
                 "direnv hook": DIRENV[shell]}
        variants = {name: Variant([*BARE[shell], "-c", text + "; exit" if text else "exit"], env)
                    for name, text in texts.items()}
        if not shutil.which("direnv", path=env["PATH"]):
            variants["direnv hook"] = NOT_INSTALLED
        found = in_turns(bench, variants, 10 if bench.quick else 40, pause=1)
        bare = take(found, "bare")
        added = {name: took if isinstance(took, str) else [a - b for a, b in zip(took, bare)]
                 for name, took in found.items()}
        bench.drop(env)
        yield Row("shell-init", f"{shell}: added to its start", "ms", take(added, "sigmund"), added, 2.5, paired=False,
                  against="direnv hook" if shell == "bash" else None,
                  note=f"the bare shell: {statistics.median(bare):.1f} ms")


def hook_times(bench, env, shell, init, function, runs, loops):
    """Returns five samples of the microseconds that one call takes."""
    start = "; ".join(["sigmund -q sleep 1000"] * runs + ["true"])
    # The shell ends by SIGKILL, since its exit hook would ask what to do with the runs.
    me = "$fish_pid" if shell == "fish" else "$$"
    text = f"""{init}
{start}
{LOOP[shell].replace('LOOPS', str(loops))}
{function}
measure {function}
kill -KILL {me}"""
    out = os.path.join(bench.memory, "hook.out")
    bench.settle()
    bench.timed([*BARE[shell], "-c", text], env, out, ok=(-9,))
    with open(out, encoding="utf-8") as file:
        return [int(line) / 1e3 for line in file.read().split() if line.isdigit()][-5:]


def forks_of_hook(bench, shell, env):
    """Returns how many processes 100 prompts start, as counted by strace; None when strace cannot be used."""
    if not shutil.which("strace", path=bench.env["PATH"]):
        return None
    counts = []
    for calls in (1, 101):
        init, function = HOOK[shell]
        loop = f"for i in (seq {calls}); {function}; end" if shell == "fish" else \
            f"i=0; while ((i < {calls})); do {function}; i=$((i + 1)); done"
        out = os.path.join(bench.memory, "strace.out")
        trace = ["timeout", "-k", "5", "30", "strace", "-f", "-qq", "-e", "trace=fork,vfork,clone,clone3", "-e", "signal=none"]
        try:
            bench.timed([*trace, "-o", out, *BARE[shell], "-c", init + "\n" + loop + "\nexit"], env, ok=range(256))
        except Late:
            return None
        with open(out, encoding="utf-8", errors="replace") as file:
            # New threads do not count as forks.
            counts.append(sum(1 for line in file if "= " in line and "CLONE_THREAD" not in line))
    return counts[1] - counts[0]


def hook_rows(bench):
    loops = 200 if bench.quick else 1000
    for shell in shells(bench):
        theirs = "not installed"
        if shutil.which("direnv", path=bench.env["PATH"]):
            theirs = hook_times(bench, bench.env, shell, DIRENV[shell], DIRENV_HOOK[shell], 0, 20)
        for runs, budget in ((0, 10), (20, 100)):
            env = bench.store()
            own = hook_times(bench, env, shell, *HOOK[shell], runs, loops)
            forks = forks_of_hook(bench, shell, env) if runs == 0 else None
            bench.drop(env)
            yield Row("hook", f"{shell}: prompt hook, {runs} runs", "µs", own, {"direnv's hook": theirs}, budget,
                      against="direnv's hook" if runs and shell == "bash" else None, paired=False,
                      note="" if forks is None else f"{forks} forks in 100 prompts")


# --- TAB ----------------------------------------------------------------------------------------------------

TAB_BASH = """[[ ! -r /usr/share/bash-completion/bash_completion ]] || . /usr/share/bash-completion/bash_completion
. "$SIGMUND_SOURCE/shell/bash/sigmund.bash"
compopt() { :; }
COMP_TYPE=9 COMP_LINE='@LINE@' COMP_POINT=${#COMP_LINE} COMP_CWORD=2
for r in {0..ROUNDS}; do
    COMP_WORDS=(@LINE@); [[ $COMP_LINE != *' ' ]] || COMP_WORDS+=('')
    t=${EPOCHREALTIME/[.,]/}; COMPREPLY=(); _sigmund; echo "$((${EPOCHREALTIME/[.,]/} - t)) ${#COMPREPLY[@]}"
done"""
TAB_FISH = """source $SIGMUND_SOURCE/shell/fish/sigmund.fish
for r in (seq 0 ROUNDS)
    set -l t (date +%s%N); set -l found (complete -C '@LINE@'); set -l u (date +%s%N)
    echo (math -s0 "($u - $t) / 1000") (count $found)
end"""
TAB_ZSH = """fpath=($SIGMUND_SOURCE/shell/zsh $fpath); autoload -Uz compinit; compinit -u -D; zmodload zsh/datetime
bench_tab() { local -F t=$EPOCHREALTIME; _main_complete; printf '%d %d\\n' $(((EPOCHREALTIME - t) * 1e6)) $compstate[nmatches] >>$RESULT; compstate[list]=; }
zle -C bench_tab list-choices bench_tab; bindkey '^X' bench_tab; PS1='READ''Y> '
"""


def tab_in_shell(bench, env, shell, line, rounds):
    text = (TAB_BASH if shell == "bash" else TAB_FISH).replace("@LINE@", line)
    out = os.path.join(bench.memory, "tab.out")
    program = ["bash", "--norc", "--noprofile"] if shell == "bash" else ["fish", "--no-config"]
    bench.timed([*program, "-c", text.replace("ROUNDS", str(rounds))], env, out)
    return out


def tab_in_zsh(bench, env, line, rounds):
    """Uses a real zsh on a terminal, since its completion runs nowhere else."""
    out = os.path.join(bench.memory, "tab.out")
    with open(out, "wb"):
        pass
    pid, tty = pty.fork()
    if pid == 0:
        os.execvpe("zsh", ["zsh", "-f", "-i"], dict(env, RESULT=out))
    bench.kept.add(pid)

    def lines(wanted):
        if select.select([tty], [], [], 0.002)[0]:
            os.read(tty, 65536)
        with open(out, encoding="ascii") as file:
            return file.read().count("\n") >= wanted

    try:
        for command in TAB_ZSH.splitlines():
            os.write(tty, command.encode() + b"\n")
        for number in range(rounds + 1):
            os.write(tty, b"\x15" + line.encode() + b"\x18")
            until(15, lambda number=number: lines(number + 1))
    finally:
        os.kill(pid, signal.SIGKILL)
        bench.wait(pid)
        os.close(tty)
    return out


def tab_samples(bench, env, shell, line, rounds, least):
    """Returns the milliseconds of each TAB after the line, and the number of candidates.

    The first TAB is not counted, since it also loads the completion.
    """
    bench.settle()
    out = tab_in_zsh(bench, env, line, rounds) if shell == "zsh" else tab_in_shell(bench, env, shell, line, rounds)
    with open(out, encoding="utf-8") as file:
        found = [[int(word) for word in each.split()] for each in file if each.strip()]
    if not found or min(each[1] for each in found) < least:
        raise RuntimeError(f"{shell} offers too few candidates after {line!r}: {found}")
    return [each[0] / 1e3 for each in found[1:]], found[-1][1]


def tab_row(bench, env, shell, verb, what, rounds, least, budget=None, name="tab"):
    """Measures TAB after `sigmund VERB `, beside the program alone, without a shell."""
    word = "--" if verb == "run" else ""
    own, count = tab_samples(bench, env, shell, f"sigmund {verb} {word}", rounds, least)
    asked = [bench.sigmund, "completions", "--porcelain", "--word", "2", "--", "sigmund", verb, *([word] if word else [])]
    return Row(name, f"{shell}: {what}", "ms", own, in_turns(bench, {"the program alone": Variant(asked, env)}, rounds),
               budget, paired=False, note=f"{count:,} candidates")


def tab_rows(bench):
    rounds = 5 if bench.quick else 20
    env = bench.store()
    for shell in shells(bench):
        yield tab_row(bench, env, shell, "run", "TAB on options", rounds, 50, 6.0)
    bench.drop(env)
    for count in (10, 1000, 10000):
        env = bench.store()
        records.fill(bench, env, count)
        for shell in shells(bench):
            yield tab_row(bench, env, shell, "show", f"TAB on run ids, {count:,} records", rounds, min(count, 100),
                          10.0 if count == 1000 else None)
        records.empty(bench, env)
