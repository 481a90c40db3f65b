// SPDX-License-Identifier: Apache-2.0
#include "top/runs.hpp"

#include <sys/inotify.h>

#include <algorithm>
#include <set>

#include "ops/usage.hpp"
#include "run/label.hpp"
#include "run/spec.hpp"
#include "run/state_text.hpp"
#include "sys/inotify.hpp"

namespace sigmund::top {
namespace {

constexpr std::size_t finished_shown = 200;
constexpr sys::Millis ports_pause = 5'000;  // what costs more than the rest is looked at less often

}  // namespace

Runs::Runs() {
    open();
}

void Runs::open() {
    view_.emplace(run::View::open());
    notes_ = sys::open_inotify();
    told_ = store().present() &&
            sys::add_watch(notes_, store().path(), IN_MOVED_TO | IN_DELETE | IN_ONLYDIR) >= 0;
    read_all();
}

void Runs::read_all() {
    std::set<std::string> there;
    if (store().present()) {
        const run::Overview seen = store().overview(finished_shown);
        there.insert(seen.perhaps_live.begin(), seen.perhaps_live.end());
        there.insert(seen.newest.begin(), seen.newest.end());
    }
    std::erase_if(runs_, [&](const auto& run) { return !there.contains(run.first); });
    for (const std::string& id : there) read(id);
}

// A record that is damaged stays as it was known: to ask its guardian could take seconds.
void Runs::read(const std::string& id) {
    run::Record record;
    const run::Read answer = store().read(id, run::Depth::full, record);
    if (answer == run::Read::absent) runs_.erase(id);
    if (answer != run::Read::ok) return;
    Run& run = runs_[id];
    if (run::is_final(record.state)) {
        run.now.verdict = run::judge(record, {});
        run.now.record = std::move(record);
    } else {
        run.now = view_->judge(std::move(record));
    }
    run.has_terminal = run.now.live() && !run::read_spec(run.now.record).tty.empty();
    if (!run.now.live()) {
        run.ports.clear();
        run.need.clear();
    }
}

bool Runs::take_notes() {
    alignas(inotify_event) char buffer[16 * 1024];
    std::set<std::string> changed;
    bool lost = false;
    for (;;) {
        const ssize_t n = ::read(notes_.get(), buffer, sizeof buffer);
        if (n <= 0) break;
        for (ssize_t at = 0; at < n;) {
            inotify_event event;
            std::copy_n(buffer + at, sizeof event, reinterpret_cast<char*>(&event));
            if ((event.mask & IN_Q_OVERFLOW) != 0) lost = true;
            if (event.len > 0)
                if (auto id = run::id_of_record(buffer + at + sizeof event)) changed.insert(std::move(*id));
            at += static_cast<ssize_t>(sizeof event + event.len);
        }
    }
    if (lost)
        read_all();
    else
        for (const std::string& id : changed) read(id);
    return lost || !changed.empty();
}

bool Runs::look_around() {
    if (told_ && !store().removed()) return false;
    open();
    return true;
}

void Runs::measure(const std::string& id, bool fresh_census) {
    const auto found = runs_.find(id);
    if (found == runs_.end() || !found->second.now.live()) return;
    run::Census& census = view_->census();
    if (fresh_census) census.refresh();
    Run& run = found->second;
    run.now = view_->judge(std::move(run.now.record));
    if (!run.now.live()) return;
    const sys::Millis now = sys::monotonic_ms();
    const ops::Load load = ops::load_of(run.now.record, census);
    run.meter.add(now, load.cpu_ms, load.rss_bytes);
    if (run.ports_looked_at < 0 || now - run.ports_looked_at >= ports_pause) {
        run.ports = ops::tcp_ports_of(run.now.record, census);
        run.ports_looked_at = now;
    }
}

void Runs::ask(const std::string& id) {
    const auto found = runs_.find(id);
    if (found == runs_.end() || !found->second.has_terminal || !found->second.now.live()) return;
    if (questions_.contains(id)) {  // it did not answer in time
        found->second.need.clear();
        return;
    }
    ops::TerminalQuestion question(store(), id);
    if (question.descriptor() >= 0) questions_.emplace(id, std::move(question));
}

std::vector<int> Runs::answers() const {
    std::vector<int> out;
    for (const auto& [id, question] : questions_) out.push_back(question.descriptor());
    return out;
}

bool Runs::take_answers() {
    bool changed = false;
    for (auto each = questions_.begin(); each != questions_.end();) {
        if (!each->second.read()) {
            ++each;
            continue;
        }
        const auto run = runs_.find(each->first);
        const auto& look = each->second.answer();
        const std::string need = look ? ops::need_of(*look) : "";
        if (run != runs_.end() && run->second.now.live() && run->second.need != need) {
            run->second.need = need;
            run->second.need_in_short = look ? ops::need_in_short(*look) : "";
            changed = true;
        }
        each = questions_.erase(each);
    }
    return changed;
}

const Run* Runs::find(const std::string& id) const {
    const auto found = runs_.find(id);
    return found == runs_.end() ? nullptr : &found->second;
}

std::vector<Entry> Runs::entries() const {
    std::vector<Entry> out;
    for (const auto& [id, run] : runs_) {
        const run::Record& record = run.now.record;
        out.push_back(
            {id, id + ' ' + record.name + ' ' + run::state_text(run.now) + ' ' + run::command_text(record),
             run.now.live(), record.started_ms});
    }
    return out;
}

std::size_t Runs::live() const {
    return static_cast<std::size_t>(
        std::count_if(runs_.begin(), runs_.end(), [](const auto& run) { return run.second.now.live(); }));
}

}  // namespace sigmund::top
