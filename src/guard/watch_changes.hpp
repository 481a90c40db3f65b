// SPDX-License-Identifier: Apache-2.0
// What has changed on disk since the command was last told, as values: one kind for each path.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sigmund::guard {

enum class ChangeKind : std::uint8_t {
    create,
    modify,
    remove,
    moved_from,
    moved_to,
    rescan,  // what has changed is not known: everything below the path may have
};
std::string_view change_name(ChangeKind kind);

// What two changes of one path are together; nothing when the path was not there before and is not now.
std::optional<ChangeKind> both(ChangeKind first, ChangeKind second);

class Changes {
  public:
    void add(ChangeKind kind, const std::string& path);
    void add(const Changes& later);
    bool empty() const { return kinds_.empty() && !more_; }
    void clear();
    const std::map<std::string, ChangeKind>& kinds() const { return kinds_; }

    // The paths, one a line, in at most `most` bytes.
    std::string paths(std::size_t most) const;
    // A line `KIND<TAB>PATH` for each, the path escaped (text/escape.hpp), in at most `most` bytes; what does
    // not fit is left out at the end, with a last line `...`.
    std::string lines(std::size_t most) const;

  private:
    std::map<std::string, ChangeKind> kinds_;
    bool more_ = false;  // there were more than are kept
};

}  // namespace sigmund::guard
