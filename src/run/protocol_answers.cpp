// SPDX-License-Identifier: Apache-2.0
// The lines of answers.
#include "run/protocol_words.hpp"
#include "text/escape.hpp"

namespace sigmund::run {
namespace {

using namespace words;

static_assert(in_order(answer_rows));

std::string_view take_rest(std::string_view& text) {
    std::string_view rest = text;
    if (!rest.empty()) rest.remove_prefix(1);  // the blank after the previous word
    text = {};
    return rest;
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
        case Argument::size:
            return read_side(take_word(text), a.columns) && read_side(take_word(text), a.rows);
        case Argument::use:
            return to_enum(take_word(text), terminal_use_words, a.use);
        case Argument::access:
            return to_enum(take_word(text), access_words, a.access);
        case Argument::place:
            return to_enum(take_word(text), place_words, a.place);
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
        case Argument::size:
            out += ' ' + std::to_string(a.columns) + ' ' + std::to_string(a.rows);
            break;
        case Argument::use:
            out.append(1, ' ').append(text::word_of(terminal_use_words, a.use));
            break;
        case Argument::access:
            out.append(1, ' ').append(text::word_of(access_words, a.access));
            break;
        case Argument::place:
            out.append(1, ' ').append(text::word_of(place_words, a.place));
            break;
        default:
            break;
    }
}

}  // namespace

std::string format(const Answer& answer) {
    return words::format(answer, answer_rows[static_cast<std::size_t>(answer.kind)], append_argument);
}

Answer parse_answer(std::string_view line) {
    return parse<Answer>(line, answer_rows, read_argument);
}

}  // namespace sigmund::run
