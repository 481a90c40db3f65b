// SPDX-License-Identifier: Apache-2.0
#include "top/spark.hpp"

#include <algorithm>
#include <string_view>

namespace sigmund::top {
namespace {

constexpr std::string_view blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::string_view letters = "_.-=+*%#";

}  // namespace

std::string sparkline(std::span<const std::int64_t> samples, std::size_t most, std::size_t width,
                      bool ascii) {
    std::string out;
    if (most == 0 || width == 0) return out;
    if (samples.size() > most) samples = samples.last(most);
    const std::size_t missing = most - samples.size();
    const auto [low, high] = std::minmax_element(samples.begin(), samples.end());
    const bool flat = samples.empty() || *high - *low < std::max<std::int64_t>(1, *high / 50);
    for (std::size_t column = 0; column < width; ++column) {
        // The samples of a column are those whose times fall into it.
        const std::size_t from = column * most / width;
        const std::size_t to = std::max(from + 1, (column + 1) * most / width);
        if (to <= missing) {
            out += ' ';
            continue;
        }
        std::int64_t top = 0;
        for (std::size_t i = std::max(from, missing); i < to; ++i) top = std::max(top, samples[i - missing]);
        const std::size_t level =
            flat ? 0 : static_cast<std::size_t>(std::max<std::int64_t>(0, top - *low) * 7 / (*high - *low));
        if (ascii)
            out += letters[level];
        else
            out += blocks[level];
    }
    return out;
}

}  // namespace sigmund::top
