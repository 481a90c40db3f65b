// SPDX-License-Identifier: Apache-2.0
// A stdin that is a FIFO: its writing end is held until the first writer has come (sys/input.hpp), so that
// the command waits for it instead of seeing an end of input.
#pragma once
#include <string>
#include <vector>

#include "guard/source.hpp"
#include "sys/input.hpp"

namespace sigmund::guard {

class FifoInput final : public Source {
  public:
    explicit FifoInput(std::string path) : path_(std::move(path)) {}

    // Holds the writing end of an input that waits; the reading end stays with the caller. A FIFO that is
    // waited for already (by another worker) is held once.
    void hold(sys::Input& input, Host& host);

    void watch(std::vector<pollfd>& set) const override;
    void fire(std::span<const pollfd> polled, Millis now, Host& host) override;
    void life_ended(Host& host) override;

  private:
    void tell(Host& host);
    std::string path_;
    std::vector<sys::Input> waiting_;  // without their reading ends
    bool told_ = false;
};

}  // namespace sigmund::guard
