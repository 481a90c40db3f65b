// SPDX-License-Identifier: Apache-2.0
// The lines of requests.
#include "run/protocol_words.hpp"
#include "run/shell_session.hpp"
#include "text/base64.hpp"

namespace sigmund::run {
namespace {

using namespace words;

static_assert(in_order(request_rows));

constexpr sys::Millis longest_grace = sys::Millis{1000} * 86400 * 36500;  // a hundred years

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

}  // namespace

std::string format(const Request& request) {
    return words::format(request, row_of(request.kind), append_argument);
}

Request parse_request(std::string_view line) {
    while (!line.empty() && (line.back() == '\n' || line.back() == '\0')) line.remove_suffix(1);
    return parse<Request>(line, request_rows, read_argument);
}

}  // namespace sigmund::run
