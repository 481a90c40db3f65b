// SPDX-License-Identifier: Apache-2.0
// The names of a record's fields, of both versions.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sigmund::run {

enum class Field : std::uint8_t {
    unknown,
    ignored,
    version,
    id,
    name,
    tags,
    state,
    result,
    pid,
    pgid,
    sid,
    argv,
    argv_b64,
    cmd_display,
    started_ms,
    ended_ms,
    exit_code,
    signal,
    core_dumped,
    shell,
    restarts,
    ready,
    health,
    identity,
    key,
    host,
    guardian,
    keep,
    cwd,
    cwd_b64,
    project,
    project_b64,
    log,
    log_b64,
    log_external,
    split_log,
    survive,
    uid,
    gid,
    stop_signal,
    stop_timeout,
    options,
    guardian_ticks,
    boot_id,
    pid_ns,
    start_ticks,
    pidfd_ino,
    exe_dev,
    exe_ino,
    start_unix_ns,
    stages,
    workers,
    workers_wanted,
    workers_alive,
    results,
    calls,
    next_start,
    status_text,
    ended_by,
    leader_first,
    lives,
    ready_detail,
};

struct FieldName {
    std::string_view name;
    Field field;
};

// Top level. The second half are the names of version 1, accepted wherever they stand.
inline constexpr FieldName top_fields[] = {
    {"version", Field::version},
    {"id", Field::id},
    {"name", Field::name},
    {"tags", Field::tags},
    {"state", Field::state},
    {"result", Field::result},
    {"pid", Field::pid},
    {"pgid", Field::pgid},
    {"sid", Field::sid},
    {"argv", Field::argv},
    {"argv_b64", Field::argv_b64},
    {"started_ms", Field::started_ms},
    {"ended_ms", Field::ended_ms},
    {"exit_code", Field::exit_code},
    {"signal", Field::signal},
    {"core_dumped", Field::core_dumped},
    {"shell", Field::shell},
    {"restarts", Field::restarts},
    {"ready", Field::ready},
    {"health", Field::health},
    {"identity", Field::identity},
    {"key", Field::key},
    {"host", Field::host},
    {"guardian", Field::guardian},
    {"keep", Field::keep},
    {"cwd", Field::cwd},
    {"cwd_b64", Field::cwd_b64},
    {"project", Field::project},
    {"project_b64", Field::project_b64},
    {"log", Field::log},
    {"log_b64", Field::log_b64},
    {"log_external", Field::log_external},
    {"split_log", Field::split_log},
    {"survive", Field::survive},
    {"uid", Field::uid},
    {"gid", Field::gid},
    {"stop_signal", Field::stop_signal},
    {"stop_timeout_ms", Field::stop_timeout},
    {"options", Field::options},
    {"started_at", Field::ignored},
    {"ended_at", Field::ignored},
    {"stages", Field::stages},
    {"workers", Field::workers},
    {"workers_wanted", Field::workers_wanted},
    {"workers_alive", Field::workers_alive},
    {"results", Field::results},
    {"calls", Field::calls},
    {"next_start_at", Field::ignored},
    {"next_start_ms", Field::next_start},
    {"status_text", Field::status_text},
    {"ended_by", Field::ended_by},
    {"leader_ended_first", Field::leader_first},
    {"lives", Field::lives},
    {"ready_detail", Field::ready_detail},
    {"boot_id", Field::boot_id},
    {"start_unix_ns", Field::start_unix_ns},
    {"cmdline_display", Field::cmd_display},
    {"proc_starttime_ticks", Field::start_ticks},
    {"log_path", Field::log},
    {"exe_dev", Field::exe_dev},
    {"exe_ino", Field::exe_ino},
    {"exe_inode", Field::exe_ino},
    {"pid_ns", Field::pid_ns},
};
inline constexpr FieldName identity_fields[] = {
    {"boot_id", Field::boot_id},     {"pid_ns", Field::pid_ns},   {"start_ticks", Field::start_ticks},
    {"pidfd_ino", Field::pidfd_ino}, {"exe_dev", Field::exe_dev}, {"exe_ino", Field::exe_ino},
};

template <std::size_t N>
Field find_field(const FieldName (&fields)[N], std::string_view name) {
    for (const FieldName& candidate : fields)
        if (candidate.name == name) return candidate.field;
    return Field::unknown;
}

}  // namespace sigmund::run
