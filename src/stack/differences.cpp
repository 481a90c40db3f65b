// SPDX-License-Identifier: Apache-2.0
#include "stack/differences.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "text/escape.hpp"
#include "text/hash.hpp"

namespace sigmund::stack {
namespace {

using Json = nlohmann::json;

constexpr std::string_view variable = "env.", contents_of = "contents of ";
constexpr std::size_t widest = 60;  // the columns of a value in a sentence

std::string in_quotes(std::string_view text) {
    return '"' + std::string(text) + '"';
}

std::string shown(std::string_view text, std::size_t at = 0) {
    return in_quotes(text::excerpt(text, at, widest));
}

std::string change_of_text(const std::string& key, std::string_view before, std::string_view now) {
    const bool is_long = text::display_width(before) > widest || text::display_width(now) > widest;
    const auto differ = std::mismatch(before.begin(), before.end(), now.begin(), now.end()).first;
    const std::size_t at = is_long ? static_cast<std::size_t>(differ - before.begin()) : 0;
    return key + " was " + shown(before, at) + ", and is now " + shown(now, at);
}

// Names what is behind a hash, whose value is not shown.
std::string change_of_hash(const std::string& key, bool was_set, bool is_set) {
    if (key.starts_with(contents_of)) {
        const std::string path = key.substr(contents_of.size());
        if (was_set && is_set) return "the contents of " + path + " have changed";
        return was_set ? path + " is not read any more" : path + " was not read, and is now";
    }
    const std::string name = key.starts_with(variable) ? key.substr(variable.size()) : key;
    if (was_set && is_set) return "the value of " + name + " has changed";
    return was_set ? name + " is not set any more" : name + " was not set, and is now";
}

}  // namespace

// A flat object has texts and small numbers only, and each key once.
class Stated::Reader : public nlohmann::json_sax<Json> {
  public:
    explicit Reader(Stated& to) : to_(to) {}

    bool null() override { return false; }
    bool boolean(bool) override { return false; }
    bool number_integer(std::int64_t) override { return false; }
    bool number_unsigned(std::uint64_t value) override {
        return value <= UINT32_MAX && take({.hash = static_cast<std::uint32_t>(value)});
    }
    bool number_float(double, const std::string&) override { return false; }
    bool string(std::string& value) override { return take({.text = value}); }
    bool binary(Json::binary_t&) override { return false; }
    bool start_object(std::size_t) override { return !std::exchange(inside_, true); }
    bool end_object() override { return true; }
    bool start_array(std::size_t) override { return false; }
    bool end_array() override { return false; }
    bool key(std::string& name) override {
        key_ = name;
        return true;
    }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
        return false;
    }

  private:
    bool take(Value value) { return inside_ && to_.values_.emplace(key_, std::move(value)).second; }

    Stated& to_;
    std::string key_;
    bool inside_ = false;
};

void Stated::state(std::string_view key, std::string_view text) {
    values_[text::replace_invalid_utf8(key)] = {.text = text::replace_invalid_utf8(text)};
}

void Stated::state_variable(std::string_view name, std::string_view value) {
    state_hash(std::string(variable) += name, value);
}

void Stated::state_contents(std::string_view path, std::string_view contents) {
    state_hash(std::string(contents_of) += path, contents);
}

void Stated::state_hash(std::string key, std::string_view secret) {
    key = text::replace_invalid_utf8(key);
    // Equal values of two variables have different hashes.
    const std::uint64_t hash = text::hash((key + '\0').append(secret));
    values_[key] = {.hash = static_cast<std::uint32_t>(hash ^ hash >> 32)};
}

std::string Stated::json() const {
    Json out = Json::object();
    for (const auto& [key, value] : values_) {
        if (value.hash)
            out[key] = *value.hash;
        else
            out[key] = value.text;
    }
    return out.dump();
}

std::optional<Stated> Stated::from_json(std::string_view json) {
    Stated out;
    Reader reader(out);
    if (!Json::sax_parse(json, &reader)) return std::nullopt;
    return out;
}

std::string Stated::difference(const std::string& key, const Value* before, const Value* now) {
    if ((before && before->hash) || (now && now->hash))
        return change_of_hash(key, before != nullptr, now != nullptr);
    const std::string_view was = before ? before->text : std::string_view();
    const std::string_view is = now ? now->text : std::string_view();
    if (!before) return key + " was not set, and is now " + shown(is);
    if (!now) return key + " was " + shown(was) + ", and is not set any more";
    return change_of_text(key, was, is);
}

std::vector<std::string> differences(const Stated& before, const Stated& now) {
    std::map<std::string_view, std::pair<const Stated::Value*, const Stated::Value*>> all;
    for (const auto& [key, value] : before.values_) all[key].first = &value;
    for (const auto& [key, value] : now.values_) all[key].second = &value;
    std::vector<std::string> out;
    for (const auto& [key, values] : all) {
        const auto& [old, current] = values;
        if (old && current && *old == *current) continue;
        out.push_back(Stated::difference(std::string(key), old, current));
    }
    return out;
}

}  // namespace sigmund::stack
