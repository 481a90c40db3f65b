// SPDX-License-Identifier: Apache-2.0
// Options that several verbs have.
#pragma once
#include "cli/commands.hpp"
#include "run/option_rows.hpp"

namespace sigmund::cli {

using run::Choice;
using run::Choices;
using run::Kind;
using run::one_of;

// Returns the launch option of this name.
consteval Option of_start(std::string_view name) {
    return run::launch_row(name).option;
}

inline constexpr Choice color_words[] = {
    {"auto", "on a terminal, unless NO_COLOR is set"}, {"always"}, {"never"}};
inline constexpr Choice porcelain_versions[] = {{"v1"}};
inline constexpr Choice amounts[] = {{"all", "the whole log"}};

inline constexpr Choices time_value{Kind::duration}, number_value{Kind::number};

inline constexpr Option json_option{
    "json", 0, Value::optional, "1", "print JSON", false, one_of(run::rows::json_versions)};
inline constexpr Option jsonl_option{"jsonl", 0, Value::none, "", "print one JSON object per line"};
inline constexpr Option porcelain_option{"porcelain",
                                         0,
                                         Value::optional,
                                         "v1",
                                         "print stable lines for scripts",
                                         false,
                                         one_of(porcelain_versions)};
inline constexpr Option zero_option{"zero", 'z', Value::none, "",
                                    "end records with NUL (implies --porcelain)"};
inline constexpr Option columns_option{"columns",
                                       0,
                                       Value::required,
                                       "A,B,..",
                                       "the porcelain fields to print",
                                       false,
                                       Choices{Kind::column}.separated_by_commas()};
inline constexpr Option color_option{
    "color", 0, Value::optional, "WHEN", "auto, always or never", false, one_of(color_words)};
inline constexpr Option quiet_option{"quiet", 'q', Value::none, "", "print nothing on success"};
inline constexpr Option lines_option{
    "lines", 'n', Value::required, "N", "begin with the last N lines, or all", false, one_of(amounts)};
inline constexpr Option grace_option{"timeout",
                                     't',
                                     Value::required,
                                     "TIME",
                                     "how long to wait before SIGKILL (that of the start, else 5s)",
                                     false,
                                     time_value};
inline constexpr Option no_follow_option{"no-follow", 0, Value::none, "",
                                         "print what there is now, and exit"};
inline constexpr Option timestamps_option{"timestamps", 't', Value::none, "",
                                          "begin each line with the time at which it was written"};
inline constexpr Option since_option{"since",
                                     0,
                                     Value::required,
                                     "TIME",
                                     "begin with lines that were written this long ago, or at this time",
                                     false,
                                     time_value};
inline constexpr Option until_option{
    "until", 0,         Value::required, "TIME", "end with lines of this time; nothing is followed",
    false,   time_value};
inline constexpr Option grep_option{"grep", 0, Value::required, "REGEX", "only lines that match"};
inline constexpr Option plain_option{"plain", 0, Value::none, "",
                                     "print plain text, as a terminal would show it in the end"};
inline constexpr Option raw_option{"raw", 0, Value::none, "",
                                   "print the bytes of the log, even to a terminal"};
inline constexpr Option help_option = of_start("help");

// For every verb with targets.
inline constexpr Option project_option{"project",
                                       0,
                                       Value::required,
                                       "DIR",
                                       "the project that names and @here belong to; DIR may no longer exist",
                                       false,
                                       {Kind::folder}};

inline constexpr Option bare_options[] = {help_option};
inline constexpr Option json_options[] = {json_option, help_option};
inline constexpr Option target_options[] = {project_option, help_option};
inline constexpr Option colored_target_options[] = {json_option, color_option, project_option, help_option};
inline constexpr Option json_target_options[] = {json_option, project_option, help_option};

}  // namespace sigmund::cli
