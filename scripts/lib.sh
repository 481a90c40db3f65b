# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Functions that the scripts share: printing steps, installing missing packages, building. This file is sourced, never
# executed.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

# shellcheck disable=SC2034 # some of the scripts read each of these
{
    build_packages=(g++ cmake ninja-build git ca-certificates libcxxopts-dev libtomlplusplus-dev
        nlohmann-json3-dev doctest-dev libncurses-dev)
    redis_packages=(redis-server redis-tools)
    # The tools that cpack calls, and those that test a package.
    package_packages=(dpkg-dev xz-utils)
    package_test_packages=("${package_packages[@]}" lintian fakeroot pkg-config man-db)
    test_packages=("${redis_packages[@]}" postgresql "${package_test_packages[@]}" bats bats-support bats-assert
        strace tmux zsh fish bash-completion direnv zoxide fzf zsh-autosuggestions zsh-syntax-highlighting make rsync
        sqlite3 e2fsprogs vim-tiny less esbuild gdb nodejs python3 python3-pexpect python3-jsonschema python3-pyte jq procps curl shellcheck shfmt
        mandoc systemd)
    fuzz_packages=(clang libclang-rt-dev)
    # What builds for arm64 on another machine, and what runs the result there (user-mode emulation).
    arm64_packages=(g++-aarch64-linux-gnu libc6-dev:arm64 libncurses-dev:arm64)
    arm64_test_packages=(qemu-user-static)
    lint_packages=(clang-format clang-tidy shellcheck shfmt zsh fish mandoc)
}

step() { printf '==> %s\n' "$*"; }

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

as_root() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "not root and no sudo; run this as root: $*"
    fi
}

# Prints those of the given packages that are not installed, one per line. A package may be installed for several
# architectures: NAME means this machine's, and NAME:ARCHITECTURE another one.
missing_packages() {
    local package native found
    native=$(dpkg --print-architecture)
    for package in "$@"; do
        found=$(dpkg-query -W -f='${Architecture} ${db:Status-Status}\n' "$package" 2>/dev/null) || true
        case $package in
            *:*) grep -qx "${package##*:} installed" <<<"$found" ;;
            *) grep -qxE "($native|all) installed" <<<"$found" ;;
        esac || printf '%s\n' "$package"
    done
}

# know_architectures PACKAGE...: makes apt know the architectures of those packages that name one.
know_architectures() {
    local package
    for package in "$@"; do
        case $package in *:*) as_root dpkg --add-architecture "${package##*:}" || return ;; esac
    done
}

# Installs packages without starting the services that some of them contain (redis-server).
apt_install() {
    local policy=/usr/sbin/policy-rc.d made=
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' | as_root install -m 0755 /dev/stdin "$policy" || return
        made=1
    fi
    local status=0
    local options=(-qq -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
    {
        know_architectures "$@" &&
            as_root env DEBIAN_FRONTEND=noninteractive apt-get "${options[@]}" update &&
            as_root env DEBIAN_FRONTEND=noninteractive apt-get "${options[@]}" install -y \
                --no-install-recommends "$@" </dev/null >/dev/null
    } || status=$?
    [[ -z $made ]] || as_root rm -f "$policy"
    return "$status"
}

# install_missing PACKAGE...: installs the packages that are missing. It needs no network when there are none.
install_missing() {
    if ! command -v apt-get >/dev/null; then
        step "there is no apt-get: assuming that all packages are installed"
        return
    fi
    local missing
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]} > 0)) || return 0
    ((EUID == 0)) || command -v sudo >/dev/null ||
        die "these packages are missing, and you are not root and have no sudo; as root: apt-get install ${missing[*]}"
    step "installing ${missing[*]}"
    apt_install "${missing[@]}" || die "cannot install the missing packages; as root: apt-get install ${missing[*]}"
}

# configure PRESET: uses ninja and, if it is installed, ccache; an existing folder keeps its settings.
configure() {
    step "configuring ($1)"
    if command -v ccache >/dev/null; then
        export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
    fi
    local fresh=() cache
    cache=$(build_folder "$1")/CMakeCache.txt
    # A source tree that was moved is configured again.
    [[ ! -f $cache ]] || grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache" || fresh=(--fresh)
    (cd "$root" && CMAKE_GENERATOR=Ninja cmake "${fresh[@]}" --preset "$1" >/dev/null)
}

# build PRESET [TARGET]: builds everything, or only that target.
build() {
    configure "$1"
    step "building"
    (cd "$root" && cmake --build --preset "$1" -j "$(nproc)" ${2:+--target "$2"})
}

# Prints the folder in which PRESET builds, as in CMakePresets.json.
build_folder() {
    if [[ $1 == release ]]; then echo "$root/build"; else echo "$root/build-$1"; fi
}
