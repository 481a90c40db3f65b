// SPDX-License-Identifier: Apache-2.0
#include "ops/up_course.hpp"

#include <poll.h>
#include <unistd.h>

#include <utility>

#include "run/label.hpp"
#include "sys/clock.hpp"
#include "sys/procfs.hpp"

namespace sigmund::ops {

using run::Exit;
using run::Failure;

bool settled(Phase phase) {
    return phase != Phase::waiting && phase != Phase::starting;
}
bool satisfied(Phase phase) {
    return phase == Phase::ready || phase == Phase::running || phase == Phase::done ||
           phase == Phase::done_before;
}
bool lost(Phase phase) {
    return phase == Phase::failed || phase == Phase::skipped || phase == Phase::cancelled;
}
bool ended_by_user(const run::EndedBy& cause) {
    return cause == run::EndedBy::stop || cause == run::EndedBy::kill;
}

namespace {

std::string this_process() {
    const auto stat = sys::Procfs().stat(::getpid());
    return std::to_string(::getpid()) + '.' + std::to_string(stat ? stat->start_ticks : 0);
}

// A line begins with the name of its task, so the sentence in it says "it".
std::string without_name(std::string text, const UpTask& task, const run::Record& record) {
    for (const std::string& name : {label(record), task.name}) {
        if (text.starts_with(name + ": ")) return text.substr(name.size() + 2);
        if (!record.id.empty() && text.starts_with(name + ' ')) return "it" + text.substr(name.size());
    }
    return text;
}

}  // namespace

UpCourse::UpCourse(const run::Store& store, UpRequest asked, const UpObserver& told)
    : request(std::move(asked)),
      observer(told),
      gate(store, request.project),
      view(run::View::of(store)),
      self{this_process()},
      items(request.tasks.size()) {
    out.states.resize(request.tasks.size());
}

void UpCourse::change(std::size_t i, Phase phase, std::string detail) {
    UpState& now = state(i);
    if (now.phase == phase && now.detail == detail) return;
    if ((now.phase == Phase::waiting) != (phase == Phase::waiting))
        waiting.set_waits(i, phase == Phase::waiting);
    now.phase = phase;
    now.detail = std::move(detail);
    observer.changed(i, now);
}

void UpCourse::fail(std::size_t i, const Failure& failure) {
    state(i).failure = failure;
    state(i).exit = static_cast<int>(failure.exit);
    change(i, Phase::failed, without_name(failure.what(), task(i), state(i).record));
    if (request.abort) cancel("");
}

void UpCourse::stop(std::size_t i) {
    items[i].watch.reset();
    state(i).exit = static_cast<int>(Exit::usage);
    change(i, Phase::cancelled, stopped_detail);
    if (request.abort) cancel("");
}

void UpCourse::cancel(const std::string& why) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (state(i).phase == Phase::waiting) change(i, Phase::cancelled, why);
        if (state(i).phase == Phase::starting) {
            items[i].watch.reset();
            state(i).took = sys::monotonic_ms() - state(i).took;
            change(i, Phase::cancelled, "it is not ready yet");
        }
    }
}

void UpCourse::close() {
    out.closed = true;
    cancel("sigmund down was called");
}

bool UpCourse::interrupted() {
    pollfd stop{request.interrupt, POLLIN, 0};
    if (::poll(&stop, 1, 0) <= 0) return false;
    out.interrupted = true;
    cancel("");
    return true;
}

void UpCourse::heed_stops() {
    waiting.drain();
    for (std::size_t i = 0; i < items.size(); ++i)
        if (state(i).phase == Phase::waiting && waiting.is_struck(i)) stop(i);
}

void UpCourse::watch(std::size_t i, run::Until until) {
    view.census().refresh();  // the run may be newer than the last look
    items[i].watch = UpWatch{.end = EndWatch(view, view.judge(state(i).record), until), .until = until};
}

}  // namespace sigmund::ops
