// SPDX-License-Identifier: Apache-2.0
// What the files of the JSON output share.
#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "text/escape.hpp"

namespace sigmund::cli {

using Json = nlohmann::ordered_json;

// Returns one line with its newline. Bytes that are not UTF-8 are replaced.
inline std::string dump(const Json& json) {
    return text::escape_json(json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n');
}

// `word` is a Result, an EndedBy or an Outcome. Returns null when it is empty.
template <typename Word>
Json word_or_null(const Word& word) {
    return word.empty() ? Json(nullptr) : Json(word.str());
}

inline std::string envelope(const char* kind, Json data) {
    return dump(Json{{"schema", "sigmund/1"}, {"kind", kind}, {"data", std::move(data)}});
}

inline Json or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

}  // namespace sigmund::cli
