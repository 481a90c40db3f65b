// SPDX-License-Identifier: Apache-2.0
// The ports of templates, and the texts in which they are filled in.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "run/port.hpp"
#include "run/port_lock.hpp"
#include "run/store.hpp"
#include "stack/placeholders.hpp"

namespace sigmund::cli {

// Returns whether placeholders are filled in in this setting. They are in the command, too.
bool is_filled(std::string_view key);
// Returns the setting of a template, or nullptr when it has none.
const config::Setting* setting_of(const config::Template& source, std::string_view key);
// Returns what the template says of its port; nothing when it has none.
run::Port port_in(const config::Template& source);
// Returns the template whose port a placeholder means. Throws Failure when there is none, or it has no port.
const config::Template& with_port(const config::Config& config, const config::Template& of,
                                  const stack::Placeholder& each, const std::string& origin);

class StackPorts {
  public:
    // What is done for an automatic port that is not known yet: it is reserved for a start, or some number stands for
    // it, where a text is only checked.
    enum class For : std::uint8_t { start, check };

    StackPorts(const config::Config& config, const run::Store& store) : config_(config), store_(store) {}

    // Returns the port of the template: that of the run that lives, or one that is reserved until the run starts.
    int number(const config::Template& source, const std::string& origin, For what);
    // Returns a text of the template with all placeholders filled in.
    std::string fill(const config::Template& of, std::string_view text, const std::string& origin, For what);
    // Returns the reservation, for the start.
    run::PortLock take_lock(const config::Template& source);
    // Throws Failure for a template whose own PORT is another than its port. Nothing is reserved for it.
    void check_variable(const config::Template& source) const;

  private:
    struct Reserved {
        int number = 0;
        run::PortLock lock;
    };
    int live_port(const config::Template& source);

    const config::Config& config_;
    const run::Store& store_;
    std::map<std::string, Reserved> ports_;  // by template
};

}  // namespace sigmund::cli
