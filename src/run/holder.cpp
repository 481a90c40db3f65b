// SPDX-License-Identifier: Apache-2.0
#include "run/holder.hpp"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "run/id.hpp"
#include "run/label.hpp"
#include "run/project.hpp"
#include "sys/ports.hpp"

namespace sigmund::run {
namespace {

constexpr int deepest_ancestry = 256;

// These are beginnings of names, since comm is cut at 15 characters and versions follow (pasta.avx2,
// rootlesskit-docker-proxy).
constexpr std::string_view engine_names[] = {"docker-proxy", "dockerd",         "containerd",  "rootlesskit",
                                             "rootlessport", "containers-root", "slirp4netns", "pasta",
                                             "passt",        "conmon",          "podman",      "nerdctl",
                                             "crio",         "buildkitd",       "kubelet",     "k3s",
                                             "com.docker.",  "limactl",         "incusd",      "lxd"};

std::string base_name(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

std::string link_text(const std::string& path) {
    char out[64];
    const ssize_t n = ::readlink(path.c_str(), out, sizeof out);
    return n > 0 ? std::string(out, static_cast<std::size_t>(n)) : "";
}

// Returns whether the process runs in a container. A process of a container on the host's network listens for
// itself.
bool in_container(const sys::Procfs& proc, pid_t pid) {
    const std::string own = link_text(proc.root() + "/self/ns/pid");
    const std::string its = link_text(proc.root() + '/' + std::to_string(pid) + "/ns/pid");
    return !own.empty() && !its.empty() && own != its;
}

// Returns the run whose guardian this process claims to be in its title, if the record proves it.
std::optional<Record> run_of_guardian(const Store& store, const sys::Procfs& proc,
                                      const sys::ProcStat& stat) {
    const auto words = proc.command_line(stat.pid);
    if (words.empty() || !words[0].starts_with("sigmund: ")) return std::nullopt;
    const std::string title = words[0].substr(9);
    const std::string id = title.substr(0, title.find(' '));
    Record record;
    if (!is_id(id) || store.load(id, Depth::full, record) != Read::ok) return std::nullopt;
    if (record.guardian_pid != stat.pid || record.guardian_ticks != stat.start_ticks) return std::nullopt;
    return record;
}

std::optional<Record> run_by_key(const Store& store, const sys::Procfs& proc, pid_t pid) {
    const auto id = proc.environment_value(pid, "SIGMUND_RUN");
    const auto key = proc.environment_value(pid, "SIGMUND_KEY");
    Record record;
    if (!id || !key || key->empty() || !is_id(*id) || store.load(*id, Depth::full, record) != Read::ok ||
        record.key != *key)
        return std::nullopt;
    return record;
}

}  // namespace

bool is_engine_name(std::string_view name) {
    return std::any_of(std::begin(engine_names), std::end(engine_names),
                       [&](std::string_view known) { return name.starts_with(known); });
}

std::optional<Holder> describe_process(const sys::Procfs& proc, pid_t pid) {
    const auto stat = proc.stat(pid);
    if (!stat || stat->dead()) return std::nullopt;
    Holder out;
    out.pid = pid;
    out.name = stat->comm;
    if (const auto ids = proc.status_field(pid, "Uid"))
        std::from_chars(ids->data(), ids->data() + ids->size(), out.uid);
    const auto words = proc.command_line(pid);
    // rootlessport executes /proc/self/exe, so that only its first word gives it away.
    out.engine = is_engine_name(out.name) || (!words.empty() && is_engine_name(base_name(words[0]))) ||
                 in_container(proc, pid);
    return out;
}

Holders find_holders(const sys::Procfs& proc, const std::vector<std::uint64_t>& sockets) {
    Holders out;
    for (const pid_t pid : proc.processes()) {
        if (sys::holds_socket(proc, pid, sockets)) {
            if (auto holder = describe_process(proc, pid)) out.found.push_back(std::move(*holder));
        } else if (errno == EACCES || errno == EPERM) {
            out.hidden = true;
        }
    }
    return out;
}

std::optional<Record> run_of(const Store& store, const sys::Procfs& proc, pid_t pid) {
    if (!store.present()) return std::nullopt;
    for (int depth = 0; pid > 1 && depth < deepest_ancestry; ++depth) {
        const auto stat = proc.stat(pid);
        if (!stat) return std::nullopt;
        if (auto record = run_by_key(store, proc, pid)) return record;
        if (auto record = run_of_guardian(store, proc, *stat)) return record;
        pid = stat->ppid;
    }
    return std::nullopt;
}

std::string name_run(const Record& record, const std::string& project) {
    const bool elsewhere = record.project != project;
    const std::string name =
        record.name.empty() ? record.id + " (" + base_name(record.argv.empty() ? "" : record.argv[0]) + ')'
                            : label(record);
    return name + (elsewhere ? " in " + with_tilde(record.project) : "") + ": sigmund stop " +
           (record.name.empty() || elsewhere ? record.id : record.name);
}

std::string name_holder(const Store& store, const sys::Procfs& proc, const Holder& holder,
                        const std::string& project) {
    if (const auto record = run_of(store, proc, holder.pid)) return name_run(*record, project);
    return "pid " + std::to_string(holder.pid) + " (" + holder.name + ')';
}

}  // namespace sigmund::run
