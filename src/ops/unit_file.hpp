// SPDX-License-Identifier: Apache-2.0
// Says a template in the words of systemd: a user unit that does the same without sigmund (systemd.service(5),
// systemd.exec(5), systemd.kill(5)). It uses nothing newer than systemd 240.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "run/spec.hpp"

namespace sigmund::ops {

struct UnitSource {
    std::string name;                  // the unit is NAME.service
    std::string origin;                // FILE:LINE of the template
    std::string description;           // its first 100 characters or so are shown
    run::Spec spec;                    // its argv begins with an absolute path, and its cwd is absolute
    std::string search_path;           // PATH of the export; empty: the unit gets that of the user manager
    std::vector<std::string> depends;  // the names of templates that have units of their own
    bool once = false;                 // a step, which ends by itself
};

struct UnitFile {
    std::string text;
    std::vector<std::string> notes;  // whole sentences: what the unit does not say, or says differently
};

UnitFile make_unit(const UnitSource& source);

// How a unit expresses a launch option.
struct UnitOption {
    std::string_view option;
    bool expressed;
    std::string_view why_not;  // the end of a sentence; empty for an option that is expressed
};
// Returns nullptr for an option that is not known here.
const UnitOption* unit_option(std::string_view name);

}  // namespace sigmund::ops
