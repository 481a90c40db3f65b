// SPDX-License-Identifier: Apache-2.0
#include "run/catalogue.hpp"

#include <algorithm>
#include <utility>

namespace sigmund::run {

const std::vector<Head>& Catalogue::heads() {
    if (std::exchange(read_, true)) return heads_;
    store_.each_id([&](const std::string& id) {
        Record record;
        const Read answer = store_.load(id, Depth::head, record);
        if (answer == Read::corrupt) corrupt_.push_back(id);
        if (answer != Read::ok) return;
        const bool over = is_final(record.state), failed = over && has_failed(record);
        heads_.push_back({std::move(record.id), std::move(record.name), std::move(record.shell),
                          std::move(record.project), std::move(record.tags), record.started_ms,
                          record.in_project, over, failed});
    });
    std::sort(heads_.begin(), heads_.end(), [](const Head& a, const Head& b) {
        return a.started_ms != b.started_ms ? a.started_ms > b.started_ms : a.id < b.id;
    });
    return heads_;
}

std::vector<std::string> Catalogue::ids_with(const std::string& prefix) const {
    std::vector<std::string> out;
    store_.each_id([&](const std::string& id) {
        if (id.starts_with(prefix)) out.push_back(id);
    });
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace sigmund::run
