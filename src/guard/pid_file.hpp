// SPDX-License-Identifier: Apache-2.0
// --pid-file: a file outside the store that names the leader.
#pragma once
#include <sys/types.h>

#include <string>
#include <utility>

namespace sigmund::guard {

class PidFile {
  public:
    // Without a path there is no file, and the calls do nothing.
    explicit PidFile(std::string path = {}) : path_(std::move(path)) {}
    const std::string& path() const { return path_; }
    // Writes the file as a whole or not at all. `id` makes the name of the temporary file unique. Returns 0
    // or errno.
    int write(pid_t pid, const std::string& id) const;
    // Removes the file if it still names `pid`, since another run may have taken it over.
    void remove(pid_t pid) const;

  private:
    std::string path_;
};

}  // namespace sigmund::guard
