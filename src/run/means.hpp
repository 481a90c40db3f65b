// SPDX-License-Identifier: Apache-2.0
// Searches of /proc need descriptors and memory. While they are lacking, a search is tried again for two
// seconds (the limit may be that of the whole machine). Then it fails with an error, since a process that it
// missed would be taken for ended.
#pragma once
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <vector>

#include "run/failure.hpp"
#include "sys/error.hpp"

namespace sigmund::run {

// Returns whether a file may exist although it could not be opened.
inline bool lacks_means(int error) {
    return error == EMFILE || error == ENFILE || error == ENOMEM;
}

// Returns what `ask` returns, once that is true, or false for another reason than a lack of descriptors or
// memory (errno). Throws Failure when they are still lacking after two seconds.
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

// Does the same for a list. An empty list may be a failure.
template <typename Ask>
std::vector<pid_t> list_with_means(Ask ask) {
    return *with_means([&]() -> std::optional<std::vector<pid_t>> {
        auto all = ask();
        if (all.empty() && lacks_means(errno)) return std::nullopt;
        return all;
    });
}

}  // namespace sigmund::run
