// SPDX-License-Identifier: Apache-2.0
#include "run/option_kinds.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "run/failure.hpp"
#include "run/id.hpp"
#include "run/known_words.hpp"
#include "run/path_hash.hpp"
#include "text/duration.hpp"
#include "text/words.hpp"

namespace sigmund::run {

std::string Given::place(const std::string& value) const {
    return value.empty() || value[0] == '/' ? value : place_value(option, value, folder());
}

void Given::refuse(const std::string& value, const std::string& what, const std::string& hint) const {
    throw Failure::of_option(std::string(option.name), '"' + value + "\" " + what, hint);
}

namespace kinds {
namespace {

std::optional<std::int64_t> integer_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_number_integer()) return std::nullopt;
    return found->get<std::int64_t>();
}

std::string limit_text(rlim_t limit) {
    return limit == RLIM_INFINITY ? "unlimited" : std::to_string(limit);
}

std::vector<int> integers_of(const Json& object, const char* key) {
    std::vector<int> out;
    const auto found = object.find(key);
    if (found == object.end() || !found->is_array()) return out;
    for (const Json& entry : *found)
        if (entry.is_number_integer()) out.push_back(entry.get<int>());
    return out;
}

}  // namespace

void Text::write(Json& out, const char* key, const std::string& value) {
    out[key] = value;
}
void Text::read(const Json& object, const char* key, std::string& out) {
    const auto found = object.find(key);
    if (found != object.end() && found->is_string()) out = found->get<std::string>();
}

void Texts::write(Json& out, const char* key, const Strings& value) {
    out[key] = value;
}
void Texts::read(const Json& object, const char* key, Strings& out) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_array()) return;
    for (const Json& entry : *found)
        if (entry.is_string()) out.push_back(entry.get<std::string>());
}

void Flag::write(Json& out, const char* key, bool value) {
    out[key] = value;
}
void Flag::read(const Json& object, const char* key, bool& out) {
    const auto found = object.find(key);
    if (found != object.end() && found->is_boolean()) out = found->get<bool>();
}
void FlagOff::read(const Json& object, const char* key, bool& out) {
    bool set = !out;
    Flag::read(object, key, set);
    out = !set;
}

void Paths::parse(const Given& given, Strings& out) {
    for (const std::string& path : given.values) out.push_back(given.place(path));
}

void InputFile::parse(const Given& given, std::string& out) {
    out = given.last() == open_input ? given.last() : given.place(given.last());
}

void TerminalSize::parse(const Given& given, std::string& out) {
    const std::string& text = given.last();
    const auto cross = std::min(text.find('x'), text.size());
    const auto number = [](std::string_view word) {
        const auto n = text::whole_number<int>(word);
        return n && *n > 0 && *n < 10'000;
    };
    if (!text.empty() && text != "0x0" &&
        (cross == text.size() || !number(text.substr(0, cross)) || !number(text.substr(cross + 1))))
        given.refuse(text, "is not a size of a terminal", "columns and rows, as in 80x24");
    out = text.empty() || text == "0x0" ? own_tty : text;
}

void OneOf::parse(const Given& given, std::string& out) {
    std::vector<std::string_view> words;
    for (const Choice& choice : given.option.choices.words) words.push_back(choice.word);
    out = given.last();
    if (std::find(words.begin(), words.end(), out) != words.end()) return;
    given.refuse(out, "is not known", hint_of_words(out, words));
}

void Name::parse(const Given& given, std::string& out) {
    out = given.last();
    if (const std::string problem = name_problem(out); !problem.empty())
        given.refuse(out, "is not a valid name: " + problem);
}

void Tags::parse(const Given& given, Strings& out) {
    for (const std::string& tag : given.values) {
        if (!is_tag(tag))
            given.refuse(tag, "is not a valid tag", "letters, digits, '.', '_' and '-', at most 64");
        out.push_back(tag);
    }
}

