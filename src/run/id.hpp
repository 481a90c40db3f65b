// SPDX-License-Identifier: Apache-2.0
// The grammars of ids, names and tags, which are checked before any path is made from one; and random
// material.
#pragma once
#include <string>
#include <string_view>

namespace sigmund::run {

// An id has 6 to 10 lower-case hex digits.
bool is_id(std::string_view text);
// An id or a prefix of one has 4 to 10 lower-case hex digits.
bool is_id_prefix(std::string_view text);
// A name is [A-Za-z_][A-Za-z0-9._-]{0,63} and does not read as an id or a prefix of one.
bool is_name(std::string_view text);
// A tag is [A-Za-z0-9][A-Za-z0-9._-]{0,63}.
bool is_tag(std::string_view text);
// Returns why `text` is not a valid name, for people. Empty when it is valid.
std::string name_problem(std::string_view text);
// Returns `bytes` random bytes as lower-case hex (getrandom(2)). Throws std::system_error.
std::string random_hex(std::size_t bytes);

}  // namespace sigmund::run
