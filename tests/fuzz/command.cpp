// SPDX-License-Identifier: Apache-2.0
// The commands that supervise reads, in both formats. The first byte says how the input is cut.
#include <sys/socket.h>

#include <vector>

#include "fuzz.hpp"
#include "kin/supervise_commands.hpp"
#include "sys/fd.hpp"

using namespace sigmund;
using kin::CommandReader;

namespace {

// Returns pairs of pid and signal, then the outcome.
std::vector<int> read_all(std::string_view bytes, std::size_t piece, CommandReader::Format format) {
    int ends[2];
    must(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    const sys::Fd ours(ends[0]);
    sys::Fd theirs(ends[1]);
    CommandReader reader(kin::Stream(ours.get()), format);
    std::vector<int> out;
    auto result = CommandReader::Result::more;
    const auto take = [&](pid_t pid, int signal) {
        out.push_back(pid);
        out.push_back(signal);
    };
    for (std::size_t at = 0; at < bytes.size() && result == CommandReader::Result::more; at += piece) {
        const std::string_view part = bytes.substr(at, piece);
        must(::send(theirs.get(), part.data(), part.size(), MSG_NOSIGNAL) ==
             static_cast<ssize_t>(part.size()));
        result = reader.read(take);
    }
    theirs.reset();
    while (result == CommandReader::Result::more) result = reader.read(take);
    must((result == CommandReader::Result::broken) == !reader.problem().empty());
    out.push_back(static_cast<int>(result));
    return out;
}

}  // namespace

SIGMUND_FUZZ_TARGET(command) {
    if (input.empty()) return;
    const std::size_t piece = static_cast<unsigned char>(input[0]) % 64 + 1;
    const std::string_view bytes = input.substr(1, 4096);
    // The lines mean the same however they are cut.
    const auto whole = read_all(bytes, 4096, CommandReader::Format::json_lines);
    const auto pieces = read_all(bytes, piece, CommandReader::Format::json_lines);
    must(whole.back() != static_cast<int>(CommandReader::Result::ended) || whole == pieces);
    read_all(bytes, piece, CommandReader::Format::binary);
}