void Duration::parse(const Given& given, std::int64_t& out) {
    out = duration_word(given.option.name, given.last());
}
void Duration::write(Json& out, const char* key, std::int64_t value) {
    out[key] = value;
}
void Duration::read(const Json& object, const char* key, std::int64_t& out) {
    out = integer_of(object, key).value_or(out);
}
std::string Duration::usual(std::int64_t value) {
    return value > 0 ? text::format_duration(value, true) : "";
}
std::string Duration::text(std::int64_t ms) {
    return ms % 1000 == 0 ? std::to_string(ms / 1000) + 's' : std::to_string(ms) + "ms";
}

void Number::write(Json& out, const char* key, int value) {
    out[key] = value;
}
void Number::read(const Json& object, const char* key, int& out) {
    out = static_cast<int>(integer_of(object, key).value_or(out));
}
int Number::parse_from(const Given& given, int least, int most) {
    return static_cast<int>(std::min<long long>(number_word(given.option.name, given.last(), least), most));
}

void Nice::parse(const Given& given, std::optional<int>& out) {
    out = text::whole_number<int>(given.last());
    if (!out || *out < -20 || *out > 19) given.refuse(given.last(), "is not a niceness from -20 to 19");
}
void Nice::write(Json& out, const char* key, const std::optional<int>& value) {
    out[key] = *value;
}
void Nice::read(const Json& object, const char* key, std::optional<int>& out) {
    if (const auto value = integer_of(object, key)) out = static_cast<int>(*value);
}

void Umask::parse(const Given& given, std::optional<mode_t>& out) {
    out = text::whole_number<mode_t>(given.last(), 8);
    if (!out || *out > 0777) given.refuse(given.last(), "is not an octal mask");
}
void Umask::write(Json& out, const char* key, const std::optional<mode_t>& value) {
    out[key] = *value;
}
void Umask::read(const Json& object, const char* key, std::optional<mode_t>& out) {
    if (const auto value = integer_of(object, key)) out = static_cast<mode_t>(*value);
}
void Umask::type(const std::optional<mode_t>& value, Strings& out) {
    char octal[8];
    std::snprintf(octal, sizeof octal, "%03o", *value & 07777U);
    out.emplace_back(octal);
}

void Rlimits::parse(const Given& given, List& out) {
    for (const std::string& word : given.values) {
        const auto setting = parse_rlimit(word);
        if (const auto equals = word.find('=');
            equals != std::string::npos && !rlimit_resource(word.substr(0, equals)))
            given.refuse(word, "names no limit of setrlimit(2)", "as in nofile=1024 or core=unlimited");
        if (!setting) given.refuse(word, "is not NAME=SOFT[:HARD]", "as in nofile=1024 or core=unlimited");
        out.push_back(*setting);
    }
}
void Rlimits::write(Json& out, const char* key, const List& value) {
    Json limits = Json::array();
    for (const sys::RlimitSetting& setting : value)
        limits.push_back(Json{{"resource", rlimit_name(setting.resource)},
                              {"soft", setting.limit.rlim_cur},
                              {"hard", setting.limit.rlim_max}});
    out[key] = std::move(limits);
}
void Rlimits::read(const Json& object, const char* key, List& out) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_array()) return;
    for (const Json& entry : *found) {
        if (!entry.is_object()) continue;
        std::string name;
        Text::read(entry, "resource", name);
        const auto resource = rlimit_resource(name);
        if (!resource) continue;
        const auto limit = [&](const char* which) {
            return static_cast<rlim_t>(integer_of(entry, which).value_or(0));
        };
        out.push_back({*resource, {limit("soft"), limit("hard")}});
    }
}
void Rlimits::type(const List& value, Strings& out) {
    for (const sys::RlimitSetting& each : value)
        out.push_back(rlimit_name(each.resource) + '=' + limit_text(each.limit.rlim_cur) + ':' +
                      limit_text(each.limit.rlim_max));
}

