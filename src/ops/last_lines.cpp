// SPDX-License-Identifier: Apache-2.0
#include "ops/last_lines.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "text/plain.hpp"

namespace sigmund::ops {

std::vector<std::string> last_lines(const run::Store& store, const run::Record& record, run::LogPart part,
                                    int number, std::size_t most) {
    constexpr std::size_t tail_read = 64 * 1024;
    const sys::Fd fd = store.open_log(record, part, number);
    struct stat st {};
    if (!fd || ::fstat(fd.get(), &st) != 0) return {};
    std::string text(std::min<std::size_t>(static_cast<std::size_t>(st.st_size), tail_read), '\0');
    const off_t from = st.st_size - static_cast<off_t>(text.size());
    const ssize_t n = ::pread(fd.get(), text.data(), text.size(), from);
    if (n <= 0) return {};
    text.resize(static_cast<std::size_t>(n));
    // The beginning of the first line may be missing.
    if (const auto end = text.find('\n'); from > 0 && end != std::string::npos) text.erase(0, end + 1);
    return text::plain_lines(text, {.columns = 4096, .lines = most});
}

}  // namespace sigmund::ops
