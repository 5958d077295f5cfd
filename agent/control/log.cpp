#include "agent/control/log.hpp"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include <cstdlib>

namespace kilnwatt::control {
namespace {

constexpr std::size_t line_max = 2'000;

spdlog::level::level_enum to_spdlog(log_level level)
{
    switch (level) {
    case log_level::debug:
        return spdlog::level::debug;
    case log_level::info:
        return spdlog::level::info;
    case log_level::warning:
        return spdlog::level::warn;
    case log_level::error:
        return spdlog::level::err;
    }
    return spdlog::level::info;
}

/// sd-daemon(3): a line that starts with <N> has syslog priority N.
std::string_view priority_prefix(log_level level)
{
    switch (level) {
    case log_level::debug:
        return "<7>";
    case log_level::info:
        return "<6>";
    case log_level::warning:
        return "<4>";
    case log_level::error:
        return "<3>";
    }
    return "<6>";
}

} // namespace

struct log::impl {
    spdlog::logger logger{"kilnwatt", std::make_shared<spdlog::sinks::stderr_color_sink_mt>()};
    bool under_systemd = std::getenv("JOURNAL_STREAM") != nullptr;
};

log::log(log_level least) : impl_{std::make_unique<impl>()}
{
    impl_->logger.set_level(to_spdlog(least));
    impl_->logger.set_pattern(impl_->under_systemd ? "%v" : "%Y-%m-%d %H:%M:%S.%e %^%-7l%$ %v");
}

log::~log() = default;

void log::write(log_level level, std::string_view line)
{
    auto const text = printable(line);
    if (impl_->under_systemd)
        impl_->logger.log(to_spdlog(level), "{}{}", priority_prefix(level), text);
    else
        impl_->logger.log(to_spdlog(level), "{}", text);
}

std::string printable(std::string_view line)
{
    std::string text;
    text.reserve(line.size());
    for (char const c : line.substr(0, line_max)) {
        auto const byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F)
            text += fmt::format("\\x{:02x}", byte);
        else
            text += c;
    }
    if (line.size() > line_max)
        text += " ...";
    return text;
}

} // namespace kilnwatt::control
