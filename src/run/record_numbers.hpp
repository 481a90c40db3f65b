// SPDX-License-Identifier: Apache-2.0
// The codecs of numbers and flags in a record, which its rows name (record_row.hpp): how such values become JSON, and
// back. A record is hostile until it is proven otherwise, so set() checks types and ranges.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>

#include "run/record.hpp"
#include "run/record_copier.hpp"
#include "run/record_row.hpp"
#include "run/record_scanner.hpp"

namespace sigmund::run::codec {

// Returns nothing for a value that is not a whole number or is too high.
inline std::optional<std::int64_t> whole_number(const Json& value) {
    constexpr auto highest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (!value.is_number_integer()) return {};
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > highest) return {};
    return value.get<std::int64_t>();
}
// Returns zero for a negative number.
inline std::optional<std::uint64_t> natural_number(const Json& value) {
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    if (!value.is_number_integer()) return {};
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, value.get<std::int64_t>()));
}

constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max();

struct Version {
    static Json get(int) { return record_version; }
    static void set(int& to, const Json& value) {
        if (const auto number = whole_number(value))
            to = static_cast<int>(std::min<std::int64_t>(*number, 1 << 20));
    }
    static bool scan(Scanner& scanner, int& to) {
        std::int64_t number = 0;
        if (!scanner.number(number) || number != record_version) return false;
        to = record_version;
        return true;
    }
    static bool verbatim(Copier& copier) { return written_number(copier, record_version, record_version); }
};

struct Pid {
    static Json get(pid_t pid) { return pid; }
    static void set(pid_t& to, const Json& value) {
        const auto number = whole_number(value);
        if (number) to = *number > 0 && *number <= highest ? static_cast<pid_t>(*number) : 0;
    }
    static bool scan(Scanner& scanner, pid_t& to) {
        std::int64_t number = 0;
        if (!scanner.number(number) || number < 1 || number > highest) return false;
        to = static_cast<pid_t>(number);
        return true;
    }
    static constexpr std::int64_t highest = std::numeric_limits<pid_t>::max();
    static bool verbatim(Copier& copier) { return written_number(copier, 1, highest); }
};
struct PidOrNull : Pid {
    static Json get(pid_t pid) { return pid != 0 ? Json(pid) : Json(nullptr); }
    static bool verbatim(Copier& copier) {
        copier.nobody = copier.scanner.literal("null");
        return copier.nobody || Pid::verbatim(copier);
    }
};

template <typename Number, std::uint64_t Mask>
struct Count {
    static Json get(Number number) { return number; }
    static void set(Number& to, const Json& value) {
        const auto number = whole_number(value);
        if (number)
            to = static_cast<Number>(static_cast<std::uint64_t>(std::max<std::int64_t>(0, *number)) & Mask);
    }
    static bool verbatim(Copier& copier) {
        return written_number(copier, 0, static_cast<std::int64_t>(Mask));
    }
};
using Restarts = Count<int, 0x7fffffff>;
using UserId = Count<uid_t, 0xffffffff>;  // also a group id, which has the same type

// The user of a process, which is null when there is no such process.
struct UserOfPid {
    template <typename T>
    static Json get(const T& from) {
        return from.pid != 0 ? Json(from.uid) : Json(nullptr);
    }
    template <typename T>
    static void set(T& to, const Json& value) {
        UserId::set(to.uid, value);
    }
    static bool verbatim(Copier& copier) {
        return copier.scanner.literal("null") ? copier.nobody : !copier.nobody && UserId::verbatim(copier);
    }
};

// A number. Zero means that it is not known.
struct NaturalOrNull {
    static Json get(std::uint64_t number) { return number != 0 ? Json(number) : Json(nullptr); }
    static void set(std::uint64_t& to, const Json& value) {
        if (const auto number = natural_number(value)) to = *number;
    }
    static bool verbatim(Copier& copier) {
        return copier.scanner.literal("null") || written_number(copier, 1, no_limit);
    }
};
// A port. 0 means that there is none.
struct PortOrNull {
    static Json get(int port) { return port != 0 ? Json(port) : Json(nullptr); }
    static void set(int& to, const Json& value) {
        const auto number = whole_number(value);
        if (number && *number >= 0 && *number <= highest_port) to = static_cast<int>(*number);
    }
    static bool scan(Scanner& scanner, int& to) {
        std::int64_t number = 0;
        if (scanner.literal("null")) return true;
        if (!scanner.number(number) || number < 1 || number > highest_port) return false;
        to = static_cast<int>(number);
        return true;
    }
    static bool verbatim(Copier& copier) {
        return copier.scanner.literal("null") || written_number(copier, 1, highest_port);
    }
};
// Clock ticks. Version 1 sometimes has them as a string.
struct Ticks : NaturalOrNull {
    static void set(std::uint64_t& to, const Json& value) {
        if (value.is_string())
            to = std::strtoull(value.get_ref<const std::string&>().c_str(), nullptr, 10);
        else
            NaturalOrNull::set(to, value);
    }
};

// A number that is not known for each record. The file leaves it out then, as those of older versions do.
struct AmountIfKnown {
    static constexpr bool null_if_absent = true;
    static Json get(std::optional<std::int64_t> amount, Form form) {
        if (amount) return *amount;
        return form == Form::file ? left_out() : Json(nullptr);
    }
    static void set(std::optional<std::int64_t>& to, const Json& value) {
        if (const auto number = whole_number(value); number && *number >= 0) to = *number;
    }
    static bool verbatim(Copier& copier) {
        return copier.scanner.literal("null") || written_number(copier, 0, no_limit);
    }
};

struct Flag {
    static Json get(bool flag) { return flag; }
    static void set(bool& to, const Json& value) {
        if (value.is_boolean()) to = value.get<bool>();
    }
    static bool scan(Scanner& scanner, bool& to) {
        to = scanner.literal("true");
        return to || scanner.literal("false");
    }
    static bool verbatim(Copier& copier) {
        return copier.scanner.literal("true") || copier.scanner.literal("false");
    }
};
struct FlagOrNull {
    static Json get(std::optional<bool> flag) { return flag ? Json(*flag) : Json(nullptr); }
    static void set(std::optional<bool>& to, const Json& value) {
        if (value.is_boolean()) to = value.get<bool>();
    }
    static bool verbatim(Copier& copier) { return copier.scanner.literal("null") || Flag::verbatim(copier); }
};

// The number of a pool's worker. It is negative where there is no pool.
struct Worker {
    static Json get(int worker) { return worker < 0 ? Json(nullptr) : Json(worker); }
    static void set(int& to, const Json& value) {
        const auto number = whole_number(value);
        if (number && *number >= 0) to = static_cast<int>(*number & 0xffff);
    }
    static bool verbatim(Copier& copier) {
        return copier.scanner.literal("null") || written_number(copier, 0, 0xffff);
    }
};

// The number of workers that a pool should have. It is null where there is no pool.
using WorkerCount = Count<int, 0xffff>;
struct Wanted : WorkerCount {
    static Json get(int count) { return count > 0 ? Json(count) : Json(nullptr); }
    static bool verbatim(Copier& copier) { return copier.scanner.literal("null"); }
};
struct Alive {
    static Json get(const Record& record) {
        return record.workers_wanted > 0 ? Json(record.workers_alive) : Json(nullptr);
    }
    static void set(Record& to, const Json& value) { WorkerCount::set(to.workers_alive, value); }
    static bool verbatim(Copier& copier) { return copier.scanner.literal("null"); }
};

}  // namespace sigmund::run::codec
