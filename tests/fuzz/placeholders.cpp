// SPDX-License-Identifier: Apache-2.0
// The texts of templates: what is found is what is replaced, and nothing else changes.
#include "stack/placeholders.hpp"
#include "fuzz.hpp"

using namespace sigmund::stack;

namespace {

std::string unchanged(const Placeholder& placeholder) {
    return placeholder.text();
}

bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != text.npos;
}

}  // namespace

SIGMUND_FUZZ_TARGET(placeholders) {
    std::vector<Placeholder> asked;
    std::size_t values = 0;
    const std::string filled = fill_placeholders(input, [&](const Placeholder& placeholder) {
        asked.push_back(placeholder);
        values += placeholder.text().size();
        return std::string();
    });
    must(asked == placeholders_in(input));
    for (const Placeholder& each : asked) {
        must(holds(input, each.text()));
        must(placeholders_in(each.text()) == std::vector{each});
        must(fill_placeholders('{' + each.text() + '}', unchanged) == each.text());
        must(placeholders_in('$' + each.text()).empty());
    }
    // Where each placeholder is put back, only double braces become single ones.
    const std::string back = fill_placeholders(input, unchanged);
    must(back.size() == filled.size() + values);
    must((input.size() - back.size()) % 2 == 0);
    if (!holds(input, "{{")) must(back == input);
    if (!holds(input, "port}") && !holds(input, "{project}")) must(filled == input && asked.empty());
    // No form reaches beyond a newline.
    const std::size_t middle = input.size() / 2;
    const std::string two_lines =
        std::string(input.substr(0, middle)) + '\n' + std::string(input.substr(middle));
    must(fill_placeholders(two_lines, unchanged) == fill_placeholders(input.substr(0, middle), unchanged) +
                                                        '\n' +
                                                        fill_placeholders(input.substr(middle), unchanged));
    // What may have been meant as a placeholder is none, stands in the text, and means one.
    for (const Misspelt& each : misspelt_in(input, {"db", "web-1"}, true)) {
        must(holds(input, each.written));
        must(placeholders_in(each.written).empty());
        must(placeholders_in(each.meant).size() == 1);
    }
}
