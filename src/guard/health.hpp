// SPDX-License-Identifier: Apache-2.0
// --health: an aide runs a command at intervals. Too many failures in a row restart the run.
#pragma once
#include "guard/aide.hpp"
#include "guard/plan.hpp"
#include "guard/source.hpp"

namespace sigmund::guard {

class Health final : public Source {
  public:
    explicit Health(HealthPlan plan) : plan_(std::move(plan)) {}
    Millis deadline() const override { return due_; }
    void fire(std::span<const pollfd> polled, Millis now, Host& host) override;
    void life_began(Millis now, Host& host) override;
    void life_ended(Host& host) override;

  private:
    void checked(const sys::ExitStatus& status, Host& host);
    void show(const char* health, Host& host);

    HealthPlan plan_;
    Millis due_ = -1;
    Millis began_ = 0;
    Millis well_ = 0;  // the time of the last successful check
    int failures_ = 0;
};

}  // namespace sigmund::guard
