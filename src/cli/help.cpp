// SPDX-License-Identifier: Apache-2.0
#include "cli/help.hpp"

#include <algorithm>
#include <span>

#include "cli/help_texts.hpp"
#include "kin/tool.hpp"
#include "text/fold.hpp"

namespace sigmund::cli {
namespace {

std::string padded(std::string text, std::size_t width) {
    if (text.size() < width) text.resize(width, ' ');
    return text;
}

constexpr std::size_t widest = 80;  // columns: longer lines are hard to read

std::size_t width_of(std::size_t columns) {
    return columns == 0 ? widest : std::min(widest, columns);
}

// Returns lines that are at most as wide as that. The rest begins in the column `hang`.
std::string folded(std::string_view lines, std::size_t width, std::size_t hang) {
    text::Page page;
    while (!lines.empty()) {
        const auto end = std::min(lines.find('\n'), lines.size());
        page.line(lines.substr(0, end));
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    return text::fold(page, width, hang).text();
}

template <typename Headings>
std::string_view heading_before(const Headings& headings, std::string_view name) {
    const auto* found = std::find_if(std::begin(headings), std::end(headings),
                                     [&](const Heading& each) { return each.before == name; });
    return found == std::end(headings) ? std::string_view() : found->text;
}

// The options of a start are so many that they have headings.
std::string option_lines(std::span<const Option> options, std::size_t width) {
    // A narrow terminal has no room for two columns.
    const std::size_t indent = width < 64 ? 10 : 32;
    const bool of_start = options.size() >= launch_verb().options.size();
    std::string out;
    for (const Option& option : options) {
        if (const auto heading = heading_before(start_headings, option.name); of_start && !heading.empty())
            out += (out.empty() ? " " : "\n ") + std::string(heading) + ":\n";
        std::string left = option.letter ? std::string("  -") + option.letter + ", " : "      ";
        left += "--" + std::string(option.name);
        if (option.value == Value::required) left += ' ' + std::string(option.metavar);
        if (option.value == Value::optional) left += "[=" + std::string(option.metavar) + ']';
        left = left.size() >= indent - 1 ? left + '\n' + std::string(indent, ' ') : padded(left, indent);
        out += folded(left + std::string(option.help), width, indent);
    }
    return out;
}

// Returns the options that the verb has before those of a start, or all of them. Only `run` lists those of a start.
std::span<const Option> own_options(const Verb& verb) {
    if (verb.name == launch_verb().name) return verb.options;
    const std::size_t of_start = launch_verb().options.size();
    const auto same = [](const Option& a, const Option& b) { return a.name == b.name; };
    if (verb.options.size() < of_start ||
        !std::equal(launch_verb().options.begin(), launch_verb().options.end(), verb.options.end() - of_start,
                    same))
        return verb.options;
    return verb.options.first(verb.options.size() - of_start);
}

}  // namespace

std::string short_help() {
    return "usage: sigmund [options] COMMAND [ARG...]   start a background run\n"
           "       sigmund list                         see the runs\n"
           "       sigmund tail|stop TARGET             follow the log of a run, or stop it\n"
           "       sigmund --help                       everything else\n";
}

std::string full_help(std::size_t columns) {
    const std::size_t width = width_of(columns);
    constexpr std::size_t text_at = 15;
    std::string out =
        "sigmund - run background jobs that outlive your shell, keep a log and an exit\nstatus, and stop "
        "completely\n\n"
        "usage: sigmund [options] [--] COMMAND [ARG...]\n"
        "       sigmund VERB [options] [TARGET...]\n";
    for (const Verb& verb : verbs()) {
        if (verb.hidden) continue;
        if (const auto heading = heading_before(verb_headings, verb.name); !heading.empty())
            out += '\n' + std::string(heading) + ":\n";
        out += folded("  " + padded(std::string(verb.name), text_at - 2) + std::string(verb.help), width,
                      text_at);
    }
    out +=
        "\ncompanion tools, each with its own --help: nosig, supervise, unlinkwait\n"
        "\ntargets: an id or the beginning of one, a name, tag=TAG, :PORT, @ (the\n"
        "newest), @! (the newest that failed), @here, @shell, @all\n"
        "\nTIME is 500ms, 5s, 2m, 1h30m or 7d; a bare number is seconds.\n"
        "\nexit statuses: 0 done, 1 wrong usage or a failure, 2 refused since the identity\n"
        "of a process is not proven, 3 permission denied, 4 processes are left or the\n"
        "time has run out, 5 no such run, 6 several runs match, 123 a run that guard\n"
        "needs has ended, 124 a time limit, 125 the start failed, 126 not executable,\n"
        "127 not found. --wait, --tail and wait pass on the status of the run.\n"
        "\nA program with the name of a verb: sigmund -- list ...\n"
        "sigmund help VERB shows the options of a verb, and sigmund help run those of a\nstart.\n";
    return folded(out, width, 0);
}

std::string porcelain_help() {
    constexpr const char* values[] = {"none", "required", "optional"};
    std::string out;
    for (const Verb& verb : verbs()) {
        if (verb.hidden) continue;
        out += "verb\t" + std::string(verb.name) + '\t' +
               (verb.alias.empty() ? "-" : std::string(verb.alias)) + '\t' +
               std::string(text::word_of(takes_words, verb.takes)) + '\t' + std::string(verb.help) + '\n';
        for (const Option& option : verb.options)
            out += "option\t" + std::string(verb.name) + "\t--" + std::string(option.name) + '\t' +
                   (option.letter ? std::string("-") + option.letter : "-") + '\t' +
                   values[static_cast<int>(option.value)] + '\t' +
                   (option.metavar.empty() ? "-" : std::string(option.metavar)) + '\t' +
                   std::string(option.help) + '\n';
    }
    for (const kin::Tool& tool : kin::tools()) {
        const std::string name(tool.name);
        out += "verb\t" + name + "\t-\t" + std::string(tool.takes) + '\t' + std::string(tool.help) + '\n';
        for (const kin::ToolOption& option : tool.options)
            out += "option\t" + name + "\t--" + option.name + '\t' +
                   (option.letter ? std::string("-") + option.letter : "-") + '\t' +
                   (option.value ? std::string("required\t") + option.value : "none\t-") + '\t' +
                   option.help + '\n';
    }
    return out;
}

std::string verb_help(const Verb& verb, std::size_t columns) {
    const std::size_t width = width_of(columns);
    std::string out = "usage: sigmund " + std::string(verb.name) + ' ' + std::string(verb.synopsis) + "\n\n" +
                      std::string(verb.help) + '\n';
    if (!verb.more.empty()) out += '\n' + std::string(verb.more);
    const std::span<const Option> own = own_options(verb);
    if (!own.empty()) out += "\noptions:\n" + option_lines(own, width);
    if (own.empty())
        out += "\nThe options are those of `run`: sigmund help run\n";
    else if (own.size() < verb.options.size())
        out += "\nFor the runs that are named, it also has the options of `run`: sigmund help run\n";
    for (const Example& each : examples)
        if (each.verb == verb.name)
            out += "\nexamples:\n  " + std::string(each.first) + "\n  " + std::string(each.second) + '\n';
    return columns == 0 ? out : folded(out, columns, 2);
}

}  // namespace sigmund::cli
