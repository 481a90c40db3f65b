#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Small programs do to processes what runners of CI steps do, and a run survives it.
load sigmund

setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

alive() { [[ $(field "$1" state) == running ]]; }

# Sends SIGKILL to every process that carries the cookie, as GitHub's and Jenkins' runners do at the end of a job.
sweep() {
    local file pid
    for file in /proc/[0-9]*/environ; do
        if tr '\0' '\n' <"$file" 2>/dev/null | grep -qx "$1"; then
            pid=${file#/proc/} pid=${pid%/environ}
            [[ $pid == "$$" || $pid == "$BASHPID" ]] || kill -KILL "$pid" 2>/dev/null || true
        fi
    done 2>/dev/null
}

@test "A runner that searches by its cookie ends a run, unless the run must survive the job" {
    cookie=RUNNER_TRACKING_ID=test-$$-$RANDOM
    step=$(env "$cookie" "$SIGMUND" -q sleep 300)
    job=$(env "$cookie" "$SIGMUND" -q --survive job sleep 300)
    guardian=$(sigmund show "$step" --json | jq .data[0].guardian.pid)
    run grep -c . "/proc/$guardian/environ"
    [[ -z $(tr -d '\0' <"/proc/$guardian/environ") ]]
    sweep "$cookie"
    ended() { [[ $(field "$step" state) == exited ]]; }
    wait_until 5 ended
    [[ $(field "$step" result) == signal=SIGKILL ]]
    alive "$job"
    [[ $(field "$job" survive) == job ]]
    id=$(env JENKINS_NODE_COOKIE=a JENKINS_SERVER_COOKIE=b BUILD_ID=17 "$SIGMUND" -q --survive job sh -c 'env; exec sleep 300')
    wait_until 5 bash -c "\"\$SIGMUND\" dump $id | grep -q BUILD_ID=dontKillMe"
    run sigmund dump "$id"
    refute_output --partial COOKIE
}

@test "A step that waits for the end of its output is not blocked" {
    run timeout $((50 * slowness)) bash -c 'out=$("$SIGMUND" sleep 300 2>&1); echo "$out" | head -n 1'
    assert_success
    assert_output --partial "sigmund: id="
    run timeout $((50 * slowness)) python3 -c '
import os, subprocess, sys
p = subprocess.Popen([os.environ["SIGMUND"], "-q", "sleep", "300"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
p.communicate()'
    assert_success
}

@test "A run survives the end of its step: a killed process group and a hang-up of the terminal" {
    run setsid bash -c '"$SIGMUND" -q sleep 300; kill -KILL -- -$$'
    id=$(sigmund list --porcelain --columns id)
    alive "$id"
    python3 - <<'END'
import os, pexpect
p = pexpect.spawn("bash", ["--norc"], env=dict(os.environ, PS1="> "), timeout=10)
p.sendline('"$SIGMUND" -q -n hung sleep 300; echo DO""NE')
p.expect_exact("DONE")
p.close(force=True)
END
    alive hung
}

@test "In CI one more line says what will happen to the run" {
    run env CI=true GITHUB_ACTIONS=true RUNNER_TRACKING_ID=x "$SIGMUND" sleep 300
    assert_line --partial "GitHub Actions: the run ends with the job; with --survive job it keeps running"
    run env CI=true GITHUB_ACTIONS=true RUNNER_TRACKING_ID=x "$SIGMUND" --survive job sleep 300
    assert_line --partial "keeps running after the job"
    run env CI=true GITHUB_ACTIONS=true "$SIGMUND" -q sleep 300
    [[ ${#lines[@]} == 1 ]]
    # A start that waits for the end leaves nothing behind that outlives the step.
    run env CI=true GITHUB_ACTIONS=true "$SIGMUND" --wait true
    refute_output --partial "GitHub Actions"
    run sigmund --survive century true
    assert_failure 1
}

@test "Output formats do not change with the environment" {
    sigmund -q -n web sleep 300
    plain=$(sigmund list --porcelain --columns id,name,state)
    [[ $(CI=1 NO_COLOR=1 CLICOLOR_FORCE=1 TERM=xterm COLUMNS=20 sigmund list --porcelain --columns id,name,state) == "$plain" ]]
    [[ $(CLICOLOR_FORCE=1 sigmund list --json) != *$'\e'* ]]
}

# A terminal of a desktop runs in the user's service manager. This gives the cgroup, and loginctl answers as $1 says.
in_service_manager() {
    cat >"$BATS_TEST_TMPDIR/loginctl" <<END
#!/bin/sh
echo "\$@" >"$BATS_TEST_TMPDIR/told"
exit $1
END
    chmod +x "$BATS_TEST_TMPDIR/loginctl"
    echo "0::/user.slice/user-0.slice/user@0.service/app.slice/terminal.scope" >"$BATS_TEST_TMPDIR/cgroup"
    cat >"$BATS_TEST_TMPDIR/play" <<'END'
mount --bind "$BATS_TEST_TMPDIR/cgroup" "/proc/$$/cgroup"
PATH=$BATS_TEST_TMPDIR:$PATH
exec "$SIGMUND" "$@"
END
    shift
    local -a namespaces=(--mount --propagation private)
    [[ $EUID == 0 ]] || namespaces+=(--user --map-root-user)
    timeout $((100 * slowness)) unshare "${namespaces[@]}" bash "$BATS_TEST_TMPDIR/play" "$@"
}

@test "--survive login makes the user linger, or says that it cannot" {
    [[ $EUID == 0 ]] || unshare --user --map-root-user true 2>/dev/null || return 0 # the pass as root shows that it may
    run in_service_manager 0 doctor
    assert_output --partial "lingering is off"
    assert_output --partial "fix: loginctl enable-linger"
    run in_service_manager 0 --survive login sleep 300
    assert_success
    assert_output --partial "lingering is now on for your user"
    assert_equal "$(<"$BATS_TEST_TMPDIR/told")" "--no-ask-password enable-linger 0"
    [[ $(field @ survive) == login ]]
    run in_service_manager 1 --survive login sleep 300
    assert_failure 125
    assert_output --partial "lingering is off for your user"
    assert_output --partial "hint: sudo loginctl enable-linger root"
    run in_service_manager 1 nosig --ignore CHLD "$SIGMUND" --survive login sleep 300 # no process keeps its status
    assert_failure 125
    sigmund kill -q @
}
