// SPDX-License-Identifier: Apache-2.0
#include "run/target.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "run/id.hpp"
#include "run/rescue.hpp"
#include "sys/ports.hpp"

namespace sigmund::run {
namespace {

std::string describe(const Record& record) {
    return record.id + (record.name.empty() ? "" : " (" + record.name + ')');
}

[[noreturn]] void ambiguous(const std::string& text, const std::vector<const Record*>& matches) {
    std::string list;
    for (const Record* r : matches) list += (list.empty() ? "" : ", ") + describe(*r);
    throw Failure(Exit::ambiguous, "ambiguous", text + " matches several runs: " + list, "give more digits",
                  text);
}

// All records, loaded once, newest first.
class Catalogue {
  public:
    Catalogue(const Store& store, std::vector<std::string>& corrupt) : store_(store), corrupt_(corrupt) {}
    const std::vector<Record>& all() {
        if (!loaded_) {
            records_ = store_.list(Depth::full, &corrupt_);
            std::sort(records_.begin(), records_.end(), [](const Record& a, const Record& b) {
                return a.started_ms != b.started_ms ? a.started_ms > b.started_ms : a.id < b.id;
            });
            loaded_ = true;
        }
        return records_;
    }

  private:
    const Store& store_;
    std::vector<std::string>& corrupt_;
    std::vector<Record> records_;
    bool loaded_ = false;
};

bool owns_port(const Record& record, const Census& census, const std::vector<std::uint64_t>& sockets) {
    for (const Member& member : census.members(record))
        if (sys::holds_socket(census.proc(), member.pid, sockets)) return true;
    return false;
}

class Resolver {
  public:
    Resolver(const View& view, const Surroundings& around)
        : view_(view), around_(around), catalogue_(view.store(), found_.corrupt) {}

    Found resolve(const std::vector<std::string>& targets, bool some_may_be_missing) {
        for (const std::string& target : targets) try {
                add(parse_selector(target));
            } catch (const Failure& failure) {
                if (!some_may_be_missing || failure.exit != Exit::not_found) throw;
                found_.missing.push_back(failure);
            }
        for (const std::string& id : order_) found_.runs.push_back(std::move(judged_.at(id)));
        return std::move(found_);
    }

  private:
    const Judged& judged(const Record& record) {
        const auto known = judged_.find(record.id);
        return known != judged_.end() ? known->second
                                      : judged_.emplace(record.id, view_.judge(record)).first->second;
    }
    void take(const Record& record) {
        judged(record);
        if (taken_.insert(record.id).second) order_.push_back(record.id);
    }

    [[noreturn]] void not_found(const Selector& s, const std::string& what,
                                const std::string& hint = "sigmund list") const {
        throw Failure(Exit::not_found, "not_found", what, hint, s.text);
    }

    template <typename Matches>
    void take_all(Matches matches) {
        for (const Record& record : catalogue_.all())
            if (matches(record)) take(record);
    }

    void add(const Selector& s) {
        using Kind = Selector::Kind;
        switch (s.kind) {
            case Kind::id_or_name:
                return by_id_or_name(s);
            case Kind::tag:
                return take_all([&](const Record& r) {
                    return std::find(r.tags.begin(), r.tags.end(), s.word) != r.tags.end();
                });
            case Kind::here:
                return take_all([&](const Record& r) { return r.project == around_.project; });
            case Kind::shell:
                return take_all(
                    [&](const Record& r) { return !around_.shell.empty() && r.shell == around_.shell; });
            case Kind::all:
                return take_all([](const Record&) { return true; });
            case Kind::newest:
                if (catalogue_.all().empty())
                    not_found(s, "there are no runs yet", "sigmund COMMAND starts one");
                return take(catalogue_.all().front());
            case Kind::newest_failed:
                return newest_failed(s);
            case Kind::port:
                return by_port(s);
        }
    }

    void newest_failed(const Selector& s) {
        for (const Record& record : catalogue_.all()) {
            const Judged& run = judged(record);
            Record as_judged = run.record;
            as_judged.state = run.verdict.state;
            as_judged.result = run.verdict.result;
            if (has_failed(as_judged)) return take(record);
        }
        not_found(s, "no run has failed");
    }

