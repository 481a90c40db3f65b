// SPDX-License-Identifier: Apache-2.0
// The launch options that a record keeps so that the run can be started again. It has the names of variables,
// never their values.
#include <nlohmann/json.hpp>

#include "run/option_rows.hpp"
#include "run/record.hpp"

namespace sigmund::run {
namespace {

// Returns whether one of the leading options of the group is not at its default.
bool is_asked(Group group, const Spec& spec, const Spec& usual) {
    if (group == Group::none) return true;
    for (const LaunchOption& row : launch_rows)
        if (row.group == group && row.kept == Kept::leads_group && row.codec->differs(spec, usual))
            return true;
    return false;
}

bool is_written(const LaunchOption& row, const Spec& spec, const Spec& usual) {
    switch (row.kept) {
        case Kept::on_the_line:
        case Kept::for_launcher:
        case Kept::as_field:
            return false;
        case Kept::if_set:
            return row.codec->differs(spec, usual) && is_asked(row.group, spec, usual);
        case Kept::leads_group:
        case Kept::with_group:
            return is_asked(row.group, spec, usual);
        case Kept::always:
            return true;
    }
    return false;
}

// Records of 0.1.0 have the stages of a pipe among the options, too. Now only the stages themselves have
// them.
void read_old_stages(const Json& options, Spec& spec) {
    const auto stages = options.find("stages");
    if (!spec.stages.empty() || stages == options.end() || !stages->is_array()) return;
    for (const Json& stage : *stages) {
        spec.stages.emplace_back();
        if (!stage.is_array()) continue;
        for (const Json& word : stage)
            if (word.is_string()) spec.stages.back().push_back(word.get<std::string>());
    }
}

}  // namespace

std::string write_options(const Spec& spec) {
    Json out = Json::object();
    const Spec usual;
    for (const LaunchOption& row : launch_rows)
        if (is_written(row, spec, usual)) row.codec->write(out, row.key, spec);
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

namespace {

// Calls `copy` for each pair of a field of the record and the field of the spec that has the same value.
template <typename AnyRecord, typename AnySpec, typename Copy>
void each_shared(AnyRecord& record, AnySpec& spec, Copy copy) {
    copy(record.tags, spec.tags);
    copy(record.argv, spec.argv);
    copy(record.cwd, spec.cwd);
    copy(record.project, spec.project);
    copy(record.in_project, spec.in_project);
    copy(record.keep, spec.keep);
    copy(record.split_log, spec.split_log);
    copy(record.from, spec.from);
}

}  // namespace

void keep_spec(Record& record, const Spec& spec) {
    each_shared(record, spec, [](auto& kept, const auto& asked) { kept = asked; });
    record.survive = spec.survive;
    record.stop_signal = spec.stop_signal;
    record.stop_timeout = spec.stop_timeout;
    record.options_json = write_options(spec);
}

Spec read_spec(const Record& record) {
    Spec spec;
    each_shared(record, spec, [](const auto& kept, auto& asked) { asked = kept; });
    for (const Part& stage : record.stages)
        if (!stage.argv.empty()) spec.stages.push_back(stage.argv);
    spec.name = record.name;
    // Records of older versions may lack these.
    if (!record.survive.empty()) spec.survive = record.survive;
    if (record.stop_signal != 0) spec.stop_signal = record.stop_signal;
    if (record.stop_timeout) spec.stop_timeout = *record.stop_timeout;
    const Json options =
        Json::parse(record.options_json.empty() ? "{}" : record.options_json, nullptr, false);
    if (!options.is_object()) return spec;
    for (const LaunchOption& row : launch_rows)
        if (row.key) row.codec->read(options, row.key, spec);
    read_old_stages(options, spec);
    return spec;
}

}  // namespace sigmund::run
