# SPDX-License-Identifier: Apache-2.0
# Run by CPack after the packing: packs once more with dpkg-deb, where there is one. CPack counts what the links point
# at into Installed-Size, four times the truth, and lets the umask show in the archive.
find_program(DPKG_DEB dpkg-deb)
if(NOT DPKG_DEB)
  return()
endif()
foreach(package IN LISTS CPACK_PACKAGE_FILES)
  set(tree "${CPACK_TOPLEVEL_DIRECTORY}/repack")
  file(REMOVE_RECURSE "${tree}")
  execute_process(COMMAND ${DPKG_DEB} --raw-extract ${package} ${tree} COMMAND_ERROR_IS_FATAL ANY)
  file(GLOB_RECURSE files LIST_DIRECTORIES true "${tree}/usr/*")
  set(kib 0)
  foreach(file IN LISTS files)  # as dpkg-gencontrol counts: files in whole KiB, anything else 1
    set(bytes 1)
    if(NOT IS_SYMLINK "${file}" AND NOT IS_DIRECTORY "${file}")
      file(SIZE "${file}" bytes)
    endif()
    math(EXPR kib "${kib} + (${bytes} + 1023) / 1024")
  endforeach()
  file(READ ${tree}/DEBIAN/control control)
  string(REGEX REPLACE "\nInstalled-Size: [0-9]+" "\nInstalled-Size: ${kib}" control "${control}")
  string(REGEX REPLACE "\n+$" "\n" control "${control}")
  file(WRITE ${tree}/DEBIAN/control "${control}")
  execute_process(COMMAND chmod -R u=rwX,go=rX ${tree} COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${CMAKE_COMMAND} -E env DPKG_DEB_THREADS_MAX=1  # more threads, other bytes
                  ${DPKG_DEB} --root-owner-group -Zxz --build ${tree} ${package}
                  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE_RECURSE "${tree}")
endforeach()
