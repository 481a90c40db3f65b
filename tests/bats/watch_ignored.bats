#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# --watch: what is skipped, and what counts although it looks like a file to skip.
load sigmund
load watch

setup() { watch_setup; }
teardown() { sigmund_teardown; }

@test "Hidden folders, node_modules and what .gitignore names are skipped" {
    mkdir -p src/.git src/node_modules/x src/build src/sub/out
    printf 'build/\n*.log\n!keep.log\n/only-here\n' >src/.gitignore
    echo 'out/**' >src/sub/.gitignore
    started --watch src
    touch src/.git/index src/node_modules/x/y src/build/z src/a.log src/.hidden src/only-here src/sub/out/o \
        src/main.c~ src/4913
    nothing_counts src
    echo 1 >src/keep.log
    changes create src/keep.log
    wait_until 10 state_is "$id" watching
    echo 1 >src/sub/only-here
    changes create src/sub/only-here
}

@test "A changed .gitignore counts from then on" {
    mkdir -p src/out
    started --watch src
    echo 1 >src/out/a
    changes create src/out/a
    wait_until 10 state_is "$id" watching
    echo out/ >src/.gitignore
    echo 2 >src/out/b
    nothing_counts src
    : >src/.gitignore
    nothing_counts src
    echo 3 >src/out/c
    changes create src/out/c
}

@test "A .gitignore that changes together with other files hides none of their changes" {
    mkdir -p src/old src/out src/named
    echo 1 >src/old/b
    started --watch src --watch src/named
    # As in a checkout, the guardian learns of all of it at once.
    guardian=$(field "$id" guardian.pid)
    kill -STOP "$guardian"
    printf 'out/\nnamed/\n' >src/.gitignore
    mkdir src/new
    echo 1 >src/new/a
    echo 2 >src/old/b
    echo 3 >src/main.c
    echo 4 >src/out/c
    kill -CONT "$guardian"
    changes create src/new/a
    told "$id" "modify"$'\t'"$scratch/src/old/b" -x
    told "$id" "create"$'\t'"$scratch/src/main.c" -x
    run ! told "$id" src/out
    wait_until 10 state_is "$id" watching
    echo 5 >src/out/c
    nothing_counts src
    echo 6 >src/named/d
    changes create src/named/d
}

@test "--watch-all watches everything, and a named path is always watched" {
    mkdir -p src/.cache src/build/deep
    echo 'build/' >src/.gitignore
    started --watch src --watch-all
    echo 1 >src/.cache/x
    changes create src/.cache/x
    sigmund stop -q "$id"
    touch .env
    started --watch src --watch .env --watch src/build
    echo 1 >.env
    changes modify "$scratch/.env"
    wait_until 10 state_is "$id" watching
    echo 1 >src/build/deep/x
    changes create src/build/deep/x
}

@test "The rules of the folders above apply, up to the top of the repository" {
    mkdir -p repo/sub repo/logs
    git init -q repo
    printf '*.o\nlogs/*\n' >repo/.gitignore
    echo '*.c' >.gitignore # outside of the repository
    started --watch repo/sub
    touch repo/sub/x.o
    nothing_counts repo/sub
    touch repo/sub/x.c
    changes create repo/sub/x.c
    sigmund stop -q "$id"
    # All files in it are ignored, but a user who names it wants exactly these.
    started --watch repo/logs
    touch repo/logs/today
    changes create repo/logs/today
}

@test "What git ignores is ignored" {
    git init -q repo
    mkdir -p repo/{a/b/c,build,x/build,docs/api,'sp ace'}
    cat >repo/.gitignore <<'RULES'
# comment
*.o
!keep.o
/top
build/
docs/**/gen
a/b/
!a/b/c
foo**bar
[a-c]?[[:digit:]]
\#hash
trailing\ 
sp?ace/x
x*/y
RULES
    printf '*\n!wanted\n' >repo/docs/.gitignore
    local files=(m.o a/keep.o top a/top build/f x/build/f docs/api/gen docs/wanted docs/api/wanted a/b/c/f
        fooxbar foo/x/bar ab1 bz9 dz9 '#hash' 'trailing ' 'sp ace/x' x/y xx.c)
    (
        cd repo
        mkdir -p foo/x
        for file in "${files[@]}"; do [[ ! -e $file ]] && : >"$file"; done
        true
    )
    started --watch repo
    for file in "${files[@]}"; do echo 1 >>"repo/$file"; done
    echo end >repo/end
    wait_until 10 told "$id" repo/end
    local everything
    everything=$(sigmund dump "$id")
    for file in "${files[@]}"; do
        if git -C repo check-ignore -q "$file"; then
            refute_regex "$everything" "repo/$(printf %q "$file" | sed 's/\\//g')"$'(\n|$)'
        else
            assert_regex "$everything" "modify.$scratch/repo/$file"
        fi
    done
}

@test "--watch-exclude takes folders and patterns, and --watch-ext still filters" {
    mkdir -p 'w[1]/src/out' 'w[1]/src/tmp' 'w[1]/src/deep/gen'
    cd 'w[1]'
    started --watch src --watch-exclude out --watch-exclude 'tmp/' --watch-exclude '*.bak' \
        --watch-exclude 'src/**/gen' --watch-exclude src/one
    touch src/out/x src/tmp/x src/a.bak src/deep/gen/x src/one
    nothing_counts src
    touch src/deep/one
    changes create "$PWD/src/deep/one"
}
