// SPDX-License-Identifier: Apache-2.0
#include "run/git_file.hpp"

namespace sigmund::run {

std::string path_in_git_file(std::string_view text, const std::string& folder) {
    constexpr std::string_view key = "gitdir: ";
    if (!text.starts_with(key)) return "";
    text.remove_prefix(key.size());
    while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
    while (text.size() > 1 && text.ends_with('/')) text.remove_suffix(1);
    if (text.empty() || text.starts_with('/')) return std::string(text);
    return (folder == "/" ? "" : folder) + '/' + std::string(text);
}

}  // namespace sigmund::run
