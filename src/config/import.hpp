// SPDX-License-Identifier: Apache-2.0
// Makes a sigmund.toml to start from out of the file of another tool: a Procfile, or the scripts of a
// package.json. Nothing is executed, and nothing is written. What is a guess is said in remarks, which become
// comments; what is not taken over is said in notes, which are whole sentences.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::config {

struct ImportedRun {
    std::string name;
    std::string command;            // a line for the shell; empty: `argv` is meant
    std::vector<std::string> argv;  // the words of a command
    int port = 0;                   // 0: it has none
    std::string env_file;           // empty: none
    bool once = false;              // a step, which ends by itself
    bool manual = false;            // not part of a bare `sigmund up`
    std::vector<std::string> remarks;
};

struct Import {
    std::vector<std::string> remarks;  // about the whole file
    std::vector<ImportedRun> runs;     // in the order of the file
    std::vector<std::string> notes;
};

// What lies in the folder of the file and matters.
struct Beside {
    std::optional<std::string> env;   // the content of .env
    std::vector<std::string> others;  // the names of Procfiles and of lock files of package managers
    bool has(std::string_view name) const;
};

// Return what the file means. `path` is its name for messages. Throw run::Failure (usage), which names the line.
// A file with more than 1,000 commands is refused.
Import import_procfile(std::string_view content, const std::string& path, const Beside& beside);
Import import_package(std::string_view content, const std::string& path, const Beside& beside);

// Reads the file, tells its kind by its name, else by its content, and returns what it means. Throws run::Failure
// when it cannot be read, is larger than 1 MiB, or is of no kind that is known here.
Import import_file(const std::string& path);
// Tells the kind; for tests.
enum class ImportKind : unsigned char { procfile, package };
ImportKind import_kind(const std::string& path, std::string_view content);

// Returns the sigmund.toml. `path` is named in its first comment.
std::string import_text(const Import& import, const std::string& path);

}  // namespace sigmund::config
