// SPDX-License-Identifier: Apache-2.0
#include "sys/lock.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

#include "sys/fd.hpp"

namespace sys = sigmund::sys;

TEST_CASE("a marked byte is seen by others, until the last of those that mark it has closed the file") {
    char path[] = "/tmp/sgm-lock.XXXXXX";
    sys::Fd first(::mkostemp(path, O_CLOEXEC));
    sys::Fd second(::open(path, O_RDWR | O_CLOEXEC));
    const sys::Fd reader(::open(path, O_RDONLY | O_CLOEXEC));
    ::unlink(path);
    REQUIRE((first && second && reader));
    CHECK_FALSE(sys::has_marks(reader.get()));
    sys::mark_byte(first.get(), 4'000'000);
    sys::mark_byte(second.get(), 4'000'000);
    CHECK(sys::is_marked(reader.get(), 4'000'000));
    CHECK_FALSE(sys::is_marked(reader.get(), 3'999'999));
    CHECK_FALSE(sys::is_marked(reader.get(), 4'000'001));
    CHECK(sys::has_marks(reader.get()));
    first.reset();
    CHECK(sys::is_marked(reader.get(), 4'000'000));
    // A mark is not a lock of the file.
    CHECK(sys::try_lock(reader.get(), sys::LockMode::exclusive));
    second.reset();
    CHECK_FALSE(sys::is_marked(reader.get(), 4'000'000));
    CHECK_FALSE(sys::has_marks(reader.get()));
}
