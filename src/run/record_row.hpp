// SPDX-License-Identifier: Apache-2.0
// One row of a record's tables: a key of a JSON object, how its value is made from the struct, and how it is
// put back. The writer, the reader, the shortcut for lists and the machine output are loops over such rows.
#pragma once
#include <cstdint>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>

namespace sigmund::run {

using Json = nlohmann::ordered_json;
class Scanner;
struct Copier;

// The file of a record has some keys that the machine output does not have.
enum class Form : std::uint8_t { file, machine };

// The part of a record that a list has to read. The sections follow each other in this order.
enum class Section : std::uint8_t {
    head,  // for every run
    live,  // for a run that is not over
    rest   // for no run
};

inline Json left_out() {
    return Json(Json::value_t::discarded);
}

template <typename T>
struct Row {
    std::string_view key;
    Section section;
    bool in_files_only;
    // Returns the value, or left_out().
    Json (*get)(const T&, Form);
    // Takes the value over. A value of another type than get() gives changes nothing. Null for a value that
    // is derived from another one.
    void (*set)(T&, Json&);
    // Reads the text that get() gives for a finished run, or returns false when it is not certain. Null for a
    // key that such a text does not have.
    bool (*scan)(Scanner&, T&);
    // Whether there is a `scan`: with the sanitizers, GCC compares no function's address while it compiles.
    bool scannable = false;
    // Copies the text of a value that the machine output has in the same form, or returns false when it is not
    // certain that it has. Null for a key that the file of a usual finished record does not have.
    bool (*copy)(Copier&) = nullptr;
    bool copyable = false;
    // Whether a file may lack the key. Then the machine output has it with the value null.
    bool null_if_absent = false;

    // Return a copy of the row in that section, and one that only the file has.
    constexpr Row in(Section where) const {
        Row out = *this;
        out.section = where;
        return out;
    }
    constexpr Row files_only() const {
        Row out = *this;
        out.in_files_only = true;
        return out;
    }
};

// Copies a value that the codec has found to be the same text in both forms. (Templates, so that this header
// needs no Copier.)
template <typename Codec, typename AnyCopier>
bool copy_verbatim(AnyCopier& copier) {
    const char* const begin = copier.scanner.rest().data();
    if (!Codec::verbatim(copier)) return false;
    copier.out.append(begin, copier.scanner.rest().data());
    return true;
}

// Returns what the codec says about an absent key.
template <typename Codec>
constexpr bool is_null_if_absent() {
    if constexpr (requires { Codec::null_if_absent; })
        return Codec::null_if_absent;
    else
        return false;
}

// Makes a row for a whole struct. `Codec` has the static functions get, set and scan, and `verbatim` for a value or
// `copy` for an object or a list (see record_copier.hpp). Only get is required, and it may lack the parameter Form.
// A codec whose get() leaves the key out of files, and has null in the machine output, says null_if_absent.
template <typename T, typename Codec>
constexpr Row<T> whole(std::string_view key) {
    Row<T> row{key, Section::rest, false, nullptr, nullptr, nullptr};
    row.get = [](const T& from, Form form) -> Json {
        if constexpr (requires { Codec::get(from, form); })
            return Codec::get(from, form);
        else
            return Codec::get(from);
    };
    if constexpr (requires(T & to, Json & value) { Codec::set(to, value); })
        row.set = [](T& to, Json& value) { Codec::set(to, value); };
    if constexpr (requires(Scanner & scanner, T & to) { Codec::scan(scanner, to); }) {
        row.scan = [](Scanner& scanner, T& to) { return Codec::scan(scanner, to); };
        row.scannable = true;
    }
    if constexpr (requires(Copier & copier) { Codec::copy(copier); }) {
        row.copy = [](Copier& copier) { return Codec::copy(copier); };
        row.copyable = true;
    } else if constexpr (requires(Copier & copier) { Codec::verbatim(copier); }) {
        row.copy = [](Copier& copier) { return copy_verbatim<Codec>(copier); };
        row.copyable = true;
    }
    row.null_if_absent = is_null_if_absent<Codec>();
    return row;
}

template <typename T, typename V>
T class_of(V T::*);
template <typename T, typename V>
V type_of(V T::*);

// The codec of a struct that has a codec for one of its members.
template <auto Member, typename Codec>
struct Within {
    static constexpr bool null_if_absent = is_null_if_absent<Codec>();
    template <typename T>
    static Json get(const T& from, Form form) {
        if constexpr (requires { Codec::get(from.*Member, form); })
            return Codec::get(from.*Member, form);
        else
            return Codec::get(from.*Member);
    }
    template <typename T>
    requires requires(T& to, Json& value) { Codec::set(to.*Member, value); }
    static void set(T& to, Json& value) { Codec::set(to.*Member, value); }
    template <typename T>
    requires requires(Scanner& scanner, T& to) { Codec::scan(scanner, to.*Member); }
    static bool scan(Scanner& scanner, T& to) { return Codec::scan(scanner, to.*Member); }
    // The second form is for a codec to which it matters whether the member can be absent.
    static bool verbatim(Copier& copier) requires(
        requires { Codec::verbatim(copier); } ||
        requires { Codec::template verbatim<decltype(type_of(Member))>(copier); }) {
        if constexpr (requires { Codec::verbatim(copier); })
            return Codec::verbatim(copier);
        else
            return Codec::template verbatim<decltype(type_of(Member))>(copier);
    }
    static bool copy(Copier& copier) requires requires { Codec::copy(copier); }
    { return Codec::copy(copier); }
};

// Makes a row for one member of a struct.
template <auto Member, typename Codec>
constexpr auto row(std::string_view key) {
    return whole<decltype(class_of(Member)), Within<Member, Codec>>(key);
}

// Adds the keys of the table to `out`, and returns it.
template <typename Rows, typename T>
Json write_object(const Rows& rows, const T& from, Form form, Json out = Json::object()) {
    auto& entries = out.get_ref<Json::object_t&>();
    entries.reserve(std::size(rows));
    for (const Row<T>& row : rows) {
        if (row.in_files_only && form != Form::file) continue;
        Json value = row.get(from, form);
        if (value.is_discarded()) continue;
        // An assignment by key would search all keys before it.
        entries.Json::object_t::Container::emplace_back(std::string(row.key), std::move(value));
    }
    return out;
}

// Reads the keys of the table. A value that is not an object changes nothing, and keys without a row are
// ignored.
template <typename T, std::size_t N>
void read_object(const Row<T> (&rows)[N], T& to, Json& object) {
    if (!object.is_object()) return;
    for (const Row<T>& row : rows) {
        if (!row.set) continue;
        if (const auto at = object.find(row.key); at != object.end()) row.set(to, *at);
    }
}

}  // namespace sigmund::run
