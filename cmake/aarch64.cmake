# SPDX-License-Identifier: Apache-2.0
# Builds for 64-bit ARM (Debian's arm64) on another machine, with Debian's cross compiler. The libraries are those of
# libncurses-dev:arm64; the header-only ones are the same for every processor. scripts/lib.sh names the packages.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_STRIP aarch64-linux-gnu-strip)
# Libraries of the build machine lie in /usr/lib/x86_64-linux-gnu, which is not searched then.
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
# cpack would take the architecture of the build machine.
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE arm64)
