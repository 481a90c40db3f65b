# SPDX-License-Identifier: Apache-2.0
# `top` draws by ncurses, whose static library has no descriptions of terminals: it reads them from the files of the system
# where it runs. For a system that has none (or does not know a newer terminal), these are compiled into the program, as
# the build machine has them.
find_path(NCURSES_INCLUDE ncurses.h REQUIRED)
if(SIGMUND_STATIC)
  find_library(NCURSES_LIBRARY libncursesw.a REQUIRED)
  find_library(TINFO_LIBRARY libtinfo.a REQUIRED)
else()
  find_library(NCURSES_LIBRARY ncursesw REQUIRED)
  find_library(TINFO_LIBRARY tinfo REQUIRED)
endif()

set(entries "")
foreach(terminal xterm-256color screen-256color tmux-256color linux vt100)
  string(SUBSTRING ${terminal} 0 1 letter)
  find_file(TERMINFO_${terminal} ${letter}/${terminal} PATHS /lib/terminfo /usr/share/terminfo /usr/lib/terminfo
            REQUIRED NO_DEFAULT_PATH)
  file(READ ${TERMINFO_${terminal}} bytes HEX)
  string(APPEND entries "    {\"${terminal}\", \"hex:${bytes}\"},\n")
endforeach()
configure_file(cmake/terminal_entries.hpp.in generated/terminal_entries.hpp @ONLY)

target_include_directories(sigmund_lib SYSTEM PRIVATE ${NCURSES_INCLUDE})
target_link_libraries(sigmund_lib PUBLIC ${NCURSES_LIBRARY} ${TINFO_LIBRARY})
