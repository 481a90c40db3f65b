# shellcheck shell=bash disable=SC2016,SC2154 # scripts/install sets prefix, bin, from and as_prefix
# SPDX-License-Identifier: Apache-2.0
# For scripts/install: the files below the prefix, and the list of them. This file is sourced, never executed.
#
# The list has one entry per line: `file PATH` and `folder PATH`, relative to the prefix, for what was made; `folder
# /PATH` for the prefix and folders outside of it; `start /PATH` for the start files of shells that have the hook.

list_name=share/sigmund/install-manifest.txt
old_files=() made_folders=() start_files=() files=()
scratch='' fresh='' as_build=()

# Reads the list of an earlier installation, if there is one. Other entries, and paths out of the prefix, are ignored.
read_list() {
    local kind path
    old_files=() made_folders=() start_files=()
    [[ -f $prefix/$list_name ]] || return 0
    while read -r kind path; do
        [[ /$path/ != */../* ]] || continue
        case $kind in
            file) [[ $path == /* ]] || old_files+=("$path") ;;
            folder) made_folders+=("$path") ;;
            start) [[ $path != /* ]] || start_files+=("$path") ;;
        esac
    done <"$prefix/$list_name"
}

# write_list FILE...: writes the list with these files, as a whole.
write_list() {
    {
        echo "# What scripts/install has made for this prefix. \`scripts/install --remove\` removes it."
        printf 'file %s\n' "$@" "$list_name"
        ((${#made_folders[@]} == 0)) || printf 'folder %s\n' "${made_folders[@]}"
        ((${#start_files[@]} == 0)) || printf 'start %s\n' "${start_files[@]}"
    } | LC_ALL=C sort -u | "${as_prefix[@]}" sh -c 'cat >"$1.new" && mv -f "$1.new" "$1"' sh "$prefix/$list_name" ||
        die "cannot write $prefix/$list_name"
}

# note_folder PATH: notes those of this folder and the folders above it that are missing, and so are about to be made.
note_folder() {
    local place=$1
    until [[ -d $place ]]; do
        made_folders+=("${place#"$prefix/"}")
        place=${place%/*}
        place=${place:-/}
    done
}

# Installs into a scratch folder beside the build, in which CMake may write; sets `files` to what is there.
stage() {
    [[ -x $from/sigmund && -f $from/cmake_install.cmake ]] || die "there is no build of sigmund in $from"
    owner_of "$from" as_build
    scratch=$("${as_build[@]}" mktemp -d "$from/install.XXXXXX") || die "cannot write to $from"
    # By component, CMake does not overwrite the list for its own target `uninstall`.
    # No file has the prefix in it, so it may have characters that CMake cannot install to.
    "${as_build[@]}" cmake --install "$from" --prefix "$scratch" --component Unspecified >/dev/null ||
        die "cmake --install has failed"
    mapfile -t files < <(cd "$scratch" && find . ! -type d -printf '%P\n' | LC_ALL=C sort)
    ((${#files[@]} > 0)) || die "cmake --install has installed nothing"
}

clean_up() {
    [[ -z $scratch ]] || "${as_build[@]}" rm -rf "$scratch"
    scratch=''
    [[ -z $fresh ]] || "${as_prefix[@]}" rm -rf "$fresh"
    fresh=''
}

# Copies the files to the prefix. The list names them before they are there, so that an interrupted installation can be
# removed. Each file replaces the one before it at once: a shell that starts meanwhile finds the old one or the new one.
copy_files() {
    local path
    local -a new_folders=()
    stage
    local -A new=(["$list_name"]=1)
    note_folder "$prefix/share/sigmund"
    made_folders+=(share/sigmund) # nobody else makes it; an earlier try may have
    for path in "${files[@]}"; do
        new[$path]=1
        note_folder "$prefix/${path%/*}"
    done
    new_folders=("${made_folders[@]}")
    "${as_prefix[@]}" mkdir -p -- "$prefix/share/sigmund" || die "cannot make $prefix/share/sigmund"
    # Two at once would write into each other's files. Where a folder cannot be locked, nobody waits.
    exec {lock}<"$prefix/share/sigmund"
    flock "$lock" 2>/dev/null || true
    read_list
    made_folders+=("${new_folders[@]}")
    write_list "${files[@]}" "${old_files[@]}"
    fresh=$prefix/share/sigmund/.new
    "${as_prefix[@]}" rm -rf -- "$fresh"
    "${as_prefix[@]}" mkdir -- "$fresh" || die "cannot make $fresh"
    tar -C "$scratch" -cf - . | "${as_prefix[@]}" tar -C "$fresh" --no-same-owner -xf - ||
        die "cannot copy the files to $prefix"
    printf '%s\0' "${files[@]%/*}" | (cd "$prefix" && "${as_prefix[@]}" xargs -0 mkdir -p --) ||
        die "cannot make folders below $prefix"
    for path in "${files[@]}"; do
        "${as_prefix[@]}" mv -fT -- "$fresh/$path" "$prefix/$path" || die "cannot write $prefix/$path"
    done
    for path in "${old_files[@]}"; do
        [[ -n ${new[$path]-} ]] || "${as_prefix[@]}" rm -f -- "$prefix/$path"
    done
    write_list "${files[@]}"
    clean_up
}

# Removes the files that the list names, then the folders that were made, if they are empty, and the list at last.
remove_files() {
    local path removed=0 missing=0
    for path in "${old_files[@]}"; do
        [[ $path != "$list_name" ]] || continue
        if [[ ! -e $prefix/$path && ! -L $prefix/$path ]]; then
            missing=$((missing + 1))
        elif "${as_prefix[@]}" rm -f -- "$prefix/$path"; then
            removed=$((removed + 1))
        else
            die "cannot remove $prefix/$path; the rest is still there"
        fi
    done
    "${as_prefix[@]}" rm -rf -- "$prefix/share/sigmund/.new" "$prefix/$list_name.new" "$prefix/$list_name"
    remove_folders
    step "removed $removed files below $prefix; $missing were missing"
}

# Removes the noted folders that are empty, the deepest first.
remove_folders() {
    local path as
    for path in "${made_folders[@]}"; do
        if [[ $path == /* ]]; then printf '%s\n' "$path"; else printf '%s\n' "$prefix/$path"; fi
    done | LC_ALL=C sort -ru | while IFS= read -r path; do
        [[ -d $path && ! -L $path ]] || continue
        owner_of "$(dirname -- "$path")" as
        "${as[@]}" rmdir --ignore-fail-on-non-empty -- "$path" || true
        [[ ! -d $path || $path != */sigmund ]] || step "kept, since others have files there: $path"
    done
}
