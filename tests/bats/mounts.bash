# shellcheck shell=bash disable=SC2154 # `slowness` is set by sigmund.bash
# SPDX-License-Identifier: Apache-2.0
# Mounts for one test. An ordinary user mounts in a user namespace where the machine allows one; elsewhere the test does
# the nearest thing that is permitted.

# in_mounts SCRIPT: runs it where it may mount. The status is 111 where that is not allowed at all.
in_mounts() {
    if [[ $EUID == 0 ]]; then
        timeout $((120 * slowness)) unshare --mount --propagation private bash -c "$1"
    elif unshare --user --map-root-user --mount true 2>/dev/null; then
        timeout $((120 * slowness)) unshare --user --map-root-user --mount --propagation private bash -c "$1"
    else
        return 111
    fi
}
