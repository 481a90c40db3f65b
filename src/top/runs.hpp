// SPDX-License-Identifier: Apache-2.0
// The runs of the store, as the screen knows them. inotify(7) tells which records have changed, and only these are read
// again. Nothing here waits for a guardian: one that is frozen owes its answer.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ops/terminal_question.hpp"
#include "run/view.hpp"
#include "top/meter.hpp"
#include "top/picker.hpp"

namespace sigmund::top {

struct Run {
    run::Judged now;
    Meter meter;
    std::vector<int> ports;            // on which its processes listen
    sys::Millis ports_looked_at = -1;  // monotonic ms; -1: never
    bool has_terminal = false;
    // What somebody should do at its terminal, in words; empty: nothing, or that is not known.
    std::string need, need_in_short;
};

class Runs {
  public:
    Runs();

    // The descriptor that is readable when something in the store has changed.
    int notes() const { return notes_.get(); }
    // Reads what has changed. Returns whether anything has.
    bool take_notes();
    // To be called once a second: the store may have been made or removed meanwhile, and where inotify's limits are reached,
    // everything is read again. Returns whether anything has changed.
    bool look_around();
    // Judges a run again, as a guardian that was killed changes no file, and measures what it uses.
    void measure(const std::string& id, bool fresh_census);
    // Asks the guardian of a run with a terminal what the run needs, unless it still owes an answer.
    void ask(const std::string& id);
    // The descriptors that are readable when a guardian has answered.
    std::vector<int> answers() const;
    // Reads the answers that have come. Returns whether any run needs something else than before.
    bool take_answers();

    const Run* find(const std::string& id) const;
    std::vector<Entry> entries() const;
    std::size_t live() const;
    const run::Store& store() const { return view_->store(); }

  private:
    void open();
    void read_all();
    void read(const std::string& id);

    std::optional<run::View> view_;
    sys::Fd notes_;
    bool told_ = false;  // whether inotify watches the store
    std::map<std::string, Run> runs_;
    std::map<std::string, ops::TerminalQuestion> questions_;  // by the ids of runs
};

}  // namespace sigmund::top
