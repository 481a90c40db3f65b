// SPDX-License-Identifier: Apache-2.0
// This file decides which paths below a watched folder count. Hidden files and folders, those of version
// control, node_modules, files that .gitignore names, and files that --watch-exclude and --watch-ext leave
// out do not. A path that was named itself always counts.
#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "guard/watch_root.hpp"
#include "run/probe.hpp"
#include "text/ignore.hpp"

namespace sigmund::guard {

class WatchFilter {
  public:
    explicit WatchFilter(const run::WatchSpec& spec) : spec_(spec) {}

    // Must be called before anything below the root is asked about, and again when the root leads to another
    // file.
    void begin(const WatchRoot& root);
    // Must be called before the entries of a folder are asked about. Reads its .gitignore when `has_rules`.
    // With `repository` the folder is the top of a repository, to whose files the rules above it do not
    // apply.
    void enter(const WatchRoot& root, const std::string& folder, bool has_rules, bool repository);
    // Must be called when the .gitignore of this folder was changed, created or removed.
    void reread(const WatchRoot& root, const std::string& folder);
    // Return whether to watch the folder `path`, and whether the file `path` counts. `path` is below
    // root.path.
    bool enters(const WatchRoot& root, const std::string& path) const;
    bool counts(const WatchRoot& root, const std::string& path) const;
    // Returns whether folders count that are created or removed.
    bool counts_folders() const { return spec_.extensions.empty(); }
    bool reads_rules() const { return !spec_.all; }

  private:
    bool skipped(const WatchRoot& root, const std::string& path, bool folder) const;
    bool excluded(const std::string& path, std::string_view name, bool folder) const;
    bool ignored(const std::string& real, const std::string& top, bool folder) const;
    const std::string& top_of(const WatchRoot& root) const;
    void read_rules(const std::string& real);

    const run::WatchSpec& spec_;
    std::map<std::string, text::IgnoreRules> rules_;  // by the real path of the folder
    std::map<std::string, std::string> tops_;         // by root: the folder at which its rules end
    std::set<std::string> repositories_;              // real paths
};

}  // namespace sigmund::guard
