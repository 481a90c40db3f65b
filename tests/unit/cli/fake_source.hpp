// SPDX-License-Identifier: Apache-2.0
// A source of completions with a few runs, templates and variables.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "cli/complete.hpp"

namespace sigmund::cli {

class FakeSource : public Source {
  public:
    KnownRuns runs(run::Kind which, std::string_view begins) const override {
        KnownRuns out;
        const auto add = [&](const char* id, const char* name, const char* state) {
            if (std::string_view(id).starts_with(begins) || std::string_view(name).starts_with(begins))
                out.runs.push_back({id, name, state, std::string(state) + " 3s sleep 300"});
        };
        const bool adoptable = which == run::Kind::adoptable_target;
        if (which != run::Kind::finished_target) {
            if (!adoptable) add("7f3c2a", "web", "running");  // an open shell owns it
            if (which != run::Kind::port_target) add("aa0001", "", "paused");
        }
        if (which == run::Kind::finished_target || which == run::Kind::any_target)
            add("bb0002", "job", "exited");
        out.tags = {"db"};
        return out;
    }
    std::vector<std::string> tags(run::Kind) const override { return {"db"}; }
    std::vector<Named> ports() const override { return {{"8080", "web sleep 300"}}; }
    KnownTemplates templates() const override {
        return {{{"api", "make serve"}, {"job", "make job"}}, {{"front", "api, job"}}};
    }
    std::vector<KnownRun> template_runs() const override {
        return {{"7f3c2a", "job", "running", "running 3s make job"},
                {"7f3c2b", "old", "paused", "paused 3s old"}};
    }
    std::vector<Named> shells() const override { return {{"4000.123", "2 runs"}}; }
    std::vector<std::string> variables() const override { return {"HOME", "PATH"}; }
};

// Returns the candidates at the last of the words.
inline std::vector<Candidate> at_end(const std::vector<std::string>& words) {
    return complete(words, words.size() - 1, FakeSource());
}

// Returns the candidates as words; for a path or a command line, the kind of its completion.
inline std::vector<std::string> offered(const std::vector<std::string>& words) {
    std::vector<std::string> out;
    for (const Candidate& each : at_end(words)) switch (each.offer) {
            case Offer::word:
            case Offer::nospace:
                out.push_back(each.word);
                break;
            case Offer::file:
                out.push_back("file " + each.word);
                break;
            case Offer::folder:
                out.push_back("folder " + each.word);
                break;
            case Offer::command_at:
                out.push_back("command " + std::to_string(each.at));
                break;
            case Offer::none:
                out.push_back("none");
        }
    return out;
}

}  // namespace sigmund::cli
