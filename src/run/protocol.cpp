// SPDX-License-Identifier: Apache-2.0
#include "run/protocol.hpp"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>

#include "run/shell_session.hpp"
#include "sys/signals.hpp"
#include "text/base64.hpp"
#include "text/escape.hpp"
#include "text/words.hpp"

namespace sigmund::run {
namespace {

constexpr std::string_view unknown_request = "unknown request", name_taken_by = "name taken by ";
constexpr sys::Millis longest_grace = sys::Millis{1000} * 86400 * 36500;  // a hundred years

constexpr bool rows_are_in_order() {
    for (std::size_t i = 0; i < std::size(request_rows); ++i)
        if (static_cast<std::size_t>(request_rows[i].kind) != i) return false;
    for (std::size_t i = 0; i < std::size(answer_rows); ++i)
        if (static_cast<std::size_t>(answer_rows[i].kind) != i) return false;
    return true;
}
static_assert(rows_are_in_order());

// Removes the next word from the text, and the blanks before it.
std::string_view take_word(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    return word;
}

std::string_view take_rest(std::string_view& text) {
    std::string_view rest = text;
    if (!rest.empty()) rest.remove_prefix(1);  // the blank after the previous word
    text = {};
    return rest;
}

template <typename Int>
bool to_int(std::string_view word, Int& out) {
    const auto number = text::whole_number<Int>(word);
    out = number.value_or(out);
    return number.has_value();
}

template <typename Table, typename Enum>
bool to_enum(std::string_view word, const Table& table, Enum& out) {
    const auto found = text::find_word(table, word);
    out = found.value_or(out);
    return found.has_value();
}

bool read_signal(std::string_view word, int& out) {
    const auto signal = sys::parse_signal(word);
    out = signal.value_or(0);
    return signal.has_value();
}

bool read_side(std::string_view word, int& out) {
    return to_int(word, out) && out > 0 && out <= longest_side;
}

bool read_argument(Argument argument, std::string_view& text, Request& r) {
    if (argument == Argument::none) return true;
    const std::string_view word = take_word(text);
    switch (argument) {
        case Argument::signal:
            return read_signal(word, r.signal);
        case Argument::grace:
            return word.empty() || (to_int(word, r.grace) && r.grace >= 0 && r.grace <= longest_grace);
        case Argument::reason:
            if (!word.empty()) r.reason = EndedBy(word);
            return true;
        case Argument::reach:
            return word.empty() || to_enum(word, reach_words, r.reach);
        case Argument::until:
            return word.empty() || to_enum(word, until_words, r.until);
        case Argument::field:
            return to_enum(word, field_words, r.field);
        case Argument::value:
            r.value = word;
            return true;
        case Argument::shell:
            r.shell = word;
            return parse_shell_id(word).has_value();
        case Argument::owner:
            if (word != "-") r.owner = word;
            return !word.empty();
        case Argument::sent:
            return to_enum(word, sent_words, r.sent);
        case Argument::bytes: {
            auto bytes = text::decode_base64(word);
            if (bytes) r.bytes = std::move(*bytes);
            return bytes.has_value();
        }
        case Argument::size:
            return read_side(word, r.columns) && read_side(take_word(text), r.rows);
        case Argument::access:
            return to_enum(word, access_words, r.access);
        case Argument::redraw:
            return to_enum(word, redraw_words, r.redraw);
        case Argument::viewers:
            return to_enum(word, viewers_words, r.viewers);
        default:
            return true;
    }
}

// `-` means that there is no word.
std::string word_or_dash(const std::string& word) {
    return word.empty() ? "-" : word;
}

// An absent argument adds no word.
void append_argument(Argument argument, const Request& r, std::string& out) {
    switch (argument) {
        case Argument::version:
            out += ' ' + std::to_string(protocol_version);
            break;
        case Argument::signal:
            out += ' ' + sys::signal_name(r.signal);
            break;
        case Argument::grace:
            if (r.grace >= 0) out += ' ' + std::to_string(r.grace);
            break;
        case Argument::reason:
            if (r.grace >= 0 && r.reason != EndedBy::stop) out += ' ' + r.reason.str();
            break;
        case Argument::reach:
            out.append(1, ' ').append(text::word_of(reach_words, r.reach));
            break;
        case Argument::until:
            out.append(1, ' ').append(text::word_of(until_words, r.until));
            break;
        case Argument::field:
            out.append(1, ' ').append(text::word_of(field_words, r.field));
            break;
        case Argument::value:
            out += ' ' + r.value;
            break;
        case Argument::shell:
            out += ' ' + r.shell;
            break;
        case Argument::owner:
            out += ' ' + word_or_dash(r.owner);
            break;
        case Argument::sent:
            out.append(1, ' ').append(text::word_of(sent_words, r.sent));
            break;
        case Argument::bytes:
            if (!r.bytes.empty()) out += ' ' + text::base64(r.bytes);
            break;
        case Argument::size:
            out += ' ' + std::to_string(r.columns) + ' ' + std::to_string(r.rows);
            break;
        case Argument::access:
            out.append(1, ' ').append(text::word_of(access_words, r.access));
            break;
        case Argument::redraw:
            out.append(1, ' ').append(text::word_of(redraw_words, r.redraw));
            break;
        case Argument::viewers:
            out.append(1, ' ').append(text::word_of(viewers_words, r.viewers));
            break;
        default:
            break;
    }
}

std::string take_word_or_dash(std::string_view& text) {
    const std::string_view word = take_word(text);
    return word == "-" ? "" : std::string(word);
}

// Escapes the changes, so that they are one word of a line, and cuts them at the end of a line to what an
// event may hold.
std::string changes_as_word(std::string changes) {
    std::string out;
    do {
        out.clear();
        for (const char c : text::escape(changes)) c == ' ' ? out += "\\x20" : out += c;
        changes.resize(changes.size() / 2);
        changes.resize(std::min(changes.rfind('\n'), changes.size()));
    } while (out.size() > changes_limit);
    return out;
}

std::string format_change(const Change& c) {
    std::string out = ' ' + std::to_string(c.at_ms) + ' ' + word_or_dash(c.state) + ' ' +
                      word_or_dash(c.result.str()) + ' ' + std::to_string(c.pid) + ' ' +
                      std::to_string(c.restarts) + ' ' + word_or_dash(c.ready) + ' ' +
                      word_or_dash(c.health) + ' ' + word_or_dash(c.exit.str());
    if (!c.changes.empty()) out += ' ' + changes_as_word(c.changes);
    return out;
}

bool read_change(std::string_view& text, Change& c) {
    if (!to_int(take_word(text), c.at_ms)) return false;
    c.state = take_word_or_dash(text);
    c.result = Result(take_word_or_dash(text));
    if (!to_int(take_word(text), c.pid) || !to_int(take_word(text), c.restarts)) return false;
    c.ready = take_word_or_dash(text);
    c.health = take_word_or_dash(text);
    const std::string_view exit = take_word(text);
    if (exit != "-") c.exit = Result(exit);
    c.changes = text::unescape(take_word(text));
    return !exit.empty();
}

bool read_argument(Argument argument, std::string_view& text, Answer& a) {
    switch (argument) {
        case Argument::version:
            take_word(text);
            return true;
        case Argument::limit:
            if (!to_int(take_word(text), a.number) || a.number <= 0) a.number = older_request_limit;
            return true;
        case Argument::signal:
            return read_signal(take_word(text), a.signal);
        case Argument::pids:
            while (!text.empty())
                if (pid_t pid = 0; to_int(take_word(text), pid) && pid > 0) a.pids.push_back(pid);
            return true;
        case Argument::number:
            return to_int(take_word(text), a.number);
        case Argument::text:
            a.text = take_rest(text);
            return true;
        case Argument::code:
            // Whatever follows, `done` ends the answer. A code that cannot be read does not count as success.
            if (!to_int(take_word(text), a.number)) a.number = 1;
            return true;
        case Argument::change:
            return read_change(text, a.change);
        default:
            return true;
    }
}

void append_argument(Argument argument, const Answer& a, std::string& out) {
    switch (argument) {
        case Argument::version:
            out += ' ' + std::to_string(protocol_version);
            break;
        case Argument::limit:
        case Argument::number:
        case Argument::code:
            out += ' ' + std::to_string(a.number);
            break;
        case Argument::signal:
            out += ' ' + sys::signal_name(a.signal);
            break;
        case Argument::pids:
            for (const pid_t pid : a.pids) out += ' ' + std::to_string(pid);
            break;
        case Argument::text:
            if (!a.text.empty()) out += ' ' + a.text;
            break;
        case Argument::change:
            out += format_change(a.change);
            break;
        default:
            break;
    }
}

template <typename Message, std::size_t size, typename Row>
Message parse(std::string_view line, const Row (&rows)[size]) {
    const std::string_view word = take_word(line);
    for (const Row& row : rows) {
        if (row.word.empty() || row.word != word) continue;
        Message out;
        for (const Argument argument : row.arguments)
            if (!read_argument(argument, line, out)) return {};
        out.kind = row.kind;
        return out;
    }
    return {};
}

template <typename Message, typename Row>
std::string format_row(const Message& message, const Row& row) {
    std::string out(row.word);
    for (const Argument argument : row.arguments) append_argument(argument, message, out);
    return out;
}

int send_line(int fd, const std::string& line, int passed) {
    return line.size() > packet_limit ? EMSGSIZE : sys::send_packet(fd, line, passed);
}

}  // namespace

std::string format(const Request& request) {
    return format_row(request, row_of(request.kind));
}

std::string format(const Answer& answer) {
    return format_row(answer, answer_rows[static_cast<std::size_t>(answer.kind)]);
}

Request parse_request(std::string_view line) {
    while (!line.empty() && (line.back() == '\n' || line.back() == '\0')) line.remove_suffix(1);
    return parse<Request>(line, request_rows);
}

Answer parse_answer(std::string_view line) {
    return parse<Answer>(line, answer_rows);
}

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
