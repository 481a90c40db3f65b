// SPDX-License-Identifier: Apache-2.0
#include "ops/exit_prompt.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "sys/clock.hpp"
#include "sys/file.hpp"
#include "sys/terminal.hpp"
#include "text/duration.hpp"
#include "text/escape.hpp"

namespace sigmund::ops {
namespace {

constexpr std::size_t most_rows = 8;
constexpr std::size_t longest_line = 200;
constexpr int longest_wait =
    20;  // in time-outs: the question ends after that many, even while a person is typing

volatile sig_atomic_t hung_up = 0;

void on_hangup(int) {
    hung_up = 1;
}

// Switches the terminal to raw mode, in which it delivers each key at once, and restores it at the end.
class RawTerminal {
  public:
    explicit RawTerminal(int fd) : fd_(fd) {
        struct sigaction action {};
        action.sa_handler = on_hangup;
        for (const int signal : {SIGHUP, SIGTERM, SIGINT}) ::sigaction(signal, &action, nullptr);
        ok_ = ::tcgetattr(fd, &before_) == 0;
        termios raw = before_;
        raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG | IEXTEN);
        raw.c_iflag |= ICRNL;
        raw.c_iflag &= ~static_cast<tcflag_t>(INLCR | IGNCR);
        raw.c_oflag |= OPOST | ONLCR;
        raw.c_cc[VMIN] = 1;
        raw.c_cc[VTIME] = 0;
        // This flushes the input: keys that were typed before the question must not answer it.
        ok_ = ok_ && ::tcsetattr(fd, TCSAFLUSH, &raw) == 0;
    }
    RawTerminal(const RawTerminal&) = delete;
    RawTerminal& operator=(const RawTerminal&) = delete;
    ~RawTerminal() {
        if (ok_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
    }
    bool ok() const { return ok_; }

  private:
    int fd_;
    bool ok_ = false;
    termios before_{};
};

constexpr int key_timeout = -1, key_gone = -2;

constexpr int key_ctrl_c = 3, key_ctrl_d = 4, key_backspace = 8, key_ctrl_u = 21, key_escape = 27,
              key_delete = 127;

// After an Esc: returns whether more bytes came with it, and consumes them. An arrow key, or a report that a
// terminal sends by itself (focus, the mouse), is not the Esc key and no answer.
bool rest_of_sequence(int fd) {
    constexpr int patience = 50;  // ms; a terminal sends a whole sequence at once
    bool any = false;
    unsigned char kind = 0;  // after '[' or 'O' a letter ends the sequence
    int raw = 0;             // bytes of any value that are still to come of an old terminal's mouse report
    for (int i = 0; i < 64; ++i) {
        pollfd set{fd, POLLIN, 0};
        unsigned char byte = 0;
        if (::poll(&set, 1, patience) <= 0 || (set.revents & POLLIN) == 0 || ::read(fd, &byte, 1) != 1) break;
        if (raw > 0) {
            if (--raw == 0) return true;
        } else if (!any && (byte == '[' || byte == 'O')) {
            kind = byte;
        } else if (i == 1 && kind == '[' && byte == 'M') {
            raw = 3;
        } else if (kind == 0 || (byte >= '@' && byte <= '~' && !(i == 1 && byte == '['))) {
            return true;  // a sequence ends here, except that [[ begins a function key of the Linux console
        }
        any = true;
    }
    return any;
}

// Reads one byte. Negative: time ran out, or the terminal is gone. Calls `tick` each second with the seconds
// that are left.
template <typename Tick>
int read_key(int fd, sys::Millis until, Tick tick) {
    for (;;) {
        if (hung_up) return key_gone;
        const sys::Millis left = until - sys::monotonic_ms();
        if (left <= 0) return key_timeout;
        tick((left + 999) / 1000);
        pollfd set{fd, POLLIN, 0};
        const int ready =
            ::poll(&set, 1, static_cast<int>(std::min<sys::Millis>(left, (left - 1) % 1000 + 1)));
        if (ready < 0 && errno != EINTR) return key_gone;
        if (ready <= 0) continue;
        if ((set.revents & POLLIN) == 0) return key_gone;
        unsigned char key = 0;
        const ssize_t n = ::read(fd, &key, 1);
        if (n < 0 && errno == EINTR) continue;
        if (n == 1 && key == key_escape && rest_of_sequence(fd)) continue;
        return n == 1 ? key : key_gone;
    }
}

void put(int fd, const std::string& text) {
    sys::write_all(fd, text);
}

// Parses "1 3", "1,3" or "a" into indices. Returns nothing for anything else.
std::optional<std::vector<std::size_t>> parse_choice(const std::string& line, std::size_t count) {
    std::vector<std::size_t> out;
    std::size_t number = 0;
    bool digits = false;
    for (std::size_t i = 0; i <= line.size(); ++i) {
        const char c = i < line.size() ? line[i] : ' ';
        if (c >= '0' && c <= '9') {
            number = std::min<std::size_t>(number * 10 + static_cast<std::size_t>(c - '0'), 1'000'000);
            digits = true;
        } else if (c == 'a' || c == 'A') {
            out.clear();
            for (std::size_t all = 0; all < count; ++all) out.push_back(all);
            return out;
        } else if (c == ' ' || c == ',' || c == '\t') {
            if (digits) {
                if (number < 1 || number > count) return std::nullopt;
                if (std::find(out.begin(), out.end(), number - 1) == out.end()) out.push_back(number - 1);
            }
            number = 0;
            digits = false;
        } else {
            return std::nullopt;
        }
    }
    return out;
}

ExitAnswer stop_all(const std::vector<run::Judged>& runs) {
    ExitAnswer all{ExitChoice::stop, {}};
    for (std::size_t i = 0; i < runs.size(); ++i) all.chosen.push_back(i);
    return all;
}

// Returns the answer when no person can be asked, or the person has gone.
ExitAnswer unattended(const std::vector<run::Judged>& runs, const ExitPolicy& policy) {
    return policy.without_terminal == OnExit::stop ? stop_all(runs) : ExitAnswer{ExitChoice::leave, {}};
}

class Dialogue {
  public:
    Dialogue(const std::vector<run::Judged>& runs, const ExitPolicy& policy, int fd)
        : runs_(runs), policy_(policy), fd_(fd), width_(sys::terminal_size(fd).columns) {}

