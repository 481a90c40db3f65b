#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The answers of `completions --porcelain`, in whatever state the store and the configuration are.
load sigmund
setup() { sigmund_setup; }
teardown() { sigmund_teardown; }

candidates() { # N WORD...
    timeout 5 "$SIGMUND" completions --porcelain --word "$1" -- "${@:2}"
}

@test "each candidate is one line: its kind, itself, a description, the state of the run, its group" {
    id=$(sigmund -q -n web -t db sleep 300)
    run candidates 2 sigmund stop w
    assert_success
    assert_output --regexp "^word"$'\t'"web"$'\t'"running [0-9]+s sleep 300"$'\t'"running"$'\t'"name$"
    run candidates 2 sigmund stop
    assert_line --regexp "^word"$'\t'"$id"$'\t'.*$'\t'"running"$'\t'"id$"
    assert_line $'word\ttag=db\tevery run with that tag\t-\ttag'
    [[ $(candidates 2 sigmund list --sta) == $'word\t--state\tonly runs in these states\t-\toption' ]]
    [[ $(candidates 1 sigmund --ready=tc) == $'nospace\t--ready=tcp:\ta port accepts connections\t-\tvalue' ]]
    [[ $(candidates 1 sigmund --log=/) == $'file\t--log=\t-\t-\tfile' ]]
    [[ $(candidates 2 sigmund -C '"/t') == $'folder\t-\t-\t-\tfile' ]]
    [[ $(candidates 4 sigmund -n x git ch) == $'command-at-3\t-\t-\t-\tcommand' ]]
    [[ $(candidates 2 sigmund --timeout) == $'none\t-\tTIME: stop the run after this time\t-\t-' ]]
    [[ $(candidates 2 nosig -I hup) == $'word\tHUP\t-\t-\tsignal' ]]
}

@test "the format has a version, and a request must make sense" {
    run sigmund completions --porcelain=v1 --word 1 -- sigmund vers
    assert_output $'word\tversion\tshow the version\t-\tverb\ncommand-at-1\t-\t-\t-\tcommand'
    run sigmund completions --porcelain=v2 --word 1 -- sigmund
    assert_failure 1
    run sigmund completions --porcelain -- sigmund
    assert_failure 1
    run sigmund completions --porcelain --word -1 -- sigmund
    assert_failure 1
    run candidates 99999999 sigmund stop
    assert_success
    refute_output
}

@test "templates of the configuration are offered, and none of a configuration that cannot be read" {
    cd "$BATS_TEST_TMPDIR"
    printf '[run.api]\ncommand = "echo \\u001b]0;x\\u0007 $(touch executed)"\n' >sigmund.toml
    run candidates 2 sigmund up
    assert_output $'word\tapi\techo \\e]0;x\\x07 $(touch executed)\t-\ttemplate'
    rm sigmund.toml
    mkfifo sigmund.toml
    run candidates 2 sigmund up
    assert_success
    refute_output
    SIGMUND_CONFIG=$PWD/sigmund.toml run candidates 1 sigmund sto
    assert_line --partial "stop"
}

@test "templates have their description and groups their members, and down offers first what runs" {
    cd "$BATS_TEST_TMPDIR"
    printf '[run.%s]\ncommand = "exec sleep 300"\ngroup = "front"\n' api web >sigmund.toml
    printf 'description = "the pages"\n' >>sigmund.toml
    run candidates 2 sigmund up
    assert_output $'word\tfront\tapi, web\t-\tgroup\nword\tapi\texec sleep 300\t-\ttemplate\nword\tweb\tthe pages\t-\ttemplate'
    sigmund up -q web >/dev/null
    sigmund -q -n other sleep 300 >/dev/null # from no template
    run candidates 2 sigmund down
    assert_line --index 0 --regexp "^word"$'\t'"web"$'\t'"running [0-9]+s the pages"$'\t'"running"$'\t'"template$"
    assert_line --index 1 $'word\tfront\tapi, web\t-\tgroup'
    assert_line --index 2 $'word\tapi\texec sleep 300\t-\ttemplate'
    refute_line --partial other
    # What was started is offered when the file is gone, but not in another project.
    rm sigmund.toml
    run candidates 2 sigmund down
    assert_line --partial $'word\tweb\t'
    mkdir elsewhere && cd elsewhere && touch sigmund.toml
    run candidates 2 sigmund down
    refute_output
}

@test "templates of a file that is being edited are offered as far as they can be read" {
    cd "$BATS_TEST_TMPDIR"
    printf '[run.%s]\ncommand = "true"\ngroup = "all"\n' one two >sigmund.toml
    printf 'depends = "nobody"\nport = {\n\n[run.three]\ncommand = 7\nnonsense = true\n\n[run.four]\n' >>sigmund.toml
    run candidates 2 sigmund up
    assert_success
    assert_output --regexp "^word"$'\t'"all"$'\t'"one"$'\t'
    for name in one three four; do assert_line --partial $'word\t'"$name"$'\t'; done
    # With a dependency on nothing, and a circle, everything is offered.
    printf '[run.a]\ncommand = "x"\ndepends = ["b", "c"]\n[run.b]\ncommand = "y"\ndepends = "a"\n' >sigmund.toml
    run candidates 2 sigmund up
    assert_output $'word\ta\tx\t-\ttemplate\nword\tb\ty\t-\ttemplate'
    # Nothing of a file that others may write to is shown.
    chmod o+w sigmund.toml
    run candidates 2 sigmund up
    refute_output
}

