#include "agent/savings/baseline.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <iterator>

namespace kilnwatt::savings {

std::string data_hash(std::vector<period> const& periods)
{
    auto const text = data_text(periods);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1)
        return {}; // only without memory
    std::string hex;
    for (unsigned int i = 0; i < length; ++i)
        fmt::format_to(std::back_inserter(hex), "{:02x}", digest[i]);
    return hex;
}

} // namespace kilnwatt::savings
