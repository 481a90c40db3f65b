// SPDX-License-Identifier: Apache-2.0
#include "guard/keeper.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "sys/file.hpp"

namespace sigmund::guard {
namespace {

constexpr std::size_t results_kept = 8;
constexpr Millis first_retry = 1'000, longest_retry = 60'000;

template <typename... Cases>
struct Overload : Cases... {
    using Cases::operator()...;
};
template <typename... Cases>
Overload(Cases...) -> Overload<Cases...>;

}  // namespace

Keeper::Keeper(run::Record&& record, RunFiles files, LogPlan log, const Lives& lives, Listener& listener)
    : record_(std::move(record)),
      files_(std::move(files)),
      log_(record_, files_.store(), std::move(log)),
      lives_(lives),
      listener_(listener) {
    retry_.reset();
}

void Keeper::Retry::later(Millis now) {
    at = now + pause;
    pause = std::min(pause * 2, longest_retry);
}

void Keeper::Retry::reset() {
    at = -1;
    pause = first_retry;
}

template <typename Value>
void Keeper::set(Value& field, Value value) {
    if (field == value) return;
    field = std::move(value);
    save_due_ = true;
}

void Keeper::learn(const Fact& fact) {
    std::visit(Overload{
                   [&](const Readiness& told) { set(record_.ready, std::optional<bool>(told.ready)); },
                   [&](const ReadyDetail& told) { set(record_.ready_detail, told.text); },
                   [&](const HealthState& told) { set(record_.health, told.word); },
                   [&](const StatusText& told) { set(record_.status_text, told.text); },
                   [&](const DiskChanges&) { save_due_ = true; },  // followers are told with a save
               },
               fact);
}

void Keeper::called(std::string_view verb, pid_t pid, uid_t uid) {
    run::note_call(record_, verb, pid, uid);
}

void Keeper::leader_forked(const sys::Identity& identity) {
    record_.pid = record_.pgid = record_.sid = identity.pid;
    record_.identity = identity;
}

void Keeper::leader_executes(const sys::FileId& program) {
    record_.identity.exe = program;
}

void Keeper::stage_ended(std::size_t stage, const sys::ExitStatus& status) {
    if (stage < record_.stages.size()) record_.stages[stage].status = status;
}

// Adds to the results of the earlier lives, the newest one last. A failure that repeats itself is one entry.
void Keeper::add_result(const run::Result& result) {
    std::vector<run::Result>& results = record_.results;
    if (result == run::Result::launch && !results.empty() && results.back() == result) return;
    if (results.size() == results_kept) results.erase(results.begin());
    results.push_back(result);
}

void Keeper::life_followed(const run::Life& life) {
    add_result(life.result);
    if (record_.lives.size() == run::lives_kept) record_.lives.erase(record_.lives.begin());
    record_.lives.push_back(life);
}

void Keeper::start_failed(int error) {
    add_result(run::Result::not_executed(error));
}

int Keeper::write_start() {
    record_.state = run::State::starting;
    return files_.write(record_, when_recorded(), run::record_limit - run::record_growth);
}

// Where a file that was written has its room for certain, the sync can wait until the command executes.
sys::Durable Keeper::when_recorded() const {
    return files_.store().reserves_room() ? sys::Durable::no : sys::Durable::yes;
}

run::LeaderDraft Keeper::draft_start() {
    record_.state = run::State::starting;
    return files_.draft(record_);
}

int Keeper::sync_started(const sys::Fd& written) const {
    if (!written) return files_.store().sync_all();
    return ::fsync(written.get()) != 0 ? errno : files_.store().sync_folder();
}

sys::Fd Keeper::write_started() {
    show();
    return files_.write_unsynced(record_);
}

void Keeper::undo_start() {
    log_.remove_worker_logs();
    files_.drop_mark(record_.shell);
    files_.remove_all();
    files_.free_name(run::scoped_name(record_));
}

void Keeper::show_starting() {
    record_.state = run::State::starting;
    (void)files_.write(record_, sys::Durable::no);
}

void Keeper::save_if_due() {
    if (save_due_) save();
}

// A change during the run is renamed at once and not synced. The kernel writes it back in its own time.
void Keeper::save() {
    save_due_ = false;
    retry_.at = -1;
    if (lives_.over()) return;  // then finish() writes it
    show();
    if (!files_.folder_gone() && files_.write(record_, sys::Durable::no) == 0)
        retry_.reset();
    else
        retry_later();
    listener_.record_shown();
}

void Keeper::retry_later() {
    retry_.later(sys::monotonic_ms());
}

void Keeper::retry_if_due(Millis now) {
    if (retry_.at < 0 || now < retry_.at) return;
    over() ? write_end() : save();
}

void Keeper::retry_now() {
    if (retry_.at < 0) return;
    retry_.reset();
    over() ? write_end() : save();
}

sys::Fd Keeper::mend() {
    if (stage_ == Stage::written || files_.folder_gone()) return {};
    sys::Fd listener = files_.mend(run::scoped_name(record_));
    if (over() || files_.record_intact()) return listener;
    show();
    if (files_.write(record_, sys::Durable::no) != 0 && retry_.at < 0) retry_later();
    return listener;
}

sys::Fd Keeper::copy() {
    if (!over() && files_.write(record_, sys::Durable::no) != 0 && retry_.at < 0) retry_later();
    const std::string text = run::write_record(record_);
    sys::Fd file(::memfd_create("record", MFD_CLOEXEC));
    if (!file) return file;
    if (const int error = sys::write_all(file.get(), text); error != 0) {
        file.reset();
        errno = error;
    }
    return file;
}

}  // namespace sigmund::guard
