// SPDX-License-Identifier: Apache-2.0
// Lines of text for people. What is added is raw and is escaped here, newlines too, so that no name, path or
// argument can act on a terminal or forge a line. Styles are the only terminal sequences on a page.
#pragma once
#include <string>
#include <string_view>

namespace sigmund::text {

class Page {
  public:
    // Adds to the current line. `style`, if not empty, is a terminal sequence that is put before the text and
    // reset after it; it is always a constant of sigmund's own.
    Page& add(std::string_view raw, std::string_view style = {});
    // Adds to the current line and ends it.
    Page& line(std::string_view raw, std::string_view style = {});
    // Adds another page's lines.
    Page& add(const Page& other);

    bool empty() const { return text_.empty(); }
    const std::string& text() const { return text_; }

  private:
    friend class Rows;
    std::string text_;
};

}  // namespace sigmund::text
