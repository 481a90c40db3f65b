// SPDX-License-Identifier: Apache-2.0
// A FIFO that is the command's stdin. Its writing end is held open until the first writer has come
// (sys/input.hpp), so that the command waits for a writer instead of reading an end of input.
#pragma once
#include <string>
#include <vector>

#include "guard/source.hpp"
#include "sys/input.hpp"

namespace sigmund::guard {

class FifoInput final : public Source {
  public:
    explicit FifoInput(std::string path) : path_(std::move(path)) {}

    // Takes over the writing end of a waiting input; the caller keeps the reading end. When another worker
    // waits for the same FIFO already, it is held only once.
    void hold(sys::Input& input, Host& host);

    void watch(std::vector<pollfd>& set) const override;
    void fire(std::span<const pollfd> polled, Millis now, Host& host) override;
    void life_ended(Host& host) override;

  private:
    void tell(Host& host);
    std::string path_;
    std::vector<sys::Input> waiting_;  // without the reading ends
    bool told_ = false;
};

}  // namespace sigmund::guard
