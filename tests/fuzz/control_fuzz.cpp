#include "agent/control/control_protocol.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

using namespace kilnwatt::control;

namespace {

/// What was understood is written and read back the same; what was not has a reason in one line.
template <class Parse>
void check(Parse parse, std::string const& line)
{
    std::string why;
    auto const read = parse(line, why);
    if (!read && (why.empty() || why.find('\n') != std::string::npos))
        std::abort();
    if (!read)
        return;
    auto again = to_line(*read);
    if (again.size() > control_line_max || again.find('\n') != again.size() - 1)
        std::abort();
    again.pop_back();
    if (parse(again, why) != read)
        std::abort();
}

} // namespace

/// A line of a hostile client, or of a wrong server at the socket's path.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string const line{reinterpret_cast<char const*>(data), size};
    check([](auto const& l, auto& why) { return parse_request(l, why); }, line);
    check([](auto const& l, auto& why) { return parse_reply(l, why); }, line);
    return 0;
}
