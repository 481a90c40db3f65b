// SPDX-License-Identifier: Apache-2.0
// The guesses of an import: which commands are steps, which ports they use, and what their templates are called.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::config {

// Whether a script with this name and command keeps running (a server, a watcher), or ends by itself (a build, a test).
bool looks_like_service(std::string_view name, std::string_view command);

struct PortUse {
    bool variable = false;  // it reads $PORT
    int assigned = 0;       // it sets PORT to this number
    int named = 0;          // it has --port N, --port=N or -p N
};
PortUse port_use(std::string_view command);
// Returns a port number, or 0 when the text is none.
int port_number(std::string_view text);

// Returns a valid and different name for each of these. A name that is valid itself is kept.
std::vector<std::string> template_names(const std::vector<std::string>& originals);

// Returns the text so that sigmund.toml means it literally: {port}, {NAME.port} and {project} would be replaced.
std::string keep_braces(std::string_view text);

}  // namespace sigmund::config
