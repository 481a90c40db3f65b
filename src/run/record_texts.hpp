// SPDX-License-Identifier: Apache-2.0
// The codecs of texts and words in a record, which its rows name (record_row.hpp): how such values become JSON, and
// back. A record is hostile until it is proven otherwise, so set() checks types and ranges.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "run/id.hpp"
#include "run/record.hpp"
#include "run/record_copier.hpp"
#include "run/record_row.hpp"
#include "run/record_scanner.hpp"
#include "text/escape.hpp"

namespace sigmund::run::codec {

inline Json or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

// Any text. The writer of the file replaces what is not UTF-8 in it.
struct Text {
    static Json get(const std::string& text) { return text; }
    static void set(std::string& to, Json& value) {
        if (value.is_string()) to = std::move(value.get_ref<std::string&>());
    }
    static bool verbatim(Copier& copier) { return copier.scanner.skip_written_string(); }
};
struct TextOrNull : Text {
    static Json get(const std::string& text) { return or_null(text); }
    static bool scan(Scanner& scanner, std::string& to) { return scanner.string_or_null(to); }
    static bool verbatim(Copier& copier) { return copier.scanner.literal("null") || written_text(copier); }
};
// Text into which others may have put bytes of any kind.
struct CleanText : Text {
    static Json get(const std::string& text) { return text::replace_invalid_utf8(text); }
};
struct CleanTextOrNull : TextOrNull {
    static Json get(const std::string& text) { return or_null(text::replace_invalid_utf8(text)); }
    static bool scan(Scanner& scanner, std::string& to) = delete;
};
struct CleanTextIfAny : Text {
    static Json get(const std::string& text) { return text.empty() ? left_out() : CleanText::get(text); }
    static bool verbatim(Copier& copier) = delete;
};
// A record has it with the identity of the leader and, for version 1, once more.
struct BootId : TextOrNull {
    static bool scan(Scanner& scanner, std::string& to) = delete;
    static bool verbatim(Copier& copier) {
        const std::string_view before = copier.scanner.rest();
        if (!TextOrNull::verbatim(copier)) return false;
        const std::string_view text = before.substr(0, before.size() - copier.scanner.rest().size());
        const std::string_view first = std::exchange(copier.boot_id, text);
        return first.empty() || first == text;
    }
};

struct Id : Text {
    static bool scan(Scanner& scanner, std::string& to) { return scanner.string(to); }
    static bool verbatim(Copier& copier) {
        std::string_view content;
        return copier.scanner.skip_written_string(&content) && content == copier.id;
    }
};

struct Name {
    static Json get(const std::string& name) { return or_null(name); }
    static void set(std::string& to, Json& value) {
        if (value.is_string() && is_name(value.get_ref<const std::string&>()))
            to = std::move(value.get_ref<std::string&>());
    }
    static bool scan(Scanner& scanner, std::string& to) {
        return scanner.string_or_null(to) && (to.empty() || is_name(to));
    }
    static bool verbatim(Copier& copier) {
        std::string_view content;
        return copier.scanner.literal("null") ||
               (copier.scanner.skip_written_string(&content) && is_name(content));
    }
};

// A list of words that have a form of their own.
template <bool (*Valid)(std::string_view)>
struct ValidWords {
    static Json get(const std::vector<std::string>& words) { return words; }
    static void set(std::vector<std::string>& to, Json& value) {
        if (!value.is_array()) return;
        to.clear();
        for (Json& word : value)
            if (word.is_string() && Valid(word.get_ref<const std::string&>()))
                to.push_back(std::move(word.get_ref<std::string&>()));
    }
    static bool scan(Scanner& scanner, std::vector<std::string>& to) {
        return scanner.strings(to) && std::all_of(to.begin(), to.end(), Valid);
    }
    static bool verbatim(Copier& copier) {
        return copier.scanner.skip_strings([](std::string_view word) { return Valid(word); });
    }
};
using Tags = ValidWords<is_tag>;
using Names = ValidWords<is_name>;

// The state. A state that this version does not know counts as one in which the run lives.
struct StateWord {
    static Json get(State state) { return state_name(state); }
    static void set(State& to, const Json& value) {
        if (value.is_string()) to = parse_state(value.get_ref<const std::string&>()).value_or(State::running);
    }
    static bool scan(Scanner& scanner, State& to) {
        std::string word;
        if (!scanner.string(word)) return false;
        const auto state = parse_state(word);
        if (!state || !is_final(*state)) return false;
        to = *state;
        return true;
    }
    static bool verbatim(Copier& copier) {
        std::string_view content;
        if (!copier.scanner.skip_written_string(&content)) return false;
        const auto state = parse_state(content);
        return state && is_final(*state);
    }
};

// A Result or an EndedBy.
struct Known {
    template <typename Word>
    static Json get(const Word& word) {
        return word.str();
    }
    template <typename Word>
    static void set(Word& to, const Json& value) {
        if (value.is_string()) to = Word(value.get_ref<const std::string&>());
    }
    static bool verbatim(Copier& copier) { return copier.scanner.skip_written_string(); }
};
struct KnownOrNull : Known {
    template <typename Word>
    static Json get(const Word& word) {
        return or_null(word.str());
    }
    template <typename Word>
    static bool scan(Scanner& scanner, Word& to) {
        std::string word;
        if (!scanner.string_or_null(word)) return false;
        to = Word(word);
        return true;
    }
    static bool verbatim(Copier& copier) { return copier.scanner.literal("null") || written_text(copier); }
};

// A JSON object that is kept as its text.
struct Kept {
    static Json get(const std::string& json) {
        return json.empty() ? left_out() : Json::parse(json, nullptr, false);
    }
    static void set(std::string& to, const Json& value) {
        if (value.is_object()) to = value.dump();
    }
    static bool verbatim(Copier& copier) {
        return copier.scanner.rest().starts_with('{') && copier.scanner.skip_value(16);
    }
};
struct KeptOrEmpty : Kept {
    static Json get(const std::string& json) { return json.empty() ? Json::object() : Kept::get(json); }
};

}  // namespace sigmund::run::codec
