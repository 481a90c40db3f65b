// SPDX-License-Identifier: Apache-2.0
// The lines of the question at the exit of a shell: a list, and below it the line of the cursor. They are drawn
// over themselves when they change or when the size of the window changes.
#pragma once
#include <cstddef>
#include <string>

namespace sigmund::ops {

class ExitScreen {
  public:
    explicit ExitScreen(int fd) : fd_(fd) {}

    std::size_t columns() const;
    std::size_t rows() const;

    // Draws at the cursor. `list` is whole lines, and `bottom` is a part of a line.
    void draw(const std::string& list, const std::string& bottom);
    // Draws over what was drawn before, whose lines the terminal may have wrapped in a smaller window.
    void redraw(const std::string& list, const std::string& bottom);
    // Draws the line of the cursor again if it has changed. The text must fit into the window.
    void replace_bottom(const std::string& text);
    // Ends the line of the cursor.
    void end_line();

  private:
    int fd_;
    std::string list_, bottom_;
};

}  // namespace sigmund::ops
