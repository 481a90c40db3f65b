// SPDX-License-Identifier: Apache-2.0
// The codecs of objects and lists in a record, which its rows name (record_row.hpp): objects with a table of their
// own, lists of such objects, and the results of earlier lives.
#pragma once
#include <limits>
#include <string_view>
#include <vector>

#include "run/record_copier.hpp"
#include "run/record_row.hpp"
#include "run/record_scanner.hpp"
#include "run/result.hpp"

namespace sigmund::run::codec {

// A JSON object with a table of its own.
template <const auto& Rows>
struct Object {
    template <typename T>
    static Json get(const T& from, Form form) {
        return write_object(Rows, from, form);
    }
    template <typename T>
    static void set(T& to, Json& value) {
        read_object(Rows, to, value);
    }
    static bool copy(Copier& copier) { return copy_object<Rows>(copier); }
};

// A list of such objects. The first `Limit` ones are read. `Index` is the key for an entry's number in the
// list, if that number is written.
template <const auto& Rows, std::size_t Limit, const auto&... Index>
struct List {
    template <typename T>
    static Json get(const std::vector<T>& list, Form form) {
        Json out = Json::array();
        for (const T& entry : list) {
            Json object = Json::object();
            ((object[Index] = out.size()), ...);
            out.push_back(write_object(Rows, entry, form, std::move(object)));
        }
        return out;
    }
    template <typename T>
    static void set(std::vector<T>& to, Json& value) {
        if (!value.is_array()) return;
        to.clear();
        for (Json& object : value) {
            if (!object.is_object() || to.size() == Limit) continue;
            read_object(Rows, to.emplace_back(), object);
        }
    }
    static bool copy(Copier& copier) requires(sizeof...(Index) == 0) {
        if (!copier.scanner.literal("[")) return false;
        copier.out += '[';
        if (!copier.scanner.literal("]")) {
            std::size_t count = 0;
            do {
                if (++count > Limit) return false;
                if (count > 1) copier.out += ',';
                if (!copy_object<Rows>(copier)) return false;
            } while (copier.scanner.literal(","));
            if (!copier.scanner.literal("]")) return false;
        }
        copier.out += ']';
        return true;
    }
};
template <const auto& Rows, const auto&... Index>
struct ListOrNull : List<Rows, std::numeric_limits<std::size_t>::max(), Index...> {
    template <typename T>
    static Json get(const std::vector<T>& list, Form form) {
        if (list.empty()) return nullptr;
        return List<Rows, std::numeric_limits<std::size_t>::max(), Index...>::get(list, form);
    }
    static bool verbatim(Copier& copier) { return copier.scanner.literal("null"); }
    static bool copy(Copier& copier) = delete;
};

struct Results {
    static Json get(const std::vector<Result>& results) {
        Json out = Json::array();
        for (const Result& result : results) out.push_back(result.str());
        return out;
    }
    static void set(std::vector<Result>& to, const Json& value) {
        if (!value.is_array()) return;
        to.clear();
        for (const Json& result : value)
            if (result.is_string()) to.emplace_back(result.get_ref<const std::string&>());
    }
    static bool verbatim(Copier& copier) {
        return copier.scanner.skip_strings([](std::string_view) { return true; });
    }
};

}  // namespace sigmund::run::codec
