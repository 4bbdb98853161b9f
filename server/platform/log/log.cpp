#include "platform/log/log.hpp"

#include "platform/log/line.hpp"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <memory>
#include <mutex>

namespace shouwen::log {
namespace {

std::atomic<Format> chosen_format = Format::logfmt;

/// Lines of ours come ready but for their time, which spdlog has taken; others become the event `note`.
constexpr std::string_view ours = "shouwen";

Level level_of(spdlog::level::level_enum level)
{
    if (level <= spdlog::level::debug) return Level::debug;
    if (level == spdlog::level::info) return Level::info;
    return level == spdlog::level::warn ? Level::warning : Level::error;
}

spdlog::level::level_enum level_of(Level level)
{
    switch (level) {
        case Level::debug: return spdlog::level::debug;
        case Level::info: return spdlog::level::info;
        case Level::warning: return spdlog::level::warn;
        case Level::error: return spdlog::level::err;
    }
    return spdlog::level::info;
}

/// What is passed through spdlog as the payload: event and fields, which live until the line is written.
struct Pending {
    std::string_view event;
    Fields fields;
};

class LineFormatter final : public spdlog::formatter {
public:
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override
    {
        const auto at = std::chrono::floor<Duration>(message.time);
        const auto level = level_of(message.level);
        std::string line;
        if (const Pending* pending = current) {
            line = format_line(chosen_format, at, level, pending->event,
                               {pending->fields.begin(), pending->fields.size()});
        } else {
            const Field fields[] = {{"text", Machine{{message.payload.data(), message.payload.size()}}}};
            line = format_line(chosen_format, at, level, "note", fields);
        }
        line += '\n';
        out.append(line.data(), line.data() + line.size());
    }
    std::unique_ptr<formatter> clone() const override { return std::make_unique<LineFormatter>(); }

    /// Sinks write in the thread that logs, so the event needs not be copied into spdlog's payload.
    static thread_local const Pending* current;
};

thread_local const Pending* LineFormatter::current = nullptr;

/// Formats and hands over; spdlog's own callback sink gets the unformatted message.
class CallbackSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    explicit CallbackSink(Sink target) : target_(std::move(target)) {}

private:
    void sink_it_(const spdlog::details::log_msg& message) override
    {
        spdlog::memory_buf_t line;
        formatter_->format(message, line);
        target_({line.data(), line.size()});
    }
    void flush_() override {}
    Sink target_;
};

std::shared_ptr<spdlog::logger> make_logger(Level level, Sink sink)
{
    spdlog::sink_ptr target;
    if (sink)
        target = std::make_shared<CallbackSink>(std::move(sink));
    else
        target = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    auto logger = std::make_shared<spdlog::logger>(std::string(ours), std::move(target));
    logger->set_formatter(std::make_unique<LineFormatter>());
    logger->set_level(level_of(level));
    return logger;
}

/// The logger of spdlog's free functions, ours from the first line on.
spdlog::logger& logger()
{
    static const bool installed = [] {
        if (spdlog::default_logger()->name() != ours) spdlog::set_default_logger(make_logger(Level::info, {}));
        return true;
    }();
    (void)installed;
    return *spdlog::default_logger_raw();
}

void write(spdlog::level::level_enum level, Word event, Fields fields)
{
    auto& target = logger();
    if (!target.should_log(level)) return;
    const Pending pending{event.text, fields};
    LineFormatter::current = &pending;
    target.log(level, "");
    LineFormatter::current = nullptr;
}

}  // namespace

void debug(Word event, Fields fields)
{
    write(spdlog::level::debug, event, fields);
}
void info(Word event, Fields fields)
{
    write(spdlog::level::info, event, fields);
}
void warning(Word event, Fields fields)
{
    write(spdlog::level::warn, event, fields);
}
void error(Word event, Fields fields)
{
    write(spdlog::level::err, event, fields);
}

void configure(Level level, Format format, Sink sink)
{
    chosen_format = format;
    spdlog::set_default_logger(make_logger(level, std::move(sink)));
}

}  // namespace shouwen::log
