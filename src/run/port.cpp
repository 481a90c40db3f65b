// SPDX-License-Identifier: Apache-2.0
#include "run/port.hpp"

#include "text/hash.hpp"
#include "text/words.hpp"

namespace sigmund::run {

std::optional<int> parse_port_number(std::string_view text) {
    if (text.starts_with('0')) return std::nullopt;  // also "0080", which other programs read as octal
    const auto number = text::whole_number<int>(text);
    if (!number || *number < 1 || *number > highest_port) return std::nullopt;
    return number;
}

std::optional<Port> parse_port(std::string_view text, std::string& problem) {
    constexpr std::string_view automatic = "auto", with_base = "auto:";
    Port out;
    if (text == automatic) {
        out.automatic = true;
        return out;
    }
    out.automatic = text.starts_with(with_base);
    const auto number = parse_port_number(out.automatic ? text.substr(with_base.size()) : text);
    if (number) {
        (out.automatic ? out.base : out.number) = *number;
        return out;
    }
    problem = out.automatic ? "has no port from 1 to 65535 after \"auto:\"" : "is not a port from 1 to 65535";
    return std::nullopt;
}

std::string port_text(const Port& port) {
    if (port.automatic) return port.base != 0 ? "auto:" + std::to_string(port.base) : "auto";
    return port.number != 0 ? std::to_string(port.number) : "";
}

std::vector<int> automatic_ports(std::string_view project, std::string_view name, int count, int base) {
    const int places = last_auto_port - first_auto_port + 1 - (count - 1);
    std::vector<int> out;
    if (base != 0) out.push_back(base);
    if (places <= 0) return out;
    // A NUL is in no path, so no two pairs give the same text.
    std::string text(project);
    text += '\0';
    text += name;
    const int begin = static_cast<int>(text::hash(text) % static_cast<std::uint64_t>(places));
    for (int i = 0; i < places; ++i) {
        const int port = first_auto_port + (begin + i) % places;
        if (port != base) out.push_back(port);
    }
    return out;
}

}  // namespace sigmund::run
