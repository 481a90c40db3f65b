// SPDX-License-Identifier: Apache-2.0
// Small files: read whole with a limit, replaced whole or not at all.
#pragma once
#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sys/fd.hpp"

namespace sigmund::sys {

// guardian: writes every byte, through short writes and EINTR. Returns 0 or errno.
int write_all(int fd, std::string_view data) noexcept;

// ask: whether `fd` is a pipe or a socket that nobody reads any more.
bool reader_is_gone(int fd) noexcept;

// Appends what is left in fd to `out`, at most `limit` bytes. Returns 0, or errno; EFBIG when there is more.
int read_all(int fd, std::string& out, std::size_t limit);

// ask: a small file whole; empty when it cannot be read (errno then tells) or is longer than `limit`.
std::string read_small(const std::string& path, std::size_t limit = 64 * 1024);

enum class Durable { no, yes };

// Replaces dir/name by `data`: dir/temporary is written, synced if `durable`, renamed over name.
// Readers see the old file or the new one. Returns 0 or errno; then the temporary is gone and name untouched.
// The caller holds the lock that makes it the only writer, so one fixed temporary name is enough.
int replace_file(int dir, const char* name, const char* temporary, std::string_view data, Durable durable,
                 mode_t mode = 0600) noexcept;

// The same in two halves, for who must answer before the data is on the disk: the open temporary is returned
// after the rename and can be synced later. On failure the Fd is empty and errno set.
Fd replace_file_unsynced(int dir, const char* name, const char* temporary, std::string_view data,
                         mode_t mode = 0600) noexcept;

// A mask that takes the owner's own rights (umask 0777) would make records that nobody can read: this process
// goes on without those bits; what it executes for others gets them back (nothing: there were none).
void spare_owner_from_umask() noexcept;
std::optional<mode_t> umask_to_restore() noexcept;

// Makes sure 0, 1 and 2 are open (on /dev/null), so that no later descriptor is taken for them.
void open_missing_stdio() noexcept;

}  // namespace sigmund::sys
