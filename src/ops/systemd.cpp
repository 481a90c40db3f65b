// SPDX-License-Identifier: Apache-2.0
#include "ops/systemd.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "run/failure.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"
#include "sys/procfs.hpp"

namespace sigmund::ops {
namespace {

constexpr const char* in_scope = "SIGMUND_IN_SCOPE";  // set for the second execution, inside the scope
constexpr std::string_view was_made_to_linger = "lingers";
constexpr std::size_t most = 1024 * 1024;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r";
    const auto first = text.find_first_not_of(blank);
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, text.find_last_not_of(blank) - first + 1);
}

template <typename Visit>
void each_line(std::string_view text, Visit visit) {
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        visit(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

// Finds the value of a key in the text of an ini file. The last one wins.
void ini_value(std::string_view text, std::string_view key, std::optional<std::string>& value) {
    each_line(text, [&](std::string_view line) {
        const auto equals = line.find('=');
        if (equals != std::string_view::npos && trimmed(line.substr(0, equals)) == key)
            value = trimmed(line.substr(equals + 1));
    });
}

// Returns a setting of logind.conf and its drop-ins. Of two drop-ins with the same name, the one in the later
// folder counts; of all drop-ins, the last by name wins.
std::optional<std::string> logind_setting(const std::string& root, std::string_view key) {
    std::optional<std::string> value;
    const auto look = [&](const std::string& path) {
        ini_value(sys::read_small(root + path, most), key, value);
    };
    look("/usr/lib/systemd/logind.conf");
    look("/etc/systemd/logind.conf");
    std::map<std::string, std::string> drop_ins;
    for (const std::string folder :
         {"/usr/lib/systemd/logind.conf.d/", "/run/systemd/logind.conf.d/", "/etc/systemd/logind.conf.d/"}) {
        const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir((root + folder).c_str()), ::closedir);
        while (const dirent* entry = dir ? ::readdir(dir.get()) : nullptr)
            if (std::string_view(entry->d_name).ends_with(".conf"))
                drop_ins[entry->d_name] = folder + entry->d_name;
    }
    for (const auto& [name, path] : drop_ins) look(path);
    return value;
}

// Returns the name of this user from /etc/passwd, or else from the environment. NSS is not available in a
// static binary.
std::string user_name(const std::string& root) {
    const std::string uid = std::to_string(::geteuid());
    std::string name;
    each_line(sys::read_small(root + "/etc/passwd", most), [&](std::string_view line) {
        const auto first = line.find(':'), second = line.find(':', first + 1);
        if (!name.empty() || second == std::string_view::npos) return;
        if (line.substr(second + 1, line.find(':', second + 1) - second - 1) == uid)
            name = line.substr(0, first);
    });
    if (name.empty())
        if (const char* user = std::getenv("USER")) name = user;
    return name;
}

// Runs a program without output, waits for it, and returns whether it exited with 0. If SIGCHLD is ignored
// that is unknown, since the kernel keeps no status then, and it returns false.
bool succeeds(const std::vector<std::string>& words) {
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    const pid_t pid = ::fork();
    if (pid < 0) return false;
    if (pid == 0) {
        const int null = ::open("/dev/null", O_RDWR);
        for (int fd = 0; fd <= 2; ++fd) ::dup2(null, fd);
        ::execvp(argv[0], argv.data());
        ::_exit(127);
    }
    int status = -1;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return status == 0;
}

// Visits the paths of a /proc/PID/cgroup in the hierarchies in which systemd keeps its units (cgroups(7)).
template <typename Visit>
void each_unit_path(std::string_view cgroup, Visit visit) {
    each_line(cgroup, [&](std::string_view line) {
        for (const std::string_view mark : {"0::", ":name=systemd:"}) {
            const auto at = line.find(mark);
            if (at != std::string_view::npos && (at == 0 || mark[0] == ':'))
                return visit(line.substr(at + mark.size()));
        }
    });
}

std::string cgroup_of(pid_t pid) {
    return sys::read_small("/proc/" + std::to_string(pid) + "/cgroup", most);
}

[[noreturn]] void cannot(const std::string& why, const std::string& hint) {
    throw run::Failure(run::Exit::not_started, "not_started", "--survive login: " + why, hint);
}

[[noreturn]] void enter_scope(bool made_to_linger) {
    const char* given = ::getenv("XDG_RUNTIME_DIR");  // `su` removes it
    const std::string runtime = given ? given : "/run/user/" + std::to_string(::geteuid());
    ::setenv("XDG_RUNTIME_DIR", runtime.c_str(), 1);
    if (::access((runtime + "/systemd/private").c_str(), F_OK) != 0)
        cannot("your user has no service manager to run it in", "log in as this user, not by su");
    std::vector<std::string> words{"systemd-run", "--user", "--scope", "--quiet", "--"};
    std::vector<std::string> own = sys::Procfs().command_line(::getpid());
    char self[4096];
    const ssize_t n = ::readlink("/proc/self/exe", self, sizeof self);
    if (n > 0 && !own.empty()) own[0].assign(self, static_cast<std::size_t>(n));
    words.insert(words.end(), own.begin(), own.end());
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    if (const auto mask = sys::umask_to_restore()) ::umask(*mask);
    ::setenv(in_scope, made_to_linger ? was_made_to_linger.data() : "1", 1);
    ::execvp(argv[0], argv.data());
    cannot(std::string("systemd-run: ") + sys::describe_errno(errno), "start it without --survive login");
}

}  // namespace

