// SPDX-License-Identifier: Apache-2.0
// The options of nosig, and the text around them in its --help.
#pragma once
#include "kin/tool.hpp"

namespace sigmund::kin {

inline constexpr ToolOption nosig_options[] = {
    {"reset", '\0', nullptr, "unblock all signals, then default all", "General:"},
    {"verbose", 'v', nullptr, "report failed calls, name signals in --show-status"},
    {"ignore", 'I', "SIG", "ignore SIG", "Dispositions:"},
    {"ignore-all", '\0', nullptr, "ignore all signals"},
    {"ignore-all-std", '\0', nullptr, "ignore all standard signals"},
    {"ignore-all-rt", '\0', nullptr, "ignore all real-time signals"},
    {"default", 'D', "SIG", "set SIG to its default action"},
    {"default-all", '\0', nullptr, "set all signals to their defaults"},
    {"default-all-std", '\0', nullptr, "set all standard signals to their defaults"},
    {"default-all-rt", '\0', nullptr, "set all real-time signals to their defaults"},
    {"add", 'a', "SIG", "add SIG to the set",
     "The signal set (empty at first; nothing happens until it is used):"},
    {"del", 'd', "SIG", "remove SIG from the set"},
    {"empty", 'e', nullptr, "remove all signals from the set"},
    {"fill", 'f', nullptr, "add all signals to the set"},
    {"block", 'b', nullptr, "block the signals in the set", "The signal mask:"},
    {"unblock", 'u', nullptr, "unblock the signals in the set"},
    {"set", 's', nullptr, "block the signals in the set, and no others"},
    {"block-all", '\0', nullptr, "block all signals, whatever the set"},
    {"block-all-std", '\0', nullptr, "block all standard signals"},
    {"block-all-rt", '\0', nullptr, "block all real-time signals"},
    {"unblock-all", '\0', nullptr, "unblock all signals, whatever the set"},
    {"unblock-all-std", '\0', nullptr, "unblock all standard signals"},
    {"unblock-all-rt", '\0', nullptr, "unblock all real-time signals"},
    {"stdin", '\0', "PATH", "read standard input from PATH",
     "Standard streams (files for output are truncated):"},
    {"stdout", '\0', "PATH", "write standard output to PATH"},
    {"stderr", '\0', "PATH", "write standard error to PATH"},
    {"output", '\0', "PATH", "write both to PATH"},
    {"null-io", '\0', nullptr, "all three from and to /dev/null"},
    {"show-status", '\0', nullptr, "print dispositions and mask as they are so far",
     "Information (printed at its place among the options; exits):"},
    {"list", 'l', nullptr, "list the signals"},
    {"version", 'V', nullptr, "print the version"},
    {"help", 'h', nullptr, "print this help"},
};

// Other spellings of some options. They are accepted but not shown in help and completions.
struct ToolAlias {
    const char* name;
    const char* means;
};
inline constexpr ToolAlias nosig_aliases[] = {
    {"ignore-std-all", "ignore-all-std"},
    {"ignore-rt-all", "ignore-all-rt"},
    {"default-std-all", "default-all-std"},
    {"default-rt-all", "default-all-rt"},
};

inline constexpr char nosig_help_head[] =
    R"(Usage: nosig [OPTION]... [--] PROGRAM [ARGUMENT]...
Set signal dispositions and the signal mask, then run PROGRAM with them.

Options act at once, in the order given; a later one overrides an earlier one.
The first word that is not an option is the program.

)";
inline constexpr char nosig_help_tail[] =
    R"(
-v applies to the options after it; given twice, names begin with SIG.

SIG is a name from --list, with or without SIG (INT, SIGINT, RTMIN+3), or a
number. KILL and STOP can be neither ignored nor blocked.

As nohup: nosig -I HUP PROGRAM, with --null-io or --output FILE.

Exit status: PROGRAM's own; 125 if nosig itself fails, 126 if PROGRAM may not
be executed, 127 if it is not found.
)";

}  // namespace sigmund::kin
