# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables of scripts/test
# SPDX-License-Identifier: Apache-2.0
# scripts/test sources this for --arm64: it runs the tests of the program for arm64 on another machine, by the
# user-mode emulation of QEMU. Only sigmund is emulated: the commands that it starts, and the helpers of the tests, are
# programs of this machine.

# This file lists what the emulation cannot run, and why.
arm64_list=$root/tests/arm64.txt
arm64_format=

# Makes the kernel run programs for arm64 (binfmt_misc), since sigmund executes itself again. What was registered here
# is removed at the end.
prepare_emulation() {
    local place=/proc/sys/fs/binfmt_misc format=/usr/lib/binfmt.d/qemu-aarch64.conf
    ! "$1" --version >/dev/null 2>&1 || return 0
    [[ -e $place/register ]] || as_root mount -t binfmt_misc binfmt_misc "$place" ||
        die "the kernel cannot run programs for arm64: there is no binfmt_misc here"
    arm64_format=sigmund-arm64-$$
    sed "s/^:[^:]*:/:$arm64_format:/" "$format" | as_root tee "$place/register" >/dev/null ||
        die "the kernel cannot run programs for arm64: $place/register refuses it"
    "$1" --version >/dev/null || die "$1 does not run"
}

end_emulation() {
    [[ -z $arm64_format ]] || echo -1 | as_root tee "/proc/sys/fs/binfmt_misc/$arm64_format" >/dev/null || true
    arm64_format=
}

# left_out FILE: prints the names of the tests of FILE that are left out, one per line.
left_out() { sed -nE "s@^${1//./\\.} \\| (.*) \\| .*@\\1@p" "$arm64_list"; }

# tell_left_out FILE...: prints what is left out of these files, with the reasons.
tell_left_out() {
    local file name why
    step "left out under emulation"
    while IFS= read -r line; do
        file=${line%% | *} name=${line#* | }
        why=${name##* | } name=${name% | *}
        [[ " $* " != *" $file "* ]] || printf '%s: %s\n    %s\n' "$file" "$name" "$why"
    done < <(grep -v '^#' "$arm64_list")
}

# Prints an expression for `bats --filter` that selects the other tests of FILE.
tests_under_emulation() {
    sed -nE 's/^@test "(.*)" \{.*/\1/p' "$root/tests/$1" | grep -vxFf <(left_out "$1") |
        sed -E 's/[][\.*^$+?(){}|]/\\&/g' | paste -sd '|' | sed 's/.*/^(&)$/'
}

# count_unit_arm64 OUT: those that are left out are named at the end, and do not count as skipped.
count_unit_arm64() {
    local before=$skipped
    count_unit "$1"
    skipped=$before
}

# Builds everything for arm64, and adds the jobs of --arm64: the unit tests, and the files that the list has as `core`,
# or those that the caller names.
add_arm64_jobs() {
    local file names=("$@") helpers
    build arm64
    folder=$(build_folder arm64)
    prepare_emulation "$folder/sigmund"
    ((!unit)) || add_job count_unit_arm64 "unit tests, for arm64" "$root" "$folder/tests/unit_tests" --no-colors=true \
        --test-case-exclude="$(left_out unit | sed 's/,/\\,/g' | paste -sd ,)"
    ((bats)) || return 0
    build release helpers
    helpers=$(build_folder release)/helpers
    clean_environment here HOME="$HOME" USER="$(id -un)" LOGNAME="$(id -un)" TMPDIR="$scratch/t" \
        SIGMUND_BIN="$folder/sigmund" SIGMUND_HELPERS="$helpers" SIGMUND_SOURCE="$root"
    mkdir "$scratch/t"
    ((${#names[@]} > 0)) || mapfile -t names < <(sed -n 's/^core //p' "$arm64_list")
    for file in "${names[@]}"; do
        add_job count_tap "$file, for arm64" "$root" "${here[@]}" "$helpers/adopt" \
            bats --tap --timing --filter "$(tests_under_emulation "$file")" "$root/tests/$file"
    done
    arm64_names=("${names[@]}")
}
arm64_names=()
