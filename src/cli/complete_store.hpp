// SPDX-License-Identifier: Apache-2.0
// What a completion knows: looked up in the store, the configuration and the environment. It reads files
// only: no guardian is asked, nothing is written, and a look that takes long stops with what it has found.
#pragma once
#include "cli/complete_source.hpp"

namespace sigmund::cli {

class StoreSource final : public Source {
  public:
    KnownRuns runs(run::Kind which, std::string_view begins) const override;
    std::vector<Named> ports() const override;
    std::vector<Named> templates() const override;
    std::vector<Named> shells() const override;
    std::vector<std::string> variables() const override;
};

}  // namespace sigmund::cli