void Signal::parse(const Given& given, int& out) {
    out = signal_word(std::string(given.option.name), given.last());
}
void Signal::write(Json& out, const char* key, int value) {
    out[key] = sys::signal_name(value);
}
void Signal::read(const Json& object, const char* key, int& out) {
    std::string name;
    Text::read(object, key, name);
    out = sys::parse_signal(name).value_or(out);
}
std::string Signal::usual(int value) {
    return value == 0 ? "" : sys::signal_name(value).substr(3);
}

void Signals::parse(const Given& given, sys::SignalBits& out) {
    for (const std::string& word : given.values)
        out |= sys::signal_bit(signal_word(std::string(given.option.name), word));
}
void Signals::write(Json& out, const char* key, sys::SignalBits value) {
    out[key] = sys::signal_names(value);
}
void Signals::read(const Json& object, const char* key, sys::SignalBits& out) {
    Strings names;
    Texts::read(object, key, names);
    for (const std::string& name : names)
        if (const auto signal = sys::parse_signal(name)) out |= sys::signal_bit(*signal);
}

void Variables::parse(const Given& given, Environment& out) {
    for (const std::string& entry : given.values) {
        if (const auto equals = entry.find('='); equals == 0 || equals == std::string::npos)
            given.refuse(
                entry, "is not NAME=VALUE",
                equals == std::string::npos
                    ? "the command has the variables of this shell anyway, unless --clean-env is given"
                    : "");
        out.set.push_back(entry);
    }
}
void Variables::write(Json& out, const char* key, const Environment& value) {
    Strings names;
    for (const std::string& entry : value.set) names.push_back(entry.substr(0, entry.find('=')));
    // The next start by `again` also reports what this one had to do without.
    for (const std::string& name : value.lost)
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    if (!names.empty()) out[key] = names;
    out["path_hash"] = path_hash();
}
void Variables::read(const Json& object, const char* key, Environment& out) {
    Texts::read(object, key, out.lost);
    out.path_hash = static_cast<std::uint64_t>(integer_of(object, "path_hash").value_or(0));
}
Strings Variables::lost(const Spec& spec) {
    Strings out;
    for (const std::string& name : spec.environment.lost) {
        const auto sets = [&](const std::string& entry) { return entry.starts_with(name + '='); };
        if (std::none_of(spec.environment.set.begin(), spec.environment.set.end(), sets))
            out.push_back("the variable " + name +
                          " was set then, to a value that is not kept: give it by -e " + name + "=...");
    }
    return out;
}

void VariableNames::parse(const Given& given, Strings& out) {
    for (const std::string& name : given.values) {
        if (name.empty() || name.find('=') != std::string::npos)
            given.refuse(name, "is not the name of a variable");
        out.push_back(name);
    }
}

void CallerDescriptors::parse(const Given& given, Spec& out) {
    for (const std::string& word : given.values) {
        const auto fd = text::whole_number<int>(word);
        if (!fd || *fd < 3) given.refuse(word, "is not a descriptor above 2");
        if (::fcntl(*fd, F_GETFD) < 0) given.refuse(word, "is not open");
        out.keep_fds.push_back(*fd);
    }
}
void CallerDescriptors::write(Json& out, const char* key, const Spec& value) {
    if (!value.keep_fds.empty()) out[key] = value.keep_fds;
    if (!value.lost_fds.empty()) out["lost_fds"] = value.lost_fds;
}
void CallerDescriptors::read(const Json& object, const char* key, Spec& out) {
    out.lost_fds = integers_of(object, key);
    for (const int number : integers_of(object, "lost_fds")) out.lost_fds.push_back(number);
}
void CallerDescriptors::type(const Spec& value, Strings& out) {
    for (const int number : value.keep_fds) out.push_back(std::to_string(number));
}
Strings CallerDescriptors::lost(const Spec& spec) {
    Strings out;
    for (const int number : spec.lost_fds)
        out.push_back("descriptor " + std::to_string(number) +
                      " was left open by its caller (--keep-fd) and cannot be passed on now");
    return out;
}

}  // namespace kinds
}  // namespace sigmund::run
