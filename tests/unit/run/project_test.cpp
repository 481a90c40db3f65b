// SPDX-License-Identifier: Apache-2.0
#include "run/project.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "unit/scratch.hpp"

using namespace sigmund;
using namespace sigmund::run;

namespace {

// A home in a scratch folder, which is not the real one of the user.
class Home {
  public:
    explicit Home(const std::string& path) {
        if (const char* was = ::getenv("HOME")) was_ = was;
        ::setenv("HOME", path.c_str(), 1);
    }
    Home(const Home&) = delete;
    Home& operator=(const Home&) = delete;
    ~Home() { ::setenv("HOME", was_.c_str(), 1); }

  private:
    std::string was_;
};

// The folders of a test. Their paths are given, and shown, without the beginning that all of them have.
class Tree {
  public:
    Tree() : home_(scratch_.at("home")) {}
    void write(const std::string& name, std::string_view content = "") const {
        scratch_.write(name, content);
    }
    std::string at(const std::string& name) const { return scratch_.at(name); }
    std::string shown(const std::string& path) const {
        return path.starts_with(scratch_.path() + '/') ? path.substr(scratch_.path().size() + 1) : path;
    }
    // Returns FOLDER, FOLDER +FILE, or "none".
    std::string project_of(const std::string& name) const {
        const Project found = find_project(at(name));
        if (!found.found) CHECK(found.folder == at(name));
        if (!found.found) return "none";
        return shown(found.folder) + (found.file.empty() ? "" : " +" + shown(found.file));
    }
    std::string beyond(const std::string& name) const { return shown(file_beyond(find_project(at(name)))); }

  private:
    test::Scratch scratch_;
    Home home_;
};

}  // namespace

TEST_CASE(
    "a project is the folder of the nearest sigmund.toml, else the top of the repository, else there is "
    "none") {
    const Tree tree;
    tree.write("p/.git/HEAD");
    tree.write("p/a/b/x");
    CHECK(tree.project_of("p/a/b") == "p");
    tree.write("p/sigmund.toml");
    CHECK(tree.project_of("p/a/b") == "p +p/sigmund.toml");
    tree.write("p/a/sigmund.toml");
    CHECK(tree.project_of("p/a/b") == "p/a +p/a/sigmund.toml");
    CHECK(tree.project_of("p/a") == "p/a +p/a/sigmund.toml");
    CHECK(tree.project_of("p") == "p +p/sigmund.toml");
    tree.write("q/x");
    CHECK(tree.project_of("q") == "none");
    CHECK_FALSE(find_project("/proc/self").found);
    CHECK(find_project("/proc/self").folder == "/proc/self");
    CHECK_FALSE(find_project("/").folder.empty());
}

TEST_CASE("a repository and a linked worktree in another checkout do not use its file, and say which it is") {
    const Tree tree;
    tree.write("outer/.git/HEAD");
    tree.write("outer/sigmund.toml");
    tree.write("outer/inner/.git/HEAD");
    tree.write("outer/linked/.git", "gitdir: " + tree.at("outer/.git/worktrees/linked") + '\n');
    tree.write("outer/linked/deep/x");
    tree.write("outer/relative/.git", "gitdir: ../.git/worktrees/relative\n");
    for (const std::string folder : {"outer/inner", "outer/linked", "outer/relative"}) {
        CHECK(tree.project_of(folder) == folder);
        CHECK(tree.beyond(folder) == "outer/sigmund.toml");
    }
    CHECK(tree.project_of("outer/linked/deep") == "outer/linked");
    CHECK(tree.beyond("outer/linked/deep") == "outer/sigmund.toml");
    CHECK(tree.beyond("outer").empty());
    tree.write("outer/linked/sigmund.toml");
    CHECK(tree.project_of("outer/linked/deep") == "outer/linked +outer/linked/sigmund.toml");
    CHECK(tree.beyond("outer/linked").empty());
}

TEST_CASE("the search passes through submodules") {
    const Tree tree;
    tree.write("p/.git/HEAD");
    tree.write("p/sub/.git", "gitdir: ../.git/modules/sub\n");
    tree.write("p/sub/nested/.git", "gitdir: ../../.git/modules/sub/modules/nested\n");
    CHECK(tree.project_of("p/sub") == "p");
    CHECK(tree.project_of("p/sub/nested") == "p");
    tree.write("p/sigmund.toml");
    CHECK(tree.project_of("p/sub/nested") == "p +p/sigmund.toml");
    tree.write("p/sub/sigmund.toml");
    CHECK(tree.project_of("p/sub/nested") == "p/sub +p/sub/sigmund.toml");
    // Without a repository around them, the outermost submodule is the project.
    tree.write("lost/sub/.git", "gitdir: ../.git/modules/sub\n");
    tree.write("lost/sub/in/.git", "gitdir: ../../.git/modules/sub/modules/in\n");
    CHECK(tree.project_of("lost/sub/in") == "lost/sub");
}

