// SPDX-License-Identifier: Apache-2.0
// JSON to records: one SAX pass that fills the known fields, keeps unknown top-level ones as text, and can
// stop after what a list shows. A record is hostile until proven otherwise: types, depth and ranges are
// checked.
#include <limits>
#include <nlohmann/json.hpp>

#include "run/id.hpp"
#include "run/record.hpp"
#include "run/record_fields.hpp"
#include "run/record_lists.hpp"
#include "text/base64.hpp"

namespace sigmund::run {
namespace {

constexpr std::size_t max_depth = 64;
// A word costs execve(2) 9 bytes of 6 MiB at least, and is in a record four times at most.
constexpr std::size_t max_values = 4'000'000;
// Where Depth::head stops: an ended run's identity is of no use to a list.
constexpr std::string_view first_tail_field = "cwd";
constexpr std::string_view first_field_unneeded_once_over = "restarts";

class Reader : public nlohmann::json_sax<Json> {
  public:
    Reader(Record& record, Depth depth) : record_(record), depth_wanted_(depth) {}

    bool stopped_early() const { return stopped_; }
    bool malformed() const { return malformed_; }
    Json take_extra() { return std::move(extra_); }
    Json take_options() { return std::move(options_); }
    const Json& stages() const { return stages_; }
    const Json& workers() const { return workers_; }
    const Json& results() const { return results_; }
    const Json& calls() const { return calls_; }
    const Json& lives() const { return lives_; }
    bool has_argv() const { return argv_seen_; }

