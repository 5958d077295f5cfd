#include "agent/publish/retained_book.hpp"

#include <cstdlib>

using kilnwatt::publish::retained_book;

/// Any text as the list of what a broker retains for us. Nothing in it can be published with a wildcard or a control
/// character, and what is written back is understood as the same.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    retained_book book{{reinterpret_cast<char const*>(data), size}};
    for (auto const& topic : book.topics())
        if (topic.empty() || topic.find_first_of(std::string_view{"+#\t\n\0", 5}) != std::string::npos)
            std::abort();
    book.hold("r/mill/state", {"power"});
    auto const text = book.take_changed();
    retained_book const again{text ? *text : std::string_view{reinterpret_cast<char const*>(data), size}};
    if (again.topics() != book.topics())
        std::abort();
    for (auto const& topic : book.topics())
        if (again.parts_of(topic) != book.parts_of(topic))
            std::abort();
    return 0;
}
