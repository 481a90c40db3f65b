// SPDX-License-Identifier: Apache-2.0
#include "run/json_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace sigmund::run {
namespace {

using Json = nlohmann::ordered_json;

// Returns whether the text stands in JSON as it is.
bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

template <typename Whole>
void append_number(std::string& out, Whole number) {
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void append_text(std::string& out, const std::string& text) {
    if (is_plain(text)) {
        out += '"';
        out += text;
        out += '"';
    } else {
        out += Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
    }
}

}  // namespace

void append_json(std::string& out, const Json& value) {
    switch (value.type()) {
        case Json::value_t::object: {
            char before = '{';
            for (const auto& [key, entry] : value.get_ref<const Json::object_t&>()) {
                out += before;
                append_text(out, key);
                out += ':';
                append_json(out, entry);
                before = ',';
            }
            out += before == '{' ? "{}" : "}";
            break;
        }
        case Json::value_t::array: {
            char before = '[';
            for (const Json& entry : value.get_ref<const Json::array_t&>()) {
                out += before;
                append_json(out, entry);
                before = ',';
            }
            out += before == '[' ? "[]" : "]";
            break;
        }
        case Json::value_t::string:
            append_text(out, value.get_ref<const std::string&>());
            break;
        case Json::value_t::number_integer:
            append_number(out, value.get<std::int64_t>());
            break;
        case Json::value_t::number_unsigned:
            append_number(out, value.get<std::uint64_t>());
            break;
        case Json::value_t::null:
            out += "null";
            break;
        case Json::value_t::boolean:
            out += value.get<bool>() ? "true" : "false";
            break;
        default:
            out += value.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
}

}  // namespace sigmund::run
