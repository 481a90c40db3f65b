// SPDX-License-Identifier: Apache-2.0
// A configuration file as it is on disk: who may have written it, and its text as a table.
#pragma once
#include <string>

#include "config/toml.hpp"

namespace sigmund::config {

// Throws run::Failure (usage) "WHERE: WHAT".
[[noreturn]] void fail(const std::string& where, const std::string& what, const std::string& hint = {});
// Returns the text in double quotes.
std::string quoted(std::string_view text);
// Returns FILE:LINE of a key or value that was parsed from a file.
std::string where(const toml::node& node);

// Returns the text of the file. A project's file is only read when it belongs to the user or to root, and no other
// user may write to it. Throws run::Failure.
std::string read_file(const std::string& path, bool project);

// Parses the text of the file `path`. Throws run::Failure, which names the line.
toml::table parse(const std::string& text, const std::string& path);
// Parses the text without those tables that have syntax errors.
toml::table parse_without_errors(std::string text, const std::string& path);

}  // namespace sigmund::config
