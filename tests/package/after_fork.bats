#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The code between fork and exec only calls functions that signal-safety(7) lists. This is read from the object code,
# so that an unnoticed container or string is found.
for library in bats-support bats-assert; do load "/usr/lib/bats/$library/load"; done

# calls OBJECT: prints "caller<TAB>callee" for every call of and reference to a function, demangled.
calls() {
    objdump -dr --no-show-raw-insn -C "$1" | awk '
        /^[0-9a-f]+ <.*>:$/ { caller = $0; sub(/^[0-9a-f]+ </, "", caller); sub(/>:$/, "", caller) }
        /R_X86_64_(PLT32|PC32|GOTPCREL|GOTPCRELX|REX_GOTPCRELX)|R_AARCH64_(CALL26|JUMP26)/ {
            callee = $0
            sub(/.*R_[A-Z0-9]+_[A-Z0-9_]+[ \t]+/, "", callee)
            sub(/[-+]0x[0-9a-f]+$/, "", callee)
            print caller "\t" callee
        }' | sort -u
}

@test "Between fork and exec nothing is allocated, locked or thrown" {
    build=$(dirname "$(realpath "${SIGMUND_BIN:?}")")
    objects=$build/CMakeFiles/sigmund_lib.dir/src/sys
    calls "$objects/spawn.cpp.o" >"$BATS_TEST_TMPDIR/calls"
    calls "$objects/signals.cpp.o" >>"$BATS_TEST_TMPDIR/calls"
    safe=" access open open64 write __errno_location __stack_chk_fail _exit close dup2 execve fchdir getrlimit prlimit64 read recv
        sched_yield send setpriority setrlimit setsid sigaction signal sigprocmask syscall umask getpid getrlimit64 setrlimit64 memcmp memcpy memset strcmp strlen "
    todo=("sigmund::sys::SpawnPlan::become(int) const" "sigmund::sys::SpawnPlan::become_or_fail(int) const")
    declare -A seen
    while ((${#todo[@]} > 0)); do
        caller=${todo[0]}
        todo=("${todo[@]:1}")
        [[ -z ${seen[$caller]:-} ]] || continue
        seen[$caller]=1
        while IFS=$'\t' read -r _ callee; do
            case $callee in
                sigmund::sys::* | '(anonymous namespace)'*) todo+=("$callee") ;;
                .text.*close_between*) todo+=("sigmund::sys::(anonymous namespace)::close_between(unsigned int, unsigned int)") ;;
                .rodata* | .LC* | .bss* | .data* | .text.*) ;;
                *) [[ ${safe//$'\n'/ } == *" $callee "* ]] || fail "$caller calls $callee" ;;
            esac
        done < <(awk -F'\t' -v caller="$caller" '$1 == caller' "$BATS_TEST_TMPDIR/calls")
    done
    # The check has found these functions at all.
    [[ -n ${seen["sigmund::sys::close_descriptors(int const*, unsigned long, int)"]:-} ]]
    [[ -n ${seen["sigmund::sys::apply_signal_setup(sigmund::sys::SignalSetup const&)"]:-} ]]
    ((${#seen[@]} >= 6))
}
