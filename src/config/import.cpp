// SPDX-License-Identifier: Apache-2.0
#include "config/import.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "config/import_guess.hpp"
#include "config/toml_text.hpp"
#include "run/failure.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"
#include "text/escape.hpp"
#include "text/words.hpp"

namespace sigmund::config {
namespace {

constexpr std::size_t largest_file = 1024 * 1024;
constexpr std::array<std::string_view, 8> names_beside = {
    "Procfile",  "Procfile.dev", "package-lock.json", "pnpm-lock.yaml",
    "yarn.lock", ".yarnrc.yml",  "bun.lock",          "bun.lockb"};

[[noreturn]] void fail(const std::string& path, const std::string& what, const std::string& hint = {}) {
    throw run::Failure(run::Exit::usage, "usage", path + ": " + what, hint);
}

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

std::string base_name(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

std::string read_text(const std::string& path) {
    const sys::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat st {};
    if (!fd || ::fstat(fd.get(), &st) != 0) fail(path, sys::describe_errno(errno));
    if (S_ISDIR(st.st_mode)) fail(path, "is a folder", "name the file in it: Procfile or package.json");
    if (!S_ISREG(st.st_mode)) fail(path, "is not a regular file", "write it into a file first");
    std::string text;
    const int error = sys::read_all(fd.get(), text, largest_file);
    if (error == EFBIG) fail(path, "is larger than 1 MiB");
    if (error != 0) fail(path, sys::describe_errno(error));
    return text;
}

// Refuses what no part of a TOML file can hold.
void check_text(const std::string& path, std::string_view text) {
    int line = 0;
    for (const std::string& each : text::split(text, '\n')) {
        ++line;
        const std::string where = path + ':' + std::to_string(line);
        if (each.find('\0') != std::string::npos) fail(where, "has a NUL byte");
        if (!text::valid_utf8(each)) fail(where, "is not valid UTF-8");
    }
}

Beside look_beside(const std::string& path, ImportKind kind) {
    Beside out;
    const std::string folder = folder_of(path), own = base_name(path);
    for (const std::string_view name : names_beside)
        if (name != own && ::access((folder + std::string(name)).c_str(), F_OK) == 0)
            out.others.emplace_back(name);
    struct stat st {};
    if (kind == ImportKind::procfile && ::stat((folder + ".env").c_str(), &st) == 0 && S_ISREG(st.st_mode))
        out.env = read_text(folder + ".env");
    return out;
}

bool is_procfile_name(const std::string& name) {
    return name == "Procfile" || name.starts_with("Procfile.") || name.ends_with(".procfile") ||
           name.ends_with(".Procfile");
}

// Returns whether this is a compose file: it has a line `services:`, with nothing else on it.
bool has_services(std::string_view content) {
    for (const std::string& line : text::split(content, '\n'))
        if (line == "services:" || line == "services:\r") return true;
    return false;
}

// Returns whether a line has a colon and a blank behind its first word, which other files of this kind lack.
bool is_process_line(const std::string& line) {
    const auto colon = line.find(':');
    return colon != std::string::npos && line.find_first_of(" \t") == colon + 1;
}

[[noreturn]] void refuse(const std::string& path, const std::string& what) {
    fail(path, what, "--from reads a Procfile, or the scripts of a package.json");
}

void append_comments(std::string& out, const std::vector<std::string>& remarks) {
    for (const std::string& each : remarks) out += "# " + each + '\n';
}

// `sigmund up` and `sigmund down` without a name mean all templates, also where one has the name of the verb.
void append_verb_remark(std::string& out, const std::string& name) {
    if (name != "up" && name != "down") return;
    out += "# `sigmund " + name + "` means the whole file: `sigmund up " + name +
           "` starts this template, and `sigmund down " + name + "` stops it.\n";
}

void append_run(std::string& out, const ImportedRun& run) {
    std::vector<std::string> words;
    for (const std::string& word : run.argv) words.push_back(keep_braces(word));
    out += "\n[run." + toml_key(run.name) + "]\n";
    append_verb_remark(out, run.name);
    append_comments(out, run.remarks);
    out += "command = " + (run.command.empty() ? toml_array(words) : toml_string(keep_braces(run.command))) +
           '\n';
    if (run.port != 0) out += "port = " + std::to_string(run.port) + '\n';
    if (!run.env_file.empty()) out += "env-file = " + toml_array({run.env_file}) + '\n';
    if (run.once) out += "once = true\n";
    if (run.manual) out += "manual = true\n";
}

}  // namespace

bool Beside::has(std::string_view name) const {
    return std::find(others.begin(), others.end(), name) != others.end();
}

ImportKind import_kind(const std::string& path, std::string_view content) {
    const std::string name = base_name(path);
    if (is_procfile_name(name)) return ImportKind::procfile;
    if (name.ends_with("json")) return ImportKind::package;
    if (has_services(content)) refuse(path, "is a compose file, which cannot be read");
    const auto first = content.find_first_not_of(" \t\r\n");
    if (first != content.npos && content[first] == '{') return ImportKind::package;
    // Any other text has lines that no Procfile has, or an ending of its own.
    bool other = name.ends_with(".yml") || name.ends_with(".yaml") || name.ends_with(".toml");
    for (const std::string& line : text::split(content, '\n'))
        other = other || (!line.empty() && line != "\r" && line[0] != '#' && !is_process_line(line));
    if (other || import_procfile(content, path, {}).runs.empty())
        refuse(path, "is neither a Procfile nor a package.json");
    return ImportKind::procfile;
}

Import import_file(const std::string& path) {
    const std::string content = read_text(path);
    check_text(path, content);
    const ImportKind kind = import_kind(path, content);
    const Beside beside = look_beside(path, kind);
    const bool procfile = kind == ImportKind::procfile;
    Import out = procfile ? import_procfile(content, path, beside) : import_package(content, path, beside);
    if (out.runs.empty())
        fail(path, procfile ? "has no line NAME: COMMAND" : "has no script to make a template of",
             out.notes.empty() ? "" : out.notes.front());
    return out;
}

std::string import_text(const Import& import, const std::string& path) {
    std::string out =
        "# Made from " + toml_string(base_name(path)) +
        " by `sigmund config --from`. Read it before you use it: what is called a guess is one.\n"
        "# It belongs into the same folder, as sigmund.toml. Commands and relative paths begin there.\n";
    append_comments(out, import.remarks);
    for (const ImportedRun& each : import.runs) append_run(out, each);
    return out;
}

}  // namespace sigmund::config
