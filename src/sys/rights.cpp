// SPDX-License-Identifier: Apache-2.0
#include "sys/rights.hpp"

#include <grp.h>
#include <sys/fsuid.h>
#include <unistd.h>

#include <cerrno>

#include "sys/error.hpp"

namespace sigmund::sys {
namespace {

bool borrowed = false;
uid_t borrowed_uid = 0;
gid_t borrowed_gid = 0;
constexpr int groups_kept = 64;
gid_t own_groups[groups_kept];
int own_group_count = 0;

// setfsuid(2) reports no error: calling it with an invalid value returns the current one.
bool set_file_user(uid_t uid, gid_t gid) noexcept {
    ::setfsgid(gid);
    ::setfsuid(uid);
    return static_cast<uid_t>(::setfsuid(static_cast<uid_t>(-1))) == uid &&
           static_cast<gid_t>(::setfsgid(static_cast<gid_t>(-1))) == gid;
}

}  // namespace

void access_files_as(uid_t uid, gid_t gid) {
    if (!borrowed) own_group_count = ::getgroups(groups_kept, own_groups);
    check(::setgroups(0, nullptr), "setgroups");
    if (!set_file_user(uid, gid)) fail(EPERM, "setfsuid");
    borrowed = true;
    borrowed_uid = uid;
    borrowed_gid = gid;
}

std::optional<uid_t> accessing_files_as() noexcept {
    if (!borrowed) return std::nullopt;
    return borrowed_uid;
}

void access_files_as_before() noexcept {
    if (!borrowed) return;
    borrowed = false;
    set_file_user(::geteuid(), ::getegid());
    if (own_group_count > 0) ::setgroups(static_cast<std::size_t>(own_group_count), own_groups);
}

OwnRights::OwnRights() noexcept {
    if (borrowed) set_file_user(::geteuid(), ::getegid());
}

OwnRights::~OwnRights() {
    if (borrowed) set_file_user(borrowed_uid, borrowed_gid);
}

}  // namespace sigmund::sys
