// SPDX-License-Identifier: Apache-2.0
// The text of nosig --help.
#pragma once

namespace sigmund::kin {

inline constexpr char nosig_help[] =
    R"(Usage: nosig [OPTION]... [--] PROGRAM [ARGUMENT]...
Set signal dispositions and the signal mask, then run PROGRAM with them.

Options act at once, in the order given; a later one overrides an earlier one.
The first word that is no option is the program.

General:
      --reset             unblock all signals, then default all
  -v, --verbose           report failed calls and name signals in --show-status
                          (twice: with SIG); counts for the options behind it
Dispositions:
  -I, --ignore SIG        ignore SIG
      --ignore-all        ignore all signals
      --ignore-all-std    ignore all standard signals
      --ignore-all-rt     ignore all real-time signals
  -D, --default SIG       set SIG to its default action
      --default-all, --default-all-std, --default-all-rt
The signal set (empty at first; nothing happens until it is used):
  -a, --add SIG           add SIG to the set
  -d, --del SIG           remove SIG from the set
  -e, --empty             remove all signals from the set
  -f, --fill              add all signals to the set
The signal mask:
  -b, --block             block the signals in the set
  -u, --unblock           unblock the signals in the set
  -s, --set               block the signals in the set, and no others
      --block-all, --block-all-std, --block-all-rt
      --unblock-all, --unblock-all-std, --unblock-all-rt
                          the same without using the set
Standard streams (files for output are truncated):
      --stdin PATH        read standard input from PATH
      --stdout PATH       write standard output to PATH
      --stderr PATH       write standard error to PATH
      --output PATH       write both to PATH
      --null-io           all three from and to /dev/null
Information (printed at its place among the options; exits):
      --show-status       print dispositions and mask as they are so far
  -l, --list              list the signals
  -V, --version           print the version
  -h, --help              print this help

SIG is a name from --list, with or without SIG (INT, SIGINT, RTMIN+3), or a
number. KILL and STOP can be neither ignored nor blocked.

Exit status: PROGRAM's own; 125 if nosig itself fails, 126 if PROGRAM may not
be executed, 127 if it is not found.
)";

}  // namespace sigmund::kin
