// SPDX-License-Identifier: Apache-2.0
#include "config/toml_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "run/failure.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"

namespace sigmund::config {

void fail(const std::string& where, const std::string& what, const std::string& hint) {
    throw run::Failure(run::Exit::usage, "config", where + ": " + what, hint);
}

std::string quoted(std::string_view text) {
    return '"' + std::string(text) + '"';
}

std::string where(const toml::node& node) {
    const toml::source_region& source = node.source();
    return *source.path + ':' + std::to_string(source.begin.line);
}

std::string read_file(const std::string& path, bool project) {
    constexpr std::size_t largest = 1024 * 1024;
    const sys::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat st {};
    if (!fd || ::fstat(fd.get(), &st) != 0) fail(path, sys::describe_errno(errno));
    if (!S_ISREG(st.st_mode)) fail(path, "is not a regular file");
    if (project && st.st_uid != ::geteuid() && st.st_uid != 0)
        fail(path, "belongs to another user: its templates are not used", "chown it, if it is yours");
    if (project && (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        fail(path, "can be written by others: its templates are not used", "chmod go-w " + path);
    std::string text;
    if (const int error = sys::read_all(fd.get(), text, largest); error != 0)
        fail(path, sys::describe_errno(error));
    return text;
}

toml::table parse(const std::string& text, const std::string& path) {
    try {
        return toml::parse(text, path);
    } catch (const toml::parse_error& error) {
        fail(path + ':' + std::to_string(error.source().begin.line), std::string(error.description()));
    }
}

toml::table parse_without_errors(std::string text, const std::string& path) {
    for (int errors = 0; errors < 8; ++errors) try {
            return toml::parse(text, path);
        } catch (const toml::parse_error& error) {
            std::size_t at = 0;  // where the line of the error begins
            for (toml::source_index line = 1; line < error.source().begin.line; ++line)
                at = std::min(text.find('\n', at), text.size() - 1) + 1;
            std::size_t begin = at, end = text.find("\n[", at);
            while (begin > 0 && (text[begin] != '[' || text[begin - 1] != '\n')) --begin;
            text.erase(begin, end == std::string::npos ? end : end + 1 - begin);
        }
    return {};
}

}  // namespace sigmund::config
