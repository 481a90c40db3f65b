// SPDX-License-Identifier: Apache-2.0
// The rules of the tree: includes go downward only, without circles, and each library is included in one
// place only. The rules are first checked against small bad trees, then against src/.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.hpp"

namespace {

using Tree = std::map<std::string, std::string>;  // path below src/ -> text
using Problems = std::vector<std::string>;

// The table of floors: a folder, and what it may include besides itself.
const std::map<std::string_view, std::set<std::string_view>> may_include = {
    {"sys", {}},
    {"text", {}},
    {"run", {"sys", "text"}},
    {"guard", {"sys", "text", "run"}},
    {"kin", {"sys", "text"}},
    {"config", {"sys", "text", "run"}},
    {"stack", {"sys", "text", "run"}},
    {"ops", {"sys", "text", "run", "guard", "kin", "config", "stack"}},
    {"top", {"sys", "text", "run", "guard", "config", "ops"}},
    {"cli", {"sys", "text", "run", "guard", "kin", "config", "stack", "ops", "top"}},
};

// Returns whether the file is written by CMake or installed, and so below every floor.
bool outside_the_house(std::string_view include) {
    return include == "version.hpp" || include == "terminal_entries.hpp" || include.starts_with("sigmund/");
}

// A library, by the beginning of its header's name, and the only files (or folders) that may include it.
struct Door {
    std::string_view library;
    std::vector<std::string_view> users;
};
const std::vector<Door> doors = {
    {"cxxopts", {"cli/args.cpp"}},
    {"toml", {"config/"}},
    {"curses.h", {"top/screen", "top/terminal.cpp"}},
    {"ncurses", {"top/"}},
    {"term.h", {"top/terminal.cpp"}},
    // supervise --json reads commands from any client, so it needs a real parser.
    {"nlohmann/",
     {"run/", "stack/differences.cpp", "cli/render_json", "kin/supervise_commands.cpp",
      "config/package_json.cpp"}},
};

// These are slow to start, big, or (threads) in conflict with fork.
constexpr std::array<std::string_view, 3> forbidden_headers = {"iostream", "regex", "thread"};

// These load modules of the host's own C library (NSS), which a static binary must not do.
constexpr std::array<std::string_view, 14> forbidden_calls = {
    "getaddrinfo", "getnameinfo", "gethostbyname", "gethostbyaddr", "getservbyname",
    "getpwnam",    "getpwuid",    "getpwent",      "getpwnam_r",    "getpwuid_r",
    "getgrnam",    "getgrgid",    "getgrent",      "initgroups"};

// Only these files write to people, and only they escape text. Callers pass raw text.
const std::vector<std::string_view> may_write_to_people = {"cli/main.cpp", "cli/output.cpp", "kin/say.cpp",
                                                           "top/minder.cpp", "top/screen.cpp"};
const std::vector<std::string_view> may_escape = {
    "text/", "cli/copy_logs.cpp",   "cli/output.cpp", "guard/run_log.cpp",
    "kin/",  "ops/exit_prompt.cpp", "top/screen.cpp"};

// The beginnings or ends of the names of a store's files. Only run/ knows the layout.
constexpr std::array<std::string_view, 10> store_names = {"\".json",   "\".tmp",   "\".lock", "\".sock",
                                                          "\".notify", "\".stop",  "\".err",  "\".log",
                                                          "\"names/",  "\"shells/"};

std::string folder_of(const std::string& path) {
    return path.substr(0, path.find('/'));
}

std::string without_line_comments(const std::string& text) {
    std::string out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) out += line.substr(0, line.find("//")) + '\n';
    return out;
}

struct Include {
    std::string name;
    bool quoted;
};

std::vector<Include> includes_of(const std::string& text) {
    std::vector<Include> found;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        char hash = 0;
        std::string directive;
        std::string name;
        if (!(words >> hash) || hash != '#' || !(words >> directive)) continue;
        if (!directive.starts_with("include")) continue;
        // This also accepts `#include"x"`.
        std::string rest = directive.substr(7);
        std::string more;
        std::getline(words, more);
        rest += more;
        const std::size_t open = rest.find_first_of("\"<");
        if (open == rest.npos) continue;
        const char close = rest[open] == '<' ? '>' : '"';
        found.push_back({rest.substr(open + 1, rest.find(close, open + 1) - open - 1), close == '"'});
    }
    return found;
}

bool calls(const std::string& text, std::string_view function) {
    const auto in_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    for (std::size_t at = text.find(function); at != text.npos; at = text.find(function, at + 1)) {
        const std::size_t end = at + function.size();
        if ((at == 0 || !in_name(text[at - 1])) && (end == text.size() || !in_name(text[end]))) return true;
    }
    return false;
}

