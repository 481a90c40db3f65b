// SPDX-License-Identifier: Apache-2.0
// `events`: what happens to runs, as JSON lines.
#include "ops/events.hpp"

#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"

namespace sigmund::cli {

int cmd_events(const Args& args) {
    run::Store store = run::Store::open();
    ops::EventsRequest request;
    request.warn = [](const std::vector<std::string>& lines) {
        text::Page page;
        for (const std::string& line : lines) page.line(line);
        say(page);
    };
    if (!args.words.empty()) {
        const run::Census census;
        for (const run::Record& record : targets_of(store, census, args, args.words))
            request.ids.push_back(record.id);
        if (request.ids.empty()) return 0;
    }
    if (const auto ago = duration_option(args, "since")) request.since = sys::realtime_ms() - *ago;
    request.follow = !args.has("no-follow");
    print_data(events_head_json());
    if (request.follow && !store.present()) {
        if (!request.since)
            request.since = sys::realtime_ms();  // the start that makes the store is told, too
        store = ops::await_store(request.warn);
    }
    ops::follow_events(store, request, [](const ops::RunEvent& event) {
        print_data(event_json(event));
        return true;
    });
    return 0;
}

}  // namespace sigmund::cli
