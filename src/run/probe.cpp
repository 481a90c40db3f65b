// SPDX-License-Identifier: Apache-2.0
#include "run/probe.hpp"

#include <arpa/inet.h>
#include <regex.h>

#include <charconv>

namespace sigmund::run {
namespace {

bool parse_port(std::string_view text, int& port) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && end == text.data() + text.size() && port > 0 && port <= 65535;
}

// Accepts numeric addresses and localhost. Names would need the host's resolver, which a static program does
// not have.
bool parse_host(std::string_view text, std::string& host) {
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    if (text.empty() || text == "localhost") {
        host = "localhost";
        return true;
    }
    host = text;
    unsigned char address[sizeof(in6_addr)];
    return ::inet_pton(AF_INET, host.c_str(), address) == 1 ||
           ::inet_pton(AF_INET6, host.c_str(), address) == 1;
}

// Reads [HOST:]PORT.
bool parse_address(std::string_view text, Probe& probe, int default_port) {
    const auto colon = text.rfind(':');
    const bool bare_v6 = colon != std::string_view::npos && text.find(':') != colon && !text.starts_with('[');
    if (default_port != 0 && (colon == std::string_view::npos || bare_v6 || text.ends_with(']'))) {
        probe.port = default_port;
        return parse_host(text, probe.host);
    }
    if (colon == std::string_view::npos) return parse_host("", probe.host) && parse_port(text, probe.port);
    return parse_host(text.substr(0, colon), probe.host) && parse_port(text.substr(colon + 1), probe.port);
}

bool parse_url(std::string_view text, Probe& probe) {
    if (text.starts_with("http://")) text.remove_prefix(5);  // a whole URL after "http:"
    if (text.starts_with("//")) text.remove_prefix(2);
    const auto slash = std::min(text.find_first_of("/?"), text.size());
    probe.path = text.substr(slash);
    if (!probe.path.starts_with('/')) probe.path.insert(0, "/");
    const bool clean = probe.path.find_first_of(" \r\n\t") == std::string::npos;
    return clean && slash > 0 && parse_address(text.substr(0, slash), probe, 80);
}

std::string from(const std::string& cwd, std::string_view path) {
    return path.starts_with('/') ? std::string(path) : cwd + '/' + std::string(path);
}

}  // namespace

std::optional<Probe> parse_probe(std::string_view text, const std::string& cwd, std::string& problem) {
    Probe probe;
    probe.text = text;
    const auto colon = std::min(text.find(':'), text.size());
    const std::string_view scheme = text.substr(0, colon);
    const std::string_view rest = text.substr(std::min(colon + 1, text.size()));
    if (scheme == "notify" && rest.empty()) {
        probe.kind = Probe::Kind::notify;
        return probe;
    }
    if (scheme != "tcp" && scheme != "unix" && scheme != "file" && scheme != "log" && scheme != "http" &&
        scheme != "cmd") {
        problem = scheme == "https" ? "is not possible without TLS: use \"cmd:curl -fsS https:...\""
                                    : "is not one of tcp: unix: file: log: http: cmd: notify";
        return std::nullopt;
    }
    if (rest.empty()) {
        problem = "has nothing after \"" + std::string(scheme) + ":\"";
        return std::nullopt;
    }
    if (scheme == "tcp") {
        probe.kind = Probe::Kind::tcp;
        if (parse_address(rest, probe, 0)) return probe;
        problem = "is not [HOST:]PORT with a numeric host or localhost";
        return std::nullopt;
    }
    if (scheme == "http") {
        probe.kind = Probe::Kind::http;
        if (parse_url(rest, probe)) return probe;
        problem = "is not http://HOST[:PORT][/PATH] with a numeric host or localhost";
        return std::nullopt;
    }
    if (scheme == "log") {
        probe.kind = Probe::Kind::log;
        probe.path = rest;
        regex_t compiled;
        const int error = ::regcomp(&compiled, probe.path.c_str(), REG_EXTENDED | REG_NOSUB);
        if (error == 0) {
            ::regfree(&compiled);
            return probe;
        }
        char why[128];
        ::regerror(error, &compiled, why, sizeof why);
        problem = std::string("is not an extended regular expression: ") + why;
        return std::nullopt;
    }
    probe.kind = scheme == "unix"   ? Probe::Kind::unix_socket
                 : scheme == "file" ? Probe::Kind::file
                                    : Probe::Kind::command;
    probe.path = probe.kind == Probe::Kind::command ? std::string(rest) : from(cwd, rest);
    return probe;
}

}  // namespace sigmund::run
