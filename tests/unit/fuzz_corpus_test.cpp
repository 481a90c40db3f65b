// SPDX-License-Identifier: Apache-2.0
// Gives every file of tests/fuzz/corpus to its fuzz target again, whole and in shorter and shorter parts.
#include <dirent.h>
#include <doctest/doctest.h>
#include <fcntl.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "sys/fd.hpp"
#include "sys/file.hpp"

using FuzzTarget = int(const std::uint8_t* data, std::size_t size);
FuzzTarget fuzz_record, fuzz_escape, fuzz_config, fuzz_signal, fuzz_target, fuzz_quantity, fuzz_request,
    fuzz_proc_stat, fuzz_notice, fuzz_log_time, fuzz_command, fuzz_env_file, fuzz_plain, fuzz_ignore,
    fuzz_socket_table, fuzz_sanitizer, fuzz_complete, fuzz_answer, fuzz_placeholders, fuzz_stated, fuzz_port,
    fuzz_import, fuzz_terminal_modes, fuzz_detach_keys, fuzz_replay, fuzz_time_index, fuzz_git_file,
    fuzz_waiting_list;

namespace {

constexpr struct {
    const char* name;
    FuzzTarget* run;
} targets[] = {
    {"record", fuzz_record},
    {"escape", fuzz_escape},
    {"config", fuzz_config},
    {"signal", fuzz_signal},
    {"target", fuzz_target},
    {"quantity", fuzz_quantity},
    {"request", fuzz_request},
    {"answer", fuzz_answer},
    {"proc_stat", fuzz_proc_stat},
    {"notice", fuzz_notice},
    {"log_time", fuzz_log_time},
    {"command", fuzz_command},
    {"env_file", fuzz_env_file},
    {"plain", fuzz_plain},
    {"terminal_modes", fuzz_terminal_modes},
    {"ignore", fuzz_ignore},
    {"socket_table", fuzz_socket_table},
    {"sanitizer", fuzz_sanitizer},
    {"complete", fuzz_complete},
    {"placeholders", fuzz_placeholders},
    {"stated", fuzz_stated},
    {"port", fuzz_port},
    {"import", fuzz_import},
    {"detach_keys", fuzz_detach_keys},
    {"replay", fuzz_replay},
    {"time_index", fuzz_time_index},
    {"git_file", fuzz_git_file},
    {"waiting_list", fuzz_waiting_list},
};

std::vector<std::string> corpus_of(const std::string& folder) {
    std::vector<std::string> out;
    DIR* dir = ::opendir(folder.c_str());
    REQUIRE_MESSAGE(dir, folder);
    while (const dirent* entry = ::readdir(dir)) {
        if (entry->d_name[0] == '.') continue;
        const std::string path = folder + '/' + entry->d_name;
        const sigmund::sys::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        std::string content;
        REQUIRE_MESSAGE(fd, path);
        REQUIRE(sigmund::sys::read_all(fd.get(), content, 1024 * 1024) == 0);
        out.push_back(std::move(content));
    }
    ::closedir(dir);
    return out;
}

}  // namespace

TEST_CASE("every fuzz target gets its corpus again in the unit tests") {
    for (const auto& each : std::filesystem::directory_iterator(SIGMUND_SOURCE_DIR "/tests/fuzz/corpus"))
        CHECK_MESSAGE(std::any_of(std::begin(targets), std::end(targets),
                                  [&](const auto& target) { return each.path().filename() == target.name; }),
                      each.path());
}

TEST_CASE("the fuzz targets accept their corpora, and the inputs that once failed") {
    for (const auto& target : targets) {
        const auto inputs = corpus_of(std::string(SIGMUND_SOURCE_DIR "/tests/fuzz/corpus/") + target.name);
        CHECK_MESSAGE(!inputs.empty(), target.name);
        for (const std::string& input : inputs) {
            // The buffer has exactly this size, so that a sanitizer notices a read beyond it.
            for (std::size_t size = input.size();; size -= size < 64 ? 1 : size / 16) {
                const std::vector<std::uint8_t> part(input.begin(),
                                                     input.begin() + static_cast<std::ptrdiff_t>(size));
                CHECK(target.run(part.data(), part.size()) == 0);
                if (size == 0) break;
            }
        }
    }
}
