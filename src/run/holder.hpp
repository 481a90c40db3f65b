// SPDX-License-Identifier: Apache-2.0
// The processes that hold a socket, and what they are to the user: one of a run, a stranger, or part of a
// container engine.
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
    bool hidden = false;  // there are processes whose descriptors may not be looked at
};
// Looks at the descriptors of every process that this one may look at.
Holders find_holders(const sys::Procfs& proc, const std::vector<std::uint64_t>& sockets);
// The same facts of one process; nothing when it does not live.
std::optional<Holder> describe_process(const sys::Procfs& proc, pid_t pid);

// The run of this store that a process belongs to, with proof: it or one of its ancestors carries the key of
// the run, or descends from its guardian. Nothing when there is none.
std::optional<Record> run_of(const Store& store, const sys::Procfs& proc, pid_t pid);

// A holder for people: "db (bb975b): sigmund stop db", of another project "db (bb975b) in ~/b: sigmund stop
// bb975b", of a stranger "pid 812 (redis-server)": a command that ends a stranger is never named.
// `project` is that of the run which the holder is in the way of.
std::string name_holder(const Store& store, const sys::Procfs& proc, const Holder& holder,
                        const std::string& project);
std::string name_run(const Record& record, const std::string& project);

// Whether a process of this name belongs to a container engine (docker-proxy, rootlessport, pasta, ...).
bool is_engine_name(std::string_view name);

}  // namespace sigmund::run
