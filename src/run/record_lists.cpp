// SPDX-License-Identifier: Apache-2.0
#include "run/record_lists.hpp"

#include "text/base64.hpp"

namespace sigmund::run {

namespace {

sys::ExitStatus read_status(const Json& object) {
    const auto code = object.find("exit_code");
    if (code != object.end() && code->is_number_integer())
        return sys::ExitStatus::exited(static_cast<int>(code->get<std::int64_t>() & 0xff));
    const auto signal = object.find("signal");
    if (signal == object.end() || !signal->is_string()) return {};
    const auto number = sys::parse_signal(signal->get<std::string>());
    const auto core = object.find("core_dumped");
    if (!number) return {};
    return sys::ExitStatus::killed(*number, core != object.end() && core->is_boolean() && core->get<bool>());
}

}  // namespace

std::vector<Part> read_parts(const Json& list) {
    std::vector<Part> out;
    if (!list.is_array()) return out;
    for (const Json& entry : list) {
        if (!entry.is_object()) continue;
        Part part;
        part.status = read_status(entry);
        if (const auto pid = entry.find("pid"); pid != entry.end() && pid->is_number_integer())
            part.pid = static_cast<pid_t>(pid->get<std::int64_t>() & 0x7fffffff);
        if (const auto n = entry.find("restarts"); n != entry.end() && n->is_number_integer())
            part.restarts = static_cast<int>(n->get<std::int64_t>() & 0x7fffffff);
        if (const auto state = entry.find("state"); state != entry.end() && state->is_string())
            part.state = parse_state(state->get<std::string>()).value_or(State::running);
        const auto words_of = [&](const char* name, auto take) {
            const auto list_of_words = entry.find(name);
            if (list_of_words == entry.end() || !list_of_words->is_array()) return;
            part.argv.clear();
            for (const Json& word : *list_of_words)
                if (word.is_string()) part.argv.push_back(take(word.get_ref<const std::string&>()));
        };
        words_of("argv", [](const std::string& word) { return word; });
        words_of("argv_b64", [](const std::string& word) { return text::decode_base64(word).value_or(""); });
        out.push_back(std::move(part));
    }
    return out;
}

std::vector<Call> read_calls(const Json& list) {
    std::vector<Call> out;
    if (!list.is_array()) return out;
    for (const Json& entry : list) {
        if (!entry.is_object() || out.size() == calls_kept) continue;
        Call call;
        const auto number = [&](const char* name) {
            const auto it = entry.find(name);
            return it != entry.end() && it->is_number_integer() ? it->get<std::int64_t>() : 0;
        };
        const auto text = [&](const char* name) {
            const auto it = entry.find(name);
            return it != entry.end() && it->is_string() ? it->get<std::string>() : "";
        };
        call.at_ms = number("at_ms");
        call.verb = text("verb");
        call.pid = static_cast<pid_t>(number("pid") & 0x7fffffff);
        call.uid = static_cast<uid_t>(number("uid"));
        call.command = text("command");
        out.push_back(std::move(call));
    }
    return out;
}

std::vector<Life> read_lives(const Json& list) {
    std::vector<Life> out;
    if (!list.is_array()) return out;
    for (const Json& entry : list) {
        if (!entry.is_object() || out.size() == lives_kept) continue;
        Life life;
        if (const auto it = entry.find("result"); it != entry.end() && it->is_string())
            life.result = Result(it->get_ref<const std::string&>());
        if (const auto it = entry.find("ended_by"); it != entry.end() && it->is_string())
            life.ended_by = EndedBy(it->get_ref<const std::string&>());
        if (const auto it = entry.find("leader_ended_first"); it != entry.end() && it->is_boolean())
            life.leader_first = it->get<bool>();
        if (const auto it = entry.find("worker"); it != entry.end() && it->is_number_unsigned())
            life.worker = static_cast<int>(it->get<std::uint64_t>() & 0xffff);
        if (const auto it = entry.find("restarted_ms"); it != entry.end() && it->is_number_integer())
            life.restarted_ms = it->get<std::int64_t>();
        out.push_back(std::move(life));
    }
    return out;
}

std::vector<Result> read_results(const Json& list) {
    std::vector<Result> out;
    if (!list.is_array()) return out;
    for (const Json& result : list)
        if (result.is_string()) out.emplace_back(result.get_ref<const std::string&>());
    return out;
}

}  // namespace sigmund::run
