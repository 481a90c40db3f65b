// SPDX-License-Identifier: Apache-2.0
#include "ops/events.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>
#include <utility>

#include "ops/channel.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"
#include "sys/inotify.hpp"

namespace sigmund::ops {
namespace {

RunEvent event_of(const run::Judged& run) {
    const run::Record& record = run.record;
    const run::Verdict& verdict = run.verdict;
    RunEvent e;
    e.id = record.id;
    e.name = record.name;
    e.state = run::state_name(verdict.state);
    e.result = verdict.result;
    e.pid = record.pid;
    e.restarts = record.restarts;
    if (record.ready) e.ready = *record.ready ? "ready" : "unready";
    e.health = record.health;
    if (record.status.known) e.exit = run::Result::of(record.status);
    e.at_ms = verdict.live() ? sys::realtime_ms() : record.ended_ms.value_or(sys::realtime_ms());
    return e;
}

// Returns the warning for people that inotify is not available.
std::vector<std::string> limit_lines(int error) {
    const sys::Limit limit = sys::inotify_limit(error);
    std::vector<std::string> lines{"warning: changes cannot be watched: " +
                                   (limit.what.empty() ? sys::describe_errno(error) : limit.what) +
                                   "; the store is checked a few times a second instead"};
    if (!limit.hint.empty()) lines.push_back("hint: " + limit.hint);
    return lines;
}

bool same(const RunEvent& a, const RunEvent& b) {
    return a.state == b.state && a.result == b.result && a.pid == b.pid && a.restarts == b.restarts &&
           a.ready == b.ready && a.health == b.health && a.exit == b.exit && a.name == b.name;
}

class Follower {
  public:
    Follower(const run::View& view, const EventsRequest& request,
             const std::function<bool(const RunEvent&)>& each)
        : view_(view), store_(view.store()), request_(request), each_(each) {
        for (const run::Judged& run : request.runs) wanted_.insert(run.record.id);
    }

    void run() {
        if (request_.follow && store_.present()) {
            notes_ = sys::open_inotify();
            told_ = sys::add_watch(notes_, store_.path(), IN_MOVED_TO | IN_ONLYDIR) >= 0;
            if (!told_ && request_.warn) request_.warn(limit_lines(errno));
            if (!told_)
                for (const run::FilesOfId& each : store_.files())
                    if (const auto at = store_.written_ms(each.id)) written_[each.id] = *at;
        }
        begin();
        while (request_.follow && going_ && !all_over()) turn();
    }

  private:
    struct Known {
        RunEvent last;
        sys::Fd channel;
        bool over = false;
    };

    bool wanted(const std::string& id) const { return wanted_.empty() || wanted_.contains(id); }
    bool all_over() const {
        if (wanted_.empty()) return false;
        return std::all_of(wanted_.begin(), wanted_.end(), [&](const std::string& id) {
            const auto found = known_.find(id);
            return found != known_.end() && found->second.over;
        });
    }

    // Tells the events that are found in the records, in the order of time.
    void begin() {
        std::vector<RunEvent> past;
        for (const run::Judged& run : request_.runs) begin_with(run, past);
        if (wanted_.empty())
            for (run::Record& record : store_.list(run::Depth::full))
                begin_with(view_.judge(std::move(record)), past);
        std::stable_sort(past.begin(), past.end(),
                         [](const RunEvent& a, const RunEvent& b) { return a.at_ms < b.at_ms; });
        for (const RunEvent& event : past)
            if (going_) going_ = each_(event);
    }

    void begin_with(const run::Judged& run, std::vector<RunEvent>& past) {
        const run::Record& record = run.record;
        RunEvent now = event_of(run);
        // The event's time is that of the last change of the record, not the present. The clock of files is
        // coarser, and may be a tick before the start.
        if (!record.ended_ms)
            now.at_ms = std::max(record.started_ms, store_.written_ms(record.id).value_or(now.at_ms));
        // A run that has only just started is told below, once.
        if (request_.since && record.started_ms >= *request_.since && now.state != "starting") {
            RunEvent started = now;
            started.at_ms = record.started_ms;
            started.state = "starting";
            started.result = started.exit = run::Result::none;
            started.ready = started.health = "";
            past.push_back(started);
        }
        const bool tell = request_.since ? now.at_ms >= *request_.since : run.live();
        if (tell) past.push_back(now);
        Known& known = known_[record.id];
        known.last = now;
        known.over = !run.live();
        if (!known.over) subscribe(record.id, known);
    }

    void subscribe(const std::string& id, Known& known) {
        if (!request_.follow) return;
        known.channel = reach_guardian(store_, id);
        if (known.channel && run::send(known.channel.get(), {.kind = Request::Kind::events}) != 0)
            known.channel.reset();
    }

    void turn() {
        std::vector<pollfd> set{{notes_.get(), POLLIN, 0}};
        std::vector<std::string> ids{""};
        for (const auto& [id, known] : known_) {
            if (!known.channel) continue;
            set.push_back({known.channel.get(), POLLIN, 0});
            ids.push_back(id);
        }
        // Without inotify (its limit is reached) the store is checked a few times a second.
        ::poll(set.data(), set.size(), told_ ? -1 : sys::look_again_ms);
        for (std::size_t i = 1; i < set.size() && going_; ++i)
            if (set[i].revents != 0) hear(ids[i], known_[ids[i]]);
        if (!told_ && going_) look_at_all();
        if (set[0].revents != 0) look();
    }

