// SPDX-License-Identifier: Apache-2.0
// This file reads small files whole, with a limit, and replaces files as a whole or not at all.
#pragma once
#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sys/fd.hpp"

namespace sigmund::sys {

// Writes every byte, continuing after short writes and EINTR. Returns 0 or errno.
int write_all(int fd, std::string_view data) noexcept;

// Returns whether `fd` is a pipe or a socket whose last reader has gone.
bool reader_is_gone(int fd) noexcept;

// Appends the rest of fd to `out`, at most `limit` bytes. Returns 0 or errno; EFBIG when there is more.
int read_all(int fd, std::string& out, std::size_t limit);

// Returns the whole content of a small file. Returns an empty string when the file cannot be read (errno
// tells why) or is longer than `limit` bytes.
std::string read_small(const std::string& path, std::size_t limit = 64 * 1024);

enum class Durable { no, yes };

// Replaces dir/name by `data`: writes dir/temporary, syncs it if `durable` says so, and renames it to name.
// Readers see either the old file or the new one. Returns 0 or errno; on failure the temporary is removed and
// name is unchanged. The caller holds the lock that makes it the only writer, so one fixed temporary name is
// enough.
int replace_file(int dir, const char* name, const char* temporary, std::string_view data, Durable durable,
                 mode_t mode = 0600) noexcept;

// The same in two steps, for a caller that must answer before the data is on the disk: the open file is
// returned after the rename, and the caller can sync it later. On failure the Fd is empty and errno is set.
Fd replace_file_unsynced(int dir, const char* name, const char* temporary, std::string_view data,
                         mode_t mode = 0600) noexcept;

// A umask that removes the owner's own rights (0777) would create records that nobody can read.
// spare_owner_from_umask() clears those bits for this process. umask_to_restore() returns the earlier umask
// for the commands that this process executes, or nothing when there were no such bits.
void spare_owner_from_umask() noexcept;
std::optional<mode_t> umask_to_restore() noexcept;

// Opens /dev/null on each of the descriptors 0, 1 and 2 that is closed, so that no later descriptor gets such
// a number.
void open_missing_stdio() noexcept;

}  // namespace sigmund::sys
