// SPDX-License-Identifier: Apache-2.0
// Messages of sd_notify(3).
#include "fuzz.hpp"
#include "guard/notify.hpp"

SIGMUND_FUZZ_TARGET(notice) {
    const auto notice = sigmund::guard::parse_notice(input);
    must(notice.status.size() <= 512);
    must(notice.status.find('\n') == std::string::npos);
    must(notice.has_status || notice.status.empty());
}
