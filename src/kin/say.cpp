// SPDX-License-Identifier: Apache-2.0
#include "kin/say.hpp"

#include <unistd.h>

#include <cerrno>

#include "text/escape.hpp"

namespace sigmund::kin {
namespace {

int write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t done = write(fd, text.data(), text.size());
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return done < 0 ? errno : EIO;
        text.remove_prefix(static_cast<std::size_t>(done));
    }
    return 0;
}

}  // namespace

void say(const char* tool, std::string_view text) {
    const std::string line = std::string(tool) + ": " + text::escape_for_display(text);
    write_all(STDERR_FILENO, line + '\n');  // a failure here cannot be reported to anybody
}

int answer(std::string_view text) {
    return write_all(STDOUT_FILENO, text);
}

}  // namespace sigmund::kin
