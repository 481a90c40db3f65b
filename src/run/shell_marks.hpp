// SPDX-License-Identifier: Apache-2.0
// The marks of shells: STORE/shells/PID.START holds run.ID for each live run of that shell, and done.ID for
// each that has ended and has not been told of. What is written in them is never read: the names are all.
//
// One rule says which marks may be swept: those of a run that is over, and that was started in this boot of
// this machine and in this PID namespace. Of others it cannot be seen from here whether their shell lives. A
// mark without a record may be swept unless somebody holds the id: then a start is under way.
#pragma once
#include <string>
#include <vector>

#include "run/view.hpp"

namespace sigmund::run {

class ShellMarks {
  public:
    explicit ShellMarks(const Store& store) : store_(store) {}

    // Marks a run as a live one of the shell. Returns 0 or errno.
    int add(const std::string& shell, const std::string& id) const;
    // The path of that mark, for messages.
    std::string path_of(const std::string& shell, const std::string& id) const;
    // The run has ended: the shell tells of it at its next prompt.
    void end(const std::string& shell, const std::string& id) const noexcept;

    // The ids of the marks of a shell, in no order.
    std::vector<std::string> live(const std::string& shell) const { return marked(shell, live_mark); }
    std::vector<std::string> ended(const std::string& shell) const { return marked(shell, ended_mark); }
    // Removes a mark, and the folder of the shell when it was the last one.
    void drop_live(const std::string& shell, const std::string& id) const noexcept;
    void drop_ended(const std::string& shell, const std::string& id) const noexcept;

    // Removes the mark of a run as a live one when the rule says that it may go. `run` is nothing when it has
    // no record that can be read.
    void sweep_live(const std::string& shell, const std::string& id, const std::optional<Judged>& run,
                    const View& view) const;
    // Removes what closed shells have left and the rule does not keep. While marks of other shells are there,
    // new shells look for runs that lost their shell.
    void sweep_closed(const View& view) const;

    // Remembers the runs whose shells are gone, as they are told to the user. Whether these are other ones
    // than the last time.
    bool remember_orphans(const std::vector<std::string>& ids) const;

  private:
    static constexpr const char* live_mark = "run.";
    static constexpr const char* ended_mark = "done.";
    static std::string folder_of(const std::string& shell);
    static std::string mark_of(const std::string& shell, const char* kind, const std::string& id);
    std::vector<std::string> marked(const std::string& shell, std::string_view kind) const;
    void drop(const std::string& shell, const char* kind, const std::string& id) const noexcept;
    bool may_go(const std::string& id, const std::optional<Judged>& run, const View& view) const;
    const Store& store_;
};

}  // namespace sigmund::run
