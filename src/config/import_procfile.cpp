// SPDX-License-Identifier: Apache-2.0
// Procfiles, as foreman, overmind and hivemind read them: each line that is NAME: COMMAND is a process, and they skip
// all others without a word. A command is a line for the shell, in the folder of the file. Process number N, from 0,
// gets PORT = base + 100 * N, and the variables of a .env beside the file. The base is 5000, or PORT of .env.
#include <algorithm>
#include <set>

#include "config/import.hpp"
#include "config/import_guess.hpp"
#include "config/toml_text.hpp"
#include "run/failure.hpp"
#include "run/id.hpp"
#include "text/env_file.hpp"
#include "text/escape.hpp"

namespace sigmund::config {
namespace {

constexpr std::size_t most_processes = 1000;
constexpr int usual_base = 5000;

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && (is_blank(text.back()) || text.back() == '\r')) text.remove_suffix(1);
    return text;
}

bool in_process_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

struct Process {
    std::string name, command;
};

class Reader {
  public:
    explicit Reader(const std::string& path) : path_(path) {}

    void read(std::string_view content) {
        if (content.starts_with("\xEF\xBB\xBF")) content.remove_prefix(3);
        while (!content.empty()) {
            const auto end = content.find('\n');
            ++line_;
            read_line(content.substr(0, end));
            content.remove_prefix(end == content.npos ? content.size() : end + 1);
        }
        if (skipped_ > most_notes)
            notes_.push_back(std::to_string(skipped_ - most_notes) +
                             " more lines were left out for such reasons.");
    }

    std::vector<Process> processes_;
    std::vector<std::string> notes_;

  private:
    static constexpr int most_notes = 10;

    void leave_out(const std::string& why) {
        if (++skipped_ <= most_notes)
            notes_.push_back("Line " + std::to_string(line_) + " was left out: " + why);
    }

    void read_line(std::string_view line) {
        const std::string_view text = trimmed(line);
        if (text.empty() || text[0] == '#') return;
        std::size_t end = 0;
        while (end < line.size() && in_process_name(line[end])) ++end;
        const std::string_view command = end > 0 && end < line.size() && line[end] == ':'
                                             ? trimmed(line.substr(end + 1))
                                             : std::string_view();
        if (command.empty()) {
            leave_out("it is not NAME: COMMAND: " + toml_string(text::truncate(text, 60)));
            return;
        }
        const std::string name(line.substr(0, end));
        if (!names_.insert(name).second) {
            leave_out("there is another process " + text::truncate(name, 60) + " above it");
            return;
        }
        if (names_.size() > most_processes)
            throw run::Failure(run::Exit::usage, "usage",
                               path_ + ':' + std::to_string(line_) + ": has more than 1000 processes");
        processes_.push_back({name, std::string(command)});
    }

    const std::string& path_;
    std::set<std::string> names_;
    int line_ = 0, skipped_ = 0;
};

// Reads .env: returns the base of the ports.
int read_env(const std::string& content, std::vector<std::string>& notes) {
    const text::EnvFile env = text::parse_env_file(content);
    if (env.bad_line != 0)
        notes.push_back("Line " + std::to_string(env.bad_line) + " of .env would be refused (" + env.problem +
                        "): correct it, or remove env-file.");
    for (const text::EnvEntry& entry : env.entries) {
        const int port = entry.name == "PORT" && entry.value ? port_number(*entry.value) : 0;
        if (port == 0) continue;
        notes.push_back(
            "PORT of .env was taken as the first port. Remove it there, so that it does not contradict the "
            "ports of the templates.");
        return port;
    }
    return usual_base;
}

void guess_port(ImportedRun& out, const Process& process, int usual) {
    const PortUse use = port_use(process.command);
    if (use.assigned != 0) {
        out.port = use.assigned;
        out.remarks.push_back(
            "Its command sets PORT itself. `port` lets `sigmund up` wait until it listens there.");
    } else if (use.variable || process.name == "web") {
        out.port = usual <= 65535 ? usual : 0;
        out.remarks.push_back(
            use.variable ? "The port that foreman would give it. It is exported as PORT."
                         : "A guess: `web` listens on PORT, as on Heroku. Remove `port` if it does not.");
    }
    if (use.named != 0 && use.assigned == 0 && !use.variable)
        out.remarks.push_back("Its command names port " + std::to_string(use.named) +
                              ": if it listens there, set `port` to it.");
}

void guess_step(ImportedRun& out, const Process& process) {
    if (process.name == "release" || process.name == "postdeploy") {
        out.once = out.manual = true;
        out.remarks.push_back(
            "A guess: it is a step, which ends by itself, and which a bare `sigmund up` skips.");
    } else if (process.name == "console" || process.name == "shell") {
        out.manual = true;
        out.remarks.push_back("A guess: a bare `sigmund up` skips it, since it reads from a terminal.");
    }
}

}  // namespace

Import import_procfile(std::string_view content, const std::string& path, const Beside& beside) {
    Reader reader(path);
    reader.read(content);
    Import out;
    out.notes = std::move(reader.notes_);
    std::vector<std::string> names;
    for (const Process& each : reader.processes_) names.push_back(each.name);
    names = template_names(names);
    const int base = beside.env ? read_env(*beside.env, out.notes) : usual_base;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const Process& process = reader.processes_[i];
        ImportedRun made;
        made.name = names[i];
        made.command = process.command;
        if (made.name != process.name)
            out.notes.push_back("The process " + text::truncate(process.name, 60) + " is called " +
                                made.name + ", since " + run::name_problem(process.name) + '.');
        guess_step(made, process);
        if (!made.manual) guess_port(made, process, base + static_cast<int>(i) * 100);
        if (beside.env) made.env_file = ".env";
        out.runs.push_back(std::move(made));
    }
    if (beside.env) out.remarks.emplace_back("The variables of .env are read at each start.");
    if (out.runs.size() > 1)
        out.notes.emplace_back(
            "When one process of a Procfile ends, foreman and its like end all others. `sigmund up` does "
            "not.");
    if (std::any_of(out.runs.begin(), out.runs.end(), [](const ImportedRun& run) { return run.port == 0; }))
        out.notes.emplace_back(
            "foreman and its like give every process a PORT. Only templates that seem to use it have a port "
            "here.");
    for (const std::string& other : beside.others)
        if (other.starts_with("Procfile"))
            out.notes.push_back("There is a " + other + ", too, which was not read.");
    return out;
}

}  // namespace sigmund::config
