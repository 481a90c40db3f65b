// SPDX-License-Identifier: Apache-2.0
// Reading and writing records.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <system_error>

#include "run/id.hpp"
#include "run/rescue.hpp"
#include "run/store.hpp"
#include "run/this_boot.hpp"
#include "run/verdict.hpp"

namespace sigmund::run {
namespace {

// Returns whether a long file begins and ends as a record does. A hostile one (a disk image, all zeros) is
// refused without reading it whole.
bool framed_as_record(int fd, std::size_t size) {
    char edge[512];
    const auto text = [&](off_t at) {
        const ssize_t n = ::pread(fd, edge, sizeof edge, at);
        return std::string_view(edge, n > 0 ? static_cast<std::size_t>(n) : 0);
    };
    constexpr const char* blanks = " \t\r\n";
    const std::string_view first = text(0);
    const auto opening = first.find_first_not_of(blanks);
    if (opening == first.npos || first[opening] != '{') return false;
    const std::string_view last = text(static_cast<off_t>(size - sizeof edge));
    const auto closing = last.find_last_not_of(blanks);
    return closing != last.npos && last[closing] == '}';
}

// Returns whether a record cannot be true for a live run although it can be read. Then its guardian is asked,
// if one lives.
bool doubtful(const Record& record) {
    if (is_final(record.state)) return false;
    const std::string& boot = this_boot();
    const std::string& recorded = record.identity.boot_id;
    return !numbers_possible(record) || (!recorded.empty() && !boot.empty() && recorded != boot);
}

}  // namespace

std::string record_file(const std::string& id) {
    return file_name(id, File::record);
}

std::optional<std::string> id_of_record(std::string_view file) {
    static const std::string ending = file_name("", File::record);
    return id_of_file(file, ending);
}

std::optional<sys::Millis> Store::written_ms(const std::string& id) const {
    struct stat st {};
    if (!present() ||
        ::fstatat(dir_.get(), file_name(id, File::record).c_str(), &st, AT_SYMLINK_NOFOLLOW) != 0)
        return std::nullopt;
    return static_cast<sys::Millis>(st.st_mtim.tv_sec) * 1000 + st.st_mtim.tv_nsec / 1'000'000;
}

Read Store::load(const std::string& id, Depth depth, Record& record) const {
    const Read answer = read(id, depth, record);
    if ((answer == Read::ok && !doubtful(record)) || !present() || !is_id(id)) return answer;
    Record told;
    // A guardian that has ended meanwhile has written the record before.
    if (!ask_guardian(*this, id, depth, told)) return answer == Read::ok ? answer : read(id, depth, record);
    record = std::move(told);
    return Read::ok;
}

// Passes the text of a record's file to `use`, and returns what that returns.
Read Store::with_text(const std::string& id, const std::function<Read(std::string_view)>& use) const {
    if (!present() || !is_id(id)) return Read::absent;
    // With O_NONBLOCK a FIFO in the place of a record does not hang the reader.
    const sys::Fd fd(::openat(dir_.get(), file_name(id, File::record).c_str(),
                              O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
    if (!fd) return errno == ENOENT ? Read::absent : Read::corrupt;
    struct stat st {};
    if (::fstat(fd.get(), &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != owner_ ||
        st.st_size > static_cast<off_t>(record_limit))
        return Read::corrupt;
    char small[4096];  // most records fit, so that a listing of thousands allocates nothing here
    std::string large;
    char* text = small;
    const auto size = static_cast<std::size_t>(st.st_size);
    if (size > sizeof small) {
        if (!framed_as_record(fd.get(), size)) return Read::corrupt;
        large.resize(size);
        text = large.data();
    }
    std::size_t have = 0;
    while (have < size) {
        const ssize_t n = ::read(fd.get(), text + have, size - have);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        have += static_cast<std::size_t>(n);
    }
    return use({text, have});
}

Read Store::read(const std::string& id, Depth depth, Record& record) const {
    return with_text(id, [&](std::string_view text) {
        if (depth != Depth::head || !text.ends_with('\n') || !scan_finished_head(text, id, record)) {
            auto parsed = parse_record(text, id, depth);
            if (!parsed) return Read::corrupt;
            record = std::move(*parsed);
        }
        if (depth == Depth::full && record.log.empty()) record.log = log_path(id);
        return Read::ok;
    });
}

Read Store::read_text(const std::string& id, std::string& text) const {
    return with_text(id, [&](std::string_view read) {
        text.assign(read);
        return Read::ok;
    });
}

std::vector<Record> Store::list(Depth depth, std::vector<std::string>* corrupt) const {
    std::vector<std::string> ids;
    each_id([&](const std::string& id) { ids.push_back(id); });
    std::vector<Record> out;
    out.reserve(ids.size());  // records are large, and are not moved once they are read
    for (const std::string& id : ids) {
        const Read answer = load(id, depth, out.emplace_back());
        if (answer == Read::ok) continue;
        out.pop_back();
        if (answer == Read::corrupt && corrupt) corrupt->push_back(id);
    }
    return out;
}

int Store::save(const Record& record, const IdLock& lock, sys::Durable durable,
                std::size_t limit) const noexcept {
    if (!lock) return EBADF;
    try {
        const std::string text = write_record(record);
        if (text.size() > limit) return EOVERFLOW;
        return sys::replace_file(dir_.get(), file_name(record.id, File::record).c_str(),
                                 file_name(record.id, File::temporary).c_str(), text, durable);
    } catch (...) {
        return ENOMEM;
    }
}

LeaderDraft Store::draft(Record record, const IdLock& lock) const {
    if (!lock) throw std::system_error(EBADF, std::generic_category());
    std::string name = file_name(record.id, File::record), temporary = file_name(record.id, File::temporary);
    return {std::move(record), dir_.get(), std::move(name), std::move(temporary)};
}

bool Store::reserves_room() const noexcept {
    // The magic numbers of ext4, XFS, Btrfs, tmpfs, F2FS and overlayfs (statfs(2), linux/magic.h). They
    // reserve the blocks of a write before it returns.
    constexpr long reserving[] = {0xef53, 0x58465342, 0x9123683e, 0x01021994, 0xf2f52010, 0x794c7630};
    struct statfs fs {};
    if (::fstatfs(dir_.get(), &fs) != 0) return false;
    return std::find(std::begin(reserving), std::end(reserving), static_cast<long>(fs.f_type)) !=
           std::end(reserving);
}

int Store::sync_all() const noexcept {
    return ::syncfs(dir_.get()) == 0 ? 0 : errno;
}

int Store::sync_folder() const noexcept {
    return ::fsync(dir_.get()) == 0 ? 0 : errno;
}

sys::Fd Store::save_unsynced(const Record& record, const IdLock& lock) const noexcept {
    if (!lock) {
        errno = EBADF;
        return sys::Fd();
    }
    try {
        const std::string text = write_record(record);
        if (text.size() > record_limit) {
            errno = EOVERFLOW;
            return sys::Fd();
        }
        return sys::replace_file_unsynced(dir_.get(), file_name(record.id, File::record).c_str(),
                                          file_name(record.id, File::temporary).c_str(), text);
    } catch (...) {
        errno = ENOMEM;
        return sys::Fd();
    }
}

}  // namespace sigmund::run
