// SPDX-License-Identifier: Apache-2.0
// System calls that touch nothing of the C library, not even errno. They are for a process whose memory, and
// so whose errno, another process uses at the same time. On other processors has_raw_calls is false, and
// nothing is shared.
#pragma once

namespace sigmund::sys {

#if defined(__x86_64__) && !defined(__ILP32__)
inline constexpr bool has_raw_calls = true;
// Returns what the kernel returns: -errno on failure.
inline long raw_call(long number, long a = 0, long b = 0, long c = 0, long d = 0) noexcept {
    long result;
    register long fourth asm("r10") = d;
    asm volatile("syscall"
                 : "=a"(result)
                 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth)
                 : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
inline constexpr bool has_raw_calls = true;
inline long raw_call(long number, long a = 0, long b = 0, long c = 0, long d = 0) noexcept {
    register long x8 asm("x8") = number;
    register long x0 asm("x0") = a;
    register long x1 asm("x1") = b;
    register long x2 asm("x2") = c;
    register long x3 asm("x3") = d;
    asm volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
    return x0;
}
#elif defined(__riscv) && __riscv_xlen == 64
inline constexpr bool has_raw_calls = true;
inline long raw_call(long number, long a = 0, long b = 0, long c = 0, long d = 0) noexcept {
    register long a7 asm("a7") = number;
    register long a0 asm("a0") = a;
    register long a1 asm("a1") = b;
    register long a2 asm("a2") = c;
    register long a3 asm("a3") = d;
    asm volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2), "r"(a3) : "memory");
    return a0;
}
#else
inline constexpr bool has_raw_calls = false;
inline long raw_call(long, long = 0, long = 0, long = 0, long = 0) noexcept {
    return -38;  // ENOSYS
}
#endif

}  // namespace sigmund::sys
