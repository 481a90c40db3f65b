# shellcheck shell=bash disable=SC2034 # scripts/install reads what these functions set
# SPDX-License-Identifier: Apache-2.0
# For scripts/install: for whom it installs, and as whom it acts in a folder. This file is sourced, never executed.

# Sets `home` and `login_shell` to those of the user who has called this script, also through sudo.
find_person() {
    local id=$EUID entry
    if ((EUID == 0)) && [[ ${SUDO_UID-} =~ ^[0-9]+$ ]]; then id=$SUDO_UID; fi
    entry=$(getent passwd "$id") || entry=
    IFS=: read -r _ _ _ _ _ home login_shell <<<"$entry"
    if ((id == EUID)); then
        home=${HOME:-$home} login_shell=${SHELL:-$login_shell}
    else
        unset ZDOTDIR XDG_CONFIG_HOME XDG_STATE_HOME SIGMUND_STATE_DIR # at best these are root's
    fi
    [[ $home == /* ]] || die "HOME is not the path of a home folder: ${home:-it is not set}"
    [[ $home == / ]] || home=${home%/}
}

# Prints the path itself, or the nearest folder above it that exists.
first_existing() {
    local place=$1
    until [[ -e $place ]]; do place=$(dirname -- "$place"); done
    printf '%s\n' "$place"
}

# owner_of PATH ARRAY: puts the words into ARRAY with which root runs a command as the owner of this path, or of the
# folder in which it is to be made. They are none where the owner is root or the caller is not.
owner_of() {
    local -n words=$2
    words=()
    ((EUID == 0)) || return 0
    local place id group entry
    place=$(first_existing "$1")
    read -r id group < <(stat -L -c '%u %g' -- "$place")
    ((id != 0)) || return 0
    if entry=$(getent passwd "$id"); then
        IFS=: read -r _ _ _ group _ place _ <<<"$entry"
        words=(setpriv --reuid="$id" --regid="$group" --init-groups env HOME="$place")
    else
        words=(setpriv --reuid="$id" --regid="$group" --clear-groups env HOME=/ CCACHE_DISABLE=1)
    fi
    "${words[@]}" true 2>/dev/null || {
        step "cannot act as uid $id, the owner of $1: new files there will belong to root"
        words=()
    }
}
