// SPDX-License-Identifier: Apache-2.0
#include "stack/placeholders.hpp"

#include <doctest/doctest.h>

#include "text/words.hpp"

using namespace sigmund;
using stack::Placeholder;

namespace {

// {port} is 1, {NAME.port} is 2 and the name, {project} is 3.
std::string value_of(const Placeholder& placeholder) {
    if (placeholder.kind == Placeholder::Kind::port) return "1";
    return placeholder.kind == Placeholder::Kind::project ? "3" : "2" + placeholder.name;
}

std::string list(std::string_view text) {
    std::vector<std::string> out;
    for (const Placeholder& each : stack::placeholders_in(text)) out.push_back(each.text());
    return text::join(out, " ");
}

const std::string longest_name(64, 'n');

}  // namespace

TEST_CASE("exactly the placeholders of a text are replaced") {
    const struct {
        std::string text, filled, found;
    } cases[] = {
        {"", "", ""},
        {"serve", "serve", ""},
        {"serve -p {port}", "serve -p 1", "{port}"},
        {"{db.port}", "2db", "{db.port}"},
        {"{project}/x", "3/x", "{project}"},
        {"tcp:{port} {db.port}{port}", "tcp:1 2db1", "{port} {db.port} {port}"},
        {R"({"port":{port}})", R"({"port":1})", "{port}"},
        {"[{port},{_a-b.c.port}]", "[1,2_a-b.c]", "{port} {_a-b.c.port}"},
        // A name may have dots: the last `.port` is not of the name.
        {"{a.port.port}", "2a.port", "{a.port.port}"},
        {"{port.port}{project.port}", "2port2project", "{port.port} {project.port}"},
        {'{' + longest_name + ".port}", '2' + longest_name, '{' + longest_name + ".port}"},
        // Double braces write the form.
        {"{{port}}", "{port}", ""},
        {"{{db.port}} {{project}}", "{db.port} {project}", ""},
        {"{{{port}}}", "{{port}}", ""},
        {"{{{{port}}}}", "{{{port}}}", ""},
        {"{{port}} {port}", "{port} 1", "{port}"},
        {"{{port}}{port}", "{port}1", "{port}"},
        // Incomplete double braces are single ones.
        {"{{port}", "{1", "{port}"},
        {"{port}}", "1}", "{port}"},
        {"{{port} }", "{1 }", "{port}"},
        // A `$` protects the form behind it, and only that.
        {"${port}", "${port}", ""},
        {"$${port}", "$${port}", ""},
        {"${db.port}${project}", "${db.port}${project}", ""},
        {"${{port}}", "${{port}}", ""},
        {"${port}{port}", "${port}1", "{port}"},
        {"${port}}{port}", "${port}}1", "{port}"},
        {"$ {port}", "$ 1", "{port}"},
        {"${x{port}", "${x1", "{port}"},
        {"{port}$", "1$", "{port}"},
        {"{port}${port}", "1${port}", "{port}"},
        // Nothing else is a form.
        {"awk '{print $1}'", "awk '{print $1}'", ""},
        {"{{.State}} {{.Config.port}} {{ .port }}", "{{.State}} {{.Config.port}} {{ .port }}", ""},
        {"find . -exec ls {} +", "find . -exec ls {} +", ""},
        {"{ port } { db.port } {port }", "{ port } { db.port } {port }", ""},
        {"{", "{", ""},
        {"}{", "}{", ""},
        {"{{", "{{", ""},
        {"{port", "{port", ""},
        {"{{port", "{{port", ""},
        {"port}", "port}", ""},
        {"{Port} {PORT} {ports} {db.ports} {dbport}", "{Port} {PORT} {ports} {db.ports} {dbport}", ""},
        {"{.port} {1a.port} {a b.port} {a/b.port}", "{.port} {1a.port} {a b.port} {a/b.port}", ""},
        {"{\u00e4.port}{a\n.port}", "{\u00e4.port}{a\n.port}", ""},
        {"{cafe.port}", "{cafe.port}", ""},  // this reads as an id, and so is not the name of a run
        {"{n" + longest_name + ".port}", "{n" + longest_name + ".port}", ""},
        {"{a{port}}", "{a1}", "{port}"},
        {"\\{port}", "\\1", "{port}"},
        {std::string("\0{port}\0\xff", 9), std::string("\0", 1) + "1" + std::string("\0\xff", 2), "{port}"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.text);
        CHECK(stack::fill_placeholders(c.text, value_of) == c.filled);
        CHECK(list(c.text) == c.found);
    }
}

TEST_CASE("a value that looks like a placeholder stays as it is") {
    CHECK(stack::fill_placeholders("{project}{port}{project}", [](const Placeholder& placeholder) {
              return placeholder.kind == Placeholder::Kind::port ? "$" : "{port}";
          }) == "{port}${port}");
}

TEST_CASE("a form that is nearly a placeholder is told, and a word of another program is not") {
    const auto told = [](std::string_view text, bool has_port = true) {
        std::string out;
        for (const stack::Misspelt& each : stack::misspelt_in(text, {"db", "web-1"}, has_port))
            out += each.written + '>' + each.meant + ' ';
        return out;
    };
    CHECK(told("{prt} {por} {ports} {prot} {opr} {PORT} {Port}") ==
          "{prt}>{port} {por}>{port} {ports}>{port} {prot}>{port} {PORT}>{port} {Port}>{port} ");
    CHECK(told("{prt}", false) == "");
    CHECK(told("{projct} {porject} {Project} {projects}", false) ==
          "{projct}>{project} {porject}>{project} {Project}>{project} {projects}>{project} ");
    CHECK(told("{db.prt} {db.Port} {web-1.ports} {web1.prot}") ==
          "{db.prt}>{db.port} {db.Port}>{db.port} {web-1.ports}>{web-1.port} {web1.prot}>{web-1.port} ");
    for (const char* other :
         {"{port}",     "{db.port}",     "{x.port}", "{{prt}}", "${prt}", "{}",      "{ prt }",
          "{print $1}", "{{.State}}",    "{post}",   "{sort}",  "{part}", "{print}", "{product}",
          "{protect}",  "{object}",      "{a,b}",    "{1..3}",  "{name}", "{path}",  "{prt",
          "prt}",       "{\"port\": 1}", "{p}",      "{a.b}",   "{"})
        CHECK_MESSAGE(told(other) == "", other);
}
