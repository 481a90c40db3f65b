// SPDX-License-Identifier: Apache-2.0
// A name where it is unique: among the live runs of a project or, in the shared scope, among those that belong to
// none.
#pragma once
#include <string>

#include "run/record.hpp"

namespace sigmund::run {

struct ScopedName {
    std::string name;
    std::string project;  // its folder; empty: the shared scope

    bool empty() const { return name.empty(); }
    bool operator==(const ScopedName&) const = default;
};

// Returns the name of a run, or the name that a start asks for. Runs of older versions are in the shared scope.
inline ScopedName scoped_name(const Record& record) {
    return {record.name, record.in_project ? record.project : ""};
}
inline ScopedName scoped_name(const Spec& spec) {
    return {spec.name, spec.in_project ? spec.project : ""};
}
// Returns another name in the scope of the run.
inline ScopedName scoped_name(const Record& record, const std::string& name) {
    return {name, record.in_project ? record.project : ""};
}
// Returns whether the name means the run. In a project it also means a run of an older version that was started there,
// although that has the name in the shared scope.
// (`Run` is a Record, or what a catalogue knows of it.)
template <typename Run>
bool has_name(const Run& run, const ScopedName& name) {
    return run.name == name.name && (name.project.empty() ? !run.in_project : run.project == name.project);
}

}  // namespace sigmund::run
