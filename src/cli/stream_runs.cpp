// SPDX-License-Identifier: Apache-2.0
#include "cli/stream_runs.hpp"

#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "text/escape.hpp"

namespace sigmund::cli {
namespace {

constexpr std::size_t chunk = 64 * 1024;  // as much as a pipe holds

}  // namespace

RunsStream::RunsStream(const char* kind, bool lines, const run::View& view)
    : view_(view), looks_(view.store()), whole_(std::string_view(kind) == "run.show"), lines_(lines) {
    out_ = std::string(R"({"schema":"sigmund/1","kind":")") + kind + (lines ? "\"}\n" : "\",\"data\":[");
}

void RunsStream::add_object(std::string_view object) {
    if (!lines_ && !first_) out_ += ',';
    first_ = false;
    out_ += object;
    if (lines_) out_ += '\n';
    if (out_.size() < chunk) return;
    print_data(out_);
    out_.clear();
}

void RunsStream::add(const run::Judged& run) {
    add_object(run_json(run, view_, whole_, looks_));
}

bool RunsStream::add_finished(const std::string& id) {
    if (view_.store().read_text(id, file_) != run::Read::ok || !run::copy_finished(file_, id, machine_))
        return false;
    compose(id);
    object_ = text::escape_json(std::move(object_));
    add_object(object_);
    return true;
}

// Adds the keys that are not in the record: for a finished run no process is looked for.
void RunsStream::compose(const std::string& id) {
    const run::MachineText& m = machine_;
    const auto log_size = view_.store().log_size(m, id);
    object_.clear();
    object_.append(m.text, 0, m.guardian_end).append(R"(,"alive":false)");
    object_.append(m.text, m.guardian_end, m.log_begin - m.guardian_end);
    object_.append(R"(,"processes":0,"escaped":0,"terminal":null)");
    object_.append(m.text, m.log_begin, m.log_end - m.log_begin);
    object_.append(R"(,"log_bytes":)").append(log_size ? std::to_string(*log_size) : "null");
    object_.append(m.text, m.log_end, m.text.size() - 1 - m.log_end);
    if (whole_)
        object_.append(
            R"(,"signals":null,"cpu_ms":null,"rss_bytes":null,"peak_rss_bytes":null,"ports":null,"members":null)");
    object_ += '}';
}

void RunsStream::end() {
    print_data(lines_ ? out_ : out_ + "]}\n");
    out_.clear();
}

}  // namespace sigmund::cli
