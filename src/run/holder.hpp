// SPDX-License-Identifier: Apache-2.0
// The processes that hold a socket, and what they are to the user: a process of a run, a process that does
// not belong to any run, or a part of a container engine.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "run/record.hpp"
#include "run/store.hpp"
#include "sys/procfs.hpp"

namespace sigmund::run {

struct Holder {
    pid_t pid = 0;
    uid_t uid = 0;        // its real user
    std::string name;     // as /proc/PID/comm has it
    bool engine = false;  // it belongs to a container engine, or runs in a container
};

struct Holders {
    std::vector<Holder> found;
    bool hidden = false;  // there are processes whose descriptors may not be read
};
// Searches the descriptors of every process that this one may inspect.
Holders find_holders(const sys::Procfs& proc, const std::vector<std::uint64_t>& sockets);
// Returns the same facts about one process, or nothing when it does not live.
std::optional<Holder> describe_process(const sys::Procfs& proc, pid_t pid);

// Returns the run of this store that a process belongs to, with proof: the process or one of its ancestors
// carries the key of the run, or descends from its guardian. Returns nothing when there is no such run.
std::optional<Record> run_of(const Store& store, const sys::Procfs& proc, pid_t pid);

// Describes a holder for people: "db (bb975b): sigmund stop db" for a run, "db (bb975b) in ~/b: sigmund stop
// bb975b" for a run of another project, "pid 812 (redis-server)" for any other process. A command that ends a
// process outside all runs is never suggested. `project` is the project of the run that needs the socket.
std::string name_holder(const Store& store, const sys::Procfs& proc, const Holder& holder,
                        const std::string& project);
std::string name_run(const Record& record, const std::string& project);

// Returns whether a process of this name belongs to a container engine (docker-proxy, rootlessport, pasta,
// ...).
bool is_engine_name(std::string_view name);

}  // namespace sigmund::run