void check_include(const Tree& tree, const std::string& path, const Include& include, Problems& problems) {
    const std::string shown = path + " includes " + include.name;
    if (std::find(forbidden_headers.begin(), forbidden_headers.end(), include.name) !=
        forbidden_headers.end()) {
        problems.push_back(shown + ", which nothing may");
    }
    for (const Door& door : doors) {
        if (!include.name.starts_with(door.library)) continue;
        if (std::ranges::none_of(door.users, [&](std::string_view user) { return path.starts_with(user); })) {
            problems.push_back(shown + ", which is for " + std::string(door.users.front()));
        }
        return;
    }
    const bool ours =
        may_include.contains(folder_of(include.name)) && include.name.find('/') != std::string::npos;
    if (!include.quoted) {
        // <sys/...> belongs to the C library. A file of ours in angle brackets would go unnoticed.
        if (tree.contains(include.name)) problems.push_back(shown + " in angle brackets");
        return;
    }
    if (outside_the_house(include.name)) return;
    if (!ours || !tree.contains(include.name)) {
        problems.push_back(shown + ", which is no file of the house (write FOLDER/NAME)");
        return;
    }
    const std::string from = folder_of(path);
    const std::string to = folder_of(include.name);
    if (from != to && !may_include.at(from).contains(to)) problems.push_back(shown + ", which is upstairs");
}

// Searches depth first. A file that is found again while it is still on the way closes a circle.
void find_circles(const Tree& tree, const std::string& path, std::vector<std::string>& way,
                  std::set<std::string>& done, Problems& problems) {
    if (done.contains(path)) return;
    if (const auto start = std::find(way.begin(), way.end(), path); start != way.end()) {
        std::string circle = "circle: ";
        for (auto at = start; at != way.end(); ++at) circle += *at + " > ";
        problems.push_back(circle + path);
        return;
    }
    way.push_back(path);
    for (const Include& include : includes_of(tree.at(path))) {
        if (include.quoted && tree.contains(include.name)) {
            find_circles(tree, include.name, way, done, problems);
        }
    }
    way.pop_back();
    done.insert(path);
}

Problems problems_of(const Tree& tree) {
    Problems problems;
    std::set<std::string> done;
    for (const auto& [path, text] : tree) {
        if (!may_include.contains(folder_of(path))) {
            problems.push_back(path + " is in no folder of the table");
            continue;
        }
        for (const Include& include : includes_of(text)) check_include(tree, path, include, problems);
        const std::string code = without_line_comments(text);
        for (const std::string_view function : forbidden_calls) {
            if (calls(code, function)) problems.push_back(path + " uses " + std::string(function));
        }
        const auto among = [&path = path](const std::vector<std::string_view>& files) {
            return std::any_of(files.begin(), files.end(),
                               [&](std::string_view file) { return path.starts_with(file); });
        };
        if (calls(code, "escape_for_display") && !among(may_escape))
            problems.push_back(path + " escapes what its callee escapes");
        if (code.find("write_all(STD") != code.npos && !among(may_write_to_people))
            problems.push_back(path + " writes to people without cli/output");
        if (folder_of(path) != "run" &&
            std::any_of(store_names.begin(), store_names.end(),
                        [&](std::string_view name) { return code.find(name) != code.npos; }))
            problems.push_back(path + " composes the name of a file in the store");
        std::vector<std::string> way;
        find_circles(tree, path, way, done, problems);
    }
    return problems;
}

// Returns whether the table makes floors: a folder can be laid once everything that it includes is laid.
bool table_makes_floors() {
    std::set<std::string_view> below;
    std::size_t before = 0;
    while (below.size() < may_include.size()) {
        for (const auto& [folder, others] : may_include) {
            if (std::includes(below.begin(), below.end(), others.begin(), others.end())) below.insert(folder);
        }
        if (below.size() == before) return false;
        before = below.size();
    }
    return true;
}

Tree read_house() {
    namespace fs = std::filesystem;
    Tree tree;
    const fs::path src = fs::path(SIGMUND_SOURCE_DIR) / "src";
    for (const auto& entry : fs::recursive_directory_iterator(src)) {
        const std::string extension = entry.path().extension().string();
        if (extension != ".cpp" && extension != ".hpp" && extension != ".h" && extension != ".c") continue;
        std::ifstream file(entry.path());
        tree[fs::relative(entry.path(), src).string()] = {std::istreambuf_iterator<char>(file), {}};
    }
    return tree;
}

}  // namespace

