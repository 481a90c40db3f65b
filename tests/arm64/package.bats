#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The package for arm64, made on another machine: `scripts/test --arm64` runs this with the cross-built sigmund.
load ../bats/sigmund

setup_file() {
    export SCRATCH DEB
    SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/sgm.XXXXXX")
    (cd "$(dirname "$SIGMUND_BIN")" && timeout 300 cpack -G DEB -B "$SCRATCH/cpack") >"$SCRATCH/log" 2>&1 || {
        cat "$SCRATCH/log"
        return 1
    }
    DEB=$(echo "$SCRATCH"/cpack/sigmund_*.deb)
    dpkg-deb -x "$DEB" "$SCRATCH/deb"
}
teardown_file() { rm -rf "$SCRATCH"; }
setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

@test "The .deb and the program in it are for arm64, need no library, and the program is stripped" {
    assert_equal "${DEB##*_}" arm64.deb
    assert_equal "$(dpkg-deb -f "$DEB" Architecture)" arm64
    assert_equal "$(dpkg-deb -f "$DEB" Depends)" ""
    run aarch64-linux-gnu-readelf -hSWl "$SCRATCH/deb/usr/bin/sigmund"
    assert_success
    assert_output --regexp 'Machine: +AArch64'
    refute_output --regexp 'INTERP|\.symtab|\.debug|\.comment'
    # The segments lie 64 KiB apart, so that a kernel with pages of that size loads the program.
    assert_output --regexp 'LOAD .* 0x10000'
    refute_output --regexp 'LOAD .* 0x1000($|[^0])'
}

@test "Lintian finds neither errors nor warnings in the .deb for arm64" {
    run --separate-stderr timeout 300 lintian --fail-on error,warning --no-tag-display-limit "$DEB"
    assert_success
    assert_output ""
}

@test "The program and the companion tools of the .deb for arm64 run" {
    run "$SCRATCH/deb/usr/bin/sigmund" --version
    assert_success
    assert_output --regexp '^sigmund [0-9.]+$'
    for tool in nosig supervise unlinkwait; do
        run "$SCRATCH/deb/usr/lib/sigmund/bin/$tool" --help
        assert_success
    done
}

@test "scripts/release makes the archives of both architectures, twice with the same bytes" {
    # A program of one line takes the place of sigmund, whose eight builds would take an hour.
    scratch_folder
    mkdir "$scratch/tree"
    tar -C "${SIGMUND_SOURCE:-$BATS_TEST_DIRNAME/../..}" --anchored --exclude=./.git --exclude='./build*' -cf - . |
        tar -C "$scratch/tree" --no-same-owner -xf -
    find "$scratch/tree/src" -name '*.cpp' -delete
    echo 'const char* place() { return __FILE__; }' >"$scratch/tree/src/cli/place.cpp"
    printf '#include <cstdio>\nconst char* place();\nint main() { std::puts(place()); }\n' >"$scratch/tree/src/cli/main.cpp"
    run timeout 900 "$scratch/tree/scripts/release" --check --out "$scratch/out"
    assert_success
    assert_output --partial "both builds are the same"
    run ls "$scratch/out"
    assert_equal "$(sed -E 's/[0-9]+\.[0-9]+\.[0-9]+/V/' <<<"$output")" "SHA256SUMS
sigmund-V-linux-aarch64-dynamic.tar.gz
sigmund-V-linux-aarch64-static.tar.gz
sigmund-V-linux-x86_64-dynamic.tar.gz
sigmund-V-linux-x86_64-static.tar.gz
sigmund_V-1_amd64.deb
sigmund_V-1_arm64.deb"
    for kind in static dynamic; do
        tar -C "$scratch" -xf "$scratch"/out/*-aarch64-"$kind".tar.gz
        run aarch64-linux-gnu-readelf -hS "$scratch"/sigmund-*-aarch64-"$kind"/bin/sigmund
        assert_output --regexp 'Machine: +AArch64'
        refute_output --partial .symtab
    done
}
