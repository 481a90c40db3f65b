// SPDX-License-Identifier: Apache-2.0
#include "run/protocol.hpp"

#include <cerrno>
#include <utility>

namespace sigmund::run {
namespace {

constexpr std::string_view unknown_request = "unknown request", name_taken_by = "name taken by ";

int send_line(int fd, const std::string& line, int passed) {
    return line.size() > packet_limit ? EMSGSIZE : sys::send_packet(fd, line, passed);
}

}  // namespace

bool Answer::request_unknown() const {
    return kind == Kind::done && number != 0 && text == unknown_request;
}

bool Answer::name_taken() const {
    return kind == Kind::done && text.starts_with("name taken");
}

Answer done() {
    return {.kind = Answer::Kind::done};
}

Answer refused(std::string reason) {
    return {.kind = Answer::Kind::done, .number = 1, .text = std::move(reason)};
}

Answer refused_unknown() {
    return refused(std::string(unknown_request));
}

Answer refused_name_taken(const std::string& holder) {
    return refused(std::string(name_taken_by) + holder);
}

Answer refused_too_long() {
    return refused("the request is longer than " + std::to_string(packet_limit) + " bytes");
}

Answer refused_full(std::string reason) {
    return {.kind = Answer::Kind::done, .number = Answer::code_full, .text = std::move(reason)};
}

Answer answer_of(const sys::ExitStatus& status) {
    if (!status.known) return {.kind = Answer::Kind::unknown};
    if (status.signal != 0) return {.kind = Answer::Kind::signal, .signal = status.signal};
    return {.kind = Answer::Kind::exit, .number = status.code};
}

std::optional<sys::ExitStatus> status_in(const Answer& answer) {
    if (answer.kind == Answer::Kind::exit) return sys::ExitStatus::exited(static_cast<int>(answer.number));
    if (answer.kind == Answer::Kind::signal) return sys::ExitStatus::killed(answer.signal, false);
    return std::nullopt;
}

int send(int fd, const Request& request) {
    return send_line(fd, format(request), -1);
}

int send(int fd, const Answer& answer, int passed) {
    return send_line(fd, format(answer), passed);
}

sys::Received take_request(int fd, Request& request) {
    std::string line;
    const sys::Received received = sys::take_packet(fd, packet_limit, line);
    request = received == sys::Received::packet ? parse_request(line) : Request{};
    return received;
}

std::optional<Answer> receive_answer(int fd, sys::Millis deadline, sys::Fd* passed) {
    const auto line = sys::receive_packet(fd, deadline, answer_limit, passed);
    if (!line) return std::nullopt;
    return parse_answer(*line);
}

}  // namespace sigmund::run