    void by_id_or_name(const Selector& s) {
        Record record;
        if (is_id(s.word)) {
            const Read answer = view_.store().load(s.word, Depth::full, record);
            if (answer == Read::ok) return take(record);
            if (answer == Read::corrupt) say_if_alive(s, s.word);
            if (answer == Read::corrupt)
                throw Failure(Exit::usage, "failed", "the record of " + s.word + " is corrupt",
                              "sigmund prune", s.text);
        }
        if (is_name(s.word) && by_name(s)) return;
        if (is_id_prefix(s.word)) {
            std::vector<const Record*> matches;
            for (const Record& r : catalogue_.all())
                if (r.id.starts_with(s.word)) matches.push_back(&r);
            if (matches.size() > 1) ambiguous(s.text, matches);
            if (!matches.empty()) return take(*matches[0]);
        }
        // All its files may be gone while the run lives.
        if (const auto id = recall_guardian(view_.store(), s.word))
            if (view_.store().load(*id, Depth::full, record) == Read::ok) return take(record);
        not_found(s, "no run " + s.text, guardian_hint(s.word));
    }

    // Takes the run that holds the name, else a live one of that name, else the newest. Returns false when
    // there is none.
    bool by_name(const Selector& s) {
        if (const auto holder = view_.store().name_holder(s.word)) {
            Record record;
            const Read answer = view_.store().load(*holder, Depth::full, record);
            if (answer == Read::ok && record.name == s.word) {
                take(record);
                return true;
            }
            if (answer == Read::corrupt) say_if_alive(s, *holder);
        }
        const Record* found = nullptr;
        for (const Record& r : catalogue_.all()) {
            if (r.name != s.word) continue;
            if (!found) found = &r;
            if (is_final(r.state) || !judged(r).live()) continue;
            found = &r;
            break;
        }
        if (found) take(*found);
        return found != nullptr;
    }

    void say_if_alive(const Selector& s, const std::string& id) const {
        auto failure = damaged_but_alive(view_.store(), id);
        if (!failure) return;
        failure->exit = Exit::usage;
        failure->code = "failed";
        failure->target = s.text;
        throw *failure;
    }

    // Returns the way out when the store does not know the run (any more): it names the guardian, if one is
    // found.
    static std::string guardian_hint(const std::string& word) {
        for (const LivingGuardian& guardian : living_guardians())
            if (guardian.id == word || guardian.name == word)
                return "a guardian of " + guardian.id + " lives, process " + std::to_string(guardian.pid) +
                       ", perhaps of another store: kill -TERM " + std::to_string(guardian.pid) +
                       " ends that run, kill -CONT wakes it if it is stopped";
        return "sigmund list";
    }

    void by_port(const Selector& s) {
        const auto sockets = sys::listening_sockets(s.port);
        std::vector<const Record*> matches;
        if (!sockets.empty())
            for (const Record& r : catalogue_.all())
                if (!is_final(r.state) && judged(r).live() && owns_port(r, view_.census(), sockets))
                    matches.push_back(&r);
        if (matches.size() > 1) ambiguous(s.text, matches);
        if (matches.empty())
            not_found(s, sockets.empty() ? "nothing listens on port " + std::to_string(s.port)
                                         : "port " + std::to_string(s.port) + " is owned by no run of yours");
        take(*matches[0]);
    }

    const View& view_;
    const Surroundings& around_;
    Found found_;
    Catalogue catalogue_;
    std::map<std::string, Judged> judged_;  // those that were judged
    std::vector<std::string> order_;        // those that are meant
    std::set<std::string> taken_;
};

}  // namespace

Selector parse_selector(const std::string& text) {
    using Kind = Selector::Kind;
    Selector s;
    s.text = text;
    const auto invalid = [&]() -> Failure {
        return {Exit::not_found, "invalid_target", '"' + std::string(text) + "\" is not a target",
                "an id, a name, tag=TAG, :PORT, @, @!, @here, @shell, @all", std::string(text)};
    };
    if (text == "@")
        s.kind = Kind::newest;
    else if (text == "@!")
        s.kind = Kind::newest_failed;
    else if (text == "@here")
        s.kind = Kind::here;
    else if (text == "@shell")
        s.kind = Kind::shell;
    else if (text == "@all")
        s.kind = Kind::all;
    else if (text.starts_with("tag=")) {
        s.kind = Kind::tag;
        s.word = text.substr(4);
        if (!is_tag(s.word)) throw invalid();
    } else if (text.starts_with(":")) {
        s.kind = Kind::port;
        const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), s.port);
        if (error != std::errc{} || end != text.data() + text.size() || s.port < 1 || s.port > 65535)
            throw invalid();
    } else {
        s.word = text;
        if (!is_id_prefix(text) && !is_name(text)) throw invalid();
    }
    return s;
}

Found resolve(const View& view, const std::vector<std::string>& targets, const Surroundings& around,
              bool some_may_be_missing) {
    return Resolver(view, around).resolve(targets, some_may_be_missing);
}

}  // namespace sigmund::run
