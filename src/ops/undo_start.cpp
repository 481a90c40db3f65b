// SPDX-License-Identifier: Apache-2.0
#include "ops/undo_start.hpp"

#include "ops/start_failure.hpp"
#include "ops/stop.hpp"
#include "run/id.hpp"
#include "run/shell_marks.hpp"
#include "run/shell_session.hpp"
#include "run/shell_stores.hpp"

namespace sigmund::ops {

UndoStart::~UndoStart() {
    if (!plan_) return;
    const run::Store& store = plan_->store;
    const std::string& id = plan_->record.id;
    if (marked_) {
        run::ShellMarks(store).drop_live(plan_->record.shell, id);
        run::drop_dead_links(shell_, hook_);
    }
    for (std::size_t i = 0; i < plan_->worker_logs.size(); ++i)
        store.drop_log(id, run::LogPart::worker, static_cast<int>(i));
    plan_->port_lock.release(store);
    store.remove(id, plan_->lock);
    if (!plan_->record.name.empty())
        store.unlock_name(run::scoped_name(plan_->record), std::move(plan_->name_lock));
}

void UndoStart::mark_shell() {
    const run::Store& store = plan_->store;
    const run::Record& record = plan_->record;
    const run::ShellMarks marks(store);
    if (const int error = marks.add(record.shell, record.id); error != 0)
        not_started("cannot create " + marks.path_of(record.shell, record.id), error);
    marked_ = true;
    shell_ = record.shell;
    hook_ = run::store_of_hook(shell_);
    // Without this the run is not reported by a shell that has moved to another store, which is no reason not to
    // start it.
    (void)run::show_to_hook(store, record.shell);
}

void UndoStart::finish() {
    if (marked_) run::drop_dead_links(shell_, hook_);
    forget();
}

void end_after_guardian_death(const run::Store& store, const std::string& id) {
    run::Record record;
    if (store.read(id, run::Depth::full, record) == run::Read::ok) kill_members(record);
}

void clean_up_after_killed_guardian(const std::string& path, const std::string& id,
                                    const run::ScopedName& name, const std::string& shell,
                                    const std::string& hook) {
    const run::Store store = run::Store::open(path);
    if (!store.present() || !run::is_id(id)) throw killed_during_start();
    const run::IdLock lock = store.try_lock_id(id, true);
    end_after_guardian_death(store, id);
    if (!shell.empty()) {
        run::ShellMarks(store).drop_live(shell, id);
        run::drop_dead_links(shell, hook);
    }
    if (!name.empty())
        if (auto taken = store.lock_name(name, id); taken.lock)
            store.unlock_name(name, std::move(taken.lock));
    if (lock) store.remove(id, lock);
    throw killed_during_start();
}

}  // namespace sigmund::ops
