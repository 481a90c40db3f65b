# SPDX-License-Identifier: Apache-2.0
# CPack runs this between the install into its staging folder and the packing. It adapts the folder to Debian policy.
set(top "${CPACK_TEMPORARY_DIRECTORY}/usr")
set(share "${top}/share")
set(doc "${share}/doc/sigmund")
set(debian "${CPACK_SIGMUND_SOURCE}/cmake/debian")

function(do)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# These are sections of the compiler, which dh_strip removes too.
do(${CPACK_SIGMUND_STRIP} --remove-section=.comment --remove-section=.note ${top}/bin/sigmund)

# Debian's zsh does not search /usr/share/zsh/site-functions.
file(MAKE_DIRECTORY ${share}/zsh/vendor-completions)
file(RENAME ${share}/zsh/site-functions/_sigmund ${share}/zsh/vendor-completions/_sigmund)
file(REMOVE_RECURSE ${share}/zsh/site-functions)

# One file contains all licences.
file(REMOVE ${doc}/LICENSE ${doc}/THIRD-PARTY.md)
file(COPY_FILE ${debian}/copyright ${doc}/copyright)

# The README links to what these files are called in the package.
file(READ ${doc}/README.md readme)
string(REPLACE "(CHANGELOG.md)" "(changelog.gz)" readme "${readme}")
string(REPLACE "(THIRD-PARTY.md)" "(copyright)" readme "${readme}")
file(WRITE ${doc}/README.md "${readme}")

# This is the changelog of the package: one entry with the date from this version's heading in CHANGELOG.md.
file(RENAME ${doc}/CHANGELOG.md ${doc}/changelog)
file(STRINGS ${doc}/changelog heading REGEX "^## [0-9]" LIMIT_COUNT 1)  # unreleased changes may come before it
if(NOT heading MATCHES "^## ([0-9.]+) \\(([0-9-]+)\\)$" OR NOT CMAKE_MATCH_1 STREQUAL CPACK_PACKAGE_VERSION)
  message(FATAL_ERROR "CHANGELOG.md does not begin with version ${CPACK_PACKAGE_VERSION} and its date")
endif()
execute_process(COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C date -u -R -d ${CMAKE_MATCH_2}
                OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
file(WRITE ${doc}/changelog.Debian
     "sigmund (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium\n\n"
     "  * Release ${CPACK_PACKAGE_VERSION}; its changes are in changelog.gz.\n\n"
     " -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")

file(READ ${debian}/lintian-overrides overrides)
if(CPACK_SIGMUND_STATIC)
  file(READ ${debian}/lintian-overrides-static more)
  string(APPEND overrides "${more}")
endif()
file(WRITE ${share}/lintian/overrides/sigmund "${overrides}")

file(GLOB pages ${share}/man/man*/*)
do(gzip -9n ${pages} ${doc}/changelog ${doc}/changelog.Debian)

# The result must be the same for everybody: it may depend neither on the umask nor on the clock.
do(chmod -R u=rwX,go=rX ${CPACK_TEMPORARY_DIRECTORY})
if(DEFINED ENV{SOURCE_DATE_EPOCH})
  do(find ${CPACK_TEMPORARY_DIRECTORY} -exec touch --no-dereference --date=@$ENV{SOURCE_DATE_EPOCH} {} +)
endif()
