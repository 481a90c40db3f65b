// SPDX-License-Identifier: Apache-2.0
#include "run/spec.hpp"

#include <algorithm>

#include "text/size.hpp"

namespace sigmund::run {
namespace {

struct ResourceName {
    std::string_view name;
    int resource;
};
constexpr ResourceName resource_names[] = {
    {"as", RLIMIT_AS},           {"core", RLIMIT_CORE},         {"cpu", RLIMIT_CPU},
    {"data", RLIMIT_DATA},       {"fsize", RLIMIT_FSIZE},       {"locks", RLIMIT_LOCKS},
    {"memlock", RLIMIT_MEMLOCK}, {"msgqueue", RLIMIT_MSGQUEUE}, {"nice", RLIMIT_NICE},
    {"nofile", RLIMIT_NOFILE},   {"nproc", RLIMIT_NPROC},       {"rss", RLIMIT_RSS},
    {"rtprio", RLIMIT_RTPRIO},   {"rttime", RLIMIT_RTTIME},     {"sigpending", RLIMIT_SIGPENDING},
    {"stack", RLIMIT_STACK},
};

std::optional<rlim_t> parse_limit(std::string_view text) {
    if (text == "unlimited" || text == "infinity") return RLIM_INFINITY;
    const auto value = text::parse_size(text);
    if (!value) return std::nullopt;
    return static_cast<rlim_t>(*value);
}

}  // namespace

std::optional<int> rlimit_resource(std::string_view name) {
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (lower.starts_with("rlimit_")) lower.erase(0, 7);
    for (const auto& known : resource_names)
        if (known.name == lower) return known.resource;
    return std::nullopt;
}

std::string rlimit_name(int resource) {
    for (const auto& known : resource_names)
        if (known.resource == resource) return std::string(known.name);
    return std::to_string(resource);
}

std::optional<sys::RlimitSetting> parse_rlimit(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const auto resource = rlimit_resource(text.substr(0, equals));
    if (!resource) return std::nullopt;
    const std::string_view value = text.substr(equals + 1);
    const auto colon = value.find(':');
    const auto soft = parse_limit(value.substr(0, colon));
    const auto hard = colon == std::string_view::npos ? soft : parse_limit(value.substr(colon + 1));
    if (!soft || !hard || *soft > *hard) return std::nullopt;
    return sys::RlimitSetting{*resource, {*soft, *hard}};
}

}  // namespace sigmund::run
