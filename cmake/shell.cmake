# SPDX-License-Identifier: Apache-2.0
# The shell kit is embedded into the binary, and installed where each shell loads completions on demand.
file(GLOB SIGMUND_SHELL_FILES CONFIGURE_DEPENDS shell/*/*)
set_source_files_properties(src/cli/shell_files.cpp PROPERTIES
                            COMPILE_DEFINITIONS SIGMUND_SHELL_DIR="${CMAKE_SOURCE_DIR}/shell"
                            OBJECT_DEPENDS "${SIGMUND_SHELL_FILES}")
install(FILES shell/bash/sigmund.bash RENAME sigmund
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
# Debian's zsh searches only vendor-completions below /usr, so the .deb installs the file there.
install(FILES shell/zsh/_sigmund DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES shell/fish/sigmund.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
# The hooks are installed for users who source a file at the start of a shell instead of running `sigmund shell-init`.
install(FILES shell/bash/hook.bash shell/zsh/hook.zsh shell/fish/hook.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/sigmund/shell)