TEST_CASE("a .git file leads to a submodule by the path in it") {
    const Tree tree;
    const std::string folder = tree.at("p/sub");
    tree.write("elsewhere/store/HEAD");
    for (const std::string& path :
         {std::string("../.git/modules/sub"), std::string("/a/.git/modules/libs/x"),
          std::string("/a/.git/modules/x/modules/y"), std::string("/a/repo.git/modules/x"),
          std::string("/a/.git/worktrees/w/modules/sub"), std::string("/a/.git/modules/worktrees/x"),
          tree.at("elsewhere/store/modules/x")}) {
        CHECK_MESSAGE(is_submodule("gitdir: " + path + '\n', folder), path);
        CHECK_MESSAGE(is_submodule("gitdir: " + path, folder), path);
        CHECK_MESSAGE(is_submodule("gitdir: " + path + "/\r\n", folder), path);
    }
    for (const char* path : {"/a/.git/worktrees/w", "../.git/worktrees/w", "/a/.git/modules/sub/worktrees/w",
                             "/srv/modules/real.git", "/modules", "modules", "/a/.git/modules", "/a/.git", "",
                             "/", ".", "/srv/modules/x/y"})
        CHECK_FALSE_MESSAGE(is_submodule("gitdir: " + std::string(path) + '\n', folder), path);
    for (const char* text : {"", "gitdir", "gitdir:", "/a/.git/modules/x", "GITDIR: /a/.git/modules/x"})
        CHECK_FALSE_MESSAGE(is_submodule(text, folder), text);
}

TEST_CASE("the search stops at $HOME, whose own file and repository count") {
    const Tree tree;
    tree.write("sigmund.toml");
    tree.write("home/work/x");
    tree.write("elsewhere/x");
    CHECK(tree.project_of("home/work") == "none");
    CHECK(tree.project_of("home") == "none");
    CHECK(find_project(tree.at("elsewhere")).file == tree.at("sigmund.toml"));
    tree.write("home/.git/HEAD");
    CHECK(tree.project_of("home/work") == "home");
    CHECK(tree.beyond("home/work").empty());
    tree.write("home/sigmund.toml");
    CHECK(tree.project_of("home/work") == "home +home/sigmund.toml");
    // A repository in $HOME that is no project of $HOME.
    tree.write("home/p/.git/HEAD");
    CHECK(tree.project_of("home/p") == "home/p");
    CHECK(tree.beyond("home/p") == "home/sigmund.toml");
}

TEST_CASE("whatever is called .git is the top, and a file of any kind does not hold the search up") {
    const Tree tree;
    tree.write("a/sigmund.toml");
    tree.write("a/b/x");
    REQUIRE(::mkfifo(tree.at("a/b/.git").c_str(), 0600) == 0);
    CHECK(tree.project_of("a/b") == "a/b");
    tree.write("a/c/.git", std::string(100'000, 'x'));
    CHECK(tree.project_of("a/c") == "a/c");
    tree.write("a/d/.git", "gitdir: ../.git/modules/d\n");
    REQUIRE(::chmod(tree.at("a/d/.git").c_str(), 0) == 0);
    CHECK(tree.project_of("a/d").starts_with("a"));
    tree.write("a/e/x");
    REQUIRE(::symlink("nowhere", tree.at("a/e/.git").c_str()) == 0);
    CHECK(tree.project_of("a/e") == "a +a/sigmund.toml");
}

TEST_CASE("paths of any bytes and length are folders like others") {
    const Tree tree;
    const std::string odd = "a\nb\x1b[31m\xff 'c";
    tree.write(odd + "/sigmund.toml");
    tree.write(odd + "/d/x");
    CHECK(tree.project_of(odd + "/d") == odd + " +" + odd + "/sigmund.toml");
    std::string deep = tree.at("p");
    while (deep.size() < 5'000) deep += '/' + std::string(200, 'd');
    CHECK(find_project(deep).folder == deep);
    CHECK(folder_named(tree.at("p/./gone/../q//")) == folder_named(tree.at("p/q")));
    CHECK(is_gone(tree.at("p/q")));
    CHECK_FALSE(is_gone(tree.at(odd)));
}

TEST_CASE("a folder that was named is a real path as far as it exists") {
    const Tree tree;
    tree.write("real/a/x");
    REQUIRE(::symlink("real", tree.at("link").c_str()) == 0);
    CHECK(folder_named(tree.at("link/a")) == folder_named(tree.at("real/a")));
    CHECK(folder_named(tree.at("link/gone/deep/")) == folder_named(tree.at("real/gone/deep")));
    CHECK(folder_named("/") == "/");
    CHECK(folder_named("gone-for-certain").starts_with('/'));
}

TEST_CASE("a folder in $HOME is written with a tilde") {
    const Tree tree;
    tree.write("home/x");
    CHECK(with_tilde(tree.at("home/a/b")) == "~/a/b");
    CHECK(with_tilde(tree.at("home")) == "~");
    CHECK(with_tilde(tree.at("homes/a")) == tree.at("homes/a"));
}