    ExitAnswer ask() {
        RawTerminal raw(fd_);
        if (!raw.ok()) return unattended(runs_, policy_);
        end_ = sys::monotonic_ms() + policy_.timeout * longest_wait;
        show();
        return menu();
    }

  private:
    void show() {
        std::string text = runs_.size() == 1 ? "sigmund: 1 run started in this shell is still running:\n"
                                             : "sigmund: " + std::to_string(runs_.size()) +
                                                   " runs started in this shell are still running:\n";
        const auto rows = exit_rows(runs_, width_);
        for (std::size_t i = 0; i < rows.size() && i < most_rows; ++i) text += rows[i] + '\n';
        if (rows.size() > most_rows) text += "  and " + std::to_string(rows.size() - most_rows) + " more\n";
        put(fd_, text);
    }

    // The menu is drawn over itself each second, so it must fit: a longer line would scroll the window.
    void show_menu(sys::Millis seconds) {
        const std::string left = std::to_string(seconds) + "s) \b";
        width_ = sys::terminal_size(fd_).columns;  // the window may have been resized
        for (const char* menu :
             {"\r[s]top all   [k]eep   [c]hoose   (keep in ", "\r[s]top [k]eep [c]hoose (", "\rs/k/c ("})
            if (std::string text = menu + left; text.size() < width_ + 2 || menu[1] == 's')
                return put(fd_, text);
    }

    sys::Millis deadline() const { return std::min(sys::monotonic_ms() + policy_.timeout, end_); }

    ExitAnswer menu() {
        for (sys::Millis until = deadline();;) {
            const int key = read_key(fd_, until, [this](sys::Millis seconds) { show_menu(seconds); });
            switch (key) {
                case key_gone:
                    return unattended(runs_, policy_);
                case key_timeout:
                    put(fd_, "\n");
                    return {ExitChoice::leave, {}};
                case 's':
                case 'S': {
                    put(fd_, "\n");
                    return stop_all(runs_);
                }
                case 'c':
                case 'C': {
                    put(fd_, "\n");
                    if (auto answer = choose()) return *answer;
                    until = deadline();
                    break;
                }
                case 'k':
                case 'K':
                case '\n':
                case '\r':
                case key_escape:
                case key_ctrl_c:
                case key_ctrl_d:
                    put(fd_, "\n");
                    return {ExitChoice::keep, {}};
                default:
                    break;  // any other key is not an answer
            }
        }
    }

