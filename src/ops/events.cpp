// SPDX-License-Identifier: Apache-2.0
#include "ops/events.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <utility>

#include "ops/channel.hpp"
#include "run/verdict.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"
#include "sys/inotify.hpp"
#include "text/escape.hpp"

namespace sigmund::ops {
namespace {

std::string or_empty(const std::string& word) {
    return word == "-" ? "" : word;
}

std::vector<std::string> words_of(const std::string& line) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at < line.size();) {
        const auto end = std::min(line.find(' ', at), line.size());
        if (end > at) out.push_back(line.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

RunEvent from_record(const run::Record& record, const run::Verdict& verdict) {
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

// What people are told when nothing tells of changes.
std::vector<std::string> limit_lines(int error) {
    const sys::Limit limit = sys::inotify_limit(error);
    std::vector<std::string> lines{"warning: nothing tells of changes, " +
                                   (limit.what.empty() ? sys::describe_errno(error) : limit.what) +
                                   "; the store is looked at a few times a second"};
    if (!limit.hint.empty()) lines.push_back("hint: " + limit.hint);
    return lines;
}

bool same(const RunEvent& a, const RunEvent& b) {
    return a.state == b.state && a.result == b.result && a.pid == b.pid && a.restarts == b.restarts &&
           a.ready == b.ready && a.health == b.health && a.exit == b.exit && a.name == b.name;
}

class Follower {
  public:
    Follower(const run::Store& store, const EventsRequest& request,
             const std::function<bool(const RunEvent&)>& each)
        : store_(store), request_(request), each_(each) {}

    void run() {
        if (request_.follow && store_.present()) {
            notes_ = sys::open_inotify();
            told_ = sys::add_watch(notes_, store_.path(), IN_MOVED_TO | IN_ONLYDIR) >= 0;
            if (!told_ && request_.warn) request_.warn(limit_lines(errno));
            if (!told_)
                for (const std::string& file : store_.files())
                    if (const auto id = run::id_of_file(file, ".json"))
                        written_[*id] = store_.written_ms(*id).value_or(0);
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

    bool wanted(const std::string& id) const {
        return request_.ids.empty() ||
               std::find(request_.ids.begin(), request_.ids.end(), id) != request_.ids.end();
    }
    bool all_over() const {
        if (request_.ids.empty()) return false;
        return std::all_of(request_.ids.begin(), request_.ids.end(), [&](const std::string& id) {
            const auto found = known_.find(id);
            return found != known_.end() && found->second.over;
        });
    }

    // What the records tell: in the order of time.
    void begin() {
        std::vector<RunEvent> past;
        for (const run::Record& record : store_.list(run::Depth::full)) {
            if (!wanted(record.id)) continue;
            const run::Verdict verdict = run::verdict_of(record, store_, run::Census());
            RunEvent now = from_record(record, verdict);
            // Not the time of looking: what is so now became so when the record last changed. The clock of
            // files is coarser, and may lie a tick before the start.
            if (!record.ended_ms)
                now.at_ms = std::max(record.started_ms, store_.written_ms(record.id).value_or(now.at_ms));
            // Of one that has come no further, that is told below.
            if (request_.since && record.started_ms >= *request_.since && now.state != "starting") {
                RunEvent started = now;
                started.at_ms = record.started_ms;
                started.state = "starting";
                started.result = started.exit = run::Result::none;
                started.ready = started.health = "";
                past.push_back(started);
            }
            const bool tell = request_.since ? now.at_ms >= *request_.since : verdict.live();
            if (tell) past.push_back(now);
            Known& known = known_[record.id];
            known.last = now;
            known.over = !verdict.live();
            if (!known.over) subscribe(record.id, known);
        }
        std::stable_sort(past.begin(), past.end(),
                         [](const RunEvent& a, const RunEvent& b) { return a.at_ms < b.at_ms; });
        for (const RunEvent& event : past)
            if (going_) going_ = each_(event);
    }

    void subscribe(const std::string& id, Known& known) {
        if (!request_.follow) return;
        known.channel = reach_guardian(store_, id);
        if (known.channel && !send_request(known.channel.get(), "events")) known.channel.reset();
    }

    void turn() {
        std::vector<pollfd> set{{notes_.get(), POLLIN, 0}};
        std::vector<std::string> ids{""};
        for (const auto& [id, known] : known_) {
            if (!known.channel) continue;
            set.push_back({known.channel.get(), POLLIN, 0});
            ids.push_back(id);
        }
        // Without inotify (its limit is reached) the store is looked at a few times a second.
        ::poll(set.data(), set.size(), told_ ? -1 : sys::look_again_ms);
        for (std::size_t i = 1; i < set.size() && going_; ++i)
            if (set[i].revents != 0) hear(ids[i], known_[ids[i]]);
        if (!told_ && going_) look_at_all();
        if (set[0].revents != 0) look();
    }

    // Each record that was written since the last look.
    void look_at_all() {
        for (const std::string& file : store_.files()) {
            const auto id = run::id_of_file(file, ".json");
            if (!id || !going_ || !wanted(*id)) continue;
            const auto at = store_.written_ms(*id);
            if (!at || std::exchange(written_[*id], *at) == *at) continue;
            take_record(*id);
        }
    }

    void hear(const std::string& id, Known& known) {
        const auto line = next_line(known.channel.get(), sys::monotonic_ms());
        const auto words = line ? words_of(*line) : std::vector<std::string>{};
        if (words.size() >= 9 && words[0] == "event") {
            RunEvent e = known.last;
            e.id = id;
            e.at_ms = std::atoll(words[1].c_str());
            e.state = words[2];
            e.result = run::Result(or_empty(words[3]));
            e.pid = std::atoi(words[4].c_str());
            e.restarts = std::atoi(words[5].c_str());
            e.ready = or_empty(words[6]);
            e.health = or_empty(words[7]);
            e.exit = run::Result(or_empty(words[8]));
            e.changes = words.size() > 9 ? text::unescape(words[9]) : "";
            return tell(known, e);
        }
        if (line && words.empty()) return;
        // Its guardian has said its last word, or was killed: the record and the kernel know the rest.
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
        run::Record record;
        if (store_.load(id, run::Depth::full, record) != run::Read::ok) return;
        const run::Verdict verdict = run::verdict_of(record, store_, run::Census());
        known.over = !verdict.live();
        tell(known, from_record(record, verdict));
    }

    // A guardian tells of states, not of names: those are in the record it has written.
    void renamed(const std::string& id, Known& known) {
        run::Record record;
        if (store_.load(id, run::Depth::head, record) != run::Read::ok || record.name == known.last.name)
            return;
        RunEvent e = known.last;
        e.name = record.name;
        e.at_ms = sys::realtime_ms();
        tell(known, e);
    }

    // A record was written: of a run not known yet, or of one without a guardian.
    void look() {
        alignas(inotify_event) char buffer[16 * 1024];
        ssize_t n;
        while (going_ && (n = ::read(notes_.get(), buffer, sizeof buffer)) > 0)
            for (ssize_t at = 0; at < n && going_;) {
                const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
                at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
                if (event->len == 0) continue;
                const auto id = run::id_of_file(event->name, ".json");
                if (id && wanted(*id)) take_record(*id);
            }
    }

    void take_record(const std::string& id) {
        Known& known = known_[id];
        if (known.channel) return renamed(id, known);
        const bool fresh = known.last.id.empty();
        if (fresh) {
            run::Record record;
            // Told also when it is still so: by the next look it may be over.
            if (store_.load(id, run::Depth::full, record) == run::Read::ok) {
                RunEvent started = from_record(record, run::Verdict{});
                started.at_ms = record.started_ms;
                started.state = "starting";
                started.result = started.exit = run::Result::none;
                tell(known, started);
            }
            subscribe(id, known);
        }
        if (going_) reread(id, known);
    }

    const run::Store& store_;
    const EventsRequest& request_;
    const std::function<bool(const RunEvent&)>& each_;
    sys::Fd notes_;
    bool told_ = true;                            // inotify tells of new records
    std::map<std::string, sys::Millis> written_;  // where it does not: when each was
    std::map<std::string, Known> known_;
    bool going_ = true;
};

}  // namespace

run::Store await_store(const Warn& warn) {
    bool warned = false;
    for (;;) {
        run::Store store = run::Store::open();
        if (store.present()) return store;
        // Watched is the nearest folder above that is there; looked for again after, as it may have come
        // meanwhile.
        std::string above = store.path();
        do above.resize(std::max<std::size_t>(above.rfind('/'), 1));
        while (::access(above.c_str(), F_OK) != 0 && above.size() > 1);
        const sys::Fd notes = sys::open_inotify();
        const bool told =
            sys::add_watch(notes, above,
                           IN_CREATE | IN_MOVED_TO | IN_MOVE_SELF | IN_DELETE_SELF | IN_ONLYDIR) >= 0;
        if (!told && errno == ENOENT) continue;  // it has just gone
        if (!told && !warned && warn) warn(limit_lines(errno));
        warned = warned || !told;
        const auto slash = store.path().find('/', above.size() + 1);
        if (::access(store.path().substr(0, slash).c_str(), F_OK) == 0) continue;
        pollfd p{notes.get(), POLLIN, 0};
        ::poll(&p, 1, told ? -1 : sys::look_again_ms);
    }
}

void follow_events(const run::Store& store, const EventsRequest& request,
                   const std::function<bool(const RunEvent&)>& each) {
    Follower(store, request, each).run();
}

}  // namespace sigmund::ops
