// SPDX-License-Identifier: Apache-2.0
#include "cli/other_store.hpp"

#include <algorithm>

#include "text/quote.hpp"

namespace sigmund::cli {

std::string command_in(const run::View& view, const run::View& here, const std::string& command) {
    if (&view == &here) return command;
    return "SIGMUND_STATE_DIR=" + text::quote_visibly({view.store().path()}) + ' ' + command;
}

std::string list_commands(const std::vector<const run::View*>& views, const run::View& here) {
    constexpr std::size_t most_named = 3;
    std::vector<const run::View*> each;
    for (const run::View* view : views)
        if (std::find(each.begin(), each.end(), view) == each.end()) each.push_back(view);
    std::string out;
    for (std::size_t i = 0; i < each.size() && i < most_named; ++i)
        out += (i == 0 ? "" : "; ") + command_in(*each[i], here, "sigmund list");
    if (each.size() > most_named) out += "; and " + std::to_string(each.size() - most_named) + " more stores";
    return out;
}

}  // namespace sigmund::cli
