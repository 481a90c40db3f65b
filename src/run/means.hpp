// SPDX-License-Identifier: Apache-2.0
// Looks at /proc that need a descriptor or memory: where none is to be had they are tried again for two
// seconds (the limit may be the whole machine's), then given up with an error. A look that missed a process
// for want of a descriptor would be taken for the end of that process.
#pragma once
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <vector>

#include "run/failure.hpp"
#include "sys/error.hpp"

namespace sigmund::run {

// Whether a file may be there although it could not be opened.
inline bool lacks_means(int error) {
    return error == EMFILE || error == ENFILE || error == ENOMEM;
}

// Returns what `ask` returns, once that is true, or is false for another reason than a lack of means (errno).
// Throws Failure when the means stay away.
template <typename Ask>
auto with_means(Ask ask) {
    for (int attempt = 0;; ++attempt) {
        errno = 0;
        auto answer = ask();
        if (answer) return answer;
        const int error = errno;
        if (!lacks_means(error)) return answer;
        if (attempt == 100)
            throw Failure(Exit::usage, "failed", "cannot look at processes: " + sys::describe_errno(error),
                          error == ENOMEM ? "" : "raise the limit of open files: see `ulimit -n`");
        ::usleep(20'000);
    }
}

// The same for a list: an empty one may be a failure.
template <typename Ask>
std::vector<pid_t> list_with_means(Ask ask) {
    return *with_means([&]() -> std::optional<std::vector<pid_t>> {
        auto all = ask();
        if (all.empty() && lacks_means(errno)) return std::nullopt;
        return all;
    });
}

}  // namespace sigmund::run
