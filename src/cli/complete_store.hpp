// SPDX-License-Identifier: Apache-2.0
// What a completion knows, from the store, the configuration and the environment. It only reads files: no
// guardian is asked, nothing is written, and a search that takes too long stops with what it has found.
#pragma once
#include "cli/complete_source.hpp"
#include "config/config.hpp"
#include "run/target.hpp"

namespace sigmund::cli {

class StoreSource final : public Source {
  public:
    // `project` is the value of --project on the line, as typed; empty: that of the current folder.
    explicit StoreSource(std::string project = {}) : project_(std::move(project)) {}

    KnownRuns runs(run::Kind which, std::string_view begins) const override;
    std::vector<std::string> tags(run::Kind which) const override;
    std::vector<Named> ports() const override;
    KnownTemplates templates() const override;
    std::vector<KnownRun> template_runs() const override;
    std::vector<Named> shells() const override;
    std::vector<std::string> variables() const override;

  private:
    run::Surroundings around() const;
    config::Config config_here() const;

    std::string project_;
};

}  // namespace sigmund::cli
