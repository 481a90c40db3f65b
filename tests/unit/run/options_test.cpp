// SPDX-License-Identifier: Apache-2.0
// A walk over the table of launch options: a new row is tested by its samples, without a new test.
#include "run/options.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "cli/args.hpp"
#include "run/failure.hpp"
#include "run/option_rows.hpp"
#include "run/record.hpp"
#include "unit/scratch.hpp"

using namespace sigmund;
using namespace sigmund::run;

namespace {

using Words = std::vector<std::string>;

std::string folder() {
    return "/here";
}

Spec spec_of(const Words& words) {
    return parse_options(cli::parse_args(cli::launch_verb(), words).given(), folder);
}

Words words_of(const Option& option, std::string_view value) {
    const std::string name = "--" + std::string(option.name);
    if (option.value == Value::none) return {name};
    if (option.value == Value::optional) return {name + '=' + std::string(value)};
    return {name, std::string(value)};
}

Words operator+(Words first, const Words& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

// Returns the option that a row needs so that a record keeps it: one that leads its group.
Words leader_of(const LaunchOption& row) {
    if (row.group == Group::none || row.kept == Kept::leads_group) return {};
    for (const LaunchOption& other : launch_rows)
        if (other.group == row.group && other.kept == Kept::leads_group)
            return words_of(other.option, other.codec->good[0]);
    FAIL("the group of --" << row.option.name << " has no leader");
    return {};
}

// Returns the spec after it was written into a record and read again.
Spec through_a_record(const Spec& spec) {
    Record record;
    record.id = "7f3c2a";
    record.pid = 1;
    record.name = spec.name;
    keep_spec(record, spec);
    const auto back = parse_record(write_record(record), record.id, Depth::full);
    REQUIRE(back);
    return read_spec(*back);
}

// Opens the descriptor with which --keep-fd 9 is tried.
struct OpenDescriptor {
    OpenDescriptor() { REQUIRE(::dup3(0, 9, O_CLOEXEC) == 9); }
    ~OpenDescriptor() { ::close(9); }
};

// Calls `use` with each row and the words for each of its good samples.
template <typename Use>
void each_sample(Use use) {
    const OpenDescriptor nine;
    for (const LaunchOption& row : launch_rows) {
        if (!row.codec) continue;
        CAPTURE(row.option.name);
        CHECK_FALSE(row.codec->good.empty());
        for (const std::string_view sample : row.codec->good) {
            CAPTURE(sample);
            use(row, leader_of(row) + words_of(row.option, sample));
        }
    }
}

}  // namespace

TEST_CASE("each launch option has what people and records need") {
    std::vector<std::string_view> names, keys;
    std::string letters;
    for (const LaunchOption& row : launch_rows) {
        const Option& option = row.option;
        CAPTURE(option.name);
        CHECK(std::find(names.begin(), names.end(), option.name) == names.end());
        names.push_back(option.name);
        CHECK((option.letter == 0 || letters.find(option.letter) == std::string::npos));
        letters += option.letter;
        CHECK_FALSE(option.help.empty());
        CHECK((option.value == Value::none) == option.metavar.empty());
        CHECK((option.choices.kind == Kind::words) == !option.choices.words.empty());
        const bool recorded = row.kept != Kept::on_the_line && row.kept != Kept::for_launcher;
        CHECK(recorded == (row.codec != nullptr));
        CHECK((row.key != nullptr) == (recorded && row.kept != Kept::as_field));
        if (row.key) {
            CHECK(std::find(keys.begin(), keys.end(), row.key) == keys.end());
            keys.emplace_back(row.key);
        }
    }
}

TEST_CASE("each launch option is in the manual") {
    std::ifstream file(std::string(SIGMUND_SOURCE_DIR) + "/man/sigmund-run.1");
    std::stringstream page;
    page << file.rdbuf();
    for (const Option& option : launch_options) {
        std::string name;
        for (const char c : option.name) name += c == '-' ? "\\-" : std::string(1, c);
        CHECK_MESSAGE(page.str().find("\\-" + name) != std::string::npos, option.name);
    }
}

TEST_CASE("each launch option survives the way from words to a spec and back") {
    each_sample([](const LaunchOption& row, const Words& words) {
        const Spec spec = spec_of(words);
        CHECK(row.codec->differs(spec, Spec{}));
        const Words typed = spec_words(spec);
        const std::string name = "--" + std::string(row.option.name);
        CHECK(std::any_of(typed.begin(), typed.end(), [&](const std::string& word) {
            return word == name || (row.option.value == Value::optional && word.starts_with(name + '='));
        }));
        CHECK(spec_words(spec_of(typed)) == typed);
        CHECK(write_options(spec_of(typed)) == write_options(spec));
    });
}

TEST_CASE("an option that asks for its default is not stated, and two ways to write a value are the same") {
    const auto stated = [](const Words& words) {
        Words out;
        for (const StatedOption& each :
             stated_options(cli::parse_args(cli::launch_verb(), words).given(), folder)) {
            out.emplace_back(each.name);
            out.insert(out.end(), each.values.begin(), each.values.end());
        }
        return out;
    };
    for (const auto& usual : usual_values())
        if (usual.second != "off")  // which is only shown, and cannot be given
            CHECK_MESSAGE(stated({"--" + std::string(usual.first), usual.second}).empty(), usual.first);
    each_sample([&](const LaunchOption& row, const Words& words) {
        CHECK_MESSAGE(!stated(words).empty(), row.option.name);
    });
    CHECK(stated({"--stop-timeout", "3000ms"}) == stated({"--stop-timeout", "3s"}));
    CHECK(stated({"--stop-timeout", "3s"}) != stated({"--stop-timeout", "4s"}));
    CHECK(stated({"--stop-signal", "SIGINT"}) == stated({"--stop-signal", "INT"}));
    CHECK(stated({"--stop-signal", "2"}) == stated({"--stop-signal", "INT"}));
    CHECK(stated({"--split-log"}) == Words{"split-log"});
    CHECK(stated({"--pool", "2"}) == Words{"pool", "2"});
    CHECK(stated({"--pool", "2", "--restart", "always"}) == Words{"pool", "2"});
    CHECK(stated({"--pool", "2", "--restart", "no"}) == Words{"pool", "2", "restart", "no"});
    CHECK(stated({"--replace", "--quiet"}).empty());
}

TEST_CASE("each launch option survives a record, or the next start says that it is lost") {
    each_sample([](const LaunchOption& row, const Words& words) {
        const Spec before = spec_of(words), after = through_a_record(before);
        if (row.lost) {
            CHECK_FALSE(row.codec->differs(after, Spec{}));
            CHECK_FALSE(lost_options(after).empty());
            CHECK(lost_options(through_a_record(after)) == lost_options(after));
        } else {
            CHECK(spec_words(after) == spec_words(before));
            CHECK(write_options(after) == write_options(before));
            CHECK(lost_options(after).empty());
        }
    });
}

TEST_CASE("wrong values of a launch option are refused with its name") {
    for (const LaunchOption& row : launch_rows) {
        if (!row.codec) continue;
        for (const std::string_view sample : row.codec->bad) {
            CAPTURE(row.option.name);
            CAPTURE(sample);
            try {
                spec_of(words_of(row.option, sample));
                FAIL_CHECK("it is accepted");
            } catch (const Failure& failure) {
                CHECK(failure.option == row.option.name);
                CHECK(failure.exit == Exit::usage);
                CHECK(failure.what() == "--" + failure.option + ": " + failure.complaint());
            }
        }
    }
}

TEST_CASE("the last value of a single option counts, and all values of the others") {
    for (const LaunchOption& row : launch_rows) {
        if (!row.codec || row.option.value == Value::none || row.codec->good.size() < 2) continue;
        CAPTURE(row.option.name);
        const Words first = words_of(row.option, row.codec->good[0]);
        const Words second = words_of(row.option, row.codec->good[1]);
        const Words leader = leader_of(row);
        const Words both = spec_words(spec_of(leader + first + second));
        CHECK((both == spec_words(spec_of(leader + second))) == !row.option.repeatable);
    }
}

TEST_CASE("a worker of a pool is restarted unless --restart says otherwise") {
    CHECK(spec_of({"--pool", "2"}).restart.when == RestartWhen::always);
    CHECK(spec_of({"--pool", "2", "--restart", "no"}).restart.when == RestartWhen::no);
    CHECK(spec_of({"--restart", "on-failure", "--pool", "2"}).restart.when == RestartWhen::on_failure);
    CHECK(spec_words(spec_of({"--pool", "2", "--restart", "no"})) == Words{"--restart", "no", "--pool", "2"});
}

TEST_CASE("a value given to a repeated start is not lost") {
    Spec spec = through_a_record(spec_of({"-e", "A=1", "-e", "B=2"}));
    CHECK(lost_options(spec).size() == 2);
    spec.environment.set = {"A=3"};
    REQUIRE(lost_options(spec).size() == 1);
    CHECK(lost_options(spec)[0].find("variable B") != std::string::npos);
}

TEST_CASE("options that exclude each other are refused") {
    for (const Words& words : {Words{"--pool", "2", "--pid-file", "p"},
                               {"--log-max-size", "1M", "--split-log"},
                               {"--log-times", "--split-log"},
                               {"--watch", ".", "--restart", "always"},
                               {"--ready-fail", "log:x"},
                               {"--pool", "2", "--watch", "."},
                               {"--log", "l", "--pool", "2", "--split-log"}})
        CHECK_THROWS_AS(spec_of(words), const Failure&);
}

TEST_CASE("relative paths begin in the folder that is given") {
    CHECK(spec_of({"--log", "l"}).log_path == "/here/l");
    CHECK(spec_of({"--watch", "./a//b/"}).watch.paths == Words{"/here/a/b"});
    CHECK(spec_of({"--watch-exclude", "x/y/", "--watch-exclude", "name/", "--watch-exclude", "."})
              .watch.excludes == Words{"/here/x/y/", "name/", "/here"});
    const Option& exclude = launch_row("watch-exclude").option;
    CHECK(place_value(exclude, "a*/b", "/f*") == "/f\\*/a*/b");
    CHECK(place_value(exclude, "*.log", "/f") == "*.log");
    CHECK(place_value(launch_row("log").option, "l", "/") == "/l");
    CHECK(place_value(launch_row("on-exit").option, "l", "/f") == "l");
}

TEST_CASE("a configuration may set every launch option except those of one command line") {
    const auto options = configurable_options();
    CHECK(find_option(options, "quiet"));
    CHECK(find_option(options, "log-keep"));
    CHECK_FALSE(find_option(options, "help"));
    CHECK_FALSE(find_option(options, "json"));
    CHECK(options.size() == std::size(launch_rows) - 2);
    bool seen = false;
    for (const auto& [name, value] : usual_values()) {
        CHECK(find_option(options, name));
        if (name == "backoff") seen = value == "100ms..30s";
    }
    CHECK(seen);
}
