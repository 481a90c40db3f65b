// SPDX-License-Identifier: Apache-2.0
// What below a watched folder counts: hidden files and folders, those of version control, node_modules, what
// .gitignore files name, what --watch-exclude and --watch-ext leave out. What was named itself always counts.
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

    // Before anything below the root is asked about, and again when it stands for something else.
    void begin(const WatchRoot& root);
    // Before what is in the folder is asked about: reads its .gitignore, when it has one. `repository`: it is
    // the top of a repository, whose files those above say nothing about.
    void enter(const WatchRoot& root, const std::string& folder, bool has_rules, bool repository);
    // The .gitignore of this folder has changed, come or gone.
    void reread(const WatchRoot& root, const std::string& folder);
    // `path` is below root.path.
    bool enters(const WatchRoot& root, const std::string& path) const;
    bool counts(const WatchRoot& root, const std::string& path) const;
    // Whether folders count that come or go.
    bool counts_folders() const { return spec_.extensions.empty(); }
    bool reads_rules() const { return !spec_.all; }

  private:
    bool skipped(const WatchRoot& root, const std::string& path, bool folder) const;
    bool excluded(const std::string& path, std::string_view name, bool folder) const;
    bool ignored(const std::string& real, const std::string& top, bool folder) const;
    const std::string& top_of(const WatchRoot& root) const;
    void read_rules(const std::string& real);

    const run::WatchSpec& spec_;
    std::map<std::string, text::IgnoreRules> rules_;  // by the real path of their folder
    std::map<std::string, std::string> tops_;         // by the root: where its rules end
    std::set<std::string> repositories_;              // real paths
};

}  // namespace sigmund::guard
