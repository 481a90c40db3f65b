# SPDX-License-Identifier: Apache-2.0
# `cpack` makes the .deb, and the target `uninstall` removes an installation. scripts/release makes the tarballs.
add_custom_target(uninstall
  COMMAND ${CMAKE_COMMAND} -DMANIFEST=${CMAKE_BINARY_DIR}/install_manifest.txt -P ${CMAKE_SOURCE_DIR}/cmake/uninstall.cmake
  COMMENT "Removing what `cmake --install` installed" VERBATIM USES_TERMINAL)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME sigmund)
set(CPACK_PACKAGE_CONTACT "sigmund maintainers <sigmund@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "background jobs that outlive the shell, keep a log and stop completely")
set(CPACK_PACKAGE_DESCRIPTION
"sigmund starts a command in the background so that it outlives the shell or
the CI step that started it, keeps its output and its result, and stops it
with all processes that it started. No daemon is needed: each run has one
small guardian process.
.
Runs have ids and names, can be restarted, watched, waited for and limited,
and are listed for people and for programs. The package contains hooks and
completions for bash, zsh and fish, and the companion tools nosig, supervise
and unlinkwait in /usr/lib/sigmund/bin.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
# The install is done by component, so that a package does not overwrite the manifest that `uninstall` reads.
set(CPACK_INSTALL_CMAKE_PROJECTS "${CMAKE_BINARY_DIR};sigmund;Unspecified;/")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
if(SIGMUND_STATIC)
  set(CPACK_DEBIAN_PACKAGE_DEPENDS "")
else()
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
endif()

# This script changes what Debian wants different from `cmake --install`. CPACK_ variables pass values to it.
set(CPACK_PRE_BUILD_SCRIPTS "${CMAKE_SOURCE_DIR}/cmake/deb_stage.cmake")
set(CPACK_POST_BUILD_SCRIPTS "${CMAKE_SOURCE_DIR}/cmake/deb_repack.cmake")
set(CPACK_SIGMUND_SOURCE "${CMAKE_SOURCE_DIR}")
set(CPACK_SIGMUND_STATIC "${SIGMUND_STATIC}")
set(CPACK_SIGMUND_STRIP "${CMAKE_STRIP}")
include(CPack)
