// SPDX-License-Identifier: Apache-2.0
// A small picture of how a number has changed: one character for each part of the time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace sigmund::top {

// Returns a picture of `width` columns, the newest sample at the right, in blocks (U+2581..U+2588) or, with `ascii`, in
// characters that get denser. `most` samples fill the picture; where there are fewer, it begins with blanks. The lowest
// and the highest sample get the lowest and the highest character, unless they differ by less than a fiftieth.
std::string sparkline(std::span<const std::int64_t> samples, std::size_t most, std::size_t width, bool ascii);

}  // namespace sigmund::top
