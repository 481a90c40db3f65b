// SPDX-License-Identifier: Apache-2.0
// What the help says besides the tables of verbs and options: headings and examples.
#pragma once
#include <string_view>

#include "text/named.hpp"

namespace sigmund::cli {

// A heading, before the option or the verb of this name.
struct Heading {
    std::string_view before, text;
};

inline constexpr Heading start_headings[] = {
    {"name", "name, and what follows the start"},
    {"cwd", "folder, environment, input and output"},
    {"umask", "limits and signals"},
    {"stop-signal", "how it ends"},
    {"restart", "restarts"},
    {"ready", "readiness and health"},
    {"port", "ports and copies"},
    {"watch", "watching files"},
    {"on-exit", "around the run"},
    {"log-max-size", "log"},
    {"survive", "how long it lives"},
    {"help", "help"},
};

inline constexpr Heading verb_headings[] = {
    {"run", "to start"},
    {"list", "to look"},
    {"stop", "to act on runs"},
    {"shell-init", "to set up"},
};

// Two examples of each verb.
struct Example {
    std::string_view verb, first, second;
};
inline constexpr Example examples[] = {
    {"run", "sigmund -n db --ready tcp:6390 redis-server --port 6390", "sigmund run --wait -- make test"},
    {"start", "sigmund start web          # the template web of sigmund.toml", "sigmund start redis-server"},
    {"pipe", "sigmund pipe -- dmesg -w '|' grep -i usb",
     "sigmund pipe --wait -- cat words '|' sort '|' uniq"},
    {"again", "sigmund again @!           # the newest run that failed", "sigmund again --dry-run web"},
    {"up", "sigmund up                 # all templates of this project", "sigmund up web db"},
    {"down", "sigmund down               # what up has started here", "sigmund down web"},
    {"list", "sigmund list --here", "sigmund list --json | jq -r '.data[].id'"},
    {"status", "sigmund status             # the runs of this project", "sigmund status web"},
    {"top", "sigmund top                # q quits", "sigmund -- top             # starts the program"},
    {"show", "sigmund show web", "sigmund show --json @ | jq '.data[0].ports'"},
    {"tail", "sigmund tail web", "sigmund tail -n 100 web db"},
    {"dump", "sigmund dump web | less", "sigmund dump --plain web > web.txt"},
    {"logs", "sigmund logs -n 50 web", "sigmund logs -f web"},
    {"stop", "sigmund stop web", "sigmund stop -t 30s @here"},
    {"kill", "sigmund kill web", "sigmund kill tag=test"},
    {"signal", "sigmund signal HUP web", "sigmund signal --leader USR1 7f3c2a"},
    {"send", "sigmund send repl 'print(1)'", "sigmund send --key ctrl-c repl"},
    {"attach", "sigmund attach repl", "sigmund attach --read-only repl"},
    {"detach", "sigmund detach repl", "sigmund detach --all repl"},
    {"pause", "sigmund pause build", "sigmund pause tag=heavy"},
    {"resume", "sigmund resume build", "sigmund resume tag=heavy"},
    {"restart", "sigmund restart web", "sigmund restart -t 30s web db"},
    {"wait", "sigmund wait build", "sigmund wait --until ready --timeout 30s db"},
    {"events", "sigmund events", "sigmund events --since 10m --no-follow"},
    {"guard", "sigmund guard db -- make test", "sigmund guard web db -- npm run e2e"},
    {"explain", "sigmund explain @!         # the newest run that failed", "sigmund explain web"},
    {"killcmd", "sigmund killcmd web", "eval \"$(sigmund killcmd web)\""},
    {"prune", "sigmund prune              # all finished runs", "sigmund prune --older-than 7d --dry-run"},
    {"rename", "sigmund rename 7f3c2a web", "sigmund rename web old-web"},
    {"tag", "sigmund tag 7f3c2a db test", "sigmund tag --remove web test"},
    {"tree", "sigmund tree web", "sigmund tree @here"},
    {"port", "sigmund port web", "curl \"localhost:$(sigmund port web)/\""},
    {"ports", "sigmund ports", "sigmund ports --json | jq ."},
    {"env", "eval \"$(sigmund env)\"", "sigmund env --json"},
    {"adopt", "sigmund adopt web          # it belongs to this shell from now on",
     "sigmund adopt --force 7f3c2a"},
    {"shell-init", "eval \"$(sigmund shell-init)\"      # in ~/.bashrc or ~/.zshrc",
     "sigmund shell-init fish | source  # in ~/.config/fish/config.fish"},
    {"completions", "sigmund completions bash > ~/.local/share/bash-completion/completions/sigmund",
     "sigmund completions fish | source"},
    {"doctor", "sigmund doctor", "sigmund doctor web"},
    {"config", "sigmund config", "sigmund config --from Procfile > sigmund.toml"},
    {"prompt", "sigmund prompt bash", "sigmund prompt starship"},
    {"version", "sigmund version", "sigmund version --json"},
};

}  // namespace sigmund::cli
