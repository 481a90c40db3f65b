#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The hook in real terminals beside other programs that extend a shell, each before and after it in the start file.
load sigmund
load shells

setup() { shells_setup; }
teardown() { shells_teardown; }

# needs FILE: skips the test if the file is missing.
needs() { [[ -e $1 ]] || skip "$1 is missing"; }

@test "The hook works beside direnv" { needs /usr/bin/direnv && in_shells direnv; }
@test "The hook works beside zoxide" { needs /usr/bin/zoxide && in_shells zoxide; }
@test "The hook works beside fzf" { needs /usr/share/doc/fzf/examples/key-bindings.bash && in_shells fzf; }
@test "The hook works beside zsh-autosuggestions" {
    needs /usr/share/zsh-autosuggestions && in_shells zsh_autosuggestions
}
@test "The hook works beside zsh-syntax-highlighting" {
    needs /usr/share/zsh-syntax-highlighting && in_shells zsh_syntax_highlighting
}
@test "The hook works beside bash-completion" {
    needs /usr/share/bash-completion/bash_completion && in_shells bash_completion
}
