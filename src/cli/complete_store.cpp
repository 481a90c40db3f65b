// SPDX-License-Identifier: Apache-2.0
#include "cli/complete_store.hpp"

#include <unistd.h>

#include <algorithm>
#include <exception>
#include <map>
#include <set>

#include "cli/targets.hpp"
#include "cli/templates.hpp"
#include "config/config.hpp"
#include "ops/adopt.hpp"
#include "ops/resolve_cwd.hpp"
#include "ops/usage.hpp"
#include "run/id.hpp"
#include "run/project.hpp"
#include "run/shell_session.hpp"
#include "run/view.hpp"
#include "sys/clock.hpp"
#include "text/duration.hpp"

namespace sigmund::cli {
namespace {

constexpr std::size_t most_runs = 100;  // more than a person would read; typing another letter shows others
// ms. The shell waits for the answer, and prints a message after 150 ms.
constexpr sys::Millis patience = 120;

struct Seen {
    run::Record record;
    run::State state;
    bool mine = false;  // it belongs to this project
};

// Returns whether the whole record must be read.
bool by_spec(run::Kind which) {
    return which == run::Kind::terminal_target || which == run::Kind::input_target;
}

bool only_live(run::Kind which) {
    return which == run::Kind::live_target || which == run::Kind::adoptable_target ||
           which == run::Kind::port_target || by_spec(which);
}

// Returns whether a run with this spec takes what the kind of target is for.
bool has_input(run::Kind which, const run::Record& record) {
    const run::Spec spec = run::read_spec(record);
    return !spec.tty.empty() || (which == run::Kind::input_target && spec.stdin_path == run::open_input);
}

bool is_wanted(run::Kind which, const run::Record& record, run::State state) {
    if (which == run::Kind::live_target) return run::is_live(state);
    if (which == run::Kind::adoptable_target) return run::is_live(state) && !ops::has_open_shell(record);
    if (which == run::Kind::port_target) return run::is_live(state) && record.port != 0;
    if (by_spec(which)) return run::is_live(state) && has_input(which, record);
    return which != run::Kind::finished_target || !run::is_live(state);
}

bool has_beginning(const run::Record& record, std::string_view begins) {
    return record.id.starts_with(begins) || record.name.starts_with(begins);
}

// Judges a run by its lock and its processes, without asking its guardian.
run::State state_of(const run::Record& record, const run::View& view) {
    return run::judge(record, view.observe(record)).state;
}

std::vector<std::string> all_ids(const run::Store& store) {
    std::vector<std::string> out;
    store.each_id([&](const std::string& id) { out.push_back(id); });
    return out;
}

std::vector<std::string> perhaps_live(const run::Store& store) {
    return store.overview(0).perhaps_live;
}

// Returns the runs whose records are read, in the order in which they are: all that can be offered, but not more
// than the first ones of a list.
std::vector<std::string> ids_to_read(const run::Store& store, run::Kind which, std::string_view begins) {
    std::vector<std::string> out;
    if (only_live(which)) return perhaps_live(store);
    if (begins.empty()) {
        run::Overview seen = store.overview(most_runs, 0, sys::monotonic_ms() + patience / 3);
        out = std::move(seen.perhaps_live);
        out.insert(out.end(), seen.newest.begin(), seen.newest.end());
        return out;
    }
    // A name begins with a letter or an underscore, so a digit begins an id, which is the name of the file.
    const bool is_id = begins[0] >= '0' && begins[0] <= '9';
    store.each_id([&](const std::string& id) {
        if (!is_id || id.starts_with(begins)) out.push_back(id);
    });
    return out;
}

// Passes each of the readable records that `select` names to `use`, until time runs out. An exception, for example
// because the store or /proc cannot be read, ends the search, and what was found until then counts.
template <typename Select, typename Use>
void each_record(Select select, Use use, run::Depth depth = run::Depth::head) {
    const sys::Millis end = sys::monotonic_ms() + patience;
    try {
        const run::View view(run::Store::open());
        const run::Store& store = view.store();
        if (!store.present()) return;
        for (const std::string& id : select(store)) {
            if (sys::monotonic_ms() > end) return;
            run::Record record;
            if (store.read(id, depth, record) == run::Read::ok) use(record, view);
        }
    } catch (const std::exception&) {
        // The runs that were found until then are offered.
    }
}

// Returns the project of a run whose name does not mean it here, or else an empty text.
std::string other_project(const run::Record& record, const run::Surroundings& around) {
    return !record.in_project || (around.in_project && record.project == around.project) ? ""
                                                                                         : record.project;
}

// Describes a run by its state, its age, its project, and by `text`: its command, or what else people know it by.
std::string description_of(const Seen& seen, const std::string& project, sys::Millis now,
                           const std::string& text) {
    return std::string(run::state_name(seen.state)) + ' ' +
           text::format_age(std::max<sys::Millis>(0, now - seen.record.started_ms)) +
           (project.empty() ? " " : " in " + run::with_tilde(run::with_fate(project)) + ": ") + text;
}

bool is_newer(const run::Record& a, const run::Record& b) {
    return a.started_ms != b.started_ms ? a.started_ms > b.started_ms : a.id < b.id;
}

// Orders the runs of this project before the others, and otherwise as `list` does: live runs first, then the newest.
bool goes_before(const Seen& a, const Seen& b) {
    if (a.mine != b.mine) return a.mine;
    const bool live = run::is_live(a.state);
    return live != run::is_live(b.state) ? live : is_newer(a.record, b.record);
}

// Keeps the first runs in that order, without storing all of them.
class FirstRuns {
  public:
    // Returns whether a run can be among the first ones, if it lives.
    bool has_place_for(const run::Record& record, bool mine) const {
        if (heap_.size() < most_runs) return true;
        const Seen& last = heap_.front();
        if (mine != last.mine) return mine;
        return !run::is_live(last.state) || is_newer(record, last.record);
    }
    void add(Seen&& seen) {
        // The front of this heap is the run that would be shown last.
        if (heap_.size() == most_runs) {
            if (!goes_before(seen, heap_.front())) return;
            std::pop_heap(heap_.begin(), heap_.end(), goes_before);
            heap_.pop_back();
        }
        heap_.push_back(std::move(seen));
        std::push_heap(heap_.begin(), heap_.end(), goes_before);
    }
    std::vector<Seen> take() {
        std::sort_heap(heap_.begin(), heap_.end(), goes_before);
        return std::move(heap_);
    }

