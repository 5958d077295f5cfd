#include "agent/settings/read_site.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace kilnwatt;

/// A site file from memory, read as far as `kilnwatt check` reads it. Whatever the bytes are, every mistake has a place
/// in the file, and nothing else happens.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const loaded =
        settings::read_site(config::read_text({reinterpret_cast<char const*>(data), size}, "fuzz.toml"));
    if (loaded.found->size() > config::defects_max + 1)
        std::abort();
    for (auto const& d : *loaded.found)
        if (d.at.file != "fuzz.toml" || d.at.line < 0 || d.message.empty() || to_string(d).empty())
            std::abort();
    return 0;
}
