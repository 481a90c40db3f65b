// SPDX-License-Identifier: Apache-2.0
#include "kin/multicall.hpp"

int main(int argc, char** argv) {
    if (const auto status = sigmund::kin::multicall(argc, argv)) return *status;
    return 1;
}
