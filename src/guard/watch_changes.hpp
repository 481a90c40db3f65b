// SPDX-License-Identifier: Apache-2.0
// The changes on disk since the command was last told, as values: one kind for each path.
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
    rescan,  // it is not known what has changed: everything below the path may have
};
// Returns the name of a kind in SIGMUND_CHANGES, such as "moved-from".
std::string_view change_name(ChangeKind kind);

// Combines two changes of one path. Returns nothing when the path existed neither before nor after them.
std::optional<ChangeKind> both(ChangeKind first, ChangeKind second);

class Changes {
  public:
    // Adds a change and combines it with an earlier one of the same path. Only a limited number of paths is
    // kept.
    void add(ChangeKind kind, const std::string& path);
    void add(const Changes& later);
    bool empty() const { return kinds_.empty() && !more_; }
    void clear();
    const std::map<std::string, ChangeKind>& kinds() const { return kinds_; }

    // Returns the paths, one per line, in at most `most` bytes.
    std::string paths(std::size_t most) const;
    // Returns a line `KIND<TAB>PATH` for each path, which is escaped (text/escape.hpp), in at most `most`
    // bytes. When lines are left out at the end, the last line is `...`.
    std::string lines(std::size_t most) const;

  private:
    std::map<std::string, ChangeKind> kinds_;
    bool more_ = false;  // there were more paths than are kept
};

}  // namespace sigmund::guard
