// SPDX-License-Identifier: Apache-2.0
#include "text/page.hpp"

#include "text/escape.hpp"

namespace sigmund::text {

Page& Page::add(std::string_view raw, std::string_view style) {
    text_ += style;
    append_for_display(text_, raw);
    if (!style.empty()) text_ += "\x1b[0m";
    return *this;
}

Page& Page::line(std::string_view raw, std::string_view style) {
    add(raw, style);
    text_ += '\n';
    return *this;
}

Page& Page::add(const Page& other) {
    text_ += other.text_;
    return *this;
}

}  // namespace sigmund::text
