# shellcheck shell=bash disable=SC2154 # `scratch` is set by sigmund.bash
# SPDX-License-Identifier: Apache-2.0
# Commands as a user without privileges: as `nobody` when root runs the tests, else as the caller.

# Makes the folder `scratch`, which any user may enter, with a copy of the binary, since the build may lie where only
# root may look.
other_user_setup() {
    scratch_folder
    chmod 755 "$scratch"
    cp "$SIGMUND" "$scratch/sigmund"
}

# as_user COMMAND...: with a store that belongs to that user.
as_user() {
    if ((EUID == 0)); then
        mkdir -p "$scratch/store"
        chown nobody "$scratch/store"
        (cd / && SIGMUND_STATE_DIR=$scratch/store HOME=$scratch exec runuser -u nobody -- "$@")
    else
        "$@"
    fi
}

# sigmund_as_user WORD...: with the store of the test, whomever it belongs to.
sigmund_as_user() {
    if ((EUID == 0)); then
        (cd / && exec runuser -u nobody -- "$scratch/sigmund" "$@")
    else
        "$SIGMUND" "$@"
    fi
}
