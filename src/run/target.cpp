// SPDX-License-Identifier: Apache-2.0
#include "run/target.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "run/catalogue.hpp"
#include "run/id.hpp"
#include "run/label.hpp"
#include "run/named_runs.hpp"
#include "run/project.hpp"
#include "run/rescue.hpp"
#include "sys/ports.hpp"
#include "text/escape.hpp"
#include "text/suggest.hpp"

namespace sigmund::run {
namespace {

constexpr const char* general_hint = "sigmund list";

[[noreturn]] void ambiguous(const std::string& text, const std::vector<Record>& matches) {
    std::string list;
    for (const Record& r : matches) list += (list.empty() ? "" : ", ") + label(r);
    throw Failure(Exit::ambiguous, "ambiguous", text + " matches several runs: " + list, "give more digits",
                  text);
}

bool owns_port(const Record& record, const Census& census, const std::vector<std::uint64_t>& sockets) {
    for (const Member& member : census.members(record))
        if (sys::holds_socket(census.proc(), member.pid, sockets)) return true;
    return false;
}

std::string_view base_name(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

class Resolver {
  public:
    Resolver(const View& view, const Surroundings& around, Search search)
        : view_(view),
          around_(around),
          search_(std::move(search)),
          catalogue_(view.store(), found_.corrupt),
          named_(view.store(), catalogue_, around, [this](const std::string& id) { return judged(id); }) {}

    Found resolve(const std::vector<std::string>& targets) {
        for (const std::string& target : targets) try {
                add(parse_selector(target));
            } catch (const Failure& failure) {
                if (!search_.some_may_be_missing || failure.exit != Exit::not_found) throw;
                found_.missing.push_back(failure);
            }
        for (const std::string& id : order_)
            if (const auto known = judged_.find(id); known != judged_.end())
                found_.runs.push_back(std::move(known->second));
        found_.ids = std::move(order_);
        return std::move(found_);
    }

  private:
    const Judged& judged(Record record) {
        const auto known = judged_.find(record.id);
        if (known != judged_.end()) return known->second;
        std::string id = record.id;
        return judged_.emplace(std::move(id), view_.judge(std::move(record))).first->second;
    }
    // Reads and judges a run as a whole. Returns nothing when its record is gone by now.
    const Judged* judged(const std::string& id) {
        const auto known = judged_.find(id);
        if (known != judged_.end()) return &known->second;
        Record record;
        return view_.store().load(id, Depth::full, record) == Read::ok ? &judged(std::move(record)) : nullptr;
    }
    void take(const Judged& run) {
        if (taken_.insert(run.record.id).second) order_.push_back(run.record.id);
    }
    bool take(const std::string& id) {
        const Judged* const run = judged(id);
        if (run) take(*run);
        return run != nullptr;
    }

    [[noreturn]] void not_found(const Selector& s, const std::string& what,
                                const std::string& hint = general_hint) const {
        throw Failure(Exit::not_found, "not_found", what, hint, s.text);
    }

    template <typename Matches>
    void take_all(Matches matches) {
        for (const Head& head : catalogue_.heads())
            if (!(search_.sets_without_ended && head.over) && matches(head)) {
                if (!(search_.ended_as_ids && head.over))
                    take(head.id);
                else if (taken_.insert(head.id).second)
                    order_.push_back(head.id);
            }
    }

    void add(const Selector& s) {
        using Kind = Selector::Kind;
        switch (s.kind) {
            case Kind::id_or_name:
                return by_id_or_name(s);
            case Kind::tag:
                return take_all([&](const Head& head) {
                    return std::find(head.tags.begin(), head.tags.end(), s.word) != head.tags.end();
                });
            case Kind::here:
                return take_all([&](const Head& head) {
                    return !around_.project.empty() && head.project == around_.project;
                });
            case Kind::shell:
                return take_all(
                    [&](const Head& head) { return !around_.shell.empty() && head.shell == around_.shell; });
            case Kind::all:
                return take_all([](const Head&) { return true; });
            case Kind::newest:
                for (const Head& head : catalogue_.heads())
                    if (take(head.id)) return;
                not_found(s, "there are no runs yet", "sigmund COMMAND starts one");
            case Kind::newest_failed:
                return newest_failed(s);
            case Kind::port:
                return by_port(s);
        }
    }

    void newest_failed(const Selector& s) {
        for (const Head& head : catalogue_.heads()) {
            if (head.over && !head.failed) continue;
            const Judged* const run = judged(head.id);
            if (!run) continue;
            Record as_judged = run->record;
            as_judged.state = run->verdict.state;
            as_judged.result = run->verdict.result;
            if (has_failed(as_judged)) return take(*run);
        }
        not_found(s, "no run has failed");
    }

    void by_id_or_name(const Selector& s) {
        Record record;
        if (is_id(s.word)) {
            const Read answer = view_.store().load(s.word, Depth::full, record);
            if (answer == Read::ok) return take(judged(std::move(record)));
            if (answer == Read::corrupt) refuse_if_damaged(view_.store(), s.text, s.word);
            if (answer == Read::corrupt)
                throw Failure(Exit::usage, "failed", "the record of " + s.word + " is corrupt",
                              "sigmund prune", s.text);
        }
        const bool name = is_name(s.word);
        if (const Judged* const run = name ? named_.find(s.word) : nullptr) return take(*run);
        if (is_id_prefix(s.word) && by_prefix(s)) return;
        // All its files may be gone while the run lives.
        if (const auto id = recall_guardian(view_.store(), s.word))
            if (const Judged* const run = judged(*id); run && (!name || named_.can_mean(s.word, run->record)))
                return take(*run);
        if (name && of_other_projects(s)) return;
        if (by_program(s)) return;
        std::string hint = guardian_hint(s.word);
        if (hint == general_hint) hint = near_name(s.word);
        not_found(s, "no run " + s.text, hint);
    }

    // Takes the only live run that has the name in another project, if the verb only reads, or throws the failure
    // that names all such runs. Returns false when there are none.
    bool of_other_projects(const Selector& s) {
        const std::vector<const Judged*> runs = named_.live_elsewhere(s.word);
        if (runs.empty()) return false;
        if (runs.size() == 1 && search_.other_projects) {
            const Record& record = runs[0]->record;
            found_.notes.push_back("no run here is named " + s.word + "; this is " + record.id +
                                   ", which runs in " + with_tilde(record.project));
            take(*runs[0]);
            return true;
        }
        std::string list;
        for (const Judged* run : runs)
            list += (list.empty() ? " runs in " : "; in ") + with_tilde(run->record.project) + ": " +
                    search_.command + run->record.id + search_.command_end;
        not_found(s, s.word + list, "");
    }

    bool by_prefix(const Selector& s) {
        std::vector<Record> matches;
        for (const std::string& id : catalogue_.ids_with(s.word)) {
            Record record;
            const Read answer = view_.store().load(id, Depth::full, record);
            if (answer == Read::ok) matches.push_back(std::move(record));
            if (answer == Read::corrupt) found_.corrupt.push_back(id);
        }
        if (matches.size() > 1) ambiguous(s.text, matches);
        if (!matches.empty()) take(judged(std::move(matches[0])));
        return !matches.empty();
    }

    // Takes the only live run whose command has this name, if the search may; otherwise such runs are only named.
    bool by_program(const Selector& s) {
        std::vector<const Judged*> runs;
        for (const Judged* run : live_runs())
            if (base_name(run->record.argv[0]) == s.word) runs.push_back(run);
        if (runs.size() != 1) return false;
        const Record& record = runs[0]->record;
        if (!search_.programs)
            not_found(s, "no run " + s.text,
                      s.word + " is the command of " + label(record) + ": " + search_.command +
                          short_label(record) + search_.command_end);
        found_.notes.push_back(s.word + ": run " + label(record));
        take(*runs[0]);
        return true;
    }

    // Returns the live runs whose command is known.
    std::vector<const Judged*> live_runs() {
        std::vector<const Judged*> runs;
        for (const Head& head : catalogue_.heads())
            if (const Judged* const run = head.over ? nullptr : judged(head.id);
                run && run->live() && !run->record.argv.empty())
                runs.push_back(run);
        return runs;
    }

    // Returns the hint that names live runs whose program, or whose script, begins with the word, as "redis" for
    // redis-server and "train" for `python3 train.py`. Else it is empty.
    std::string near_command(const std::string& word) {
        constexpr std::size_t fewest_letters = 3, most_runs = 3;
        if (word.size() < fewest_letters) return "";
        std::string list;
        std::size_t count = 0;
        for (const Judged* run : live_runs()) {
            const auto& argv = run->record.argv;
            const auto script = std::find_if(argv.begin() + 1, argv.end(),
                                             [](const std::string& each) { return !each.starts_with('-'); });
            if (!base_name(argv[0]).starts_with(word) &&
                (script == argv.end() || !base_name(*script).starts_with(word)))
                continue;
            if (++count <= most_runs)
                list += (list.empty() ? "" : " or ") + short_label(run->record) + " (" +
                        text::truncate(command_text(run->record), 40) + ')';
        }
        return list.empty() ? "" : "did you mean " + list + (count > most_runs ? ", or another run?" : "?");
    }

    // Returns the hint that names the nearest name, or @all.
    std::string near_name(const std::string& word) {
        if (word == "all") return "@all means every run: " + search_.command + "@all" + search_.command_end;
        std::vector<std::string_view> names;
        for (const Head& head : catalogue_.heads())
            if (!head.name.empty()) names.push_back(head.name);
        std::string_view bare = word;
        if (bare.ends_with(".service")) bare.remove_suffix(8);  // as systemctl calls what it runs
        const auto near = text::suggest(bare, names);
        if (near) return "did you mean " + *near + "?";
        const std::string command = near_command(word);
        return command.empty() ? general_hint : command;
    }

    // Returns the way out when the store does not know the run (any more): it names the guardian, if one is
    // found. Only a title says that this is one, and it may be of another store: no command here ends it.
    static std::string guardian_hint(const std::string& word) {
        for (const LivingGuardian& guardian : living_guardians())
            if (guardian.id == word || guardian.name == word)
                return "process " + std::to_string(guardian.pid) + " calls itself the guardian of " +
                       guardian.id +
                       ", and is perhaps of another store, which SIGMUND_STATE_DIR names; kill -CONT " +
                       std::to_string(guardian.pid) + " wakes it if it is stopped";
        return general_hint;
    }

    void by_port(const Selector& s) {
        const auto sockets = sys::listening_sockets(s.port);
        std::vector<Record> matches;
        if (!sockets.empty())
            for (const Head& head : catalogue_.heads()) {
                const Judged* const run = head.over ? nullptr : judged(head.id);
                if (run && run->live() && owns_port(run->record, view_.census(), sockets))
                    matches.push_back(run->record);
            }
        if (matches.size() > 1) ambiguous(s.text, matches);
        if (matches.empty())
            not_found(s, sockets.empty() ? "nothing listens on port " + std::to_string(s.port)
                                         : "port " + std::to_string(s.port) + " is owned by no run of yours");
        take(matches[0].id);
    }

    const View& view_;
    const Surroundings& around_;
    const Search search_;
    Found found_;
    Catalogue catalogue_;
    NamedRuns named_;
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
              Search search) {
    return Resolver(view, around, std::move(search)).resolve(targets);
}

}  // namespace sigmund::run