TEST_CASE("a file that breaks a rule of the tree is found") {
    struct Case {
        const char* what;
        Tree tree;
        Problems problems;
    };
    const Case cases[] = {
        {"downward and to the side is right",
         {{"ops/stop.cpp", "#include \"ops/stop.hpp\"\n#include \"run/store.hpp\"\n#include <sys/wait.h>\n"},
          {"ops/stop.hpp", "#include \"version.hpp\"\n"},
          {"run/store.hpp", "#include <nlohmann/json.hpp>\n#include <string>\n"}},
         {}},
        {"text for people is escaped by who writes it",
         {{"cli/cmd_x.cpp", "say(text::escape_for_display(x));\nwrite_all(STDERR_FILENO, x);\n"}},
         {"cli/cmd_x.cpp escapes what its callee escapes",
          "cli/cmd_x.cpp writes to people without cli/output"}},
        {"the layout of the store is known to run/ alone",
         {{"ops/x.cpp", "unlinkat(dir, (id + \".sock\").c_str(), 0);  // not \".json\"\n"},
          {"ops/y.cpp", "// \"names/\" + name\n"},
          {"run/z.cpp", "return id + \".sock\";\n"}},
         {"ops/x.cpp composes the name of a file in the store"}},
        {"upward",
         {{"run/store.hpp", "  #  include \"ops/stop.hpp\"  // why not\n"}, {"ops/stop.hpp", ""}},
         {"run/store.hpp includes ops/stop.hpp, which is upstairs"}},
        {"sys and text do not know each other",
         {{"sys/a.hpp", "#include\"text/b.hpp\"\n"}, {"text/b.hpp", ""}},
         {"sys/a.hpp includes text/b.hpp, which is upstairs"}},
        {"kin is apart",
         {{"kin/a.cpp", "#include \"run/b.hpp\"\n"}, {"run/b.hpp", ""}},
         {"kin/a.cpp includes run/b.hpp, which is upstairs"}},
        {"a circle",
         {{"sys/a.hpp", "#include \"sys/b.hpp\"\n"},
          {"sys/b.hpp", "#include \"sys/c.hpp\"\n"},
          {"sys/c.hpp", "#include \"sys/b.hpp\"\n"}},
         {"circle: sys/b.hpp > sys/c.hpp > sys/b.hpp"}},
        {"a file that includes itself",
         {{"sys/a.hpp", "#include \"sys/a.hpp\"\n"}},
         {"circle: sys/a.hpp > sys/a.hpp"}},
        {"a name without its folder",
         {{"sys/a.cpp", "#include \"a.hpp\"\n#include \"../run/b.hpp\"\n"}, {"sys/a.hpp", ""}},
         {"sys/a.cpp includes a.hpp, which is no file of the house (write FOLDER/NAME)",
          "sys/a.cpp includes ../run/b.hpp, which is no file of the house (write FOLDER/NAME)"}},
        {"angle brackets",
         {{"run/a.cpp", "#include <ops/b.hpp>\n"}, {"ops/b.hpp", ""}},
         {"run/a.cpp includes ops/b.hpp in angle brackets"}},
        {"an unknown folder", {{"util/a.hpp", ""}}, {"util/a.hpp is in no folder of the table"}},
        {"libraries through their doors",
         {{"cli/args.cpp", "#include <cxxopts.hpp>\n"},
          {"cli/args.hpp", "#include <cxxopts.hpp>\n"},
          {"config/config.cpp", "#include <toml++/toml.h>\n"},
          {"ops/a.cpp", "#include <nlohmann/json.hpp>\n#include <toml++/toml.h>\n"}},
         {"cli/args.hpp includes cxxopts.hpp, which is for cli/args.cpp",
          "ops/a.cpp includes nlohmann/json.hpp, which is for run/",
          "ops/a.cpp includes toml++/toml.h, which is for config/"}},
        {"headers that nothing may include",
         {{"cli/a.cpp", "#include <iostream>\n#include <regex>\n#include <thread>\n#include <regex.h>\n"}},
         {"cli/a.cpp includes iostream, which nothing may", "cli/a.cpp includes regex, which nothing may",
          "cli/a.cpp includes thread, which nothing may"}},
        {"name services",
         {{"sys/a.cpp", "// getaddrinfo would\nint x = ::getpwuid(0)->pw_uid;\nint my_getpwnam();\n"}},
         {"sys/a.cpp uses getpwuid"}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(problems_of(c.tree) == c.problems);
    }
}

TEST_CASE("the table of floors has no circle") {
    CHECK(table_makes_floors());
}

TEST_CASE("src keeps the rules of the tree") {
    const Tree house = read_house();
    REQUIRE(house.contains("text/escape.cpp"));
    for (const std::string& problem : problems_of(house)) FAIL_CHECK(problem);
}

TEST_CASE("each verb has a file of its own") {
    const Tree house = read_house();
    for (const sigmund::cli::Verb& verb : sigmund::cli::verbs()) {
        std::string name(verb.name);
        std::replace(name.begin(), name.end(), '-', '_');
        const std::string file = "cli/cmd_" + name + ".cpp";
        REQUIRE_MESSAGE(house.contains(file), file);
        CHECK_MESSAGE(house.at(file).find("int cmd_" + name + '(') != std::string::npos, file);
    }
}

TEST_CASE("each verb that is declared is in the table of verbs") {
    const Tree house = read_house();
    const auto& verbs = sigmund::cli::verbs();
    std::size_t declared = 0;
    for (const auto& [path, text] : house) {
        if (!path.starts_with("cli/verbs_")) continue;
        constexpr std::string_view begin = "inline constexpr Verb ";
        for (auto at = text.find(begin); at != text.npos; at = text.find(begin, at + 1)) {
            ++declared;
            const auto from = at + begin.size();
            std::string name = text.substr(from, text.find("_verb", from) - from);
            std::replace(name.begin(), name.end(), '_', '-');
            const std::string missing = name + " is declared, and cli/commands.cpp does not have it";
            CHECK_MESSAGE(
                std::any_of(verbs.begin(), verbs.end(), [&](const auto& verb) { return verb.name == name; }),
                missing);
        }
    }
    CHECK(declared == verbs.size());
}
