# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # scripts for sh are in single quotes; other files use the rest
# SPDX-License-Identifier: Apache-2.0
# For scripts/install: how the hook is written into a start file and taken out. This file is sourced, never executed.
#
# A start file gets two lines: a comment that marks them, and the line that loads the hook. The comment also says what
# else --remove takes away, so that the file becomes what it was, byte for byte: the line end before the comment, which
# the file lacked; or the file, which was made.

mark='# sigmund: scripts/install wrote this line and the next; scripts/install --remove removes them'
mark_end="$mark and the line end before them"
mark_file="$mark and this file"

# Prints "OFFSET:COMMENT" for the first of our comments in a file, also with the line ends of Windows.
find_mark() {
    LC_ALL=C grep -abxF -m 1 -e "$mark" -e "$mark"$'\r' -e "$mark_end" -e "$mark_end"$'\r' -e "$mark_file" \
        -e "$mark_file"$'\r' -- "$1" 2>/dev/null
}

# Prints the line that follows the comment which begins at that offset.
line_after() { tail -c "+$(($2 + 1))" -- "$1" | sed -n 2p; }

# Prints why a file cannot be changed, or nothing.
why_not() {
    local target as
    target=$(realpath -m -- "$1")
    owner_of "$target" as
    if [[ ! -e $target ]]; then
        "${as[@]}" test -w "$(first_existing "$target")" || echo "cannot be made"
    elif [[ ! -f $target ]]; then
        echo "is not a regular file"
    elif ! "${as[@]}" test -r "$target"; then
        echo "cannot be read"
    # Root could write to a file that nobody may write to, but somebody wants it to stay as it is.
    elif ! "${as[@]}" test -w "$target" || (((0$(stat -c %a "$target") & 0222) == 0)); then
        echo "is read-only"
    elif [[ $(tail -c 1 -- "$target") == \\ ]]; then
        echo "ends within a line"
    fi
}

# append_hook FILE LINE: appends the two lines in one write, so that they are there whole or not at all. Links, the mode
# and the owner of the file stay.
append_hook() {
    local target as size comment=$mark before=''
    target=$(realpath -m -- "$1")
    owner_of "$target" as
    "${as[@]}" mkdir -p -- "$(dirname -- "$target")" || return
    if [[ ! -e $target ]]; then
        comment=$mark_file
    else
        # A backslash at the end of the last line would make the comment a part of it.
        case $(tail -c 2 -- "$target" | od -An -tx1 | tr -d ' \n') in
            *5c0a) before=$'\n' comment=$mark_end ;;
            '' | *0a) ;;
            *) before=$'\n' comment=$mark_end ;;
        esac
    fi
    size=$(stat -c %s -- "$target" 2>/dev/null) || size=0
    "${as[@]}" sh -c 'printf %s "$2" >>"$1"' sh "$target" "$before$comment"$'\n'"$2"$'\n' || {
        if [[ $comment == "$mark_file" ]]; then
            "${as[@]}" rm -f -- "$target"
        else
            "${as[@]}" truncate -s "$size" -- "$target"
        fi
        return 1
    }
}

# Takes the first comment of ours and its line out of a file, and what the comment says.
take_out() {
    local target as found comment line begin end size
    target=$(realpath -m -- "$1")
    owner_of "$target" as
    found=$(find_mark "$1") || return
    begin=${found%%:*} comment=${found#*:}
    line=$(line_after "$1" "$begin")
    size=$(stat -c %s -- "$target")
    end=$((begin + ${#comment} + 1))
    [[ $line != *sigmund* ]] || end=$((end + $(printf '%s\n' "$line" | wc -c)))
    ((end < size)) || end=$size
    [[ $comment != "$mark_end"* ]] || ((end < size)) || begin=$((begin - 1))
    cut_out "$target" "$begin" "$end" "$size" || return
    if ((begin == 0 && end == size)) && [[ $comment == "$mark_file"* ]]; then "${as[@]}" rm -f -- "$target"; fi
}

# cut_out FILE BEGIN END SIZE: takes these bytes out of a file. It stays the same file where they are the last ones, or
# where it has other names or cannot be replaced; else a new file with its mode and owner replaces it at once.
cut_out() {
    if (($3 == $4)); then
        "${as[@]}" truncate -s "$2" -- "$1"
        return
    fi
    "${as[@]}" sh -c '
        new=$(mktemp "$1.XXXXXX") && cp -a -- "$1" "$new" || exit
        { head -c "$2" -- "$1" && tail -c "+$(($3 + 1))" -- "$1"; } >"$new" || { rm -f -- "$new"; exit 1; }
        [ "$(stat -c %h -- "$1")" = 1 ] && mv -f -- "$new" "$1" 2>/dev/null && exit
        cat -- "$new" >"$1" && rm -f -- "$new"
    ' sh "$1" "$2" "$3"
}
