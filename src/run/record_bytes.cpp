// SPDX-License-Identifier: Apache-2.0
#include "run/record_bytes.hpp"

#include <algorithm>

#include "run/record_copier.hpp"
#include "text/base64.hpp"
#include "text/escape.hpp"

namespace sigmund::run::codec {
namespace {

// Returns the number of bytes that JSON needs for a word.
std::size_t json_size(std::string_view word) {
    std::size_t size = 3;  // quotes and comma
    for (const char c : word) {
        const auto byte = static_cast<unsigned char>(c);
        const bool short_escape = c == '"' || c == '\\' || (byte >= '\b' && byte <= '\r' && c != '\v');
        size += short_escape ? 2 : byte < 0x20 ? 6 : 1;
    }
    return size;
}

enum class Readable : std::uint8_t { all, lossy, cut };

Readable readable_form(const std::vector<std::string>& words, Form form) {
    constexpr std::size_t never_cut = 64 * 1024;
    bool lossy = false;
    std::size_t plain = 0, written = 0;
    for (const std::string& word : words) {
        lossy = lossy || !text::valid_utf8(word);
        plain += word.size() + 3;
        written += json_size(word);
    }
    if (form == Form::file && plain > never_cut && (lossy || written > 2 * plain)) return Readable::cut;
    return lossy ? Readable::lossy : Readable::all;
}

std::vector<std::string> cut_for_reading(const std::vector<std::string>& words) {
    constexpr std::size_t words_shown = 200, bytes_shown = 200;
    std::vector<std::string> out(
        words.begin(), words.begin() + static_cast<std::ptrdiff_t>(std::min(words.size(), words_shown)));
    for (std::string& word : out)
        if (word.size() > bytes_shown) word.resize(bytes_shown);
    return out;
}

}  // namespace

Json Bytes::get(const std::string& bytes) {
    return bytes.empty() ? Json(nullptr) : Json(text::replace_invalid_utf8(bytes));
}

// In a file whose keys are in another order, the lossless form may have come before this one.
void Bytes::set(std::string& to, Json& value) {
    if (to.empty() && value.is_string()) to = std::move(value.get_ref<std::string&>());
}

bool Bytes::scan(Scanner& scanner, std::string& to) {
    return scanner.string_or_null(to);
}

bool Bytes::verbatim(Copier& copier) {
    std::string_view content;
    return copier.scanner.literal("null") ||
           (copier.scanner.skip_written_string(&content) && !content.empty());
}

Json BytesB64::get(const std::string& bytes) {
    return text::valid_utf8(bytes) ? left_out() : Json(text::base64(bytes));
}

void BytesB64::set(std::string& to, const Json& value) {
    if (!value.is_string()) return;
    if (auto bytes = text::decode_base64(value.get_ref<const std::string&>())) to = std::move(*bytes);
}

Json Words::get(const std::vector<std::string>& words, Form form) {
    Json out = Json::array();
    const bool cut = readable_form(words, form) == Readable::cut;
    for (const std::string& word : cut ? cut_for_reading(words) : words)
        out.push_back(text::replace_invalid_utf8(word));
    return out;
}

void Words::set(std::vector<std::string>& to, Json& value) {
    if (!to.empty() || !value.is_array()) return;  // see Bytes::set
    for (Json& word : value)
        if (word.is_string()) to.push_back(std::move(word.get_ref<std::string&>()));
}

bool Words::scan(Scanner& scanner, std::vector<std::string>& to) {
    return scanner.strings(to);
}

bool Words::verbatim(Copier& copier) {
    return copier.scanner.skip_strings([](std::string_view) { return true; });
}

Json WordsB64::get(const std::vector<std::string>& words, Form form) {
    if (readable_form(words, form) == Readable::all) return left_out();
    Json out = Json::array();
    for (const std::string& word : words) out.push_back(text::base64(word));
    return out;
}

void WordsB64::set(std::vector<std::string>& to, const Json& value) {
    if (!value.is_array()) return;
    std::vector<std::string> words;
    for (const Json& word : value)
        if (word.is_string())
            words.push_back(text::decode_base64(word.get_ref<const std::string&>()).value_or(""));
    if (!words.empty()) to = std::move(words);
}

}  // namespace sigmund::run::codec
