// SPDX-License-Identifier: Apache-2.0
#include "config/package_json.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "run/failure.hpp"

namespace sigmund::config {
namespace {

using nlohmann::json;

constexpr std::size_t most_scripts = 1000;

// Takes what matters out of the events of the parser. Nothing else is kept, however large or deep the file is.
class PackageReader final : public json::json_sax_t {
  public:
    explicit PackageReader(Package& out) : out_(out) {}
    std::size_t bad_byte() const { return bad_byte_; }
    bool is_object() const { return is_object_; }

    bool null() override { return value({}, false); }
    bool boolean(bool) override { return value({}, false); }
    bool number_integer(number_integer_t) override { return value({}, false); }
    bool number_unsigned(number_unsigned_t) override { return value({}, false); }
    bool number_float(number_float_t, const string_t&) override { return value({}, false); }
    bool binary(binary_t&) override { return value({}, false); }
    bool string(string_t& text) override { return value(text, true); }
    bool key(string_t& text) override {
        if (depth_ == 1) first_ = text;
        if (depth_ == 2) second_ = text;
        return true;
    }
    bool start_object(std::size_t) override {
        if (depth_ == 0) is_object_ = true;
        if (!value({}, false)) return false;
        if (depth_++ == 1) second_.clear();
        return true;
    }
    bool end_object() override { return --depth_ >= 0; }
    bool start_array(std::size_t size) override {
        const bool object = is_object_;
        const bool good = start_object(size);
        is_object_ = object;
        return good;
    }
    bool end_array() override { return --depth_ >= 0; }
    bool parse_error(std::size_t byte, const std::string&, const json::exception&) override {
        bad_byte_ = byte;
        return false;
    }

  private:
    bool value(const std::string& text, bool is_text) {
        if (depth_ == 1 && first_ == "packageManager" && is_text) out_.manager = text;
        if (depth_ == 2 && first_ == "scripts") add_script(text, is_text);
        const bool listed = depth_ == 2 || (depth_ == 3 && second_ == "packages");
        if (listed && first_ == "workspaces" && is_text) out_.workspaces.push_back(text);
        return out_.scripts.size() <= most_scripts;
    }
    // Of two scripts with one name, JavaScript keeps the place of the first and the command of the second.
    void add_script(const std::string& text, bool is_text) {
        const auto [at, is_new] = places_.try_emplace(second_, out_.scripts.size());
        if (is_new) out_.scripts.emplace_back();
        out_.scripts[at->second] = {second_, text, is_text};
    }

    Package& out_;
    std::map<std::string, std::size_t> places_;
    std::string first_, second_;  // the keys that lead to the value
    int depth_ = 0;
    bool is_object_ = false;
    std::size_t bad_byte_ = 0;
};

[[noreturn]] void fail(const std::string& where, const std::string& what) {
    throw run::Failure(run::Exit::usage, "usage", where + ": " + what);
}

}  // namespace

Package read_package(std::string_view content, const std::string& path) {
    Package out;
    PackageReader reader(out);
    if (!json::sax_parse(content.begin(), content.end(), &reader)) {
        if (out.scripts.size() > most_scripts) fail(path, "has more than 1000 scripts");
        const auto at = std::min(reader.bad_byte(), content.size());
        const auto line =
            std::count(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
        fail(path + ':' + std::to_string(line), "is not valid JSON");
    }
    if (!reader.is_object()) fail(path, "is not a package.json, which is an object");
    if (out.scripts.size() > most_scripts) fail(path, "has more than 1000 scripts");
    return out;
}

}  // namespace sigmund::config
