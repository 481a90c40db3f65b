// SPDX-License-Identifier: Apache-2.0
// How a log that the guardian writes is rotated.
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "guard/log_pump.hpp"
#include "run/id.hpp"
#include "sys/clock.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"
#include "sys/own_file.hpp"

namespace sigmund::guard {

// The new file is created under a temporary name and then renamed, so that no existing file is opened or
// waited for. A name that exists (left by a killed guardian, or created by another process) is not used.
void LogPump::rotate() {
    // Also on failure, which is tried again after as much output.
    const std::int64_t full = std::exchange(size_, 0);
    const int folder = place_.folder;
    const std::string& name = place_.name;
    std::string aside = name + ".new";
    sys::Fd fresh = sys::create_own(folder, aside.c_str(), O_WRONLY | O_APPEND);
    for (int attempt = 0; !fresh && errno == EEXIST && attempt < 8; ++attempt) {
        aside = name + ".new." + run::random_hex(4);
        fresh = sys::create_own(folder, aside.c_str(), O_WRONLY | O_APPEND);
    }
    const std::string why = fresh ? make_room(aside) : sys::describe_errno(errno);
    if (!why.empty()) {
        if (fresh) ::unlinkat(folder, aside.c_str(), 0);
        // The log then keeps growing, so that no line is lost, and a line in it tells the reason to its
        // readers.
        const std::string line = "sigmund: " + sys::rfc3339(sys::realtime_ms()) + " this log of " +
                                 std::to_string(full) + " bytes cannot be rotated: " + why + '\n';
        sys::write_all(log_.get(), line);
        return;
    }
    log_ = std::move(fresh);
    times_.rotated();
}

std::string LogPump::make_room(const std::string& fresh) {
    const int folder = place_.folder, keep = place_.keep;
    const std::string& name = place_.name;
    const auto numbered = [&](int n) { return name + '.' + std::to_string(n); };
    const auto failed = [&](const std::string& file) { return file + ": " + sys::describe_errno(errno); };
    if (keep == 0) return ::renameat(folder, fresh.c_str(), folder, name.c_str()) == 0 ? "" : failed(name);
    // A folder cannot be replaced by a file, and another user's file cannot always be. In these cases nothing
    // is moved.
    for (int n = keep; n >= 1; --n) {
        struct stat st {};
        if (::fstatat(folder, numbered(n).c_str(), &st, AT_SYMLINK_NOFOLLOW) != 0) continue;
        if (S_ISDIR(st.st_mode))
            errno = EISDIR;
        else if (st.st_uid != ::geteuid())
            errno = EPERM;
        else
            continue;
        return failed(numbered(n));
    }
    for (int n = keep; n >= 2; --n)
        if (::renameat(folder, numbered(n - 1).c_str(), folder, numbered(n).c_str()) != 0 && errno != ENOENT)
            return failed(numbered(n));
    // At every moment the log has a name, and its usual name has a log. Where hard links are not supported,
    // the two are exchanged (Linux 3.15).
    if (::linkat(folder, name.c_str(), folder, numbered(1).c_str(), 0) == 0)
        return ::renameat(folder, fresh.c_str(), folder, name.c_str()) == 0 ? "" : failed(name);
    if (::renameat2(folder, fresh.c_str(), folder, name.c_str(), RENAME_EXCHANGE) == 0) {
        if (::renameat(folder, fresh.c_str(), folder, numbered(1).c_str()) == 0) return "";
        std::string why = failed(numbered(1));
        ::renameat2(folder, fresh.c_str(), folder, name.c_str(), RENAME_EXCHANGE);
        return why;
    }
    if (::renameat(folder, name.c_str(), folder, numbered(1).c_str()) != 0 && errno != ENOENT)
        return failed(numbered(1));
    return ::renameat(folder, fresh.c_str(), folder, name.c_str()) == 0 ? "" : failed(name);
}

}  // namespace sigmund::guard
