// SPDX-License-Identifier: Apache-2.0
#include "cli/list_runs.hpp"

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "cli/option_values.hpp"
#include "cli/targets.hpp"
#include "run/known_words.hpp"
#include "run/shell_session.hpp"

namespace sigmund::cli {
namespace {

using run::Exit;
using run::Failure;

constexpr std::string_view known_states[] = {"starting", "running", "paused", "backoff", "watching",
                                             "stopping", "exited",  "failed", "lost",    "stale"};
constexpr std::string_view known_orders[] = {"newest", "oldest", "name", "state"};

constexpr std::size_t finished_shown = 10;   // in an overview
constexpr std::size_t failed_counted = 200;  // among at most this many others

// What the order of the rows depends on.
struct Key {
    sys::Millis started;
    std::uint32_t row;
    std::uint8_t rank;  // of its kind, where kinds follow each other: the live runs first, or the states
    char id[11];
};

class Gatherer {
  public:
    Gatherer(const Args& args, const run::View& view, const Search& search,
             const std::function<void(run::Judged&&)>& use)
        : args_(args), view_(view), store_(view.store()), search_(search), use_(use) {}

    Listing all() {
        store_.each_id([&](const std::string& id) { consider(id); });
        return finish();
    }
    // In an overview each run that may be live is read, and of the others only the newest.
    Listing overview() {
        run::Overview seen = store_.overview(finished_shown, failed_counted);
        for (const std::string& id : seen.perhaps_live) consider(id);
        for (const std::string& id : seen.newest) consider(id);
        Listing out = finish();
        out.more = seen.others;
        if (out.more <= failed_counted) out.failed = count_failed(seen.other_ids);
        return out;
    }
    Listing targets() {
        run::Found found = resolve_targets(view_, args_, args_.words, {.ended_as_ids = true});
        corrupt_ = std::move(found.corrupt);
        std::unordered_set<std::string_view> judged;
        for (const run::Judged& run : found.runs) judged.insert(run.record.id);
        for (const std::string& id : found.ids)
            if (!judged.contains(id)) consider(id);
        for (run::Judged& run : found.runs) consider(std::move(run));
        return finish();
    }

  private:
    void consider(const std::string& id) {
        run::Judged run;  // records are large, and are not moved for a run that is over
        run::Record& record = run.record;
        const bool whole = search_.needs == Needs::all;
        run::Read answer = store_.load(id, whole ? run::Depth::full : run::Depth::head, record);
        const bool over = run::is_final(record.state);
        if (answer == run::Read::ok && search_.needs == Needs::all_of_live && !over) {
            record = {};
            answer = store_.load(id, run::Depth::full, record);
        }
        if (answer == run::Read::corrupt) corrupt_.push_back(id);
        if (answer != run::Read::ok || !begins_so(record)) return;
        if (over)
            run.verdict = run::judge(record, {});
        else
            run = view_.judge(std::move(record));
        consider(std::move(run));
    }
    void consider(run::Judged&& run) {
        if (!begins_so(run.record) || !search_.filter.passes(run)) return;
        // Each growth copies to fresh pages, while addresses cost nothing.
        if (keys_.size() == keys_.capacity()) keys_.reserve(std::max<std::size_t>(16'384, keys_.size() * 4));
        Key& key = keys_.emplace_back();
        key.started = run.record.started_ms;
        key.row = static_cast<std::uint32_t>(keys_.size() - 1);
        key.rank = search_.filter.order.empty()      ? !run.verdict.live()
                   : search_.filter.order == "state" ? static_cast<std::uint8_t>(run.verdict.state)
                                                     : 0;
        key.id[run.record.id.copy(key.id, sizeof key.id - 1)] = '\0';
        if (search_.filter.order == "name") names_.push_back(run.record.name);
        use_(std::move(run));
    }
    bool begins_so(const run::Record& record) const {
        const std::string& begins = search_.filter.begins;
        return begins.empty() || record.id.starts_with(begins) || record.name.starts_with(begins);
    }
    std::size_t count_failed(const std::vector<std::string>& ids) const {
        return static_cast<std::size_t>(std::count_if(ids.begin(), ids.end(), [&](const std::string& id) {
            run::Record record;
            return store_.load(id, run::Depth::head, record) == run::Read::ok && run::has_failed(record);
        }));
    }

    Listing finish() {
        if (!search_.quiet) warn_corrupt(corrupt_);
        const std::string& by = search_.filter.order;
        const bool by_name = by == "name";
        std::sort(keys_.begin(), keys_.end(), [&](const Key& a, const Key& b) {
            if (a.rank != b.rank) return a.rank < b.rank;
            if (by_name && names_[a.row] != names_[b.row]) return names_[a.row] < names_[b.row];
            return a.started != b.started ? a.started > b.started : std::strcmp(a.id, b.id) < 0;
        });
        if (by == "oldest") std::reverse(keys_.begin(), keys_.end());
        Listing out;
        out.order.reserve(keys_.size());
        for (const Key& key : keys_) out.order.push_back(key.row);
        const auto limit = search_.filter.limit;
        if (limit && out.order.size() > *limit) out.order.resize(*limit);
        return out;
    }

    const Args& args_;
    const run::View& view_;
    const run::Store& store_;
    const Search& search_;
    const std::function<void(run::Judged&&)>& use_;
    std::vector<std::string> corrupt_;
    std::vector<Key> keys_;
    std::vector<std::string> names_;  // by row, for the order by name
};

}  // namespace

Filter read_filter(const Args& args) {
    Filter f;
    f.live = args.has("live");
    f.orphaned = args.has("orphaned");
    f.here = args.has("here");
    if (f.here) f.project = surroundings(args).project;
    if (const auto shell = args.value("shell")) f.shell = shell->empty() ? run::current_shell() : *shell;
    f.begins = args.value("begins").value_or("");
    if (const auto limit = number_option(args, "limit", 1)) f.limit = static_cast<std::size_t>(*limit);
    f.order = args.value("sort").value_or("");
    if (!f.order.empty() &&
        std::find(std::begin(known_orders), std::end(known_orders), f.order) == std::end(known_orders))
        throw Failure(Exit::usage, "usage", "--sort: \"" + f.order + "\" is not a known order",
                      run::hint_of_words(f.order, known_orders));
    for (const std::string& list : args.all("state"))
        for (std::size_t at = 0; at <= list.size();) {
            const auto end = std::min(list.find(',', at), list.size());
            const std::string word = list.substr(at, end - at);
            const auto state = run::parse_state(word);
            if (!state)
                throw Failure(Exit::usage, "usage", "unknown state \"" + word + '"',
                              run::hint_of_words(word, known_states));
            f.states.push_back(*state);
            at = end + 1;
        }
    return f;
}

bool Filter::passes(const run::Judged& run) const {
    if (live && !run.verdict.live()) return false;
    if (!states.empty() && std::find(states.begin(), states.end(), run.verdict.state) == states.end())
        return false;
    if (here && run.record.project != project) return false;
    if (shell && (shell->empty() || run.record.shell != *shell)) return false;
    if (orphaned && (!run.verdict.live() || run.record.shell.empty() || run.record.keep ||
                     run::shell_alive(run.record.shell)))
        return false;
    return true;
}

Listing gather(const Args& args, const run::View& view, const Search& search,
               const std::function<void(run::Judged&&)>& use) {
    Gatherer gatherer(args, view, search, use);
    if (!args.words.empty()) return gatherer.targets();
    return search.overview ? gatherer.overview() : gatherer.all();
}

}  // namespace sigmund::cli
