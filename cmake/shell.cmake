# SPDX-License-Identifier: Apache-2.0
# The shell kit: embedded into the binary, and installed where each shell loads completions lazily.
file(GLOB SIGMUND_SHELL_FILES CONFIGURE_DEPENDS shell/*/*)
set_source_files_properties(src/cli/shell_files.cpp PROPERTIES
                            COMPILE_DEFINITIONS SIGMUND_SHELL_DIR="${CMAKE_SOURCE_DIR}/shell"
                            OBJECT_DEPENDS "${SIGMUND_SHELL_FILES}")
install(FILES shell/bash/sigmund.bash RENAME sigmund
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES shell/zsh/_sigmund DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES shell/fish/sigmund.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
