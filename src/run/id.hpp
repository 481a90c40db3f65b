// SPDX-License-Identifier: Apache-2.0
// The grammars of ids, names and tags, checked before any path is made from one; and random material.
#pragma once
#include <string>
#include <string_view>

namespace sigmund::run {

// 6 to 10 lower-case hex digits.
bool is_id(std::string_view text);
// 4 to 10 lower-case hex digits: an id or a prefix of one.
bool is_id_prefix(std::string_view text);
// [A-Za-z_][A-Za-z0-9._-]{0,63}, and not something that reads as an id or a prefix of one.
bool is_name(std::string_view text);
// [A-Za-z0-9][A-Za-z0-9._-]{0,63}
bool is_tag(std::string_view text);
// Why `text` is no name, for people; empty when it is one.
std::string name_problem(std::string_view text);
// Lower-case hex of `bytes` random bytes (getrandom(2)). Throws std::system_error.
std::string random_hex(std::size_t bytes);

}  // namespace sigmund::run
