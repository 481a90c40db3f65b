// SPDX-License-Identifier: Apache-2.0
// The keeper of the record: the only room of the guardian that changes or writes it. The others tell it facts
// and read the record. It shows the lives in the record (guard/shown.hpp), saves it, tries again while the
// disk is full, repairs what others did to the run's files, and writes the end.
//
//   keeper.cpp         facts, saving, repairs
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
    // Is told after the visible state of the record has changed.
    class Listener {
      public:
        virtual ~Listener() = default;
        virtual void record_shown() = 0;  // the record was saved, as far as the disk allows
        virtual void run_over() = 0;      // nothing is left to write, so the guardian may exit
    };

    // The record has everything except the processes. `lives` and `listener` outlive the keeper.
    Keeper(run::Record&& record, RunFiles files, LogPlan log, const Lives& lives, Listener& listener);
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;

    const run::Record& record() const { return record_; }
    const run::Store& store() const { return files_.store(); }
    RunLog& log() { return log_; }
    const RunLog& log() const { return log_; }
    // word_left() returns the word of a stop that was made without this guardian. take_word() also removes
    // it.
    run::EndedBy word_left() const { return files_.word_left(); }
    run::EndedBy take_word() const { return files_.take_word(); }
    // remember_socket() is called once the launcher has made the socket, remove_socket() when no client is
    // answered any more.
    void remember_socket() { files_.remember_socket(); }
    void remove_socket() { files_.remove_socket(); }

    // Takes a fact from a source or another room. A save is due when it changes the record.
    void learn(const Fact& fact);
    // Remembers which process asked for something to be done to the run.
    void called(std::string_view verb, pid_t pid, uid_t uid);
    // Note the first leader once it is forked, and then the program that it has executed.
    void leader_forked(const sys::Identity& identity);
    void leader_executes(const sys::FileId& program);
    void stage_ended(std::size_t stage, const sys::ExitStatus& status);
    // Note that a life has ended and another one follows, and that a start has failed.
    void life_followed(const run::Life& life);
    void start_failed(int error);

    // Writes the record with the leaders before the commands run. Returns 0 or errno. when_recorded() says
    // whether it is then durable, or only after sync_started().
    int write_start();
    sys::Durable when_recorded() const;
    // Returns the same record for the leader to write, when the identity in it lacks only what the leader
    // alone knows.
    run::LeaderDraft draft_start();
    // Writes the record as it will be answered, after the commands run. It is synced later. Empty with errno
    // on failure.
    sys::Fd write_started();
    // Makes that durable, and the record's place in the folder; without `written`, the record of write_start().
    // Returns 0 or errno.
    int sync_started(const sys::Fd& written) const;
    // Removes everything that a failed start has left.
    void undo_start();
    // Shows that a new life begins at its gate.
    void show_starting();

    void save_soon() { save_due_ = true; }
    // Save when that is due, or when a failed save must be tried again.
    void save_if_due();
    void retry_if_due(Millis now);
    // deadline() returns when a failed save is tried again (monotonic ms; -1: never). retry_now() is for a
    // client that asks, since there may be room by now.
    Millis deadline() const { return retry_.at; }
    void retry_later();
    void retry_now();
    // Checks the files, and makes again what is gone. Returns a new listening socket if one was needed.
    sys::Fd mend();

    // finish() ends the record: the result is written, however long the disk is full. over() returns whether
    // that has begun.
    bool over() const { return stage_ != Stage::living; }
    void finish();
    // For a client that does without a result which could not be written: the logs are emptied, since they
    // may be what fills the disk. Then it is tried once more, and given up.
    void discard();

    // Changes what a `set` request names, as a whole or not at all. Returns the end of its answer.
    run::Answer change(const run::Request& request);
    // Gives the run to a shell if `owner` still owns it (empty: no shell does), as a whole or not at all.
    // Returns the end of the answer.
    run::Answer give_to_shell(const std::string& shell, const std::string& owner);
    // Returns the record in a file without a name, so that this works where nothing can be written to the
    // store. The client has found the record on the disk damaged, although it may look like the one that was
    // written. Returns no descriptor, with errno, on failure.
    sys::Fd copy();

  private:
    enum class Stage : std::uint8_t { living, over, written };
    // A disk that was full may have room again. The first retry comes after a second, and the pause doubles
    // to a minute.
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
    // The lock of a new name and the claim of the old one, or the reason why the name cannot be changed.
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