LogoutEnds logout_ends(std::string_view cgroup, bool kills, bool lingers) {
    LogoutEnds out = LogoutEnds::nothing;
    each_unit_path(cgroup, [&](std::string_view path) {
        if (path.find("/user@") != std::string_view::npos)
            out = lingers ? LogoutEnds::nothing : LogoutEnds::manager;
        else if (path.find("/session-") != std::string_view::npos && kills)
            out = LogoutEnds::session;
    });
    return out;
}

LogoutEnds logout_ends(pid_t pid) {
    return logout_ends(cgroup_of(pid), logind_kills(), user_lingers());
}

std::string service_of(std::string_view cgroup) {
    std::string out;
    each_unit_path(cgroup, [&](std::string_view path) {
        while (!path.empty()) {
            path.remove_prefix(1);  // remove the slash
            const std::string_view unit = path.substr(0, path.find('/'));
            path.remove_prefix(unit.size());
            if (unit.ends_with(".service") && !unit.starts_with("user@")) out = unit;
        }
    });
    return out;
}

std::string service_of(pid_t pid) {
    return service_of(cgroup_of(pid));
}

bool logind_kills(const std::string& root) {
    if (::geteuid() == 0) return false;  // the default is KillExcludeUsers=root
    const auto value = logind_setting(root, "KillUserProcesses");
    return value && (*value == "yes" || *value == "true" || *value == "1" || *value == "on");
}

bool user_lingers(const std::string& root) {
    const std::string name = user_name(root);
    return !name.empty() && name.find('/') == std::string::npos &&
           ::access((root + "/var/lib/systemd/linger/" + name).c_str(), F_OK) == 0;
}

bool outlive_login() {
    if (const char* moved = ::getenv(in_scope)) {
        const bool made = moved == was_made_to_linger;
        ::unsetenv(in_scope);
        return made;
    }
    const LogoutEnds ends = logout_ends(::getpid());
    if (ends == LogoutEnds::nothing) return false;
    const bool made = !user_lingers();
    if (made && !succeeds({"loginctl", "--no-ask-password", "enable-linger", std::to_string(::geteuid())}) &&
        !user_lingers())
        cannot("lingering is off for your user, so the run would end soon after your last logout",
               "sudo loginctl enable-linger " + user_name(""));
    if (ends == LogoutEnds::session) enter_scope(made);
    return made;
}

}  // namespace sigmund::ops
