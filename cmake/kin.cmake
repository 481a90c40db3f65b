# SPDX-License-Identifier: Apache-2.0
# This file installs the companion tools: their links, the protocol header with its pkg-config file, the manual pages.

# Debian's daemontools owns /usr/bin/supervise, so the links have their own folder, which is the same on every
# distribution.
set(KIN_TOOLS nosig supervise unlinkwait)
set(KIN_LINKS_DIR lib/sigmund/bin)
file(RELATIVE_PATH KIN_LINK_TARGET ${CMAKE_INSTALL_PREFIX}/${KIN_LINKS_DIR} ${CMAKE_INSTALL_FULL_BINDIR}/sigmund)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/links ${CMAKE_BINARY_DIR}/install-links)
foreach(tool ${KIN_TOOLS})
  file(CREATE_LINK ../sigmund ${CMAKE_BINARY_DIR}/links/${tool} SYMBOLIC)  # to use them without an install
  file(CREATE_LINK ${KIN_LINK_TARGET} ${CMAKE_BINARY_DIR}/install-links/${tool} SYMBOLIC)
  install(FILES ${CMAKE_BINARY_DIR}/install-links/${tool} DESTINATION ${KIN_LINKS_DIR})
  install(FILES ${CMAKE_SOURCE_DIR}/man/${tool}.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endforeach()

# The header needs no library and is the same for all architectures. Its path is relative to the .pc file, so that an
# installation can be moved.
file(RELATIVE_PATH KIN_PC_PREFIX ${CMAKE_INSTALL_FULL_DATADIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" KIN_PC_PREFIX "${KIN_PC_PREFIX}")
configure_file(cmake/sigmund.pc.in sigmund.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/sigmund.pc DESTINATION ${CMAKE_INSTALL_DATADIR}/pkgconfig)
install(FILES include/sigmund/supervise_protocol.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/sigmund)

if(BUILD_TESTING)
  # This compiles the header alone, in the oldest C and C++ that it supports.
  foreach(language c cpp)
    add_executable(header_${language} tests/header/protocol.${language})
    target_include_directories(header_${language} PRIVATE include)
    target_compile_options(header_${language} PRIVATE -pedantic-errors)
    add_test(NAME header_${language} COMMAND header_${language})
  endforeach()
  set_target_properties(header_c PROPERTIES C_STANDARD 90)
  set_target_properties(header_cpp PROPERTIES CXX_STANDARD 98)
endif()
