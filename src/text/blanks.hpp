// SPDX-License-Identifier: Apache-2.0
// A text in which some numbers are left blank, because they become known only where nothing may be allocated.
// It is rendered twice, with two stand-ins for each number that differ in every digit: the places where the
// two texts differ are the blanks. So whatever else the text contains cannot be taken for a blank.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::text {

// The values of the numbers, by their index. A value of 0 is written as `null`.
using Numbers = std::array<std::uint64_t, 3>;

// The stand-ins. Number 0 fits into an int, the others fit into 63 bits.
inline constexpr Numbers stand_ins_one{1111111111, 3333333333333333333, 5555555555555555555};
inline constexpr Numbers stand_ins_two{2000000000, 4444444444444444444, 6666666666666666666};

class Blanks {
  public:
    Blanks() = default;
    // `one` and `two` are the text with the first and the second stand-ins.
    Blanks(std::string one, std::string_view two);

    // Where a blank begins, how long its stand-in is, and which number belongs there.
    struct Blank {
        std::size_t at, size, number;
    };
    // A view without any class of the library, for code that must not call the library.
    struct Form {
        const char* text = nullptr;
        std::size_t size = 0;
        const Blank* blanks = nullptr;
        std::size_t count = 0;
        char* out = nullptr;  // has room for the whole text
    };
    // Returns the view. It is valid as long as this object lives and is not moved.
    Form form();
    std::size_t count() const { return blanks_.size(); }

  private:
    std::string text_, out_;
    std::vector<Blank> blanks_;
};

// Writes the text with the numbers to form.out, and returns its length. Uses neither memory of its own nor
// the library, so it may run after fork.
inline std::size_t fill_in(const Blanks::Form& form, const Numbers& values) noexcept {
    std::size_t from = 0, to = 0;
    const auto copy_until = [&](std::size_t end) {
        struct Eight {
            char bytes[8];
        };
        for (; from + sizeof(Eight) <= end; from += sizeof(Eight), to += sizeof(Eight))
            __builtin_memcpy(form.out + to, form.text + from,
                             sizeof(Eight));  // one instruction each way, no call
        for (; from < end; ++from) form.out[to++] = form.text[from];
    };
    for (std::size_t i = 0; i < form.count; ++i) {
        copy_until(form.blanks[i].at);
        from += form.blanks[i].size;
        std::uint64_t value = values[form.blanks[i].number];
        char digits[20];
        std::size_t count = 0;
        if (value == 0)
            for (const char c : {'l', 'l', 'u', 'n'}) digits[count++] = c;
        for (; value > 0; value /= 10) digits[count++] = static_cast<char>('0' + value % 10);
        while (count > 0) form.out[to++] = digits[--count];
    }
    copy_until(form.size);
    return to;
}

}  // namespace sigmund::text
