// SPDX-License-Identifier: Apache-2.0
// A shortcut for lists, which reads the head of a finished record exactly as its rows write it. When anything
// is in doubt (keys in another order, a run that is not over, a value of another kind) it gives no answer,
// and the parser decides.
#include <utility>

#include "run/record.hpp"
#include "run/record_copier.hpp"
#include "run/record_rows.hpp"

namespace sigmund::run {
namespace {

constexpr std::size_t project_row = [] {
    std::size_t at = 0;
    while (record_rows[at].key != "project") ++at;
    return at;
}();
constexpr std::size_t flag_row = project_row + 2;
constexpr std::size_t port_row = project_row + 3;
static_assert(record_rows[flag_row].key == "in_project" && record_rows[port_row].key == "port" &&
                  port_row + 1 == first_row_of(Section::live),
              "only its other form, the flag and the port follow in the head");

template <std::size_t At>
bool scan_row(Scanner& scanner, Record& record) {
    constexpr auto row = record_rows[At];
    // If the text has such a key after all, the next row does not find its own key.
    if constexpr (!row.scannable)
        return true;
    else
        return scanner.take<opening<record_rows, At>.size()>(opening<record_rows, At>.data()) &&
               row.scan(scanner, record);
}

// Reads the project of a file whose head ends before it, as older ones do. Inside of a string the quotes of
// this key would be escaped, and no object between here and there has such a key.
bool scan_later_project(Scanner rest, Record& record) {
    return rest.skip_to(opening<record_rows, project_row>) && scan_row<project_row>(rest, record) &&
           !rest.take<opening<record_rows, project_row + 1>.size()>(
               opening<record_rows, project_row + 1>.data());
}

// Older files lack the flag.
void scan_flag(Scanner& scanner, Record& record) {
    Scanner rest = scanner;
    if (scan_row<flag_row>(rest, record)) scanner = rest;
}

// Reads the port, which older files do not have.
bool scan_port_if_any(Scanner& scanner, Record& record) {
    constexpr const auto& before = opening<record_rows, port_row>;
    return !scanner.rest().starts_with(std::string_view(before.data(), before.size())) ||
           scan_row<port_row>(scanner, record);
}

}  // namespace

bool scan_finished_head(std::string_view text, const std::string& id, Record& record) {
    constexpr std::size_t end = first_row_of(Section::live);
    Scanner scanner(text);
    bool scanned = [&]<std::size_t... At>(std::index_sequence<At...>) {
        return (scan_row<At>(scanner, record) && ...);
    }
    (std::make_index_sequence<project_row>()) &&
        (scan_row<project_row>(scanner, record) || scan_later_project(scanner, record));
    if (scanned) scan_flag(scanner, record);
    scanned = scanned && scan_port_if_any(scanner, record);
    if (!scanned || record.id != id ||
        !scanner.take<opening<record_rows, end>.size()>(opening<record_rows, end>.data()))
        return false;
    record.identity.pid = record.pid;
    return true;
}

}  // namespace sigmund::run
