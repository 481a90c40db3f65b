#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What the build and the tests for arm64 rest on, as far as that needs no cross compiler. The rest is in tests/arm64,
# which `scripts/test --arm64` runs.

bats_require_minimum_version 1.5.0
for library in bats-support bats-assert; do load "/usr/lib/bats/$library/load"; done

setup() { source_root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd); }

@test "The list of tests for arm64 names files and tests that exist, and gives reasons" {
    while IFS= read -r line; do
        case $line in
            '#'* | '') ;;
            'core '*) [[ -f $source_root/tests/${line#core } ]] || fail "there is no file: $line" ;;
            'unit | '*' | '?*) ;;
            *' | '*' | '?*)
                file=${line%% | *} name=${line#* | }
                grep -qF "@test \"${name% | *}\" {" "$source_root/tests/$file" || fail "there is no such test: $line"
                ;;
            *) fail "this line is not understood: $line" ;;
        esac
    done <"$source_root/tests/arm64.txt"
}

@test "scripts/release refuses an architecture that it cannot build for" {
    run "$source_root/scripts/release" --arch m68k
    assert_failure 1
    assert_output --partial "cannot build for m68k"
}

@test "Packages of another architecture are told apart from those of this machine" {
    mkdir "$BATS_TEST_TMPDIR/tools"
    cat >"$BATS_TEST_TMPDIR/tools/dpkg" <<'END'
#!/bin/sh
echo amd64
END
    cat >"$BATS_TEST_TMPDIR/tools/dpkg-query" <<'END'
#!/bin/sh
for name; do :; done
case $name in
    both) printf 'amd64 installed\narm64 installed\n' ;;
    both:arm64 | foreign | foreign:arm64) echo arm64 installed ;;
    all) echo all installed ;;
    removed) echo amd64 config-files ;;
    *) exit 1 ;;
esac
END
    chmod +x "$BATS_TEST_TMPDIR"/tools/*
    PATH=$BATS_TEST_TMPDIR/tools:$PATH run bash -c '. "$1"; missing_packages both all foreign both:arm64 foreign:arm64 removed \
        none none:arm64' - "$source_root/scripts/lib.sh"
    assert_success
    assert_output $'foreign\nremoved\nnone\nnone:arm64'
}
