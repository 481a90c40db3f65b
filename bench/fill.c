/* SPDX-License-Identifier: Apache-2.0
 * fill FOLDER RECORD ID KEY COUNT SEED makes COUNT copies of a finished run in a store: each has a record, a lock and an
 * empty log, with another id and another key. RECORD is the file of the run's record, in which ID and KEY are replaced.
 * The ids are those that a generator of full period yields from SEED, so none comes twice. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void replace_all(char* text, size_t size, const char* old, const char* new) {
    const size_t length = strlen(old);
    for (char* at = text; (at = memmem(at, size - (size_t)(at - text), old, length)); at += length)
        memcpy(at, new, length);
}

static void put(int folder, const char* id, const char* ending, const char* text, size_t size) {
    char name[64];
    snprintf(name, sizeof name, "%s%s", id, ending);
    const int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, text, size) != (ssize_t)size) {
        fprintf(stderr, "fill: %s: %s\n", name, strerror(errno));
        exit(1);
    }
    close(fd);
}

int main(int argc, char** argv) {
    static char record[1 << 16], copy[1 << 16];
    if (argc != 7) return 2;
    const int folder = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC),
              fd = open(argv[2], O_RDONLY | O_CLOEXEC);
    const ssize_t size = read(fd, record, sizeof record);
    if (folder < 0 || size <= 0 || strlen(argv[3]) != 6 || strlen(argv[4]) != 32) return 2;
    unsigned next = (unsigned)atol(argv[6]);
    for (long count = atol(argv[5]); count > 0; --count) {
        char id[8], key[40];
        do {
            next = (next * 1140671485U + 12820163U) & 0xffffff;
            snprintf(id, sizeof id, "%06x", next);
        } while (strcmp(id, argv[3]) == 0);
        snprintf(key, sizeof key, "%032x", next);
        memcpy(copy, record, (size_t)size);
        replace_all(copy, (size_t)size, argv[3], id);
        replace_all(copy, (size_t)size, argv[4], key);
        put(folder, id, ".json", copy, (size_t)size);
        put(folder, id, ".lock", "", 0);
        put(folder, id, ".log", "", 0);
    }
    return 0;
}
