# SPDX-License-Identifier: Apache-2.0
# This file installs the manual pages, except those of the companion tools, which are in kin.cmake.
foreach(page sigmund.1 sigmund-attach.1 sigmund-run.1 sigmund-list.1 sigmund-stop.1 sigmund-tail.1 sigmund-shell.1)
  install(FILES man/${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endforeach()
install(FILES man/sigmund-config.5 man/sigmund-porcelain.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)
install(FILES man/sigmund-ci.7 man/sigmund-stack.7 DESTINATION ${CMAKE_INSTALL_MANDIR}/man7)
# The pages of the companion tools are also installed under the names of the verbs.
foreach(tool nosig supervise unlinkwait)
  install(FILES man/${tool}.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 RENAME sigmund-${tool}.1)
endforeach()
