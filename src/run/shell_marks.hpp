// SPDX-License-Identifier: Apache-2.0
// The marks of shells: STORE/shells/PID.START holds run.ID for each live run of that shell, and done.ID for
// each run that has ended and was not reported yet. The content of these files is never read: only their
// names matter.
//
// One rule says which marks may be swept: those of a run that is over and that was started in this boot of
// this machine and in this PID namespace. For all others, this process cannot see whether their shell lives.
// A mark without a record may be swept unless a process holds the id, since then a start is under way.
// The mark of a live run may also be swept when the record names another shell: an adoption (ops/adopt) was
// interrupted.
#pragma once
#include <string>
#include <vector>

#include "run/view.hpp"

namespace sigmund::run {

// Returns the shell that owns the run: it has the mark, and asks about the run when it exits. Empty for a run
// without a shell, and for one that is kept.
inline std::string owner_of(const Record& record) {
    return record.keep ? std::string() : record.shell;
}

class ShellMarks {
  public:
    explicit ShellMarks(const Store& store) : store_(store) {}

    // Marks a run as a live run of the shell. Returns 0 or errno.
    int add(const std::string& shell, const std::string& id) const;
    // The path of that mark, for messages.
    std::string path_of(const std::string& shell, const std::string& id) const;
    // Turns the mark into that of a run that has ended. The shell reports it at its next prompt.
    void end(const std::string& shell, const std::string& id) const noexcept;

    // Return the ids of the marks of a shell, in no order.
    std::vector<std::string> live(const std::string& shell) const { return marked(shell, live_mark); }
    std::vector<std::string> ended(const std::string& shell) const { return marked(shell, ended_mark); }
    // Remove a mark, and the folder of the shell when the mark was the last one.
    void drop_live(const std::string& shell, const std::string& id) const noexcept;
    void drop_ended(const std::string& shell, const std::string& id) const noexcept;

    // Removes the mark of a live run when the rule allows it. `run` is empty when it has no record that can
    // be read.
    void sweep_live(const std::string& shell, const std::string& id, const std::optional<Judged>& run,
                    const View& view) const;
    // Removes those marks of closed shells that the rule does not keep. While marks of other shells exist,
    // new shells search for runs that lost their shell.
    void sweep_closed(const View& view) const;

    // Remembers the runs whose shells are gone, as they are reported to the user. Returns whether one of them
    // was not among those of the last time.
    bool remember_orphans(const std::vector<std::string>& ids) const;
    // Forgets one of them, which a shell has adopted: when that shell is gone, too, the user is told again.
    void forget_orphan(const std::string& id) const;

  private:
    static constexpr const char* live_mark = "run.";
    static constexpr const char* ended_mark = "done.";
    static std::string folder_of(const std::string& shell);
    static std::string mark_of(const std::string& shell, const char* kind, const std::string& id);
    std::vector<std::string> marked(const std::string& shell, std::string_view kind) const;
    void drop(const std::string& shell, const char* kind, const std::string& id) const noexcept;
    std::string told_orphans() const;
    void write_told(const std::string& set) const;
    bool may_go(const std::string& id, const std::optional<Judged>& run, const View& view) const;
    const Store& store_;
};

}  // namespace sigmund::run
