// SPDX-License-Identifier: Apache-2.0
// A folder for one test. It is removed with its content.
#pragma once
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

namespace sigmund::test {

class Scratch {
  public:
    Scratch() {
        std::string name = (std::filesystem::temp_directory_path() / "sigmund-unit.XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    const std::string& path() const { return path_; }
    std::string at(std::string_view name) const { return path_ + '/' + std::string(name); }
    // Makes a file, and the folders above it.
    void write(std::string_view name, std::string_view content, mode_t mode = 0600) const {
        std::filesystem::create_directories(std::filesystem::path(at(name)).parent_path());
        const int fd = ::open(at(name).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
        REQUIRE(fd >= 0);
        CHECK(::write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
        ::close(fd);
    }

  private:
    std::string path_;
};

}  // namespace sigmund::test
