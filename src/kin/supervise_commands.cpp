// SPDX-License-Identifier: Apache-2.0
#include "kin/supervise_commands.hpp"

#include <cerrno>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "sigmund/supervise_protocol.h"
#include "sys/error.hpp"
#include "sys/signals.hpp"

namespace sigmund::kin {
namespace {

// This is more than the longest packet that a local socket sends by default (net.core.wmem_max is 208 KiB),
// so that no command of a long packet is cut off. Pages that are never touched cost nothing.
char buffer[256 * 1024];

constexpr std::size_t longest_line = 64 * 1024;

std::optional<int> number(const nlohmann::json& value) {
    if (!value.is_number_integer()) return {};
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::numeric_limits<int>::max()) return 0;
    const auto wide = value.get<std::int64_t>();
    return wide < 0 ? 0 : static_cast<int>(wide);  // 0: no child has this pid
}

}  // namespace

CommandReader::Result CommandReader::broken(std::string problem) {
    problem_ = std::move(problem);
    return Result::broken;
}

CommandReader::Result CommandReader::too_long() {
    return broken("a command line is longer than 64 KiB");
}

CommandReader::Result CommandReader::read(const Take& take) {
    const ssize_t got = in_.read(buffer, sizeof buffer);
    if (got < 0) {
        if (errno == EAGAIN || errno == EINTR) return Result::more;
        if (errno == ECONNRESET) return Result::ended;
        return broken("cannot read commands: " + sys::describe_errno(errno));
    }
    if (got == 0) return line_.empty() ? Result::ended : broken("the last command line has no newline");
    const std::string_view bytes(buffer, static_cast<std::size_t>(got));
    return format_ == Format::binary ? decode_binary(bytes, take) : decode_lines(bytes, take);
}

void CommandReader::discard() const noexcept {
    while (in_.read(buffer, sizeof buffer) > 0) continue;
}

CommandReader::Result CommandReader::decode_binary(std::string_view bytes, const Take& take) {
    for (; bytes.size() >= SUPERVISE_COMMAND_SIZE; bytes.remove_prefix(SUPERVISE_COMMAND_SIZE)) {
        supervise_send_signal command;
        std::memcpy(&command, bytes.data(), sizeof command);
        take(command.pid, command.signal);
    }
    if (bytes.empty()) return Result::more;
    return broken("incomplete command: " + std::to_string(bytes.size()) + " of 8 bytes");
}

CommandReader::Result CommandReader::decode_lines(std::string_view bytes, const Take& take) {
    for (std::size_t end; (end = bytes.find('\n')) != bytes.npos; bytes.remove_prefix(end + 1)) {
        line_ += bytes.substr(0, end);
        if (line_.size() > longest_line) return too_long();  // wherever the reads split the line
        if (!decode_line(line_, take)) return broken("invalid command: " + line_.substr(0, 200));
        line_.clear();
    }
    line_ += bytes;
    return line_.size() <= longest_line ? Result::more : too_long();
}

bool CommandReader::decode_line(std::string_view line, const Take& take) {
    if (line.find_first_not_of(" \t\r") == line.npos) return true;  // a blank line only separates
    const auto command = nlohmann::json::parse(line, nullptr, false);
    if (!command.is_object()) return false;
    const auto pid = command.find("pid"), signal = command.find("signal");
    if (pid == command.end() || signal == command.end()) return false;
    const auto pid_number = number(*pid);
    const auto signal_number = signal->is_string()
                                   ? sys::parse_signal(signal->get_ref<const std::string&>()).value_or(-1)
                                   : number(*signal);
    if (!pid_number || !signal_number) return false;
    take(*pid_number, *signal_number);  // an unknown signal (-1) is ignored, as in the binary protocol
    return true;
}

}  // namespace sigmund::kin
