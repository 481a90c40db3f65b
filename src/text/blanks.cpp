// SPDX-License-Identifier: Apache-2.0
#include "text/blanks.hpp"

#include <utility>

namespace sigmund::text {

Blanks::Blanks(std::string one, std::string_view two) : text_(std::move(one)) {
    if (text_.size() != two.size()) return;
    for (std::size_t i = 0; i < text_.size(); ++i) {
        if (text_[i] == two[i]) continue;
        const std::size_t begin = i;
        while (i < text_.size() && text_[i] != two[i]) ++i;
        const char first = text_[begin];
        blanks_.push_back({begin, i - begin, static_cast<std::size_t>(first - '1') / 2});
    }
    out_.resize(text_.size());
}

Blanks::Form Blanks::form() {
    return {text_.data(), text_.size(), blanks_.data(), blanks_.size(), out_.data()};
}

}  // namespace sigmund::text
