// SPDX-License-Identifier: Apache-2.0
// The end of the log of one run, as plain text, kept up to date. Only the last part of the file is read.
#pragma once
#include <memory>
#include <string>

#include "run/store.hpp"
#include "text/plain.hpp"
#include "top/log_lines.hpp"

namespace sigmund::top {

class LogTail {
  public:
    LogTail();

    // Begins with the log of this run. Nothing happens when it is the same run.
    void show(const run::Store& store, const run::Record& record);
    void close();
    const std::string& run() const { return record_.id; }
    // Goes on with the next log of a run whose stderr, or each worker, has one of its own (or with the one before it), in a
    // circle. Returns false when there is only one.
    bool show_other(const run::Store& store, bool before);
    // Returns which of several logs it is, such as " of worker 3"; of the only one, nothing.
    std::string title() const;
    // The descriptor that is readable when the log has changed.
    int notes() const { return notes_.get(); }
    // Reads what has come. Returns whether anything has. `again` is set when more is waiting.
    bool read(const run::Store& store, bool& again);
    // Reads a part that is twice as long. Returns false when there is nothing more, or too much of it. The selected line
    // stays the same.
    bool extend(const run::Store& store);
    // Why there is no log, or what is left out before the first line; empty: nothing.
    const std::string& remark() const { return remark_; }
    LogLines& lines() { return lines_; }

  private:
    void open(const run::Store& store);
    void start_over(const run::Store& store);

    run::Record record_;
    sys::Fd log_, notes_;
    struct Where {
        std::int64_t at = 0;      // the offset of the next byte
        std::int64_t window = 0;  // how much of the end is read at first, in bytes
        run::LogPart part = run::LogPart::whole;
        int worker = 0;  // its number, if `part` is the log of one
    } place_;
    std::string remark_;
    LogLines lines_;
    std::unique_ptr<text::PlainText> plain_;
};

}  // namespace sigmund::top
