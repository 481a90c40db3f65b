#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Readiness: a port or a socket on which another process listens before the start is taken.
load sigmund
load listeners

setup() { listeners_setup; }
teardown() { sigmund_teardown; }

# Proves that nothing of a refused start is left.
refused() {
    [[ $status == 125 ]] || fail "$status: $output"
    assert_output --partial "is already in use by"
    assert_output --partial "hint: --ready-shared"
    [[ $(runs) == "${1:-0}" ]]
}

@test "A port on which another process listens is taken, so nothing is started and that process is named" {
    stranger 127.0.0.1 "$port"
    for probe in "tcp:$port" "tcp:127.0.0.1:$port" "http://localhost:$port/" "tcp:[::ffff:127.0.0.1]:$port" "tcp:0.0.0.0:$port"; do
        run sigmund --ready "$probe" sh -c 'touch started; sleep 300'
        refused
        assert_output --partial "port $port is already in use by pid $stranger (python3); choose another port"
        refute_output --regexp 'kill|sigmund stop'
    done
    [[ ! -e started ]]
    run bash -c "'$SIGMUND' --json --ready tcp:$port sleep 300 2>&1 >/dev/null | jq -r .error.code"
    assert_output port_taken
    # Another address of that port is another socket.
    id=$(sigmund -q --ready "tcp:127.0.0.2:$port" python3 listen.py 127.0.0.2 "$port")
    [[ $(field "$id" ready) == true ]]
    # A process that has ended leaves its port free at once, whatever the kernel still remembers about its
    # connections.
    exec {connection}<>"/dev/tcp/127.0.0.1/$port"
    end_stranger
    exec {connection}>&-
    id=$(sigmund -q --ready "tcp:127.0.0.1:$port" python3 listen.py 127.0.0.1 "$port")
    [[ $(field "$id" ready) == true ]]
}

@test "Another run on the port is named with the way to stop it, and with its project if that differs" {
    mkdir -p a b
    touch a/sigmund.toml b/sigmund.toml
    db=$(cd a && sigmund -q -n db --ready "tcp:$port" redis-server --port "$port" --save '')
    cd a
    run sigmund --ready "tcp:$port" sleep 300
    refused 1
    assert_line "sigmund: port $port is already in use by db ($db): sigmund stop db"
    cd ../b
    run env HOME="$BATS_TEST_TMPDIR" "$SIGMUND" --ready "tcp:$port" sleep 300
    refused 1
    assert_line "sigmund: port $port is already in use by db ($db) in ~/a: sigmund stop $db"
    # A run that is replaced gives its port to the one that replaces it.
    cd ../a
    new=$(sigmund -q -n db --replace --ready "tcp:$port" redis-server --port "$port" --save '')
    [[ $(field "$new" ready) == true && $(field "$db" state) == exited ]]
}

@test "Wildcards, IPv6 and both families of localhost are recognised as the same port" {
    stranger :: "$port"
    for probe in "tcp:127.0.0.1:$port" "tcp:[::1]:$port" "tcp:$port"; do
        run sigmund --ready "$probe" sleep 300
        refused
    done
    end_stranger
    stranger :: "$port" v6only
    run sigmund --ready "tcp:localhost:$port" sleep 300
    refused
    id=$(sigmund -q --ready "tcp:127.0.0.1:$port" python3 listen.py 127.0.0.1 "$port")
    [[ $(field "$id" ready) == true ]]
    for address in ::1 :: 127.0.0.1 0.0.0.0; do
        id=$(sigmund -q --ready "tcp:$other_port" python3 listen.py $address "$other_port")
        [[ $(field "$id" ready) == true ]]
        sigmund stop -q "$id"
    done
}

@test "A port of another user's process is taken, though the process cannot be seen" {
    if ((EUID == 0)); then
        stranger 127.0.0.1 "$port"
        store=$(mktemp -d /tmp/sgm.XXXXXX)
        chown 65534:65534 "$store"
        cd /
        run setpriv --reuid 65534 --regid 65534 --clear-groups env SIGMUND_STATE_DIR="$store" HOME=/nonexistent \
            "$SIGMUND" --ready "tcp:$port" sleep 300
        rm -r "$store"
        assert_failure 125
        assert_output --partial "port $port is already in use by a process of user 0; choose another port"
    fi
}

@test "A failed check of the ports does not count as a free port" {
    run strace -f -o trace -P /proc/self/net/tcp -e trace=openat -e inject=openat:error=EACCES \
        "$SIGMUND" --ready "tcp:$port" sleep 300
    assert_failure 125
    assert_output --partial "cannot tell whether port $port is free: Permission denied"
    [[ $(runs) == 0 ]]
}
