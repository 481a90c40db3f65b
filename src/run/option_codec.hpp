// SPDX-License-Identifier: Apache-2.0
// How a launch option gets from words into a Spec, from there into a record, and back. A codec binds a kind
// of value (run/option_kinds.hpp) to a field of Spec. The rows (run/option_rows.hpp) refer to codecs.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "run/option.hpp"
#include "run/spec.hpp"

namespace sigmund::run {

using Json = nlohmann::ordered_json;

// The values that one option was given.
struct Given {
    const Option& option;
    std::span<const std::string> values;  // in the order given, at least one; a flag has empty ones
    std::string (*folder)();  // returns where relative paths begin; called only for a relative path

    // Where only one value counts, a later one overrides an earlier one.
    const std::string& last() const { return values.back(); }
    std::string place(const std::string& value) const;
    // Throws Failure (usage) with the message: --OPTION: "VALUE" WHAT.
    [[noreturn]] void refuse(const std::string& value, const std::string& what,
                             const std::string& hint = {}) const;
};

using Samples = std::span<const std::string_view>;

struct Codec {
    void (*parse)(const Given&, Spec&);               // throws Failure (usage) that names the option
    bool (*differs)(const Spec&, const Spec& usual);  // whether the value is not the default
    void (*write)(Json&, const char* key, const Spec&);
    // A value that is absent or has another type changes nothing.
    void (*read)(const Json&, const char* key, Spec&);
    void (*type)(const Spec&, std::vector<std::string>& values);  // gives the values as one would type them
    std::string (*usual)(const Spec&);  // the value of a spec in one word; empty: it has none
    Samples good, bad;                  // values for tests: not the default; to be refused
};

// The field of a spec at the end of a path of members. Without a path it is the spec itself.
template <auto... Path>
struct FieldAt;
template <>
struct FieldAt<> {
    static auto& of(auto& object) { return object; }
};
template <auto First, auto... Rest>
struct FieldAt<First, Rest...> {
    static auto& of(auto& object) { return FieldAt<Rest...>::of(object.*First); }
};

// A ValueKind has static functions parse, write, read and type on a reference to the field, and the two lists
// of samples. It may have `differs` (without it, fields are compared by ==) and `usual` (without it, there is
// no word).
template <typename ValueKind, auto... Path>
inline constexpr Codec codec{
    [](const Given& given, Spec& spec) { ValueKind::parse(given, FieldAt<Path...>::of(spec)); },
    [](const Spec& spec, const Spec& usual) {
        const auto& mine = FieldAt<Path...>::of(spec);
        const auto& other = FieldAt<Path...>::of(usual);
        if constexpr (requires { ValueKind::differs(mine, other); })
            return static_cast<bool>(ValueKind::differs(mine, other));
        else
            return !(mine == other);
    },
    [](Json& out, const char* key, const Spec& spec) {
        ValueKind::write(out, key, FieldAt<Path...>::of(spec));
    },
    [](const Json& object, const char* key, Spec& spec) {
        ValueKind::read(object, key, FieldAt<Path...>::of(spec));
    },
    [](const Spec& spec, std::vector<std::string>& values) {
        ValueKind::type(FieldAt<Path...>::of(spec), values);
    },
    [](const Spec& spec) -> std::string {
        if constexpr (requires { ValueKind::usual(FieldAt<Path...>::of(spec)); })
            return ValueKind::usual(FieldAt<Path...>::of(spec));
        else
            return (void)spec, std::string();
    },
    ValueKind::good,
    ValueKind::bad,
};

}  // namespace sigmund::run
