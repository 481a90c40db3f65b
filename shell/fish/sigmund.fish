# SPDX-License-Identifier: Apache-2.0
# fish completion for sigmund. The program says what can be at the cursor (sigmund-porcelain(5)); this file passes it
# the words and shows its answer. (fish does not tell a completion what is right of the word at the cursor.)

function __sigmund_complete
    set -l words (commandline -opc)
    set -l cur (commandline -ct)
    set -l asked (string escape -n -- $words) "$cur"
    set -l lines (command sigmund completions --porcelain --word (count $words) -- $asked </dev/null 2>/dev/null)
    # Replacing in all lines at once is much faster than one by one.
    string replace -rf '^(?:word|nospace)\t([^\t]+)\t-?([^\t]*)\t.*$' '$1\t$2' -- $lines
    for line in (string match -r '^(?:file|folder|command-at).*' -- $lines)
        set -l field (string split \t -- $line)
        set -l before (string replace -r '^-$' '' -- $field[2])
        set -l path (string replace -ra '["\'\\\\]' '' -- "$cur" | string sub -s (math (string length -- "$before") + 1))
        # A tilde is fish's to expand; all else is meant as it stands.
        set -l paths (complete -C "'' "(string escape -n -- "$path" | string replace -r '^\\\\~' '~'))
        switch $field[1]
            case file
                set -q paths[1]; and string replace -r '^' -- "$before" $paths
            case folder
                set -q paths[1]; and string replace -rf '^(?=.*/$)' -- "$before" $paths
            case '*'
                set -l from (math (string replace command-at- '' -- $field[1]) + 1)
                if test $from -le (count $words)
                    complete -C (string join ' ' -- (string escape -- $words[$from..]) "$cur")
                else if test -n "$cur"
                    complete -C "$cur"
                end
        end
    end
end

complete -c sigmund -f -k -a '(__sigmund_complete)'
complete -c nosig -f -k -a '(__sigmund_complete)'
complete -c unlinkwait -f -k -a '(__sigmund_complete)'
