// SPDX-License-Identifier: Apache-2.0
#include "text/fold.hpp"

#include <algorithm>

#include "text/escape.hpp"
#include "text/utf8.hpp"

namespace sigmund::text {
namespace {

constexpr char escape_byte = '\x1b';
constexpr std::string_view plain = "\x1b[0m";

struct Step {
    std::size_t bytes = 0, columns = 0;
};

// A style is one step without a width. It ends with the first letter.
Step step_at(std::string_view line, std::size_t at) {
    if (line[at] == escape_byte) {
        const auto end = line.find('m', at);
        return {end == std::string_view::npos ? line.size() - at : end + 1 - at, 0};
    }
    const std::size_t bytes = std::max<std::size_t>(1, decode_utf8(line, at).length);
    return {bytes, display_width(line.substr(at, bytes))};
}

std::size_t columns_of(std::string_view line) {
    std::size_t columns = 0;
    for (std::size_t at = 0; at < line.size();) {
        const Step step = step_at(line, at);
        columns += step.columns;
        at += step.bytes;
    }
    return columns;
}

// Returns where the longest beginning of at most `width` columns ends. It has at least one character.
std::size_t end_of_row(std::string_view line, std::size_t width) {
    std::size_t columns = 0, at = 0;
    while (at < line.size()) {
        const Step step = step_at(line, at);
        if (columns + step.columns > width && columns > 0) break;
        columns += step.columns;
        at += step.bytes;
    }
    return at;
}

void append_folded(std::string& out, std::string_view line, std::size_t width, std::size_t hang) {
    const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
    hang = std::min(std::max(hang, indent), width / 2);
    std::size_t room = width, least = std::max(hang, indent);  // a break before this would leave an empty row
    while (columns_of(line) > room) {
        const std::size_t full = end_of_row(line, room);
        const auto blank = line.rfind(' ', full);
        const bool at_blank = blank != std::string_view::npos && blank > least;
        std::size_t end = at_blank ? blank : full;
        const std::size_t next = std::min(line.find_first_not_of(' ', end), line.size());
        while (end > 0 && line[end - 1] == ' ') --end;
        out.append(line.substr(0, end));
        line.remove_prefix(next);
        if (line.starts_with(plain)) {  // a style ends with its row
            out += plain;
            line.remove_prefix(plain.size());
        }
        if (line.empty()) return;
        out.append(1, '\n').append(hang, ' ');
        room = width - hang;
        least = 0;
    }
    out += line;
}

void append_cut(std::string& out, std::string_view line, std::size_t width) {
    if (columns_of(line) <= width) {
        out += line;
        return;
    }
    const std::string_view kept =
        width > 1 ? line.substr(0, end_of_row(line, width - 1)) : std::string_view();
    out.append(kept).append("\u2026");
    if (kept.find(escape_byte) != std::string_view::npos) out += plain;
}

}  // namespace

// A friend of Page, as these lines are escaped already.
struct Fitting {
    template <typename Append>
    static Page lines(const Page& page, const Append& append) {
        Page out;
        const std::string_view text = page.text();
        for (std::size_t at = 0; at < text.size();) {
            const auto end = std::min(text.find('\n', at), text.size());
            append(out.text_, text.substr(at, end - at));
            if (end < text.size()) out.text_ += '\n';
            at = end + 1;
        }
        return out;
    }
};

Page fold(const Page& page, std::size_t width, std::size_t hang) {
    if (width == 0) return page;
    return Fitting::lines(
        page, [&](std::string& out, std::string_view line) { append_folded(out, line, width, hang); });
}

Page cut(const Page& page, std::size_t width) {
    if (width == 0) return page;
    return Fitting::lines(page,
                          [&](std::string& out, std::string_view line) { append_cut(out, line, width); });
}

}  // namespace sigmund::text
