// SPDX-License-Identifier: Apache-2.0
// What a command works with: the store, and the processes of this machine. A command opens one view, so that
// /proc and the lock of each run are read once. When time has passed or a race must be closed, look_again()
// checks a run once more.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "run/census.hpp"
#include "run/store.hpp"
#include "run/verdict.hpp"

namespace sigmund::run {

class View {
  public:
    // Opens the store of this user for reading (Store::open). Throws Failure when the store cannot be opened,
    // or when /proc does not show the processes of this PID namespace.
    static View open();
    // Takes a store that is open already. The census is made when it is first needed, and throws then.
    explicit View(Store store) : store_(std::make_shared<const Store>(std::move(store))) {}
    // Takes a store that outlives the view.
    static View of(const Store& store) {
        return View(std::shared_ptr<const Store>(&store, [](auto*) {}));
    }

    const Store& store() const { return *store_; }
    Census& census() const;

    // Returns what the lock and the processes of a run tell at this moment.
    Facts observe(const Record& record) const;
    // Judges a run after one check of its lock and its processes. Where its guardian may be writing the
    // record at this moment, the record is read and judged again, and the newer one is returned.
    Judged judge(Record record) const;
    // Reads the record of a run again, and judges it by a new search of /proc. When the record cannot be
    // read, the known one is judged.
    void look_again(Judged& run) const;
    // Reads and judges the record of an id. Returns nothing when it cannot be read.
    std::optional<Judged> find(const std::string& id, Depth depth = Depth::full) const;

  private:
    explicit View(std::shared_ptr<const Store> store) : store_(std::move(store)) {}
    std::shared_ptr<const Store> store_;
    mutable std::optional<Census> census_;
};

}  // namespace sigmund::run
