// SPDX-License-Identifier: Apache-2.0
// Which ids a store has, and how a new one is reserved.
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "run/failure.hpp"
#include "run/folder_entries.hpp"
#include "run/folder_ids.hpp"
#include "run/id.hpp"
#include "run/rescue.hpp"
#include "run/store.hpp"
#include "sys/error.hpp"
#include "sys/lock.hpp"
#include "sys/own_file.hpp"

namespace sigmund::run {

Reservation Store::reserve(bool with_log) const {
    for (int attempt = 0; attempt < 64; ++attempt) {
        // 6 digits name 16 million runs. When they collide, the store is crowded, and longer ids are taken.
        const std::size_t digits = attempt < 8 ? 6 : attempt < 16 ? 8 : 10;
        Reservation r;
        r.id = random_hex(digits / 2);
        const std::string lock_name = file_name(r.id, File::lock);
        r.lock = IdLock(sys::create_own(dir_.get(), lock_name.c_str(), O_RDWR));
        if (!r.lock) {
            if (errno == EEXIST) continue;
            sys::fail(errno, "create", path_of(lock_name));
        }
        // A sweeper may have seen the new file before it was locked. Then its name is gone, and another id is
        // taken.
        try {
            sys::wait_lock(r.lock.get(), sys::LockMode::exclusive);
        } catch (const std::system_error&) {  // ENOLCK on a network file system
            ::unlinkat(dir_.get(), lock_name.c_str(), 0);
            throw;
        }
        if (!sys::still_named(r.lock.get(), dir_.get(), lock_name.c_str())) continue;
        if (::faccessat(dir_.get(), file_name(r.id, File::record).c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
            ::unlinkat(dir_.get(), lock_name.c_str(), 0);  // a record without a lock holds this id
            continue;
        }
        if (with_log) {
            r.log = create_log(r.id, LogPart::whole);
            if (!r.log) {
                const int error = errno;
                ::unlinkat(dir_.get(), lock_name.c_str(), 0);
                if (error == EEXIST) continue;
                sys::fail(error, "create", log_path(r.id));
            }
        }
        return r;
    }
    throw Failure(Exit::not_started, "store", "no free id was found in " + path_, "sigmund prune");
}

void Store::each_id(const std::function<void(const std::string&)>& use) const {
    if (!present()) return;
    FolderIds found = read_folder_ids(dir_.get());
    found.sockets_first();
    for (const IdNumber each : found.recorded) use(id_of_number(each));
    for (const std::string& id : guarded_without_record(found)) use(id);
}

std::vector<std::string> Store::guarded_without_record(const FolderIds& found) const {
    std::vector<std::string> out;
    for (const IdNumber each : found.without_record())
        if (std::string id = id_of_number(each); guardian_may_live(*this, id)) out.push_back(std::move(id));
    return out;
}

std::vector<FilesOfId> Store::files() const {
    std::vector<std::string> names;
    if (present())
        each_entry(dir_.get(), ".", [&](std::string_view name) {
            if (id_of_any_file(name)) names.emplace_back(name);
        });
    std::sort(names.begin(), names.end());  // '.' sorts before digits: the files of an id are neighbours
    std::vector<FilesOfId> out;
    for (std::string& name : names) {
        std::string id = *id_of_any_file(name);
        if (out.empty() || out.back().id != id) out.push_back({std::move(id), {}});
        out.back().files.push_back(std::move(name));
    }
    return out;
}

}  // namespace sigmund::run
