// SPDX-License-Identifier: Apache-2.0
// What a template states, resolved and in comparable form, and the differences between two such statements.
// A run keeps what its template stated at its start, so that a later look can say what has changed.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::stack {

// Key by key what a template states. A key that is left out is not set: it differs from each value, so that a
// caller leaves out what is only a default.
//
// Texts are kept. The values of variables and the contents of files may be secret, and only a hash of 32 bits
// of them is kept. It misses one change in four billion, and it is no defence: who reads it can test guesses
// of a secret, but learns no more than these 32 bits.
class Stated {
  public:
    // States a value that people may read, such as ("command", "node a.js") or ("port", "auto"). A later call
    // with the same key replaces the value. Invalid UTF-8 becomes U+FFFD.
    void state(std::string_view key, std::string_view text);
    // States the value of a variable of the environment (key env.NAME).
    void state_variable(std::string_view name, std::string_view value);
    // States what is in a file (key "contents of PATH").
    void state_contents(std::string_view path, std::string_view contents);

    // Returns a JSON object: a text is a string, and a hash is a number.
    std::string json() const;
    // Reads such an object. Returns nothing for any other text, such as one of a newer sigmund. The text may
    // come from anybody.
    static std::optional<Stated> from_json(std::string_view json);

    bool operator==(const Stated&) const = default;

  private:
    struct Value {
        std::string text = {};
        std::optional<std::uint32_t> hash = {};  // instead of the text
        bool operator==(const Value&) const = default;
    };
    class Reader;
    friend std::vector<std::string> differences(const Stated& before, const Stated& now);
    static std::string difference(const std::string& key, const Value* before, const Value* now);

    void state_hash(std::string key, std::string_view secret);
    std::map<std::string, Value, std::less<>> values_;
};

// Returns one sentence without a full stop for each difference, in the order of the keys, such as
// `port was not set, and is now "3000"`; nothing when both state the same. Long values are shown around their
// first difference.
std::vector<std::string> differences(const Stated& before, const Stated& now);

}  // namespace sigmund::stack