    bool null() override { return counted() && (capturing() ? keep(nullptr) : value_done()); }
    bool boolean(bool value) override { return counted() && (capturing() ? keep(value) : set_bool(value)); }
    bool number_integer(std::int64_t value) override {
        return counted() && (capturing() ? keep(value) : set_number(value));
    }
    bool number_unsigned(std::uint64_t value) override {
        return counted() && (capturing() ? keep(value) : set_unsigned(value));
    }
    bool number_float(double value, const std::string&) override {
        return counted() && (capturing() ? keep(value) : value_done());
    }
    bool string(std::string& value) override {
        return counted() && (capturing() ? keep(value) : set_string(value));
    }
    bool binary(Json::binary_t&) override { return false; }
    bool start_object(std::size_t) override {
        if (!enter()) return false;
        if (level_ == 1) return true;
        if (capturing()) return open_container(Json::object());
        in_identity_ = level_ == 2 && top_ == Field::identity;
        in_guardian_ = level_ == 2 && top_ == Field::guardian;
        return true;
    }
    bool end_object() override {
        if (capturing()) return close_container();
        in_identity_ = in_guardian_ = false;
        --level_;
        return true;
    }
    bool start_array(std::size_t) override {
        if (level_ == 0) return bad();  // a record is an object
        if (!enter()) return false;
        if (capturing()) return open_container(Json::array());
        in_array_ = level_ == 2;
        if (in_array_ && top_ == Field::argv) argv_seen_ = true;
        return true;
    }
    bool end_array() override {
        if (capturing()) return close_container();
        in_array_ = false;
        --level_;
        return true;
    }
    bool key(std::string& name) override {
        if (capturing()) {
            pending_key_ = name;
            return true;
        }
        if (level_ == 1) {
            if (depth_wanted_ == Depth::head && record_.version == record_version &&
                (name == first_tail_field ||
                 (is_final(record_.state) && name == first_field_unneeded_once_over))) {
                stopped_ = true;
                return false;
            }
            top_ = find_field(top_fields, name);
            field_ = top_;
            if (top_ == Field::unknown || tree(top_)) {
                capture_name_ = name;
                capture_level_ = 2;
            }
        } else if (in_identity_) {
            field_ = find_field(identity_fields, name);
        } else if (in_guardian_) {
            field_ = name == "pid"           ? Field::guardian
                     : name == "start_ticks" ? Field::guardian_ticks
                                             : Field::ignored;
        } else {
            field_ = Field::ignored;
        }
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
    bool enter() {
        if (++level_ > max_depth) return bad();
        return counted();
    }
    // Each value costs memory: a long file of empty ones must not take all there is.
    bool counted() { return ++values_ <= max_values || bad(); }
    bool value_done() { return level_ > 0 || bad(); }

    // Known fields that are kept as trees, and read once all is there.
    Json* tree(Field field) {
        switch (field) {
            case Field::options:
                return &options_;
            case Field::stages:
                return &stages_;
            case Field::workers:
                return &workers_;
            case Field::results:
                return &results_;
            case Field::calls:
                return &calls_;
            case Field::lives:
                return &lives_;
            default:
                return nullptr;
        }
    }

    // Unknown fields and trees are rebuilt; `stack_` leads to where the next value goes.
    bool capturing() const { return capture_level_ != 0; }
    void place(Json value) {
        if (stack_.empty()) {
            captured_ = std::move(value);
        } else if (stack_.back()->is_array()) {
            stack_.back()->push_back(std::move(value));
        } else {
            (*stack_.back())[pending_key_] = std::move(value);
        }
    }
    void finish_capture() {
        if (Json* place = tree(top_)) {
            *place = std::move(captured_);
        } else if (depth_wanted_ == Depth::full) {
            extra_[capture_name_] = std::move(captured_);
        }
        capture_level_ = 0;
    }
    template <typename T>
    bool keep(T&& value) {
        place(Json(std::forward<T>(value)));
        if (stack_.empty()) finish_capture();
        return true;
    }
    bool open_container(Json container) {
        const std::string name = pending_key_;
        place(std::move(container));
        if (stack_.empty())
            stack_.push_back(&captured_);
        else if (stack_.back()->is_array())
            stack_.push_back(&stack_.back()->back());
        else
            stack_.push_back(&(*stack_.back())[name]);
        return true;
    }
    bool close_container() {
        --level_;
        stack_.pop_back();
        if (stack_.empty()) finish_capture();
        return true;
    }

    bool set_unsigned(std::uint64_t value) {
        if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
            if (field_ == Field::pidfd_ino) record_.identity.pidfd_ino = value;
            return value_done();
        }
        return set_number(static_cast<std::int64_t>(value));
    }
    bool set_bool(bool value) {
        switch (level_ <= 2 && !in_array_ ? field_ : Field::ignored) {
            case Field::core_dumped:
                record_.status.core = value;
                break;
            case Field::ready:
                record_.ready = value;
                break;
            case Field::keep:
                record_.keep = value;
                break;
            case Field::log_external:
                record_.log_external = value;
                break;
            case Field::split_log:
                record_.split_log = value;
                break;
            case Field::leader_first:
                record_.leader_first = value;
                break;
            default:
                break;
        }
        return value_done();
    }
    static pid_t to_pid(std::int64_t value) {
        return value > 0 && value <= std::numeric_limits<pid_t>::max() ? static_cast<pid_t>(value) : 0;
    }
    bool set_number(std::int64_t value) {
        if (in_array_ || level_ > 2 || (level_ == 2 && !in_identity_ && !in_guardian_)) return value_done();
        const auto natural = static_cast<std::uint64_t>(value < 0 ? 0 : value);
        switch (field_) {
            case Field::version:
                record_.version = static_cast<int>(std::min<std::int64_t>(value, 1 << 20));
                break;
            case Field::pid:
                record_.pid = to_pid(value);
                break;
            case Field::pgid:
                record_.pgid = to_pid(value);
                break;
            case Field::sid:
                record_.sid = to_pid(value);
                break;
            case Field::guardian:
                record_.guardian_pid = to_pid(value);
                break;
            case Field::guardian_ticks:
                record_.guardian_ticks = natural;
                break;
            case Field::started_ms:
                record_.started_ms = value;
                break;
            case Field::start_unix_ns:
                record_.started_ms = value / 1'000'000;
                break;
            case Field::ended_ms:
                record_.ended_ms = value;
                break;
            case Field::exit_code:
                record_.status.known = true;
                record_.status.code = static_cast<int>(value & 0xff);
                break;
            case Field::restarts:
                record_.restarts = static_cast<int>(value & 0x7fffffff);
                break;
            case Field::workers_wanted:
                record_.workers_wanted = static_cast<int>(natural & 0xffff);
                break;
            case Field::workers_alive:
                record_.workers_alive = static_cast<int>(natural & 0xffff);
                break;
            case Field::next_start:
                record_.next_start_ms = value;
                break;
            case Field::start_ticks:
                record_.identity.start_ticks = natural;
                break;
            case Field::pidfd_ino:
                record_.identity.pidfd_ino = natural;
                break;
            case Field::exe_dev:
                record_.identity.exe.dev = natural;
                break;
            case Field::exe_ino:
                record_.identity.exe.ino = natural;
                break;
            case Field::pid_ns:
                record_.identity.pid_ns = natural;
                break;
            case Field::uid:
                record_.uid = static_cast<uid_t>(natural);
                break;
            case Field::gid:
                record_.gid = static_cast<gid_t>(natural);
                break;
            case Field::stop_timeout:
                record_.stop_timeout = value < 0 ? 0 : value;
                break;
            default:
                break;
        }
        return value_done();
    }
    bool set_string(std::string& value) {
        if (in_array_) {
            if (level_ != 2) return true;
            if (top_ == Field::argv) {
                if (!lossless_argv_) record_.argv.push_back(std::move(value));
            } else if (top_ == Field::tags) {
                if (is_tag(value)) record_.tags.push_back(std::move(value));
            } else if (top_ == Field::argv_b64) {
                if (!lossless_argv_) record_.argv.clear();
                lossless_argv_ = true;
                record_.argv.push_back(text::decode_base64(value).value_or(""));
            }
            return true;
        }
        if (level_ > 2 || (level_ == 2 && !in_identity_)) return value_done();
        switch (field_) {
            case Field::id:
                record_.id = value;
                break;
            case Field::name:
                if (is_name(value)) record_.name = value;
                break;
            case Field::state:
                record_.state = parse_state(value).value_or(State::running);
                break;
            case Field::result:
                record_.result = Result(value);
                break;
            case Field::cmd_display:
                record_.cmd_display = value;
                break;
            case Field::signal:
                if (const auto signal = sys::parse_signal(value)) {
                    record_.status.known = true;
                    record_.status.signal = *signal;
                }
                break;
            case Field::stop_signal:
                record_.stop_signal = sys::parse_signal(value).value_or(SIGTERM);
                break;
            case Field::shell:
                record_.shell = value;
                break;
            case Field::health:
                record_.health = value;
                break;
            case Field::key:
                record_.key = value;
                break;
            case Field::host:
                record_.host = value;
                break;
            case Field::cwd:
                record_.cwd = value;
                break;
            case Field::cwd_b64:
                record_.cwd = text::decode_base64(value).value_or(record_.cwd);
                break;
            case Field::project:
                record_.project = value;
                break;
            case Field::project_b64:
                record_.project = text::decode_base64(value).value_or(record_.project);
                break;
            case Field::log:
                record_.log = value;
                break;
            case Field::log_b64:
                record_.log = text::decode_base64(value).value_or(record_.log);
                break;
            case Field::survive:
                record_.survive = value;
                break;
            case Field::status_text:
                record_.status_text = value;
                break;
            case Field::ended_by:
                record_.ended_by = EndedBy(value);
                break;
            case Field::ready_detail:
                record_.ready_detail = value;
                break;
            case Field::boot_id:
                record_.identity.boot_id = value;
                break;
            case Field::start_ticks:
                record_.identity.start_ticks = std::strtoull(value.c_str(), nullptr, 10);
                break;
            default:
                break;
        }
        return value_done();
    }