@test "without a home or a readable store the tables still answer, and nothing is made" {
    for place in /etc/passwd "$BATS_TEST_TMPDIR/absent"; do
        SIGMUND_STATE_DIR=$place run candidates 2 sigmund stop @al
        assert_output $'word\t@all\tevery run\t-\tform'
    done
    [[ ! -e $BATS_TEST_TMPDIR/absent ]]
    run env -u HOME -u SIGMUND_STATE_DIR -u XDG_STATE_HOME "$SIGMUND" completions --porcelain --word 2 -- sigmund list --li
    assert_success
    assert_line --partial -- "--live"
}

@test "with damaged and hostile records the other runs are offered, invalid words are not, and all output is safe" {
    sigmund -q -n web sleep 300
    id=$(sigmund -q -n job true)
    sigmund wait "$id"
    record=$(cat "$SIGMUND_STATE_DIR/$id.json")
    printf '{' >"$SIGMUND_STATE_DIR/aa0001.json"
    mkfifo "$SIGMUND_STATE_DIR/aa0002.json"
    ln -s /etc/passwd "$SIGMUND_STATE_DIR/aa0003.json"
    n=0
    for name in '--all' '$(touch executed)' 'a b' '\u202ex'; do
        copy=aa001$((n++))
        other=${record//$id/$copy}
        printf '%s' "${other/\"name\":\"job\"/\"name\":\"$name\"}" >"$SIGMUND_STATE_DIR/$copy.json"
        copy=${copy/aa/bb}
        other=${record//$id/$copy}
        other=${other/\"argv\":\[\"true\"\]/\"argv\":[\"\\u001b]0;x\\u0007\",\"a\\nb\\tc\",\"\\u202e\"]}
        printf '%s' "${other/\"tags\":\[\]/\"tags\":[\"$name\"]}" >"$SIGMUND_STATE_DIR/$copy.json"
    done
    run candidates 2 sigmund show
    assert_success
    assert_line --partial $'word\tweb\t'
    assert_line --partial $'word\taa0010\t'
    assert_line --partial $'word\tbb0010\t'
    assert_line --partial "'\\e]0;x\\x07' 'a\\nb\\tc' '\\u202e'"
    refute_output --partial $'\t--all'
    refute_output --partial 'touch'
    refute_output --partial $'\e'
    [[ $(grep -c $'^[a-z-]*\t[^\t]*\t[^\t]*\t[^\t]*\t[^\t]*$' <<<"$output") == "${#lines[@]}" ]]
    [[ $(grep -c $'\tid$' <<<"$output") == 10 ]]
}

@test "a frozen guardian is not waited for" {
    id=$(sigmund -q -n web sleep 300)
    guardian=$(sigmund list --porcelain --columns guardian "$id")
    kill -STOP "$guardian"
    run candidates 2 sigmund stop we
    kill -CONT "$guardian"
    assert_output --partial $'word\tweb\trunning'
}

# many_records ID COUNT: so many copies of this record, as of other runs.
many_records() {
    python3 - "$SIGMUND_STATE_DIR" "$1" "$2" <<'END'
import sys

store, id, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
with open(f"{store}/{id}.json", encoding="utf-8") as file:
    record = file.read()
for n in range(count):
    copy = f"{0xa00000 + n:x}"
    with open(f"{store}/{copy}.json", "w", encoding="utf-8") as file:
        file.write(record.replace(id, copy))
END
}

@test "of 10,000 records no more than 100 are given, the live ones first" {
    id=$(sigmund -q -n job true)
    sigmund wait "$id"
    many_records "$id" 10000
    sigmund -q -n web sleep 300
    run candidates 2 sigmund show
    assert_success
    [[ ${lines[0]} == $'word\tweb\trunning'* ]]
    (($(grep -c $'\tid$' <<<"$output") <= 100))
    assert_line $'word\t@all\tevery run\t-\tform'
    run candidates 2 sigmund stop w
    assert_output --partial $'word\tweb\trunning'
}

@test "a slow store is not read to its end: the answer is cut, and has the live runs" {
    command -v strace >/dev/null || skip "strace is not installed"
    id=$(sigmund -q -n job true)
    sigmund wait "$id"
    many_records "$id" 90
    sigmund -q -n web sleep 300
    # Each file takes so long that all of them would take 9 seconds.
    slow() {
        run strace -qq -o /dev/null -e trace=openat -e inject=openat:delay_enter="$1" \
            "$SIGMUND" completions --porcelain --word 2 -- sigmund show
        assert_success
    }
    slow 100000
    assert_line $'word\t@all\tevery run\t-\tform'
    (($(grep -c $'\tid$' <<<"$output") < 91))
    wait_until 10 web_is_given
}

# The machine itself may be so slow that even the first file comes too late.
web_is_given() {
    slow 15000
    [[ ${lines[0]} == $'word\tweb\trunning'* ]]
}
