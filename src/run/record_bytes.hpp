// SPDX-License-Identifier: Apache-2.0
// Values that need not be UTF-8, such as paths and the words of a command. They have two keys: NAME is
// readable, and NAME_b64 has the same without loss (base64) where the readable form is not the whole truth.
#pragma once
#include "run/record_row.hpp"

namespace sigmund::run::codec {

// A path. Null when it is empty.
struct Bytes {
    static Json get(const std::string& bytes);
    static void set(std::string& to, Json& value);
};
struct BytesB64 {
    static Json get(const std::string& bytes);
    static void set(std::string& to, const Json& value);
};

// The words of a command. In the file, a long command whose words JSON would blow up (a control character
// takes six bytes) has NAME_b64 too, and the readable form is cut: so a record is at most about twice as long
// as its command line.
struct Words {
    static Json get(const std::vector<std::string>& words, Form form);
    static void set(std::vector<std::string>& to, Json& value);
    static bool scan(Scanner& scanner, std::vector<std::string>& to);
};
struct WordsB64 {
    static Json get(const std::vector<std::string>& words, Form form);
    static void set(std::vector<std::string>& to, const Json& value);
};

}  // namespace sigmund::run::codec
