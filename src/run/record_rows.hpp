// SPDX-License-Identifier: Apache-2.0
// The tables of a record: each key of its file, in the order of the file. The writer, the reader, the
// shortcut for lists and the machine output (without the keys that only files have) are loops over them. A
// new key is a row here, a member of the struct, an entry of the schema, and a word in sigmund-porcelain(5).
// tests/unit/run/record_rows_test.cpp finds a forgotten part.
#pragma once
#include "run/record.hpp"
#include "run/record_bytes.hpp"
#include "run/record_ends.hpp"
#include "run/record_lists.hpp"
#include "run/record_numbers.hpp"
#include "run/record_row.hpp"
#include "run/record_texts.hpp"
#include "run/record_times.hpp"

namespace sigmund::run {

inline constexpr char worker_key[] = "worker";

inline constexpr Row<Part> stage_rows[] = {
    row<&Part::argv, codec::Words>("argv"),         row<&Part::argv, codec::WordsB64>("argv_b64"),
    row<&Part::pid, codec::PidOrNull>("pid"),       row<&Part::status, codec::ExitCode>("exit_code"),
    row<&Part::status, codec::EndSignal>("signal"), row<&Part::status, codec::CoreDumped>("core_dumped"),
};

inline constexpr Row<Part> worker_rows[] = {
    row<&Part::state, codec::StateWord>("state"),
    row<&Part::restarts, codec::Restarts>("restarts"),
    row<&Part::pid, codec::PidOrNull>("pid"),
    row<&Part::status, codec::ExitCode>("exit_code"),
    row<&Part::status, codec::EndSignal>("signal"),
    row<&Part::status, codec::CoreDumped>("core_dumped"),
    row<&Part::port, codec::PortOrNull>("port"),
    row<&Part::used, Within<&Used::cpu_user_ms, codec::AmountIfKnown>>("cpu_user_ms"),
    row<&Part::used, Within<&Used::cpu_system_ms, codec::AmountIfKnown>>("cpu_system_ms"),
    row<&Part::used, Within<&Used::peak_memory_bytes, codec::AmountIfKnown>>("peak_memory_bytes"),
};

inline constexpr Row<Call> call_rows[] = {
    row<&Call::at_ms, codec::TimeText>("at"), row<&Call::at_ms, codec::Time>("at_ms"),
    row<&Call::verb, codec::Text>("verb"),    row<&Call::pid, codec::Pid>("pid"),
    row<&Call::uid, codec::UserId>("uid"),    row<&Call::command, codec::CleanText>("command"),
};

inline constexpr Row<SentSignal> signal_rows[] = {
    row<&SentSignal::signal, codec::SignalName>("signal"), row<&SentSignal::at_ms, codec::TimeText>("at"),
    row<&SentSignal::at_ms, codec::Time>("at_ms"),         row<&SentSignal::by, codec::Text>("by"),
    row<&SentSignal::pid, codec::PidOrNull>("pid"),        whole<SentSignal, codec::UserOfPid>("uid"),
};

// The file leaves it out when none was sent, as those of older versions do.
struct SentOrNull : codec::Object<signal_rows> {
    static constexpr bool null_if_absent = true;
    static Json get(const SentSignal& sent, Form form) {
        if (sent.sent()) return Object::get(sent, form);
        return form == Form::file ? left_out() : Json(nullptr);
    }
};

inline constexpr Row<Life> life_rows[] = {
    row<&Life::result, codec::Known>("result"),
    row<&Life::ended_by, codec::KnownOrNull>("ended_by"),
    row<&Life::leader_first, codec::FlagOrNull>("leader_ended_first"),
    row<&Life::worker, codec::Worker>("worker"),
    row<&Life::restarted_ms, codec::TimeText>("restarted_at"),
    row<&Life::restarted_ms, codec::Time>("restarted_ms"),
    row<&Life::lasted_ms, codec::AmountIfKnown>("lasted_ms"),
    row<&Life::used, Within<&Used::cpu_user_ms, codec::AmountIfKnown>>("cpu_user_ms"),
    row<&Life::used, Within<&Used::cpu_system_ms, codec::AmountIfKnown>>("cpu_system_ms"),
    row<&Life::used, Within<&Used::peak_memory_bytes, codec::AmountIfKnown>>("peak_memory_bytes"),
    row<&Life::last_signal, SentOrNull>("last_signal"),
};

inline constexpr Row<sys::Identity> identity_rows[] = {
    row<&sys::Identity::boot_id, codec::BootId>("boot_id"),
    row<&sys::Identity::pid_ns, codec::NaturalOrNull>("pid_ns"),
    row<&sys::Identity::start_ticks, codec::Ticks>("start_ticks"),
    row<&sys::Identity::pidfd_ino, codec::NaturalOrNull>("pidfd_ino"),
    row<&sys::Identity::exe, Within<&sys::FileId::dev, codec::NaturalOrNull>>("exe_dev"),
    row<&sys::Identity::exe, Within<&sys::FileId::ino, codec::NaturalOrNull>>("exe_ino"),
};

inline constexpr Row<Record> guardian_rows[] = {
    row<&Record::guardian_pid, codec::PidOrNull>("pid"),
    row<&Record::guardian_ticks, codec::NaturalOrNull>("start_ticks").files_only(),
};

inline constexpr Row<FromTemplate> template_rows[] = {
    row<&FromTemplate::name, codec::Name>("name"),
    row<&FromTemplate::depends, codec::Names>("depends"),
    row<&FromTemplate::once, codec::Flag>("once"),
    row<&FromTemplate::up, codec::TextOrNull>("up").files_only(),
    row<&FromTemplate::stated, codec::KeptOrEmpty>("stated").files_only(),
};

// Null for a run that was not started from a template.
struct TemplateOrNull : codec::Object<template_rows> {
    static Json get(const FromTemplate& from, Form form) {
        return from.name.empty() ? Json(nullptr) : Object::get(from, form);
    }
    static bool copy(Copier& copier) {
        if (!copier.scanner.literal("null")) return Object::copy(copier);
        copier.out += "null";
        return true;
    }
};

inline constexpr Row<Record> record_rows[] = {
    row<&Record::version, codec::Version>("version").files_only().in(Section::head),
    row<&Record::id, codec::Id>("id").in(Section::head),
    row<&Record::name, codec::Name>("name").in(Section::head),
    row<&Record::tags, codec::Tags>("tags").in(Section::head),
    row<&Record::state, codec::StateWord>("state").in(Section::head),
    row<&Record::result, codec::KnownOrNull>("result").in(Section::head),
    row<&Record::pid, codec::Pid>("pid").in(Section::head),
    row<&Record::pgid, codec::Pid>("pgid").in(Section::head),
    row<&Record::sid, codec::Pid>("sid").in(Section::head),
    row<&Record::argv, codec::Words>("argv").in(Section::head),
    row<&Record::argv, codec::WordsB64>("argv_b64").in(Section::head),
    row<&Record::cmd_display, codec::CleanTextIfAny>("cmdline_display").in(Section::head),
    row<&Record::started_ms, codec::TimeText>("started_at").in(Section::head),
    row<&Record::started_ms, codec::Time>("started_ms").in(Section::head),
    row<&Record::ended_ms, codec::TimeText>("ended_at").in(Section::head),
    row<&Record::ended_ms, codec::Time>("ended_ms").in(Section::head),
    row<&Record::status, codec::ExitCode>("exit_code").in(Section::head),
    row<&Record::status, codec::EndSignal>("signal").in(Section::head),
    row<&Record::status, codec::CoreDumped>("core_dumped").in(Section::head),
    row<&Record::shell, codec::TextOrNull>("shell").in(Section::head),
    row<&Record::project, codec::Bytes>("project").in(Section::head),
    row<&Record::project, codec::BytesB64>("project_b64").in(Section::head),
    row<&Record::in_project, codec::Flag>("in_project").in(Section::head),
    row<&Record::port, codec::PortOrNull>("port").in(Section::head),
    row<&Record::restarts, codec::Restarts>("restarts").in(Section::live),
    row<&Record::ready, codec::FlagOrNull>("ready").in(Section::live),
    row<&Record::health, codec::TextOrNull>("health").in(Section::live),
    row<&Record::workers_wanted, codec::Wanted>("workers_wanted").in(Section::live),
    whole<Record, codec::Alive>("workers_alive").in(Section::live),
    row<&Record::next_start_ms, codec::TimeText>("next_start_at").in(Section::live),
    row<&Record::next_start_ms, codec::Time>("next_start_ms").in(Section::live),
    row<&Record::keep, codec::Flag>("keep").in(Section::live),
    whole<Record, codec::Object<guardian_rows>>("guardian").in(Section::live),
    row<&Record::identity, codec::Object<identity_rows>>("identity").in(Section::live),
    row<&Record::host, codec::CleanText>("host").files_only().in(Section::live),
    row<&Record::key, codec::Text>("key").files_only().in(Section::live),
    row<&Record::cwd, codec::Bytes>("cwd"),
    row<&Record::cwd, codec::BytesB64>("cwd_b64"),
    row<&Record::log, codec::Bytes>("log"),
    row<&Record::log, codec::BytesB64>("log_b64"),
    row<&Record::split_log, codec::Flag>("split_log"),
    row<&Record::survive, codec::Text>("survive"),
    row<&Record::stages, codec::ListOrNull<stage_rows>>("stages"),
    row<&Record::workers, codec::ListOrNull<worker_rows, worker_key>>("workers"),
    row<&Record::results, codec::Results>("results"),
    row<&Record::calls, codec::List<call_rows, calls_kept>>("calls"),
    row<&Record::status_text, codec::CleanTextOrNull>("status_text"),
    row<&Record::stop_signal, codec::StopSignal>("stop_signal"),
    row<&Record::stop_timeout, codec::StopTimeout>("stop_timeout_ms"),
    row<&Record::ended_by, codec::KnownOrNull>("ended_by"),
    row<&Record::leader_first, codec::FlagOrNull>("leader_ended_first"),
    row<&Record::lives, codec::List<life_rows, lives_kept>>("lives"),
    row<&Record::ready_detail, codec::CleanTextOrNull>("ready_detail"),
    row<&Record::from, TemplateOrNull>("template"),
    row<&Record::used, Within<&Used::cpu_user_ms, codec::AmountIfKnown>>("cpu_user_ms"),
    row<&Record::used, Within<&Used::cpu_system_ms, codec::AmountIfKnown>>("cpu_system_ms"),
    row<&Record::used, Within<&Used::peak_memory_bytes, codec::AmountIfKnown>>("peak_memory_bytes"),
    row<&Record::last_signal, SentOrNull>("last_signal"),
    row<&Record::log_external, codec::Flag>("log_external").files_only(),
    row<&Record::uid, codec::UserId>("uid").files_only(),
    row<&Record::gid, codec::UserId>("gid").files_only(),
    // Version 1 looks for it here.
    row<&Record::identity, Within<&sys::Identity::boot_id, codec::BootId>>("boot_id").files_only(),
    row<&Record::options_json, codec::Kept>("options").files_only(),
};

// Returns whether the machine output has the row elsewhere than the file: before `log`, where older versions have it.
constexpr bool is_shown_before_log(std::string_view key) {
    return key == "project" || key == "project_b64" || key == "in_project";
}

// The same rows in the order of the machine output.
inline constexpr auto machine_rows = [] {
    constexpr std::size_t count = std::size(record_rows);
    std::array<Row<Record>, count> out{};
    std::size_t size = 0;
    for (const Row<Record>& row : record_rows) {
        if (row.key == "log")
            for (const Row<Record>& late : record_rows)
                if (is_shown_before_log(late.key)) out[size++] = late;
        if (!is_shown_before_log(row.key)) out[size++] = row;
    }
    return out;
}();

// Keys of version 1 that are only read.
inline constexpr Row<Record> version_1_rows[] = {
    row<&Record::started_ms, codec::Nanoseconds>("start_unix_ns"),
    row<&Record::log, codec::Text>("log_path"),
    row<&Record::identity, Within<&sys::Identity::pid_ns, codec::NaturalOrNull>>("pid_ns"),
    row<&Record::identity, Within<&sys::Identity::start_ticks, codec::Ticks>>("proc_starttime_ticks"),
    row<&Record::identity, Within<&sys::Identity::exe, Within<&sys::FileId::dev, codec::NaturalOrNull>>>(
        "exe_dev"),
    row<&Record::identity, Within<&sys::Identity::exe, Within<&sys::FileId::ino, codec::NaturalOrNull>>>(
        "exe_ino"),
    row<&Record::identity, Within<&sys::Identity::exe, Within<&sys::FileId::ino, codec::NaturalOrNull>>>(
        "exe_inode"),
};

// Returns the number of the first row of a section.
constexpr std::size_t first_row_of(Section section) {
    std::size_t at = 0;
    while (record_rows[at].section < section) ++at;
    return at;
}
static_assert(std::is_sorted(std::begin(record_rows), std::end(record_rows),
                             [](const Row<Record>& a, const Row<Record>& b) {
                                 return a.section < b.section;
                             }),
              "a reader of the head stops where the next section begins");

}  // namespace sigmund::run
