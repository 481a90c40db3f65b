// SPDX-License-Identifier: Apache-2.0
// The names of the files in a store. All of them are composed here. Only src/run uses them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sigmund::run {

// The files of an id that exist once each. Its logs are described by LogPart.
enum class File : std::uint8_t {
    record,     // ID.json
    temporary,  // ID.tmp: a record while it is written
    lock,       // ID.lock: held by the guardian, and by the launcher before it
    socket,     // ID.sock: the guardian's control socket
    notify,     // ID.notify: the socket of --ready notify
    word,       // ID.stop: a request that the guardian could not be asked at its socket
};

// A log and what lies beside it: the stderr of a split log (ID.err), the log of a split pool's worker N
// (ID.wN.log), the N-th rotated log (ID.log.N), the time index of the log (ID.times) or of the N-th rotated one
// (ID.times.N).
enum class LogPart : std::uint8_t { whole, errors, rotated, worker, times };

// Return the name of the file in the store's folder. `number` is that of the rotated log or the worker; 0: none.
std::string file_name(const std::string& id, File file);
std::string log_name(const std::string& id, LogPart part, int number = 0);

struct ScopedName;

// The file of a run's name: NAME in the shared scope, and =HASH.NAME for a name of a project, where HASH is that of
// the project's path. If two projects have the same hash, only one of them at a time can use a name. A claim to a name
// has a file, too, which begins with '+'. No run's name begins like that.
inline constexpr const char* names_folder = "names";
std::string name_file(const ScopedName& name);
std::string claim_file(const ScopedName& name);

// The file that orders the starts of `up` and the stops of `down` in a project.
inline constexpr const char* gates_folder = "stacks";
std::string gate_file(const std::string& project);

// The file whose locks are the ports that runs have reserved (run/port_lock).
inline constexpr const char* ports_file = "ports";

// "7f3c2a.json" and ".json" give "7f3c2a". Returns nothing when `file` is not a file of an id with that
// ending.
std::optional<std::string> id_of_file(std::string_view file, std::string_view ending);
// Works for any file that belongs to an id: "7f3c2a.log.1" gives "7f3c2a".
std::optional<std::string> id_of_any_file(std::string_view file);

}  // namespace sigmund::run
