# shellcheck shell=bash disable=SC2154 # `scratch` is set by sigmund.bash
# SPDX-License-Identifier: Apache-2.0
# Commands as a user without privileges: as `nobody` when root runs the tests, else as the caller.

# Makes the folder `scratch`, which any user may enter, with a copy of the binary, since only root may be able to
# enter the build folder.
other_user_setup() {
    scratch_folder
    chmod 755 "$scratch"
    cp "$SIGMUND" "$scratch/sigmund"
}

# as_user COMMAND...: runs it as an ordinary user with a store that belongs to that user.
as_user() {
    if ((EUID == 0)); then
        mkdir -p "$scratch/store"
        chown nobody "$scratch/store"
        (cd / && SIGMUND_STATE_DIR=$scratch/store HOME=$scratch exec runuser -u nobody -- "$@")
    else
        "$@"
    fi
}

# sigmund_as_user WORD...: runs it with the store of the test, whichever user owns it.
sigmund_as_user() {
    if ((EUID == 0)); then
        (cd / && exec runuser -u nobody -- "$scratch/sigmund" "$@")
    else
        "$SIGMUND" "$@"
    fi
}
