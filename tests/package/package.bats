#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What is installed and packed: it is complete, it is found, and it is gone after its removal.
# This needs the build folder, so it runs once and not again as an ordinary user. It needs no rights.

bats_require_minimum_version 1.5.0
slowness=${SIGMUND_SLOWNESS:-1} # as in tests/bats/sigmund.bash
for library in bats-support bats-assert; do load "/usr/lib/bats/$library/load"; done

setup_file() {
    export SOURCE BUILD SCRATCH MANIFEST
    SOURCE=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    BUILD=$(dirname "$(realpath "${SIGMUND_BIN:-$SOURCE/build/sigmund}")")
    SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/sgm.XXXXXX")
    MANIFEST=$BUILD/install_manifest.txt
    export HOME=$SCRATCH
    unset XDG_DATA_DIRS XDG_DATA_HOME XDG_CONFIG_HOME DESTDIR MANPATH "${!SIGMUND_@}"
    umask 022
    # A user who has installed from this folder wants to uninstall with its manifest.
    [[ ! -e $MANIFEST ]] || cp -p "$MANIFEST" "$SCRATCH/manifest"

    ROOT=$SCRATCH/root PREFIX=$SCRATCH/root/usr/local
    export ROOT PREFIX
    DESTDIR=$ROOT cmake --install "$BUILD" --prefix /usr/local >"$SCRATCH/install.log"
    cp "$MANIFEST" "$SCRATCH/manifest.new"
    (cd "$BUILD" && timeout $((120 * slowness)) cpack -G DEB -B "$SCRATCH/cpack") >"$SCRATCH/cpack.log" 2>&1 || {
        cat "$SCRATCH/cpack.log"
        return 1
    }
    DEB=$(echo "$SCRATCH"/cpack/sigmund_*.deb)
    export DEB
    dpkg-deb -x "$DEB" "$SCRATCH/deb"
}

teardown_file() {
    if [[ -e $SCRATCH/manifest ]]; then cp -p "$SCRATCH/manifest" "$MANIFEST"; else rm -f "$MANIFEST"; fi
    rm -rf "$SCRATCH"
}

# The manual pages of an installation, including those of the additional tools as verbs. The argument is an ending:
# ".gz".
pages() {
    local page
    for page in "$SOURCE"/man/*.[1-9]; do echo "share/man/man${page##*.}/${page##*/}${1-}"; done
    printf 'share/man/man1/sigmund-%s.1%s\n' nosig "${1-}" supervise "${1-}" unlinkwait "${1-}"
}

# Prints everything below a folder that is not a folder, sorted.
files_of() { (cd "$1" && find . ! -type d -printf '%P\n' | LC_ALL=C sort); }

