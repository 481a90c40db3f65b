// SPDX-License-Identifier: Apache-2.0
#include "run/target.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "run/failure.hpp"
#include "run/id.hpp"
#include "run/rescue.hpp"
#include "run/verdict.hpp"
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
    Catalogue(const Store& store, std::vector<std::string>* corrupt) : store_(store), corrupt_(corrupt) {}
    const std::vector<Record>& all() {
        if (!loaded_) {
            records_ = store_.list(Depth::full, corrupt_);
            std::sort(records_.begin(), records_.end(), [](const Record& a, const Record& b) {
                return a.started_ms != b.started_ms ? a.started_ms > b.started_ms : a.id < b.id;
            });
            loaded_ = true;
        }
        return records_;
    }

  private:
    const Store& store_;
    std::vector<std::string>* corrupt_;
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
    Resolver(const Store& store, const Census& census, const Surroundings& around,
             std::vector<std::string>* corrupt)
        : store_(store), census_(census), around_(around), catalogue_(store, corrupt) {}

    std::vector<Record> resolve(const std::vector<std::string>& targets) {
        for (const std::string& target : targets) add(parse_selector(target));
        return std::move(out_);
    }

  private:
    void take(const Record& record) {
        if (seen_.insert(record.id).second) out_.push_back(record);
    }
    bool live(const Record& record) const { return verdict_of(record, store_, census_).live(); }

    [[noreturn]] void not_found(const Selector& s, const std::string& what,
                                const std::string& hint = "sigmund list") const {
        throw Failure(Exit::not_found, "not_found", what, hint, s.text);
    }

    void add(const Selector& s) {
        using Kind = Selector::Kind;
        switch (s.kind) {
            case Kind::id_or_name:
                return by_id_or_name(s);
            case Kind::tag:
                for (const Record& r : catalogue_.all())
                    if (std::find(r.tags.begin(), r.tags.end(), s.word) != r.tags.end()) take(r);
                return;
            case Kind::here:
                for (const Record& r : catalogue_.all())
                    if (r.project == around_.project) take(r);
                return;
            case Kind::shell:
                for (const Record& r : catalogue_.all())
                    if (!around_.shell.empty() && r.shell == around_.shell) take(r);
                return;
            case Kind::all:
                for (const Record& r : catalogue_.all()) take(r);
                return;
            case Kind::newest:
                if (catalogue_.all().empty())
                    not_found(s, "there are no runs yet", "sigmund COMMAND starts one");
                return take(catalogue_.all().front());
            case Kind::newest_failed:
                for (const Record& r : catalogue_.all()) {
                    Record judged = r;
                    const Verdict v = verdict_of(r, store_, census_);
                    judged.state = v.state;
                    judged.result = v.result;
                    if (has_failed(judged)) return take(r);
                }
                not_found(s, "no run has failed");
            case Kind::port:
                return by_port(s);
        }
    }

    void by_id_or_name(const Selector& s) {
        Record record;
        if (is_id(s.word)) {
            const Read answer = store_.load(s.word, Depth::full, record);
            if (answer == Read::ok) return take(record);
            if (answer == Read::corrupt) say_if_alive(s, s.word);
            if (answer == Read::corrupt)
                throw Failure(Exit::usage, "failed", "the record of " + s.word + " is corrupt",
                              "sigmund prune", s.text);
        }
        if (const bool name = is_name(s.word); name) {
            if (const auto holder = store_.name_holder(s.word)) {
                const Read answer = store_.load(*holder, Depth::full, record);
                if (answer == Read::ok && record.name == s.word) return take(record);
                if (answer == Read::corrupt) say_if_alive(s, *holder);
            }
            const Record* newest = nullptr;
            for (const Record& r : catalogue_.all()) {
                if (r.name != s.word) continue;
                if (!newest) newest = &r;
                if (!is_final(r.state) && live(r)) return take(r);
            }
            if (newest) return take(*newest);
        }
        if (is_id_prefix(s.word)) {
            std::vector<const Record*> matches;
            for (const Record& r : catalogue_.all())
                if (r.id.starts_with(s.word)) matches.push_back(&r);
            if (matches.size() > 1) ambiguous(s.text, matches);
            if (!matches.empty()) return take(*matches[0]);
        }
        // All its files may be gone, and the run alive.
        if (const auto id = recall_guardian(store_, s.word))
            if (store_.load(*id, Depth::full, record) == Read::ok) return take(record);
        not_found(s, "no run " + s.text, guardian_hint(s.word));
    }

    void say_if_alive(const Selector& s, const std::string& id) const {
        auto failure = damaged_but_alive(store_, id);
        if (!failure) return;
        failure->exit = Exit::usage;
        failure->code = "failed";
        failure->target = s.text;
        throw *failure;
    }

    // The way out where the store knows nothing (any more) of a run: its guardian, as far as one is found.
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
                if (!is_final(r.state) && live(r) && owns_port(r, census_, sockets)) matches.push_back(&r);
        if (matches.size() > 1) ambiguous(s.text, matches);
        if (matches.empty())
            not_found(s, sockets.empty() ? "nothing listens on port " + std::to_string(s.port)
                                         : "port " + std::to_string(s.port) + " is owned by no run of yours");
        take(*matches[0]);
    }

    const Store& store_;
    const Census& census_;
    const Surroundings& around_;
    Catalogue catalogue_;
    std::vector<Record> out_;
    std::set<std::string> seen_;
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

std::vector<Record> resolve(const Store& store, const Census& census, const std::vector<std::string>& targets,
                            const Surroundings& around, std::vector<std::string>* corrupt) {
    return Resolver(store, census, around, corrupt).resolve(targets);
}

}  // namespace sigmund::run
