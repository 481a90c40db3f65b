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
//
// The folder of a shell may also hold links, named store.DEVICE-INODE, to its folders in other stores: see
// run/shell_stores.hpp.
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

    // Leaves a mark that belongs to no run, which the hook removes at the next prompt, as it does with those of
    // runs that have ended. asked_ms() returns when it was left, or nothing when it is not there.
    void ask(const std::string& shell) const;
    std::optional<sys::Millis> asked_ms(const std::string& shell) const;

    // Removes the mark of a live run when the rule allows it. `run` is empty when it has no record that can
    // be read.
    void sweep_live(const std::string& shell, const std::string& id, const std::optional<Judged>& run,
                    const View& view) const;
    // Removes those marks of closed shells that the rule does not keep. While marks of other shells exist,
    // new shells search for runs that lost their shell.
    void sweep_closed(const View& view) const;

    // Adds a link to the folder of the shell in another store. Returns 0 or errno.
    int link(const std::string& shell, const Store& other) const;
    // Returns the paths of the stores to which the links of the shell lead, in no order. Removes a link that
    // leads to no folder, and the folder of the shell when that link was the last of its content.
    std::vector<std::string> linked(const std::string& shell) const;

    // Remembers the runs whose shells are gone, as they are reported to the user. Returns whether one of them
    // was not among those of the last time.
    bool remember_orphans(const std::vector<std::string>& ids) const;
    // Forgets one of them, which a shell has adopted: when that shell is gone, too, the user is told again.
    void forget_orphan(const std::string& id) const;

  private:
    static constexpr const char* shells_folder = "shells";
    static constexpr const char* live_mark = "run.";
    static constexpr const char* ended_mark = "done.";
    static constexpr const char* question = "0000000000";  // an id that no run gets
    static std::string folder_of(const std::string& shell);
    static std::string mark_of(const std::string& shell, const char* kind, const std::string& id);
    int make(const std::string& shell, const std::string& mark) const;
    std::vector<std::string> marked(const std::string& shell, std::string_view kind) const;
    std::vector<std::string> links(const std::string& shell) const;
    void drop(const std::string& shell, const char* kind, const std::string& id) const noexcept;
    std::string told_orphans() const;
    void write_told(const std::string& set) const;
    bool may_go(const std::string& id, const std::optional<Judged>& run, const View& view) const;
    const Store& store_;
};

}  // namespace sigmund::run
