# SPDX-License-Identifier: Apache-2.0
# CPack runs this after packing. It packs again with dpkg-deb, if that is installed: CPack counts the targets of links
# into Installed-Size, which makes it four times too large, and the umask shows in its archive.
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
  foreach(file IN LISTS files)  # dpkg-gencontrol counts files in whole KiB, and anything else as 1
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
  execute_process(COMMAND ${CMAKE_COMMAND} -E env DPKG_DEB_THREADS_MAX=1  # the number of threads changes the bytes
                  ${DPKG_DEB} --root-owner-group -Zxz --build ${tree} ${package}
                  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE_RECURSE "${tree}")
endforeach()