    // Asks which runs to stop. Returns nothing to go back to the menu.
    std::optional<ExitAnswer> choose() {
        // The question is short where the long one would not fit with an answer: a backspace does not go back
        // over the end of a line.
        const std::string question = width_ < 72 ? "stop which? (1 3; a: all) "
                                                 : "stop which? (as in 1 3; a for all; Enter for none) ";
        put(fd_, question);
        std::string line;
        for (;;) {
            const int key = read_key(fd_, deadline(), [](sys::Millis) {});
            if (key == key_gone) return unattended(runs_, policy_);
            if (key == key_timeout) {
                put(fd_, "\n");
                return ExitAnswer{ExitChoice::leave, {}};
            }
            if (key == key_escape || key == key_ctrl_c || key == key_ctrl_d) {
                put(fd_, "\n");
                return std::nullopt;
            }
            if (key == '\n' || key == '\r') {
                put(fd_, "\n");
                const auto chosen = parse_choice(line, runs_.size());
                if (!chosen) {
                    put(fd_,
                        "please type numbers from 1 to " + std::to_string(runs_.size()) + "\n" + question);
                    line.clear();
                    continue;
                }
                if (chosen->empty()) return ExitAnswer{ExitChoice::keep, {}};
                return ExitAnswer{ExitChoice::stop, *chosen};
            }
            if (key == key_backspace || key == key_delete) {
                if (!line.empty()) put(fd_, "\b \b");
                if (!line.empty()) line.pop_back();
            } else if (key == key_ctrl_u) {
                for (; !line.empty(); line.pop_back()) put(fd_, "\b \b");
            } else if (key >= ' ' && key < 127 && line.size() < longest_line) {
                line += static_cast<char>(key);
                put(fd_, std::string(1, static_cast<char>(key)));
            }
        }
    }

    const std::vector<run::Judged>& runs_;
    const ExitPolicy& policy_;
    int fd_;
    std::size_t width_;
    sys::Millis end_ = 0;
};

}  // namespace

std::vector<std::string> exit_rows(const std::vector<run::Judged>& runs, std::size_t width) {
    const auto pad = [](const std::string& text, std::size_t to, bool right) {
        const std::size_t has = text::display_width(text);
        const std::string blanks(to > has ? to - has : 0, ' ');
        return right ? blanks + text : text + blanks;
    };
    std::size_t name_width = 6, age_width = 2, id_width = 0, number_width = 1;
    const sys::Millis now = sys::realtime_ms();
    const auto age_of = [&](const run::Record& run) {
        return text::format_age(std::max<sys::Millis>(0, now - run.started_ms));
    };
    for (const run::Judged& each : runs) {
        const run::Record& run = each.record;
        name_width = std::max(name_width, run.name.empty() ? run.id.size() : run.name.size());
        if (!run.name.empty()) id_width = std::max(id_width, run.id.size());
        age_width = std::max(age_width, age_of(run).size());
    }
    if (runs.size() > 9) number_width = 2;
    std::vector<std::string> rows;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const run::Record& run = runs[i].record;
        std::string row = "  " + pad(std::to_string(i + 1), number_width, true) + ") ";
        row += pad(run.name.empty() ? run.id : run.name, name_width, false) + "  ";
        if (id_width > 0) row += pad(run.name.empty() ? "" : run.id, id_width, false) + "  ";
        row += pad(age_of(run), age_width, true) + "  ";
        row += run::command_text(run);
        rows.push_back(text::truncate(text::escape_for_display(row), std::max<std::size_t>(width, 20) - 1));
    }
    return rows;
}

sys::Fd terminal_to_ask() {
    sigset_t blocked;
    ::sigprocmask(SIG_SETMASK, nullptr, &blocked);
    for (const int signal : {SIGHUP, SIGTERM, SIGALRM})
        if (::sigismember(&blocked, signal) == 1) return sys::Fd();
    sys::Fd terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    if (!terminal || ::tcgetpgrp(terminal.get()) != ::getpgrp()) return sys::Fd();
    return terminal;
}

ExitAnswer ask_on_exit(const std::vector<run::Judged>& runs, const ExitPolicy& policy, int terminal) {
    if (terminal < 0) return unattended(runs, policy);
    if (policy.on_exit == OnExit::ask) return Dialogue(runs, policy, terminal).ask();
    return policy.on_exit == OnExit::keep ? ExitAnswer{ExitChoice::keep, {}} : stop_all(runs);
}

}  // namespace sigmund::ops
