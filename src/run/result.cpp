// SPDX-License-Identifier: Apache-2.0
#include "run/result.hpp"

#include <algorithm>
#include <charconv>

#include "sys/error.hpp"
#include "sys/signals.hpp"

namespace sigmund::run {
namespace {

struct Row {
    ResultKind kind;
    std::string_view word;  // a word that ends with "=" is followed by the number
    std::string_view sentence;
    bool failed;
};

constexpr Row rows[] = {
    {ResultKind::none, "", "ended", false},
    {ResultKind::exit, "exit=", "exited ", true},  // except for exit=0, see failed()
    {ResultKind::signal, "signal=", "was killed by ", true},
    {ResultKind::launch, "launch=", "could not be started again: ", true},
    {ResultKind::stopped, "stopped", "was stopped", false},
    {ResultKind::killed, "killed", "was killed", false},
    {ResultKind::timeout, "timeout", "timed out", true},
    {ResultKind::unready, "unready", "was never ready", true},
    {ResultKind::unhealthy, "unhealthy", "failed its health checks", true},
    {ResultKind::restart_limit, "restart-limit", "failed too often", true},
    {ResultKind::skipped, "skipped", "was not started", true},
    {ResultKind::pending, "pending", "ended, without a written result,", false},
    {ResultKind::unknown, "unknown", "ended, with a status that is not known,", false},
    {ResultKind::other, "", "", true},
};

constexpr const Row& row_of(ResultKind kind) {
    return rows[static_cast<std::size_t>(kind)];
}
static_assert([] {
    for (std::size_t i = 0; i < std::size(rows); ++i)
        if (rows[i].kind != static_cast<ResultKind>(i)) return false;
    return std::size(rows) == static_cast<std::size_t>(ResultKind::other) + 1;
}());

constexpr bool has_number(const Row& row) {
    return row.word.ends_with('=');
}

int parse_number(ResultKind kind, std::string_view text) {
    int number = 0;
    if (kind == ResultKind::exit) std::from_chars(text.data(), text.data() + text.size(), number);
    if (kind == ResultKind::signal) number = sys::parse_signal(text).value_or(0);
    if (kind == ResultKind::launch) number = sys::errno_of(text);
    return number;
}

std::string number_text(ResultKind kind, int number) {
    if (kind == ResultKind::signal) return sys::signal_name(number);
    if (kind == ResultKind::launch) return sys::errno_name(number);
    return std::to_string(number);
}

}  // namespace

Result::Result(std::string_view word) {
    if (word.empty()) return;
    const auto* row = std::find_if(std::begin(rows), std::end(rows), [&](const Row& each) {
        return has_number(each) ? word.starts_with(each.word) : word == each.word;
    });
    kind_ = row == std::end(rows) ? other : row->kind;
    if (kind_ == other) {
        text_ = word;
    } else if (has_number(*row)) {
        number_ = parse_number(kind_, word.substr(row->word.size()));
        if (this->word() != word) text_ = word;
    }
}

Result Result::of(const sys::ExitStatus& status) {
    if (!status.known) return unknown;
    return status.signal != 0 ? Result(signal, status.signal) : Result(exit, status.code);
}

Result Result::not_executed(int error) {
    return {launch, error};
}

std::string Result::word() const {
    const Row& row = row_of(kind_);
    return std::string(row.word) + (has_number(row) ? number_text(kind_, number_) : "");
}

std::string Result::str() const {
    return text_.empty() ? word() : text_;
}

std::string Result::detail() const {
    const Row& row = row_of(kind_);
    return has_number(row) ? str().substr(row.word.size()) : str();
}

std::string Result::sentence() const {
    if (kind_ == other) return text_;
    const Row& row = row_of(kind_);
    const bool described = kind_ == launch && text_.empty();
    return std::string(row.sentence) + (described         ? sys::describe_errno(number_)
                                        : has_number(row) ? detail()
                                                          : "");
}

bool Result::failed() const {
    return row_of(kind_).failed && !succeeded();
}

}  // namespace sigmund::run
