// SPDX-License-Identifier: Apache-2.0
#include "run/machine_text.hpp"

#include <algorithm>

#include "run/record_copier.hpp"
#include "run/record_rows.hpp"

namespace sigmund::run {
namespace {

// Takes the path over from the text of the row: ,"log":"PATH". A path with escapes is left to the parser.
bool take_log(std::string_view row, std::string& log) {
    constexpr std::string_view before = R"(,"log":")";
    if (!row.starts_with(before) || row.find('\\') != row.npos) return false;
    row.remove_prefix(before.size());
    log = row.substr(0, row.size() - 1);
    return true;
}

template <std::size_t At>
bool copy_row_of_record(Copier& copier, MachineText& out, std::string& late) {
    constexpr std::string_view key = record_rows[At].key;
    if constexpr (key == "log") copier.out += late;
    const std::size_t begin = copier.out.size();
    const std::string_view before = copier.scanner.rest();
    if (!copy_row<record_rows, At>(copier)) return false;
    const std::size_t end = copier.out.size();
    if constexpr (key == "guardian") {
        out.guardian_end = end - 1;
    } else if constexpr (key == "log") {
        out.log_begin = begin;
        out.log_end = end;
        return take_log(std::string_view(copier.out).substr(begin), out.log);
    } else if constexpr (is_shown_before_log(key)) {
        late.append(copier.out, begin);
        copier.out.resize(begin);
    } else if constexpr (key == "log_external") {
        out.log_external = before.substr(0, before.size() - copier.scanner.rest().size()).ends_with("true");
    }
    return true;
}

}  // namespace

bool copy_finished(std::string_view file, const std::string& id, MachineText& out) {
    const bool ascii =
        std::none_of(file.begin(), file.end(), [](char c) { return static_cast<signed char>(c) < 0; });
    if (!ascii && !text::valid_utf8(file)) return false;
    out.text.clear();
    Copier copier{.scanner = Scanner(file), .id = id, .out = std::move(out.text), .time = {}, .boot_id = {}};
    std::string late;
    const bool copied = copy_object<record_rows>(
        copier, [&]<std::size_t At>() { return copy_row_of_record<At>(copier, out, late); });
    out.text = std::move(copier.out);
    return copied && copier.scanner.rest() == "\n";
}

}  // namespace sigmund::run
