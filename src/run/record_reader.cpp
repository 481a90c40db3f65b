// SPDX-License-Identifier: Apache-2.0
// How JSON becomes a record: one SAX pass (a tree of the whole file takes two to three times as long) hands
// the value of each key to its row, keeps keys without a row as text, and can stop after the part that a list
// shows. A record is hostile until it is proven otherwise: depth and number of values are limited here, types
// and ranges in the rows.
#include "run/record.hpp"
#include "run/record_rows.hpp"

namespace sigmund::run {
namespace {

constexpr std::size_t max_depth = 64;
// Each value costs memory, and a long file of empty values must not use up all of it. execve(2) counts at
// least 9 bytes of its 6 MiB for a word, and a record has a word at most four times.
constexpr std::size_t max_values = 4'000'000;

constexpr std::string_view project_key = "project";

template <std::size_t N>
const Row<Record>* find_row(const Row<Record> (&rows)[N], std::string_view key, std::size_t expected = 0) {
    for (std::size_t i = 0; i < N; ++i)
        if (const Row<Record>& row = rows[(expected + i) % N]; row.key == key) return &row;
    return nullptr;
}

class Reader : public nlohmann::json_sax<Json> {
  public:
    Reader(Record& record, Depth depth) : record_(record), depth_(depth) {}

    bool stopped_early() const { return stopped_; }
    bool malformed() const { return malformed_; }
    // Returns the keys that have no row.
    const Json& others() const { return others_; }

    bool null() override { return take(nullptr); }
    bool boolean(bool value) override { return take(value); }
    bool number_integer(std::int64_t value) override { return take(value); }
    bool number_unsigned(std::uint64_t value) override { return take(value); }
    bool number_float(double value, const std::string&) override { return take(value); }
    // The parser continues to use the buffers of the strings that it passes on, so they are copied, not
    // moved.
    bool string(std::string& value) override { return take(std::as_const(value)); }
    bool binary(Json::binary_t&) override { return false; }
    bool start_object(std::size_t) override { return enter(Json::object()); }
    bool end_object() override { return leave(); }
    bool start_array(std::size_t) override {
        return open_.empty() && !in_record_ ? bad() : enter(Json::array());  // a record is an object
    }
    bool end_array() override { return leave(); }
    bool key(std::string& name) override {
        if (open_.empty()) return next_row(name);
        keys_.back() = name;
        return true;
    }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
        malformed_ = !stopped_;
        return false;
    }

  private:
    bool bad() {
        malformed_ = true;
        return false;
    }
    bool counted() { return ++values_ <= max_values || bad(); }

    // Keys come in the order of the rows, except in files that another program has written.
    bool next_row(const std::string& name) {
        row_ = find_row(record_rows, name, expected_);
        if (row_) expected_ = static_cast<std::size_t>(row_ - record_rows) + 1;
        if (name == project_key) has_project_ = true;
        if (row_ && ends_head(*row_)) {
            stopped_ = true;
            return false;
        }
        if (!row_) row_ = find_row(version_1_rows, name);
        if (!row_) name_ = name;
        return true;
    }
    // For a run that is over, a list needs no more than the head. Older files have the project later.
    bool ends_head(const Row<Record>& row) const {
        if (depth_ != Depth::head || record_.version != record_version || !has_project_) return false;
        return row.section >= (is_final(record_.state) ? Section::live : Section::rest);
    }

    template <typename T>
    bool take(T&& value) {
        if (!counted()) return false;
        if (!in_record_) return bad();
        if (open_.empty() && row_ && !row_->set) return true;  // a derived value, for which no tree is made
        Json tree(std::forward<T>(value));
        if (open_.empty())
            done(tree);
        else
            add(std::move(tree));
        return true;
    }
    // Adds the value to the innermost open container, and returns its address there.
    Json* add(Json value) {
        Json& into = *open_.back();
        if (into.is_array()) {
            into.push_back(std::move(value));
            return &into.back();
        }
        return &(into[keys_.back()] = std::move(value));
    }
    bool enter(Json container) {
        if (++depth_now_ > max_depth) return bad();
        if (!counted()) return false;
        if (!in_record_) return in_record_ = true;
        if (open_.empty()) {
            tree_ = std::move(container);
            open_.push_back(&tree_);
        } else {
            open_.push_back(add(std::move(container)));
        }
        keys_.emplace_back();
        return true;
    }
    bool leave() {
        --depth_now_;
        if (open_.empty()) return true;  // the end of the record itself
        open_.pop_back();
        keys_.pop_back();
        if (open_.empty()) done(tree_);
        return true;
    }
    void done(Json& value) {
        if (!row_) {
            if (depth_ == Depth::full) others_[name_] = std::move(value);
        } else if (row_->set) {
            row_->set(record_, value);
        }
    }

    Record& record_;
    Depth depth_;
    std::size_t depth_now_ = 0, values_ = 0, expected_ = 0;
    bool in_record_ = false, stopped_ = false, malformed_ = false, has_project_ = false;
    const Row<Record>* row_ = nullptr;  // the row of the key whose value is read
    std::string name_;                  // that key, if it has no row
    Json tree_;                         // its value, when that is a container
    std::vector<Json*> open_;           // the containers from tree_ to the place of the next value
    std::vector<std::string> keys_;     // for each of them, the key of that value
    Json others_ = Json::object();
};

}  // namespace

std::optional<Record> parse_record(std::string_view text, const std::string& id, Depth depth) {
    // A reader of the head does not see the end, so the last character tells whether the file was cut short.
    const auto last = text.find_last_not_of(" \t\r\n");
    if (last == std::string_view::npos || text[last] != '}') return std::nullopt;
    Record record;
    Reader reader(record, depth);
    const bool complete = Json::sax_parse(text.data(), text.data() + text.size(), &reader);
    if (!complete && !reader.stopped_early()) return std::nullopt;
    // The keys have another order than ours, and important ones come after the place where a head ends.
    if (reader.stopped_early() && !reader.malformed() && (record.id.empty() || record.pid <= 0))
        return parse_record(text, id, Depth::full);
    if (reader.malformed() || record.id != id || record.pid <= 0) return std::nullopt;
    if (record.pgid == 0) record.pgid = record.pid;
    if (record.sid == 0) record.sid = record.pid;
    record.identity.pid = record.pid;
    if (record.version < record_version) {
        if (record.state == State::starting) record.state = State::running;
        if (record.argv.size() == 1 && record.argv[0].empty()) record.argv.clear();
    }
    if (!reader.others().empty()) record.extra_json = reader.others().dump();
    return record;
}

}  // namespace sigmund::run
