// SPDX-License-Identifier: Apache-2.0
#include "ops/explain.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "ops/explain_parts.hpp"
#include "ops/members.hpp"
#include "run/option_words.hpp"
#include "text/plain.hpp"
#include "text/quote.hpp"

namespace sigmund::ops {
namespace {

constexpr std::size_t tail_read = 64 * 1024;
constexpr std::size_t lines_looked_at = 200;
constexpr std::size_t lines_shown = 5;

// Returns the last lines of the log as a person would see them on a terminal.
std::vector<std::string> last_lines(const run::Store& store, const run::Record& record, run::LogPart part) {
    const sys::Fd fd = store.open_log(record, part);
    struct stat st {};
    if (!fd || ::fstat(fd.get(), &st) != 0) return {};
    std::string text(std::min<std::size_t>(static_cast<std::size_t>(st.st_size), tail_read), '\0');
    const off_t from = st.st_size - static_cast<off_t>(text.size());
    const ssize_t n = ::pread(fd.get(), text.data(), text.size(), from);
    if (n <= 0) return {};
    text.resize(static_cast<std::size_t>(n));
    // The beginning of the first line may be missing.
    if (const auto end = text.find('\n'); from > 0 && end != std::string::npos) text.erase(0, end + 1);
    auto lines = text::plain_lines(text, {.columns = 4096, .lines = lines_looked_at});
    std::erase(lines, "");
    return lines;
}

// Adds why a live run may be unable to end: some of its processes now belong to another user.
void add_foreign_processes(const run::Census& census, Explanation& out) {
    const std::vector<pid_t> foreign = not_permitted(census.members(out.run.record));
    if (foreign.empty()) return;
    Cause cause{100,
                "foreign",
                out.run.verdict.state == run::State::stopping
                    ? "it cannot end: some of its processes belong to another user (sudo, setuid)"
                    : "some of its processes belong to another user (sudo, setuid): only root can end them",
                {},
                sudo_kill(foreign)};
    for (const pid_t pid : foreign)
        cause.evidence.push_back("process " + std::to_string(pid) + ": " +
                                 text::quote(census.proc().command_line(pid)));
    out.causes.push_back(std::move(cause));
}

}  // namespace

Explanation explain(const run::View& view, const run::Judged& run) {
    Explanation out;
    out.run = run;
    const run::Record& record = run.record;
    const run::Verdict& verdict = run.verdict;
    const auto lines =
        last_lines(view.store(), record, record.split_log ? run::LogPart::errors : run::LogPart::whole);
    const std::size_t from = lines.size() > lines_shown ? lines.size() - lines_shown : 0;
    out.last_lines.assign(lines.begin() + static_cast<std::ptrdiff_t>(from), lines.end());
    out.history = history_of(record);
    if (run.live() && verdict.state != run::State::backoff && verdict.state != run::State::watching) {
        add_foreign_processes(view.census(), out);
        return out;
    }
    out.causes = causes_of_end(record, verdict);
    if (failed_itself(record, verdict)) {
        int port = 0;
        auto found = causes_in_log(lines, port);
        add_port_owner(view, record, found, port != 0 ? port : port_in_arguments(record));
        out.causes.insert(out.causes.end(), found.begin(), found.end());
    }
    if (out.causes.empty())
        out.causes.push_back(
            {0, "unknown", "unknown: nothing was recorded, and its log does not tell", {}, ""});
    std::stable_sort(out.causes.begin(), out.causes.end(),
                     [](const Cause& a, const Cause& b) { return a.weight > b.weight; });
    if (verdict.state == run::State::watching)
        out.causes[0].evidence.emplace_back("it starts again when a file that --watch names changes");
    if (!record.from.name.empty())
        for (Cause& each : out.causes)
            for (std::string* text : {&each.what, &each.way_out}) *text = run::options_as_keys(*text);
    return out;
}

}  // namespace sigmund::ops
