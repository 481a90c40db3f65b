// SPDX-License-Identifier: Apache-2.0
// The runs of the store, as the screen knows them. inotify(7) tells which records have changed, and only these are read
// again. Nothing here waits for a guardian.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "run/view.hpp"
#include "top/meter.hpp"
#include "top/picker.hpp"

namespace sigmund::top {

struct Run {
    run::Judged now;
    Meter meter;
    std::vector<int> ports;            // on which its processes listen
    sys::Millis ports_looked_at = -1;  // monotonic ms; -1: never
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
};

}  // namespace sigmund::top
