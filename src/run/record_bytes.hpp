// SPDX-License-Identifier: Apache-2.0
// Values that need not be UTF-8, such as paths and the words of a command. They have two keys: NAME is
// readable, and NAME_b64 has the bytes without loss (base64) where the readable form is not exact.
#pragma once
#include "run/record_row.hpp"

namespace sigmund::run::codec {

// A path. Null when it is empty.
struct Bytes {
    static Json get(const std::string& bytes);
    static void set(std::string& to, Json& value);
    static bool scan(Scanner& scanner, std::string& to);
    static bool verbatim(Copier& copier);
};
struct BytesB64 {
    static Json get(const std::string& bytes);
    static void set(std::string& to, const Json& value);
};

// The words of a command. A long command whose words would grow much in JSON (a control character takes six
// bytes) also has NAME_b64 in the file, and its readable form is cut. So a record is at most about twice as
// long as its command line.
struct Words {
    static Json get(const std::vector<std::string>& words, Form form);
    static void set(std::vector<std::string>& to, Json& value);
    static bool scan(Scanner& scanner, std::vector<std::string>& to);
    static bool verbatim(Copier& copier);
};
struct WordsB64 {
    static Json get(const std::vector<std::string>& words, Form form);
    static void set(std::vector<std::string>& to, const Json& value);
};

}  // namespace sigmund::run::codec