    // Reads each record that was written since the last check.
    void look_at_all() {
        for (const run::FilesOfId& each : store_.files()) {
            if (!going_ || !wanted(each.id)) continue;
            const auto at = store_.written_ms(each.id);
            if (!at || std::exchange(written_[each.id], *at) == *at) continue;
            take_record(each.id);
        }
    }

    void hear(const std::string& id, Known& known) {
        auto answer = run::receive_answer(known.channel.get(), sys::monotonic_ms());
        if (answer && answer->kind == Answer::Kind::other) return;
        if (answer && answer->kind == Answer::Kind::event) {
            run::Change& change = answer->change;
            RunEvent e = known.last;
            e.id = id;
            e.at_ms = change.at_ms;
            e.state = std::move(change.state);
            e.result = std::move(change.result);
            e.pid = change.pid;
            e.restarts = change.restarts;
            e.ready = std::move(change.ready);
            e.health = std::move(change.health);
            e.exit = std::move(change.exit);
            e.changes = std::move(change.changes);
            return tell(known, e);
        }
        // The guardian has sent its last event, or was killed: the record and the kernel know the rest.
        known.channel.reset();
        reread(id, known);
    }

    void tell(Known& known, const RunEvent& event) {
        if (same(known.last, event) && event.changes.empty()) return;
        known.last = event;
        known.last.changes.clear();
        going_ = each_(event);
    }

    void reread(const std::string& id, Known& known) {
        view_.census().refresh();  // time has passed since the last look at /proc
        const auto run = view_.find(id);
        if (!run) return;
        known.over = !run->live();
        tell(known, event_of(*run));
    }

    // A guardian sends events about states, not about names. A new name is in the record that it has written.
    void renamed(const std::string& id, Known& known) {
        run::Record record;
        if (store_.load(id, run::Depth::head, record) != run::Read::ok || record.name == known.last.name)
            return;
        RunEvent e = known.last;
        e.name = record.name;
        e.at_ms = sys::realtime_ms();
        tell(known, e);
    }

    // Handles the notes of inotify: a record was written, of a run that is not known yet or has no guardian.
    void look() {
        alignas(inotify_event) char buffer[16 * 1024];
        ssize_t n;
        while (going_ && (n = ::read(notes_.get(), buffer, sizeof buffer)) > 0)
            for (ssize_t at = 0; at < n && going_;) {
                const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
                at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
                if (event->len == 0) continue;
                const auto id = run::id_of_record(event->name);
                if (id && wanted(*id)) take_record(*id);
            }
    }

    void take_record(const std::string& id) {
        Known& known = known_[id];
        if (known.channel) return renamed(id, known);
        const bool fresh = known.last.id.empty();
        if (fresh) {
            run::Record record;
            // The start is told first: when the record is read again, the run may be over.
            if (store_.load(id, run::Depth::full, record) == run::Read::ok) {
                RunEvent started = event_of({record, {}});
                started.at_ms = record.started_ms;
                started.state = "starting";
                started.result = started.exit = run::Result::none;
                tell(known, started);
            }
            subscribe(id, known);
        }
        if (going_) reread(id, known);
    }

    const run::View& view_;
    const run::Store& store_;
    const EventsRequest& request_;
    const std::function<bool(const RunEvent&)>& each_;
    sys::Fd notes_;
    bool told_ = true;                            // whether inotify tells of new records
    std::set<std::string> wanted_;                // ids of the named runs; empty: all
    std::map<std::string, sys::Millis> written_;  // without inotify: when each record was last written
    std::map<std::string, Known> known_;
    bool going_ = true;
};

}  // namespace

run::Store await_store(const Warn& warn) {
    bool warned = false;
    for (;;) {
        run::Store store = run::Store::open();
        if (store.present()) return store;
        // The nearest existing folder above is watched. It is looked up again after that, as the next one may
        // have been created in the meantime.
        std::string above = store.path();
        do above.resize(std::max<std::size_t>(above.rfind('/'), 1));
        while (::access(above.c_str(), F_OK) != 0 && above.size() > 1);
        const sys::Fd notes = sys::open_inotify();
        const bool told =
            sys::add_watch(notes, above,
                           IN_CREATE | IN_MOVED_TO | IN_MOVE_SELF | IN_DELETE_SELF | IN_ONLYDIR) >= 0;
        if (!told && errno == ENOENT) continue;  // the folder has just been removed
        if (!told && !warned && warn) warn(limit_lines(errno));
        warned = warned || !told;
        const auto slash = store.path().find('/', above.size() + 1);
        if (::access(store.path().substr(0, slash).c_str(), F_OK) == 0) continue;
        pollfd p{notes.get(), POLLIN, 0};
        ::poll(&p, 1, told ? -1 : sys::look_again_ms);
    }
}

void follow_events(const run::View& view, const EventsRequest& request,
                   const std::function<bool(const RunEvent&)>& each) {
    Follower(view, request, each).run();
}

}  // namespace sigmund::ops
