/* SPDX-License-Identifier: Apache-2.0
 * fail WORD is the least that a command can do that fails: it prints a message and exits with the status 1. */
#include <stdio.h>
#include <unistd.h>

int main(int argc, char** argv) {
    char text[200];
    const int size = snprintf(text, sizeof text, "fail: no option %.100s\n", argc > 1 ? argv[1] : "");
    return write(2, text, (size_t)size) == size ? 1 : 2;
}
