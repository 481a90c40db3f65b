// SPDX-License-Identifier: Apache-2.0
// Lines of text for people. The text that is added is raw and is escaped here, including newlines, so that no
// name, path or argument can act on a terminal or forge a line. Styles are the only terminal sequences on a
// page.
#pragma once
#include <string>
#include <string_view>

namespace sigmund::text {

class Page {
  public:
    // Adds text to the current line. `style`, if not empty, is a terminal sequence that is put before the
    // text and reset after it. It is always a constant of sigmund.
    Page& add(std::string_view raw, std::string_view style = {});
    // Adds text to the current line and ends the line.
    Page& line(std::string_view raw, std::string_view style = {});
    // Adds the lines of another page.
    Page& add(const Page& other);

    bool empty() const { return text_.empty(); }
    const std::string& text() const { return text_; }

  private:
    friend class Rows;
    friend struct Fitting;
    std::string text_;
};

}  // namespace sigmund::text
