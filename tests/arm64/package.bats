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
