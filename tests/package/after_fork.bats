#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The code between fork and exec only calls functions that signal-safety(7) lists. This is read from the object code,
# so that an unnoticed container or string is found.
for library in bats-support bats-assert; do load "/usr/lib/bats/$library/load"; done

# calls OBJECT...: prints "caller<TAB>callee" for every call of and reference to a function, demangled, and
# "function<TAB>" for every function. A local function may be referred to by its section.
calls() {
    objdump -dr --no-show-raw-insn "$@" | awk '
        /^[0-9a-f]+ <.*>:$/ {
            caller = $0; sub(/^[0-9a-f]+ </, "", caller); sub(/>:$/, "", caller)
            print caller "\t"
        }
        /R_X86_64_(PLT32|PC32|GOTPCREL|GOTPCRELX|REX_GOTPCRELX)|R_AARCH64_(CALL26|JUMP26)/ {
            callee = $0
            sub(/.*R_[A-Z0-9]+_[A-Z0-9_]+[ \t]+/, "", callee)
            sub(/[-+]0x[0-9a-f]+$/, "", callee)
            sub(/^\.text\._Z/, "_Z", callee)
            print caller "\t" callee
        }' | c++filt | sort -u
}

@test "Between fork and exec nothing is allocated, locked or thrown, by leaders that share memory neither" {
    build=$(dirname "$(realpath "${SIGMUND_BIN:?}")")
    objects=$build/CMakeFiles/sigmund_lib.dir/src
    calls "$objects"/sys/*.o "$objects/run/leader_draft.cpp.o" "$objects/guard/shared_start.cpp.o" >"$BATS_TEST_TMPDIR/calls"
    safe=" access open open64 openat openat64 write __errno_location __stack_chk_fail _exit close dup2 execve fchdir fstat
        fstat64 fstatfs fstatfs64 fsync getrlimit prlimit64 read recv renameat sched_setaffinity sched_yield send setpriority
        setrlimit setsid sigaction signal sigprocmask syscall umask unlinkat getpid getrlimit64 setrlimit64 memcmp memcpy
        memset strcmp strlen ioctl " # ioctl(2) is a bare system call in glibc, too
    todo=("sigmund::sys::SpawnPlan::become(int) const" "sigmund::sys::SpawnPlan::become_or_fail(int) const"
        "sigmund::guard::(anonymous namespace)::leader_body(void*)" "sigmund::sys::own_birth()"
        "sigmund::run::LeaderDraft::write(sigmund::sys::Birth const&, sigmund::sys::Durable) const")
    declare -A seen
    while ((${#todo[@]} > 0)); do
        caller=${todo[0]}
        todo=("${todo[@]:1}")
        [[ -z ${seen[$caller]:-} ]] || continue
        seen[$caller]=1
        found=
        while IFS=$'\t' read -r _ callee; do
            found=1
            case $callee in
                '') ;;
                # The guardian has called it before (the next test), so that the value is only read.
                'sigmund::sys::time_namespace_ticks()') ;;
                sigmund::* | '(anonymous namespace)'*) todo+=("$callee") ;;
                .rodata* | .LC* | .bss* | .data* | .text.*) ;;
                *) [[ ${safe//$'\n'/ } == *" $callee "* ]] || fail "$caller calls $callee" ;;
            esac
        done < <(awk -F'\t' -v caller="$caller" '$1 == caller' "$BATS_TEST_TMPDIR/calls")
        [[ -n $found ]] || fail "this test does not read the object that has $caller"
    done
    # The check has found these functions at all.
    [[ -n ${seen["sigmund::sys::close_descriptors(int const*, unsigned long, int)"]:-} ]]
    [[ -n ${seen["sigmund::sys::apply_signal_setup(sigmund::sys::SignalSetup const&)"]:-} ]]
    [[ -n ${seen["sigmund::sys::create_own(int, char const*, int, unsigned int)"]:-} ]]
    ((${#seen[@]} >= 14))
}

@test "What a leader in shared memory reads of its time namespace was found out before" {
    build=$(dirname "$(realpath "${SIGMUND_BIN:?}")")
    run awk '/^[0-9a-f]+ <.*start_in_shared_memory.*>:$/ { inside = 1 } /^$/ { inside = 0 }
        inside && /R_.*time_namespace_ticks/ { print "asked" }' \
        <(objdump -dr --no-show-raw-insn -C "$build/CMakeFiles/sigmund_lib.dir/src/guard/starter.cpp.o")
    assert_output asked
}
