// SPDX-License-Identifier: Apache-2.0
#include "ops/unit_file.hpp"

#include <algorithm>

#include "ops/unit_options.hpp"
#include "run/option_rows.hpp"
#include "text/escape.hpp"
#include "text/unit_words.hpp"

namespace sigmund::ops {
namespace {

using text::UnitPlace;

class Writer {
  public:
    explicit Writer(const UnitSource& source) : source_(source), spec_(source.spec) {}

    UnitFile write() {
        head();
        unit_section();
        out_.text += "\n[Service]\n";
        type();
        environment();
        command();
        write_ends(out_, spec_, source_.once);
        write_restarts(out_, spec_);
        write_files(out_, spec_);
        write_limits(out_, spec_);
        out_.text += "\n[Install]\nWantedBy=default.target\n";
        name_left_out();
        return std::move(out_);
    }

  private:
    void line(std::string_view key, std::string_view value) {
        out_.text += std::string(key) + '=' + std::string(value) + '\n';
    }
    void comment(const std::string& text) { out_.text += "# " + text::escape(text) + '\n'; }

    void head() {
        comment("Made from [run." + source_.name + "] of " + source_.origin +
                " by `sigmund config --systemd " + source_.name + "`.");
        comment("Save it as ~/.config/systemd/user/" + source_.name + ".service. Then:");
        comment("  systemctl --user daemon-reload && systemctl --user enable --now " + source_.name +
                ".service");
        comment("It ends with your last session, unless you `loginctl enable-linger`.");
    }

    void unit_section() {
        out_.text += "\n[Unit]\n";
        const auto described = text::unit_rest(text::truncate(text::escape(source_.description), 100));
        line("Description", described.value_or(source_.name));
        if (!source_.depends.empty())
            comment("Each of these needs a unit of its own: `sigmund config --systemd NAME`.");
        for (const std::string& each : source_.depends) {
            line("Requires", each + ".service");
            line("After", each + ".service");
        }
        write_start_limit(out_, spec_);
    }

    void type() {
        const auto notifies = std::find(spec_.ready.begin(), spec_.ready.end(), "notify");
        if (source_.once) {
            line("Type", "oneshot");
            line("RemainAfterExit", "yes");
        } else if (notifies != spec_.ready.end()) {
            line("Type", "notify");
            line("NotifyAccess", "all");
            line("TimeoutStartSec", unit_time(spec_.ready_timeout));
        } else {
            line("Type", "exec");
        }
        for (const std::string& probe : spec_.ready)
            if (probe != "notify" || source_.once)
                out_.notes.push_back("The probe ready = \"" + probe +
                                     "\" was left out: a unit is ready when its command "
                                     "was executed, or says so by sd_notify(3).");
    }

    // In sigmund, `env` takes precedence over `env-file`; in a unit it is the other way round, and names are stricter.
    // Then env(1) sets the variables.
    void environment() {
        const run::Environment& given = spec_.environment;
        const auto sets = [&](std::string_view name) {
            return std::any_of(given.set.begin(), given.set.end(), [&](const std::string& each) {
                return each.starts_with(name) && each.substr(name.size()).starts_with('=');
            });
        };
        const auto removes = [&](std::string_view name) {
            return std::find(given.unset.begin(), given.unset.end(), name) != given.unset.end();
        };
        if (!source_.search_path.empty() && !sets("PATH") && !removes("PATH") &&
            text::valid_utf8(source_.search_path)) {
            comment(
                "This is the PATH of the export. All else comes from the user manager (systemctl --user "
                "show-environment).");
            line("Environment", text::unit_word("PATH=" + source_.search_path, UnitPlace::list));
        }
        for (const std::string& each : given.set) {
            const bool strict = is_unit_variable(each.substr(0, each.find('=')));
            if (strict && given.files.empty())
                line("Environment", text::unit_word(each, UnitPlace::list));
            else
                by_env_.push_back(each);
        }
        for (const std::string& file : given.files) {
            const auto path = text::unit_rest(escape_glob(file));
            if (path)
                line("EnvironmentFile", *path);
            else
                cannot_write("env-file", file);
        }
        for (const std::string& name : given.unset)
            if (!sets(name)) line("UnsetEnvironment", text::unit_word(name, UnitPlace::list));
        if (!given.unset.empty() && !given.files.empty())
            out_.notes.emplace_back("unset-env also removes variables that a file of env-file sets.");
    }

    void command() {
        if (const auto folder = text::unit_rest(spec_.cwd))
            line("WorkingDirectory", *folder);
        else
            cannot_write("cwd", spec_.cwd);
        std::vector<std::string> argv = spec_.argv;
        if (!by_env_.empty() && argv[0].find('=') == std::string::npos) {
            comment(
                "env(1) sets what has to take precedence over EnvironmentFile, or what systemd refuses as a "
                "name.");
            argv.insert(argv.begin(), by_env_.begin(), by_env_.end());
            argv.insert(argv.begin(), "/usr/bin/env");
        } else if (!by_env_.empty()) {
            out_.notes.emplace_back("env was left out: the path of the command has a '='.");
        }
        if (argv[0].find_first_of("\"'\\") != std::string::npos) {
            comment(
                "systemd refuses a program with quotes or backslashes in its path, so a shell executes it.");
            argv.insert(argv.begin(), {"/bin/sh", "-c", "exec \"$0\" \"$@\""});
        }
        // The path itself is not searched for variables, but its copy in argv[0] is. So it is written twice.
        std::string path = text::unit_word(argv[0], UnitPlace::list);
        if (argv[0].find('$') != std::string::npos)
            path = (path[0] == '"' ? "\"@" + path.substr(1) : '@' + path) + ' ' +
                   text::unit_word(argv[0], UnitPlace::command);
        argv.erase(argv.begin());
        line("ExecStart", path + (argv.empty() ? "" : " ") + text::unit_words(argv, UnitPlace::command));
    }

    void cannot_write(std::string_view option, const std::string& path) {
        out_.notes.push_back(std::string(option) + " was left out: systemd cannot read the path " + path +
                             '.');
    }

    void name_left_out() {
        const run::Spec usual;
        for (const run::LaunchOption& row : run::launch_rows) {
            if (!row.codec || !row.codec->differs(spec_, usual)) continue;
            const UnitOption* known = unit_option(row.option.name);
            if (known && known->expressed) continue;
            out_.notes.push_back(std::string(row.option.name) + " was left out: " +
                                 std::string(known ? known->why_not : "a unit has nothing like it") + '.');
        }
    }

    const UnitSource& source_;
    const run::Spec& spec_;
    UnitFile out_;
    std::vector<std::string> by_env_;
};

}  // namespace

UnitFile make_unit(const UnitSource& source) {
    return Writer(source).write();
}

}  // namespace sigmund::ops
