# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Prints what bash would offer for a line: complete.bash LINE [bare]. With `bare`, without the bash-completion package.
# The words are cut as readline cuts them, at blanks and around each of COMP_WORDBREAKS' `:` and `=`.
COMP_TYPE=${COMP_TYPE:-9}
[[ ${2-} == bare ]] || source /usr/share/bash-completion/bash_completion
source "$SIGMUND_SOURCE/shell/bash/sigmund.bash"
compopt() { :; }
COMP_LINE=$1
COMP_POINT=${#1}
COMP_WORDS=()
rest=$1
while [[ $rest =~ ^[[:space:]]*([^:=[:space:]]+|[:=]+)(.*)$ ]]; do
    COMP_WORDS+=("${BASH_REMATCH[1]}")
    rest=${BASH_REMATCH[2]}
done
[[ $1 != *' ' ]] || COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_sigmund
((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}"
