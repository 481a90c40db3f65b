// SPDX-License-Identifier: Apache-2.0
// The starter of lives: it opens what a life needs, forks the leaders, lets them through their gates once the
// record names them, and reports the result to the keeper and the machine.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "guard/gates.hpp"
#include "guard/keeper.hpp"
#include "guard/pid_file.hpp"
#include "guard/start_look.hpp"
#include "sys/affinity.hpp"
#include "sys/input.hpp"

namespace sigmund::guard {

struct StartPlan {
    std::vector<std::unique_ptr<sys::SpawnPlan>> commands;  // one, or one for each stage of a pipe
    std::string stdin_path;                                 // opened for each life; empty: /dev/null
    sys::Fd stdin_file, cwd;                                // for the first life
    PidFile pid_file;
    ReadyPlan* ready = nullptr;
    int shared_reply = -1;                         // the pipe to a launcher whose memory this guardian shares
    std::unique_ptr<sys::OneProcessor> processor;  // for the first start
};

class Starter {
  public:
    Starter(StartPlan plan, Lives& lives, Keeper& keeper, Aides& aides);

    // Starts the first lives of all members: they are recorded durably, and then let through. Returns what
    // failed; its error is 0 when all run.
    struct Failure {
        sys::SpawnError error;
        bool own = false;  // the guardian itself failed (the record)
        int part = 0;      // the stage of a pipe that failed
    };
    Failure start_first();
    // Starts another life of a member. If a stop was made without this guardian, it does that stop instead.
    // `input` receives what a stdin that is a FIFO needs to be held open.
    void start_again(Member& member, sys::Input& input);
    // Gives back what only the first start needed. `once` says that no other start follows.
    void forget_first(bool once);

    // Returns the plan of the command, for checks and probes.
    const sys::SpawnPlan& command() const { return *plan_.commands[0]; }
    void set_variable(const std::string& name, const std::string& value);
    const std::string& stdin_path() const { return plan_.stdin_path; }
    // Returns why the last restart could not execute the command; empty when it could.
    const std::string& problem() const { return problem_; }
    void remove_pid_file() const { plan_.pid_file.remove(keeper_.record().pid); }

  private:
    bool told_to_end();
    void begin_life(Member& member, sys::Input& input);
    sys::SpawnError open_files(sys::Input& input);
    std::optional<Failure> start_in_shared_memory(Member& member);
    sys::SpawnError fork_leaders(Member& member, Gates& gates);
    sys::SpawnError fork_stage(std::size_t stage, const Member& member, int input, int output, Life& life,
                               Gates& gates);
    sys::SpawnError identify_first(const Member& member, const Gates& gates);
    void executed(Member& member) const;
    sys::SpawnError release(Member& member, Gates& gates, int& part);
    void note_start(const Member& member, const run::Result& after);
    void note_followed(Member& member, const run::Result& result, run::EndedBy ended_by);
    void not_started(Member& member, sys::SpawnError error, const std::string& object);
    void write_pid_file();

    StartPlan plan_;
    StartLook look_;
    Lives& lives_;
    Keeper& keeper_;
    Aides& aides_;
    std::string problem_;
};

}  // namespace sigmund::guard
