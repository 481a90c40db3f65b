/* SPDX-License-Identifier: Apache-2.0
 * This is the minimum with which `sigmund list` is compared: it reads every *.json of a folder and does nothing
 * else. With a second argument each open is followed by the fstat that a careful reader needs. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char** argv) {
    static char buffer[1 << 20];
    unsigned long files = 0, bytes = 0;
    DIR* folder = opendir(argc > 1 ? argv[1] : ".");
    if (!folder) return 1;
    for (struct dirent* entry; (entry = readdir(folder));) {
        const size_t length = strlen(entry->d_name);
        if (length < 6 || strcmp(entry->d_name + length - 5, ".json") != 0) continue;
        const int fd = openat(dirfd(folder), entry->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (fd < 0) continue;
        struct stat st;
        if (argc > 2) fstat(fd, &st);
        for (ssize_t n; (n = read(fd, buffer, sizeof buffer)) > 0;) {
            bytes += (unsigned long)n;
            if ((size_t)n < sizeof buffer) break;
        }
        close(fd);
        ++files;
    }
    printf("%lu files, %lu bytes\n", files, bytes);
    return 0;
}