    Record& record_;
    Depth depth_wanted_;
    std::size_t level_ = 0, values_ = 0;
    Field top_ = Field::unknown;
    Field field_ = Field::unknown;
    bool in_identity_ = false, in_guardian_ = false, in_array_ = false;
    bool lossless_argv_ = false, argv_seen_ = false;
    bool stopped_ = false, malformed_ = false;
    std::size_t capture_level_ = 0;
    std::string capture_name_, pending_key_;
    Json captured_, extra_ = Json::object(), options_, stages_, workers_, results_, calls_, lives_;
    std::vector<Json*> stack_;
};

}  // namespace

std::optional<Record> parse_record(std::string_view text, const std::string& id, Depth depth) {
    // A head reader does not see the end: a file cut short is told by its last character.
    const auto last = text.find_last_not_of(" \t\r\n");
    if (last == std::string_view::npos || text[last] != '}') return std::nullopt;
    Record record;
    Reader reader(record, depth);
    const bool complete = Json::sax_parse(text.data(), text.data() + text.size(), &reader);
    if (!complete && !reader.stopped_early()) return std::nullopt;
    // Fields in another order than ours: what matters comes behind the place where a head ends.
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
    if (depth == Depth::full) {
        if (Json extra = reader.take_extra(); !extra.empty()) record.extra_json = extra.dump();
        record.stages = read_parts(reader.stages());
        record.workers = read_parts(reader.workers());
        record.results = read_results(reader.results());
        record.calls = read_calls(reader.calls());
        record.lives = read_lives(reader.lives());
        if (Json options = reader.take_options(); options.is_object()) record.options_json = options.dump();
    }
    return record;
}

}  // namespace sigmund::run