  private:
    std::vector<Seen> heap_;
};

// Throws Failure when the current folder does not exist any more.
std::string current_folder() {
    run::Spec here;
    ops::resolve_cwd(here);
    return here.cwd;
}

// A group is described by its members.
void add_member(std::vector<Named>& groups, const std::string& group, const std::string& member) {
    if (!run::is_name(group)) return;
    const auto known =
        std::find_if(groups.begin(), groups.end(), [&](const Named& each) { return each.word == group; });
    if (known == groups.end())
        groups.push_back({group, member});
    else
        known->description += ", " + member;
}

}  // namespace

run::Surroundings StoreSource::around() const {
    try {
        return project_.empty() ? surroundings() : surroundings_in(project_);
    } catch (const std::exception&) {
        return {};  // the line has a --project that cannot be one
    }
}

// If the configuration cannot be read, no templates are offered.
config::Config StoreSource::config_here() const {
    try {
        return config::load_readable(project_.empty() ? current_folder() : around().project);
    } catch (const std::exception&) {
        return {};
    }
}

KnownRuns StoreSource::runs(run::Kind which, std::string_view begins) const {
    KnownRuns out;
    FirstRuns first;
    std::set<std::string> tags;
    const run::Surroundings around = this->around();
    const auto select = [&](const run::Store& store) { return ids_to_read(store, which, begins); };
    each_record(
        select,
        [&](run::Record& record, const run::View& view) {
            const bool meant = has_beginning(record, begins);
            // Most of what a live run costs is to look at its lock and its processes.
            const bool mine = record.project == around.project && record.in_project == around.in_project;
            if (record.tags.empty() && (!meant || !first.has_place_for(record, mine))) return;
            const run::State state = state_of(record, view);
            if (!is_wanted(which, record, state)) return;
            tags.insert(record.tags.begin(), record.tags.end());
            if (!meant) return;
            first.add({std::move(record), state, mine});
        },
        by_spec(which) ? run::Depth::full : run::Depth::head);
    const sys::Millis now = sys::realtime_ms();
    for (const Seen& seen : first.take()) {
        std::string project = other_project(seen.record, around);
        out.runs.push_back({seen.record.id, seen.record.name, std::string(run::state_name(seen.state)),
                            description_of(seen, project, now, run::command_text(seen.record)),
                            std::move(project)});
    }
    out.tags.assign(tags.begin(), tags.end());
    return out;
}

std::vector<std::string> StoreSource::tags(run::Kind which) const {
    std::set<std::string> found;
    each_record(
        only_live(which) ? perhaps_live : all_ids,
        [&](run::Record& record, const run::View& view) {
            if (!record.tags.empty() && is_wanted(which, record, state_of(record, view)))
                found.insert(record.tags.begin(), record.tags.end());
        },
        by_spec(which) ? run::Depth::full : run::Depth::head);
    return {found.begin(), found.end()};
}

std::vector<Named> StoreSource::ports() const {
    std::map<int, std::string> found;
    each_record(perhaps_live, [&](run::Record& record, const run::View& view) {
        if (run::is_final(record.state) || !run::is_live(state_of(record, view))) return;
        const std::string owner =
            (record.name.empty() ? record.id : record.name) + ' ' + run::command_text(record);
        for (const int port : ops::tcp_ports_of(record, view.census())) found.emplace(port, owner);
    });
    std::vector<Named> out;
    out.reserve(found.size());
    for (const auto& [port, owner] : found) out.push_back({std::to_string(port), owner});
    return out;
}

KnownTemplates StoreSource::templates() const {
    KnownTemplates out;
    const config::Config config = config_here();
    for (const config::Template& each : config.templates)
        out.templates.push_back(
            {each.name, each.description.empty() ? template_text(each) : each.description});
    for (const config::Template& each : config.templates)
        for (const config::Word& group : each.groups) add_member(out.groups, group.text, each.name);
    // A group with the name of a template is a mistake, for which `up` starts nothing.
    std::erase_if(out.groups, [&](const Named& group) {
        return std::any_of(out.templates.begin(), out.templates.end(),
                           [&](const Named& each) { return each.word == group.word; });
    });
    return out;
}

std::vector<KnownRun> StoreSource::template_runs() const {
    std::vector<Seen> found;
    // As for `down`: whether the folder is still a project does not matter.
    const run::Surroundings around = this->around();
    each_record(perhaps_live, [&](const run::Record& head, const run::View& view) {
        run::Record record;
        if (head.project != around.project || run::is_final(head.state) ||
            view.store().read(head.id, run::Depth::full, record) != run::Read::ok || record.from.name.empty())
            return;
        if (const run::State state = state_of(record, view); run::is_live(state))
            found.push_back({std::move(record), state, true});
    });
    std::sort(found.begin(), found.end(), goes_before);
    const sys::Millis now = sys::realtime_ms();
    std::vector<KnownRun> out;
    out.reserve(found.size());
    const config::Config config = config_here();
    for (const Seen& seen : found) {
        const config::Template* from = config.find_template(seen.record.from.name);
        out.push_back({seen.record.id, seen.record.from.name, std::string(run::state_name(seen.state)),
                       description_of(seen, "", now,
                                      from && !from->description.empty() ? from->description
                                                                         : run::command_text(seen.record))});
    }
    return out;
}

std::vector<Named> StoreSource::shells() const {
    std::map<std::string, int> runs_of;
    each_record(all_ids, [&](const run::Record& record, const run::View&) {
        if (run::parse_shell_id(record.shell)) ++runs_of[record.shell];
    });
    std::vector<Named> out;
    out.reserve(runs_of.size());
    for (const auto& [shell, count] : runs_of)
        out.push_back({shell, std::to_string(count) + (count == 1 ? " run" : " runs")});
    return out;
}

std::vector<std::string> StoreSource::variables() const {
    std::set<std::string> names;
    for (char** each = environ; each && *each; ++each) {
        const std::string_view entry = *each;
        const std::string_view name = entry.substr(0, entry.find('='));
        const auto in_name = [](char c) {
            return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        };
        if (!name.empty() && std::all_of(name.begin(), name.end(), in_name)) names.emplace(name);
    }
    return {names.begin(), names.end()};
}

}  // namespace sigmund::cli
