// SPDX-License-Identifier: Apache-2.0
#include "cli/complete_targets.hpp"

#include <map>
#include <set>

#include "run/id.hpp"
#include "run/record.hpp"

namespace sigmund::cli {
namespace {

constexpr run::Choice forms[] = {
    {"@", "the newest run"},
    {"@!", "the newest run that failed"},
    {"@here", "the runs of this project"},
    {"@shell", "the runs of this shell"},
    {"@all", "every run"},
};

// A record may have been written by another program: a name that is not valid is not offered.
void add_names(std::vector<Candidate>& out, const std::vector<KnownRun>& runs) {
    std::set<std::string_view> seen;
    for (const KnownRun& run : runs)
        if (run::is_name(run.name) && seen.insert(run.name).second)
            out.push_back({Offer::word, run.name, run.description, "name", run.state});
}

bool is_live(const KnownRun& run) {
    const auto state = run::parse_state(run.state);
    return state && run::is_live(*state);
}

// Returns the runs that are offered by their names: those that the names mean here, and a live run of another project if
// no other run has its name.
std::vector<KnownRun> called_by_name(const std::vector<KnownRun>& runs) {
    std::map<std::string_view, int> bearers;
    for (const KnownRun& run : runs)
        if (!run.project.empty()) ++bearers[run.name];
    std::vector<KnownRun> out;
    for (const KnownRun& run : runs)
        if (run.project.empty() || (is_live(run) && bearers[run.name] == 1)) out.push_back(run);
    return out;
}

void add_ids(std::vector<Candidate>& out, const std::vector<KnownRun>& runs) {
    for (const KnownRun& run : runs)
        if (run::is_id(run.id)) out.push_back({Offer::word, run.id, run.description, "id", run.state});
}

void add_tags(std::vector<Candidate>& out, const std::vector<std::string>& tags, std::string_view before) {
    for (const std::string& tag : tags)
        if (run::is_tag(tag))
            out.push_back({Offer::word, std::string(before) + tag, "every run with that tag", "tag"});
}

}  // namespace

std::vector<Candidate> target_candidates(run::Kind kind, std::string_view typed, const Source& source) {
    std::vector<Candidate> out;
    if (typed.starts_with(':')) {
        for (const Named& port : source.ports())
            out.push_back({Offer::word, ':' + port.word, port.description, "port"});
        return out;
    }
    if (typed.starts_with("tag=")) {
        add_tags(out, source.tags(kind), "tag=");
    } else if (!typed.starts_with('@')) {
        KnownRuns known = source.runs(kind, typed);
        // The shell may match letters anywhere in a word, so it gets others.
        if (known.runs.empty() && !typed.empty()) known = source.runs(kind, "");
        add_names(out, called_by_name(known.runs));
        add_ids(out, known.runs);
        add_tags(out, known.tags, "tag=");
    }
    for (const run::Choice& form : forms)
        out.push_back({Offer::word, std::string(form.word), std::string(form.help), "form"});
    return out;
}

std::vector<Candidate> name_candidates(std::string_view typed, const Source& source) {
    std::vector<Candidate> out;
    add_names(out, source.runs(run::Kind::any_target, typed).runs);
    return out;
}

std::vector<Candidate> tag_candidates(const Source& source) {
    std::vector<Candidate> out;
    add_tags(out, source.tags(run::Kind::any_target), "");
    return out;
}

}  // namespace sigmund::cli
