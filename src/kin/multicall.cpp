// SPDX-License-Identifier: Apache-2.0
#include "kin/multicall.hpp"

#include <sys/auxv.h>

#include <string_view>

#include "kin/tool.hpp"

namespace sigmund::kin {
namespace {

// When there is no argv[0] (Linux 5.18 and later make it an empty string), the kernel still knows what it
// executed.
std::string_view program_name(int argc, char** argv) {
    std::string_view path = argc > 0 && argv[0] ? argv[0] : "";
    if (path.empty()) {
        const auto executed = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
        path = executed ? executed : "";
    }
    return path.substr(path.find_last_of('/') + 1);  // npos + 1 is 0
}

}  // namespace

std::optional<int> multicall(int argc, char** argv) {
    if (const Tool* tool = find_tool(program_name(argc, argv))) return tool->main(argc, argv);
    if (argc > 1)
        if (const Tool* tool = find_tool(argv[1])) return tool->main(argc - 1, argv + 1);
    return {};
}

}  // namespace sigmund::kin
