// SPDX-License-Identifier: Apache-2.0
#include "cli/complete_values.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <set>
#include <utility>

#include "cli/columns.hpp"
#include "cli/commands.hpp"
#include "cli/complete_targets.hpp"
#include "kin/tool.hpp"
#include "run/id.hpp"
#include "run/spec.hpp"
#include "sys/signals.hpp"

namespace sigmund::cli {
namespace {

// Returns whether the word is only the beginning of a value, by its last character.
bool is_beginning(std::string_view word) {
    return word.ends_with(':') || word.ends_with('=');
}

Candidate candidate(std::string_view word, std::string_view description, std::string_view group) {
    return {is_beginning(word) ? Offer::nospace : Offer::word, std::string(word), std::string(description),
            group};
}

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}

// Signals get the prefix SIG if that is being typed. The many real-time signals are offered only if they are
// meant.
std::vector<Candidate> signals(std::string_view typed) {
    const std::string begun = upper(typed);
    const std::string prefix = begun.starts_with("SI") ? "SIG" : "";
    std::vector<Candidate> out;
    const auto add = [&](const std::string& name) { out.push_back(candidate(prefix + name, "", "signal")); };
    for (const sys::NamedSignal& each : sys::named_signals) add(each.name);
    const bool many = begun.starts_with(prefix + 'R');
    for (const auto& [name, sign] : {std::pair{"RTMIN", '+'}, std::pair{"RTMAX", '-'}}) {
        add(name);
        for (int n = 0; many && n <= SIGRTMAX - SIGRTMIN; ++n)
            add(std::string(name) + sign + std::to_string(n));
    }
    return out;
}

std::vector<Candidate> resource_limits() {
    std::vector<Candidate> out;
    out.reserve(RLIM_NLIMITS);
    for (int resource = 0; resource < static_cast<int>(RLIM_NLIMITS); ++resource)
        out.push_back(candidate(run::rlimit_name(resource) + '=', "", "value"));
    std::sort(out.begin(), out.end(), [](const Candidate& a, const Candidate& b) { return a.word < b.word; });
    return out;
}

std::vector<Candidate> named(const std::vector<Named>& words, std::string_view group) {
    std::vector<Candidate> out;
    out.reserve(words.size());
    for (const Named& each : words) out.push_back(candidate(each.word, each.description, group));
    return out;
}

// Returns these runs first, then groups, which stand for several templates, then the other templates.
std::vector<Candidate> stack_candidates(const std::vector<KnownRun>& runs, const Source& source) {
    std::vector<Candidate> out;
    std::set<std::string_view> seen;
    for (const KnownRun& run : runs)
        if (run::is_name(run.name) && seen.insert(run.name).second)
            out.push_back({Offer::word, run.name, run.description, "template", run.state});
    const KnownTemplates known = source.templates();
    for (const auto& [words, group] :
         {std::pair{&known.groups, "group"}, std::pair{&known.templates, "template"}})
        for (const Named& each : *words)
            if (seen.insert(each.word).second) out.push_back(candidate(each.word, each.description, group));
    return out;
}

std::vector<Candidate> variables(const Source& source, std::string_view behind) {
    std::vector<Candidate> out;
    for (const std::string& name : source.variables())
        out.push_back(candidate(name + std::string(behind), "", "variable"));
    return out;
}

std::vector<Candidate> columns() {
    std::vector<Candidate> out;
    for (const Column& column : cli::columns()) out.push_back(candidate(column.name, column.help, "value"));
    return out;
}

std::vector<Candidate> path(Offer offer) {
    return {{offer, "", "", "file"}};
}

std::vector<Candidate> candidates_of(const run::Choices& choices, const Partial& partial,
                                     const Source& source) {
    using run::Kind;
    switch (choices.kind) {
        case Kind::words: {
            std::vector<Candidate> out;
            for (const run::Choice& each : choices.words)
                out.push_back(candidate(each.word, each.help, "value"));
            return out;
        }
        case Kind::file:
            return path(Offer::file);
        case Kind::folder:
            return path(Offer::folder);
        case Kind::command:
            // The shell cannot complete a command name that is only a part of a word.
            if (partial.kept.empty()) return {{Offer::command_at, "", "", "command", "", partial.at}};
            return {};
        case Kind::signal:
            return signals(partial.value);
        case Kind::variable:
            return variables(source, "");
        case Kind::assignment:
            return variables(source, "=");
        case Kind::rlimit:
            return resource_limits();
        case Kind::column:
            return columns();
        case Kind::template_name:
            return named(source.templates().templates, "template");
        case Kind::up_target:
            return stack_candidates({}, source);
        case Kind::down_target:
            return stack_candidates(source.template_runs(), source);
        case Kind::shell_session:
            return named(source.shells(), "shell");
        case Kind::verb:
            return verb_candidates();
        case Kind::name:
            return name_candidates(partial.value, source);
        case Kind::tag:
            return tag_candidates(source);
        case Kind::live_target:
        case Kind::finished_target:
        case Kind::adoptable_target:
        case Kind::any_target:
        case Kind::port_target:
        case Kind::terminal_target:
        case Kind::input_target:
            return target_candidates(choices.kind, partial.value, source);
        case Kind::text:
        case Kind::number:
        case Kind::duration:
        case Kind::size:
            break;
    }
    return {};
}

// Completes the last item of a list. The items before it are not offered again.
std::vector<Candidate> list_candidates(const run::Choices& choices, Partial partial, const Source& source) {
    const std::string before = partial.value.substr(0, partial.value.rfind(',') + 1);  // npos + 1 is 0
    partial.kept += before;
    partial.value.erase(0, before.size());
    std::vector<Candidate> out = candidates_of(choices, partial, source);
    std::erase_if(out, [&](const Candidate& each) {
        return (',' + before).find(',' + each.word + ',') != std::string::npos;
    });
    for (Candidate& each : out) {
        if (each.offer == Offer::word) each.offer = Offer::nospace;  // a comma may follow
        each.word.insert(0, partial.kept);
    }
    return out;
}

}  // namespace

std::vector<Candidate> value_candidates(const run::Choices& choices, const Partial& partial,
                                        const Source& source) {
    std::vector<Candidate> out;
    if (choices.list) {
        out = list_candidates(choices, partial, source);
    } else {
        out = candidates_of(choices, partial, source);
        for (Candidate& each : out) each.word.insert(0, partial.kept);
    }
    if (out.empty() && !partial.expectation.empty()) out.push_back({Offer::none, "", partial.expectation});
    return out;
}

std::vector<Candidate> verb_candidates() {
    std::vector<Candidate> out;
    for (const Verb& verb : verbs()) {
        if (verb.hidden) continue;
        out.push_back(candidate(verb.name, verb.help, "verb"));
        if (!verb.alias.empty()) out.push_back(candidate(verb.alias, verb.help, "verb"));
    }
    for (const kin::Tool& tool : kin::tools()) out.push_back(candidate(tool.name, tool.help, "verb"));
    out.push_back(candidate("ls", find_verb("ls")->help, "verb"));
    out.push_back(candidate("help", "show the help of a verb", "verb"));
    return out;
}

}  // namespace sigmund::cli
