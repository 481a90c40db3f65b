// SPDX-License-Identifier: Apache-2.0
// The claim to a name that another run still holds. A start with --replace takes it before it ends the
// holder, and keeps it until its own run has the name. So several such starts take turns, and no other start
// can get the name in between. The kernel frees its lock when the owner dies.
#pragma once
#include <optional>
#include <string>

#include "run/store.hpp"

namespace sigmund::run {

class NameClaim {
  public:
    NameClaim() = default;
    // Claims the name for the run `id`. The result is empty while another start has the claim. Throws
    // std::system_error when the file cannot be made or written.
    static NameClaim try_take(const Store& store, const ScopedName& name, const std::string& id);

    NameClaim(NameClaim&& other) noexcept = default;
    NameClaim& operator=(NameClaim&& other) noexcept;
    NameClaim(const NameClaim&) = delete;
    NameClaim& operator=(const NameClaim&) = delete;
    ~NameClaim() { release(); }

    explicit operator bool() const { return static_cast<bool>(lock_); }
    // Gives the claim up and removes its file.
    void release() noexcept;
    // Returns the id of the run for which a name is claimed now, or nothing when there is no claim.
    static std::optional<std::string> claimant_of(const Store& store, const ScopedName& name);

  private:
    int dir_ = -1;  // of the store
    std::string file_;
    sys::Fd lock_;
};

}  // namespace sigmund::run
