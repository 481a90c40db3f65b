// SPDX-License-Identifier: Apache-2.0
// A value in memory that a process shares with the children it forks later. Nothing synchronises access: a
// value that another process is writing may be read when it is half written.
#pragma once
#include <sys/mman.h>

#include <type_traits>
#include <utility>

namespace sigmund::sys {

template <typename T>
class Shared {
    static_assert(std::is_trivially_copyable_v<T>);

  public:
    Shared() noexcept = default;
    // Returns a value of zero bytes, or an empty object with errno set when there is no memory.
    static Shared make() noexcept {
        Shared out;
        void* at = ::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (at != MAP_FAILED) out.value_ = static_cast<T*>(at);
        return out;
    }
    Shared(Shared&& other) noexcept : value_(std::exchange(other.value_, nullptr)) {}
    Shared& operator=(Shared&& other) noexcept {
        if (this != &other) {
            reset();
            value_ = std::exchange(other.value_, nullptr);
        }
        return *this;
    }
    Shared(const Shared&) = delete;
    Shared& operator=(const Shared&) = delete;
    ~Shared() { reset(); }

    void reset() noexcept {
        if (value_) ::munmap(value_, sizeof(T));
        value_ = nullptr;
    }
    explicit operator bool() const noexcept { return value_ != nullptr; }
    T* operator->() const noexcept { return value_; }
    T& operator*() const noexcept { return *value_; }

  private:
    T* value_ = nullptr;
};

}  // namespace sigmund::sys
