// SPDX-License-Identifier: Apache-2.0
// The keeper of the record: the only room of the guardian that changes or writes it. The others tell it facts
// and read the record. It shows the lives in the record (guard/shown.hpp), saves it, tries again while the
// disk is full, mends what others did to the run's files, and writes the end.
//
//   keeper.cpp         facts, saving, mending
//   keeper_end.cpp     the end of the run
//   keeper_change.cpp  name, tags and the like, changed on request
#pragma once
#include "guard/facts.hpp"
#include "guard/run_files.hpp"
#include "guard/run_log.hpp"
#include "guard/shown.hpp"
#include "run/protocol.hpp"

namespace sigmund::guard {

class Keeper {
  public:
    // Told after the record has changed in the eyes of people.
    class Listener {
      public:
        virtual ~Listener() = default;
        virtual void record_shown() = 0;  // saved, or as far as the disk allows
        virtual void run_over() = 0;      // nothing is left to write: the guardian may leave
    };

    Keeper(run::Record&& record, RunFiles files, LogPlan log, const Lives& lives, Listener& listener);
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;

    const run::Record& record() const { return record_; }
    const run::Store& store() const { return files_.store(); }
    RunLog& log() { return log_; }
    const RunLog& log() const { return log_; }
    // The word of a stop that was made without this guardian; take_word() also removes it.
    run::EndedBy word_left() const { return files_.word_left(); }
    run::EndedBy take_word() const { return files_.take_word(); }
    // The launcher has made the socket; nobody is answered any more.
    void remember_socket() { files_.remember_socket(); }
    void remove_socket() { files_.remove_socket(); }

    // Facts, from the sources and the other rooms. What changes the record makes a save due.
    void learn(const Fact& fact);
    // Who asked for something to be done to the run.
    void called(std::string_view verb, pid_t pid, uid_t uid);
    // The first leader has been forked, and which program it has executed by now.
    void leader_forked(const sys::Identity& identity);
    void leader_executes(const sys::FileId& program);
    void stage_ended(std::size_t stage, const sys::ExitStatus& status);
    // A life has ended and another one follows; a start has failed.
    void life_followed(const run::Life& life);
    void start_failed(int error);

    // Before the commands run: the record with the leaders, durably. Returns 0 or errno.
    int write_start();
    // After they run: the record as it is to be answered, to be synced later; empty with errno on failure.
    sys::Fd write_started();
    // Removes everything after a start that failed.
    void undo_start();
    // A new life begins behind its gate.
    void show_starting();

    void save_soon() { save_due_ = true; }
    // Saves when that is due, or when a save that failed is to be tried again.
    void save_if_due();
    void retry_if_due(Millis now);
    // When a save is to be tried again, monotonic ms; -1: never. retry_now() is for whoever asks: there may be
    // room by now.
    Millis deadline() const { return retry_.at; }
    void retry_later();
    void retry_now();
    // Looks at the files, and makes again what is gone. Returns a new listening socket if one was needed.
    sys::Fd mend();

    // The run is over: the result is written, however long the disk is full.
    bool over() const { return stage_ != Stage::living; }
    void finish();
    // The result could not be written, and somebody wants to do without it: the logs are emptied, since they
    // may be what fills the disk; then it is tried once more, and given up.
    void discard();

    // Changes what a `set` request names, as a whole or not at all. Returns the end of its answer.
    run::Answer change(const run::Request& request);
    // The record in a file without a name, so that this works where nothing can be written to the store.
    // Whoever asks has found the one on the disk damaged, although it may look like the one that was written.
    // Returns no descriptor, with errno, on failure.
    sys::Fd copy();

  private:
    enum class Stage : std::uint8_t { living, over, written };
    // A disk that was full may have room again: first after a second, doubling to a minute.
    struct Retry {
        Millis at = -1, pause = 0;
        void later(Millis now);
        void reset();
    };
    void show() { show_lives(lives_, Moment::now(), record_); }
    void save();
    void write_end();
    void let_go();
    void add_result(const run::Result& result);
    template <typename Value>
    void set(Value& field, Value value);
    // The lock of a new name, and of the old one the claim, or why the name cannot be changed.
    struct Renaming;
    std::optional<run::Answer> rename(const std::string& name, Renaming& out);

    run::Record record_;
    RunFiles files_;
    RunLog log_;
    const Lives& lives_;
    Listener& listener_;
    Retry retry_;
    Stage stage_ = Stage::living;
    bool save_due_ = false;
};

}  // namespace sigmund::guard
