// SPDX-License-Identifier: Apache-2.0
#include "run/file_names.hpp"

#include <cstdio>

#include "run/id.hpp"
#include "run/scoped_name.hpp"
#include "text/hash.hpp"

namespace sigmund::run {
namespace {

std::string file_of(const ScopedName& name) {
    if (name.project.empty()) return name.name;
    char hash[17];
    std::snprintf(hash, sizeof hash, "%016llx", static_cast<unsigned long long>(text::hash(name.project)));
    return '=' + std::string(hash) + '.' + name.name;
}

}  // namespace

std::string file_name(const std::string& id, File file) {
    constexpr const char* endings[] = {".json", ".tmp", ".lock", ".sock", ".notify", ".stop"};
    return id + endings[static_cast<std::size_t>(file)];
}

std::string log_name(const std::string& id, LogPart part, int number) {
    switch (part) {
        case LogPart::whole:
            break;
        case LogPart::errors:
            return id + ".err";
        case LogPart::rotated:
            return id + ".log." + std::to_string(number);
        case LogPart::worker:
            return id + ".w" + std::to_string(number) + ".log";
        case LogPart::times:
            return id + ".times" + (number > 0 ? '.' + std::to_string(number) : "");
    }
    return id + ".log";
}

std::string name_file(const ScopedName& name) {
    return std::string(names_folder) + '/' + file_of(name);
}

std::string claim_file(const ScopedName& name) {
    return std::string(names_folder) + "/+" + file_of(name);
}

std::string gate_file(const std::string& project) {
    char digits[17];
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(text::hash(project)));
    return std::string(gates_folder) + '/' + digits;
}

std::optional<std::string> id_of_file(std::string_view file, std::string_view ending) {
    if (file.size() <= ending.size() || !file.ends_with(ending)) return std::nullopt;
    file.remove_suffix(ending.size());
    if (!is_id(file)) return std::nullopt;
    return std::string(file);
}

std::optional<std::string> id_of_any_file(std::string_view file) {
    const auto dot = file.find('.');
    if (dot == file.npos || !is_id(file.substr(0, dot))) return std::nullopt;
    return std::string(file.substr(0, dot));
}

}  // namespace sigmund::run
