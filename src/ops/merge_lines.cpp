// SPDX-License-Identifier: Apache-2.0
#include "ops/merge_lines.hpp"

#include <algorithm>
#include <limits>
#include <queue>

#include "sys/error.hpp"
#include "sys/file.hpp"

namespace sigmund::ops {
namespace {

constexpr std::size_t bytes_at_once = 64 * 1024;
constexpr sys::Millis unknown = std::numeric_limits<sys::Millis>::min();

// Collects what goes to one descriptor, so that not each line is a write of its own.
class Writer {
  public:
    void add(int out, std::string_view text) {
        if (out != out_ || ready_.size() + text.size() > bytes_at_once) write();
        out_ = out;
        ready_ += text;
    }
    void write() {
        if (ready_.empty()) return;
        if (const int error = sys::write_all(out_, ready_); error != 0) sys::fail(error, "write");
        ready_.clear();
    }

  private:
    int out_ = -1;
    std::string ready_;
};

// The next line of a log. A clock that was set back does not change the order of its lines.
struct Next {
    sys::Millis at;
    std::size_t log;
    bool operator>(const Next& other) const { return at != other.at ? at > other.at : log > other.log; }
};

}  // namespace

void merge_lines(const std::vector<LogStream*>& logs, const std::function<bool(LogStream& log)>& read_on) {
    std::priority_queue<Next, std::vector<Next>, std::greater<>> queue;
    Writer writer;
    const auto add = [&](std::size_t log, sys::Millis least) {
        const auto& held = logs[log]->output().held();
        if (held.empty() && !read_on(*logs[log])) return;
        queue.push({std::max(held.front().at.value_or(unknown), least), log});
    };
    for (std::size_t i = 0; i < logs.size(); ++i) add(i, unknown);
    while (!queue.empty()) {
        const Next next = queue.top();
        queue.pop();
        LogOutput& output = logs[next.log]->output();
        writer.add(output.descriptor(), output.held().front().text);
        output.held().pop_front();
        add(next.log, next.at);
    }
    writer.write();
}

}  // namespace sigmund::ops
