#include "agent/cli/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace kilnwatt::cli {

progress::~progress()
{
    if (drawn_)
        io_.err << "\r\x1b[K" << std::flush;
}

void progress::show(std::size_t done, std::string_view note)
{
    if (!io_.err_is_terminal)
        return;
    io_.err << '\r' << bar_of(done, total_) << ' ' << note << "\x1b[K" << std::flush;
    drawn_ = true;
}

std::string bar_of(std::size_t done, std::size_t total, std::size_t width)
{
    auto const part = std::min(done, total);
    auto const full = total == 0 ? width : part * width / total;
    auto const percent = total == 0 ? 100 : part * 100 / total;
    return fmt::format("[{}{}] {:3} %", std::string(full, '#'), std::string(width - full, '.'), percent);
}

} // namespace kilnwatt::cli
