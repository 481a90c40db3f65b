// SPDX-License-Identifier: Apache-2.0
#include "guard/notify.hpp"

#include <doctest/doctest.h>

#include <random>

using sigmund::guard::Notice;
using sigmund::guard::parse_notice;

TEST_CASE("the words of sd_notify are understood") {
    CHECK(parse_notice("READY=1").ready);
    CHECK(parse_notice("READY=1\n").ready);
    const Notice all = parse_notice("MAINPID=4\nREADY=1\nSTATUS=serving 3 clients\nWATCHDOG=1\nSTOPPING=1\n");
    CHECK(all.ready);
    CHECK(all.stopping);
    CHECK(all.has_status);
    CHECK(all.status == "serving 3 clients");
    CHECK(parse_notice("STATUS=").has_status);
    CHECK(parse_notice("STATUS=a\nSTATUS=b").status == "b");
}

TEST_CASE("only whole lines count") {
    for (const char* text : {"", "\n\n", "READY", "READY=", "READY=0", "READY=11", " READY=1", "ready=1",
                             "READY=1 ", "XREADY=1", "READY=1\r\n", "status=x", "X_STATUS=x", "STATUSx"}) {
        CAPTURE(text);
        const Notice notice = parse_notice(text);
        CHECK_FALSE(notice.ready);
        CHECK_FALSE(notice.stopping);
        CHECK_FALSE(notice.has_status);
    }
    CHECK_FALSE(parse_notice(std::string_view("READY=1\0", 8)).ready);
}

TEST_CASE("a status has a limited length") {
    const std::string status = parse_notice("STATUS=" + std::string(100'000, 'x')).status;
    CHECK(status == std::string(512, 'x'));
}

TEST_CASE("a hundred thousand random messages are read without harm") {
    std::mt19937 random(20'26);
    const std::string_view alphabet("READY=1STATUPNGO\n\n\0\xff x", 23);
    for (int i = 0; i < 100'000; ++i) {
        std::string text(random() % 40, ' ');
        for (char& c : text) c = alphabet[random() % alphabet.size()];
        const Notice notice = parse_notice(text);
        CHECK_MESSAGE(notice.ready == (('\n' + text + '\n').find("\nREADY=1\n") != std::string::npos), text);
        CHECK(notice.status.find('\n') == std::string::npos);
    }
}
