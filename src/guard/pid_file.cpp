// SPDX-License-Identifier: Apache-2.0
#include "guard/pid_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "sys/file.hpp"
#include "sys/own_file.hpp"

namespace sigmund::guard {

int PidFile::write(pid_t pid, const std::string& id) const {
    if (path_.empty()) return 0;
    const std::string aside = path_ + '.' + id;
    return sys::replace_file(AT_FDCWD, path_.c_str(), aside.c_str(), std::to_string(pid) + '\n',
                             sys::Durable::no, 0644);
}

void PidFile::remove(pid_t pid) const {
    if (path_.empty()) return;
    const sys::Fd fd = sys::open_own(AT_FDCWD, path_.c_str(), O_RDONLY);
    std::string content;
    if (fd && sys::read_all(fd.get(), content, 64) == 0 && content == std::to_string(pid) + '\n')
        ::unlink(path_.c_str());
}

}  // namespace sigmund::guard
