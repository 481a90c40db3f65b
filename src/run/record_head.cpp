// SPDX-License-Identifier: Apache-2.0
// A shortcut for listings: the head of a finished record exactly as record.cpp writes it. Any doubt (another
// order, an escape that is not plain, a byte beyond ASCII, another state) is no answer, and the real parser
// decides.
#include "run/id.hpp"
#include "run/record.hpp"

namespace sigmund::run {
namespace {

class Scanner {
  public:
    explicit Scanner(std::string_view text) : text_(text) {}

    // The length is known to the compiler, which then compares in place.
    template <std::size_t N>
    bool literal(const char (&expected)[N]) {
        if (text_.size() < N - 1 || __builtin_memcmp(text_.data(), expected, N - 1) != 0) return false;
        text_.remove_prefix(N - 1);
        return true;
    }

    // A string without its quotes.
    bool string(std::string& out) {
        if (text_.empty() || text_[0] != '"') return false;
        for (std::size_t i = 1, from = 1;; ++i) {
            if (i >= text_.size()) return false;
            if (plain(text_[i])) continue;
            if (text_[i] == '"') {
                out.append(text_, from, i - from);
                text_.remove_prefix(i + 1);
                return true;
            }
            if (text_[i] != '\\' || i + 1 >= text_.size()) return false;
            out.append(text_, from, i - from);
            switch (text_[i + 1]) {
                case '"':
                case '\\':
                    out += text_[i + 1];
                    break;
                case 'n':
                    out += '\n';
                    break;
                case 't':
                    out += '\t';
                    break;
                default:
                    return false;
            }
            ++i;
            from = i + 1;
        }
    }
    // A string that is of no interest, without escapes.
    bool skip_string() {
        std::size_t i = 1;
        while (i < text_.size() && plain(text_[i])) ++i;
        if (i >= text_.size() || text_[0] != '"' || text_[i] != '"') return false;
        text_.remove_prefix(i + 1);
        return true;
    }
    bool string_or_null(std::string& out) { return literal("null") || string(out); }

    bool number(std::int64_t& out) {
        std::size_t digits = 0;
        std::int64_t value = 0;
        while (digits < text_.size() && digits < 18 && text_[digits] >= '0' && text_[digits] <= '9')
            value = value * 10 + (text_[digits++] - '0');
        if (digits == 0 || (digits > 1 && text_[0] == '0')) return false;
        text_.remove_prefix(digits);
        out = value;
        return true;
    }
    bool pid(pid_t& out) {
        std::int64_t value = 0;
        if (!number(value) || value > 0x7fffffff) return false;
        out = static_cast<pid_t>(value);
        return true;
    }
    bool strings(std::vector<std::string>& out) {
        if (!literal("[")) return false;
        if (literal("]")) return true;
        out.reserve(4);
        do {
            out.emplace_back();
            if (!string(out.back())) return false;
        } while (literal(","));
        return literal("]");
    }

  private:
    static bool plain(char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }
    std::string_view text_;
};

}  // namespace

bool scan_finished_head(std::string_view text, const std::string& id, Record& r) {
    Scanner s(text);
    std::string state, result, signal;
    std::int64_t number = 0;
    if (!s.literal("{\"version\":2,\"id\":") || !s.string(r.id) || r.id != id) return false;
    if (!s.literal(",\"name\":") || !s.string_or_null(r.name) || (!r.name.empty() && !is_name(r.name)))
        return false;
    if (!s.literal(",\"tags\":") || !s.strings(r.tags)) return false;
    for (const std::string& tag : r.tags)
        if (!is_tag(tag)) return false;
    if (!s.literal(",\"state\":") || !s.string(state)) return false;
    const auto known = parse_state(state);
    if (!known || !is_final(*known)) return false;
    r.state = *known;
    if (!s.literal(",\"result\":") || !s.string_or_null(result)) return false;
    r.result = Result(result);
    if (!s.literal(",\"pid\":") || !s.pid(r.pid) || !s.literal(",\"pgid\":") || !s.pid(r.pgid) ||
        !s.literal(",\"sid\":") || !s.pid(r.sid) || r.pid == 0 || r.pgid == 0 || r.sid == 0)
        return false;
    if (!s.literal(",\"argv\":") || !s.strings(r.argv)) return false;
    if (!s.literal(",\"started_at\":") || !s.skip_string() || !s.literal(",\"started_ms\":") ||
        !s.number(r.started_ms))
        return false;
    if (!s.literal(",\"ended_at\":") || !s.skip_string() || !s.literal(",\"ended_ms\":") || !s.number(number))
        return false;
    r.ended_ms = number;
    if (!s.literal(",\"exit_code\":")) return false;
    if (!s.literal("null")) {
        if (!s.number(number)) return false;
        r.status = sys::ExitStatus::exited(static_cast<int>(number & 0xff));
    }
    if (!s.literal(",\"signal\":") || !s.string_or_null(signal)) return false;
    if (!signal.empty()) {
        const auto which = sys::parse_signal(signal);
        if (!which) return false;
        r.status = sys::ExitStatus::killed(*which, false);
    }
    if (!s.literal(",\"core_dumped\":")) return false;
    if (s.literal("true"))
        r.status.core = true;
    else if (!s.literal("false") && !s.literal("null"))
        return false;
    if (!s.literal(",\"shell\":") || !s.string_or_null(r.shell) || !s.literal(",\"restarts\":")) return false;
    r.identity.pid = r.pid;
    return true;
}

}  // namespace sigmund::run