# The README, and what it links to, apart from the files that a package of Debian has under other names.
documents() {
    printf 'share/doc/sigmund/%s\n' README.md CONTRIBUTING.md HACKING.md SECURITY.md bench/README.md bench/results.svg
    (cd "$SOURCE" && printf 'share/doc/sigmund/%s\n' docs/*.md docs/pictures/*.svg)
}

# Every link and every picture of the documents in this folder is there.
leads_somewhere() {
    local page link
    for page in "$1"/*.md "$1"/docs/*.md "$1"/bench/*.md; do
        while IFS= read -r link; do
            [[ $link == http* || -e ${page%/*}/${link%%#*} ]] || fail "$page: there is no $link"
        done < <(grep -oP '\]\(\K[^)#][^)]*|(src|srcset)="\K[^"]+' "$page")
    done
    [[ -e $1/docs/pictures/top-dark.svg ]]
}

# The files of an installation, without manual pages, documents and completions of zsh.
common_files() {
    cat <<'END'
bin/sigmund
include/sigmund/supervise_protocol.h
lib/sigmund/bin/nosig
lib/sigmund/bin/supervise
lib/sigmund/bin/unlinkwait
share/bash-completion/completions/sigmund
share/fish/vendor_completions.d/sigmund.fish
share/pkgconfig/sigmund.pc
share/sigmund/schema/sigmund-1.schema.json
share/sigmund/shell/hook.bash
share/sigmund/shell/hook.fish
share/sigmund/shell/hook.zsh
END
}

# works TOP: the programs below this prefix work.
works() {
    local tool
    run "$1/bin/sigmund" --version
    assert_success
    assert_output "sigmund $(sed -nE 's/^project\(sigmund VERSION ([0-9.]+).*/\1/p' "$SOURCE/CMakeLists.txt")"
    for tool in nosig supervise unlinkwait; do
        run "$1/lib/sigmund/bin/$tool" --help
        assert_success
        assert_output --partial "$tool"
    done
}

@test "cmake --install installs every file and no other" {
    diff - <(files_of "$PREFIX") <<END
$({
        common_files
        pages
        printf 'share/doc/sigmund/%s\n' CHANGELOG.md LICENSE THIRD-PARTY.md
        documents
        echo share/zsh/site-functions/_sigmund
    } | LC_ALL=C sort)
END
    [[ -z $(find "$ROOT" ! -path "$PREFIX*" ! -type d) ]]
    [[ -z $(find "$ROOT" ! -type l -perm /022) ]] # no other user may write
    cmp "$PREFIX/bin/sigmund" "$BUILD/sigmund"
    works "$PREFIX"
    leads_somewhere "$PREFIX/share/doc/sigmund"
}

@test "The installed manual pages are readable" {
    for page in "$PREFIX"/share/man/man*/*; do
        run --separate-stderr env MANWIDTH=100 man --warnings -l "$page"
        assert_success
        assert_output --partial NAME
    done
    for page in sigmund 'sigmund supervise' 'sigmund unlinkwait' supervise sigmund-config sigmund-ci; do
        # shellcheck disable=SC2086 # two words name a verb's page
        run man -M "$PREFIX/share/man" -w $page
        assert_success
        assert_equal "${#lines[@]}" 1
        assert_output --partial "/${page// /-}."
    done
}

# completes TOP ZSH_FOLDER: each shell finds its completion below TOP by itself, and completes with it.
completes() {
    bash -n "$1/share/bash-completion/completions/sigmund"
    zsh -f -n "$2/_sigmund"
    fish --no-config --no-execute "$1/share/fish/vendor_completions.d/sigmund.fish"
    export PATH=$1/bin:$PATH XDG_DATA_DIRS=$1/share:/usr/share
    run bash --norc -c '. /usr/share/bash-completion/bash_completion; _completion_loader sigmund
        complete -p sigmund; compopt() { :; }
        COMP_LINE="sigmund shell-i" COMP_POINT=15 COMP_WORDS=(sigmund shell-i) COMP_CWORD=1 COMP_TYPE=9
        _sigmund; printf "offered: %s\n" "${COMPREPLY[@]}"'
    assert_output --partial 'complete -F _sigmund'
    assert_output --partial 'offered: shell-init'
    run zsh -fc 'fpath=($1 $fpath); autoload -Uz compinit; compinit -D -u; print ${_comps[sigmund]}' - "$2"
    assert_output _sigmund
    run fish --command 'complete -C "sigmund shell-i"'
    assert_output --partial shell-init
}

@test "Completions are found where each shell looks for them" {
    completes "$PREFIX" "$PREFIX/share/zsh/site-functions"
}

@test "The header is found by pkg-config, for C and C++, wherever the installation is moved" {
    mv "$PREFIX" "$SCRATCH/moved"
    export PKG_CONFIG_PATH=$SCRATCH/moved/share/pkgconfig
    status=0
    for language in c cpp; do
        compiler=(cc -std=c90)
        [[ $language == c ]] || compiler=(c++ -std=c++98)
        # shellcheck disable=SC2046 # flags are words
        "${compiler[@]}" -D_POSIX_C_SOURCE=200809L -Wall -Werror -pedantic-errors $(pkg-config --cflags sigmund) \
            -o "$SCRATCH/protocol" "$SOURCE/tests/header/protocol.$language" && "$SCRATCH/protocol" || status=1
    done
    [[ -x $(pkg-config --variable=supervise sigmund) ]] || status=1
    [[ $(pkg-config --modversion sigmund) == "$("$SCRATCH/moved/bin/sigmund" --version | cut -d' ' -f2)" ]] || status=1
    mv "$SCRATCH/moved" "$PREFIX"
    ((status == 0))
}

@test "scripts/install installs the same files, and --remove leaves nothing" {
    top=$SCRATCH/by-script
    run env HOME="$SCRATCH" "$SOURCE/scripts/install" --from "$BUILD" --prefix "$top" --shell none --yes
    assert_success
    diff <(files_of "$PREFIX") <(files_of "$top" | grep -vx share/sigmund/install-manifest.txt)
    diff <(cd "$PREFIX" && find . -printf '%p %m\n' | sort) \
        <(cd "$top" && find . ! -name install-manifest.txt -printf '%p %m\n' | sort)
    works "$top"
    completes "$top" "$top/share/zsh/site-functions"
    run env HOME="$SCRATCH" "$SOURCE/scripts/install" --remove --prefix "$top" --yes
    assert_success
    [[ ! -e $top ]]
}

@test "Uninstall removes what was installed, keeps the files of others, and says so" {
    cmp "$MANIFEST" "$SCRATCH/manifest.new" # the package has not overwritten it
    touch "$PREFIX/share/sigmund/of-another" "$PREFIX/bin/sigmund-other"
    run env DESTDIR="$ROOT" cmake --build "$BUILD" --target uninstall
    assert_success
    assert_output --partial "removed $PREFIX/bin/sigmund"
    assert_output --partial "removed $PREFIX/lib/sigmund/bin/supervise"
    assert_output --partial "removed $PREFIX/lib/sigmund/"
    assert_output --partial "kept, it is not empty: $PREFIX/share/sigmund/"
    assert_output --partial "uninstalled: $(wc -l <<<"$(<"$MANIFEST")") files removed, 0 were not there"
    run files_of "$PREFIX"
    assert_output $'bin/sigmund-other\nshare/sigmund/of-another'
    rm "$PREFIX/share/sigmund/of-another" "$PREFIX/bin/sigmund-other"
    # Once more: there is nothing to remove, and that is not an error.
    run env DESTDIR="$ROOT" cmake --build "$BUILD" --target uninstall
    assert_success
    assert_output --partial "uninstalled: 0 files removed"
    run find "$ROOT" -name '*sigmund*'
    assert_output ""
}

@test "The .deb has every file and no other, compressed as Debian wants it" {
    diff - <(files_of "$SCRATCH/deb/usr" | grep -v '^share/lintian/') <<END
$({
        common_files
        pages .gz
        printf 'share/doc/sigmund/%s\n' changelog.gz changelog.Debian.gz copyright
        documents
        echo share/zsh/vendor-completions/_sigmund
    } | LC_ALL=C sort)
END
    works "$SCRATCH/deb/usr"
    leads_somewhere "$SCRATCH/deb/usr/share/doc/sigmund"
    completes "$SCRATCH/deb/usr" "$SCRATCH/deb/usr/share/zsh/vendor-completions"
    (cd "$SCRATCH/deb" && dpkg-deb -I "$DEB" md5sums | md5sum --check --quiet)
    # The size is in KiB, about that of its files, without following links.
    size=$(dpkg-deb -f "$DEB" Installed-Size)
    real=$(du -s --apparent-size -k "$SCRATCH/deb" | cut -f1)
    ((size > real / 2 && size < real * 2)) || fail "Installed-Size is $size, the files have $real"
}

@test "Lintian finds neither errors nor warnings in the .deb" {
    run --separate-stderr timeout $((120 * slowness)) lintian --fail-on error,warning --no-tag-display-limit "$DEB"
    assert_success
    assert_output ""
}

@test "The .deb can be installed, works, and leaves nothing when it is purged" {
    root=$SCRATCH/dpkg
    mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates"
    touch "$root/var/lib/dpkg/status"
    dpkg_there() { fakeroot dpkg --root="$root" --log=/dev/null --force-not-root "$@"; }
    run dpkg_there --install "$DEB"
    assert_success
    assert_equal "$(dpkg-query --admindir="$root/var/lib/dpkg" -W -f '${Status}' sigmund)" "install ok installed"
    works "$root/usr"
    run dpkg_there --verify sigmund
    assert_success
    assert_output ""
    run dpkg_there --purge sigmund
    assert_success
    run find "$root" -path "$root/var/lib/dpkg" -prune -o -mindepth 1 ! -path "$root/var" ! -path "$root/var/lib" -print
    assert_output ""
}
