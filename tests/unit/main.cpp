// SPDX-License-Identifier: Apache-2.0
// The entry of the unit tests. Each test file mirrors one under src/.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
