// SPDX-License-Identifier: Apache-2.0
// Each fuzz target has a file: SIGMUND_FUZZ_TARGET(name) { ... input ... }. With libFuzzer it is the entry of
// the program. In the unit tests (SIGMUND_FUZZ_REPLAY) it is a function fuzz_NAME, which gets the corpus
// again.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string_view>

// Checks a condition in every build.
#define must(condition)                                                                     \
    do {                                                                                    \
        if (condition) break;                                                               \
        std::fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
        __builtin_trap();                                                                   \
    } while (false)

#ifdef SIGMUND_FUZZ_REPLAY
#define SIGMUND_FUZZ_ENTRY(name) int fuzz_##name(const std::uint8_t* data, std::size_t size)
#else
#define SIGMUND_FUZZ_ENTRY(name) \
    extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
#endif

#define SIGMUND_FUZZ_TARGET(name)                                                 \
    static void try_##name(std::string_view input);                               \
    SIGMUND_FUZZ_ENTRY(name);                                                     \
    SIGMUND_FUZZ_ENTRY(name) {                                                    \
        try_##name({size == 0 ? "" : reinterpret_cast<const char*>(data), size}); \
        return 0;                                                                 \
    }                                                                             \
    static void try_##name(std::string_view input)
