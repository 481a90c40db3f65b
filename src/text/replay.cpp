// SPDX-License-Identifier: Apache-2.0
#include "text/replay.hpp"

#include <algorithm>
#include <utility>

#include "text/control_parser.hpp"
#include "text/terminal_sanitizer.hpp"

namespace sigmund::text {
namespace {

class Screen final : private ControlHandler {
  public:
    std::string of(std::string_view bytes) {
        ControlParser parser;
        parser.feed(bytes, *this);
        return std::move(out_);
    }

  private:
    void ascii(std::string_view run) override { add(run); }
    void character(std::string_view character, char32_t /*code*/) override { add(character); }
    void invalid_byte() override { add("\xef\xbf\xbd"); }
    void escape(char /*final*/) override {}

    void control(char c) override {
        if (c == '\n') add(out_.ends_with('\r') ? "\n" : "\r\n");
        if (c == '\r' || c == '\t' || c == '\b') add({&c, 1});
    }

    void sequence(std::string_view parameters, char final) override {
        const bool screen = parameters == "?1049" || parameters == "?1047" || parameters == "?47";
        if (screen && final == 'h') alternate_ = true;
        if (screen && final == 'l') {
            if (!alternate_) out_.clear();  // it was turned on before these bytes
            alternate_ = false;
        }
        if (sets_attributes(parameters, final) || erases_in_line(parameters, final))
            add("\x1b[" + std::string(parameters) + final);
    }

    void add(std::string_view text) {
        if (!alternate_) out_ += text;
    }

    std::string out_;
    bool alternate_ = false;
};

// Removes all but the last lines.
void keep_last(std::string& text, std::size_t rows) {
    std::size_t at = text.size();
    for (std::size_t i = 0; i < rows; ++i) {
        if (at == 0) return;
        at = text.rfind('\n', at - 1);
        if (at == std::string::npos) return;
    }
    text.erase(0, at + 1);
}

}  // namespace

std::string replay(std::string_view bytes, std::size_t rows, bool from_start) {
    if (!from_start) bytes.remove_prefix(std::min(bytes.find('\n'), bytes.size() - 1) + 1);
    std::string out = Screen().of(bytes);
    keep_last(out, std::max<std::size_t>(rows, 1));
    if (out.find('\x1b') != std::string::npos) out += attributes_off;
    return out;
}

}  // namespace sigmund::text
