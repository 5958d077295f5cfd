#include "agent/energy/byte_stream.hpp"

#include <bit>
#include <utility>

namespace kilnwatt::energy {
namespace {

constexpr int bits_per_byte = 7;
constexpr std::uint64_t payload = 0x7F;
constexpr std::uint64_t more = 0x80;

} // namespace

void byte_writer::number(std::uint64_t v)
{
    for (; v > payload; v >>= bits_per_byte)
        bytes_.push_back(static_cast<char>((v & payload) | more));
    bytes_.push_back(static_cast<char>(v));
}

void byte_writer::signed_number(std::int64_t v)
{
    auto const u = static_cast<std::uint64_t>(v);
    number((u << 1) ^ (v < 0 ? ~std::uint64_t{0} : 0));
}

void byte_writer::real(double v)
{
    number(__builtin_bswap64(std::bit_cast<std::uint64_t>(v)));
}

void byte_writer::text(std::string_view v)
{
    number(v.size());
    bytes_.append(v);
}

void byte_writer::cause(quality q)
{
    number(static_cast<std::uint8_t>(q));
}

quality byte_reader::cause()
{
    auto const n = number();
    auto const q = static_cast<quality>(n & 0xFF);
    if (n > 0xFF || !is_known(q))
        fail();
    return ok_ ? q : quality::not_read;
}

void byte_reader::fail()
{
    ok_ = false;
    rest_ = {};
}

std::uint64_t byte_reader::number()
{
    std::uint64_t v = 0;
    for (int shift = 0; shift < 64; shift += bits_per_byte) {
        if (rest_.empty())
            break;
        auto const b = static_cast<std::uint64_t>(static_cast<unsigned char>(rest_.front()));
        rest_.remove_prefix(1);
        v |= (b & payload) << shift;
        if ((b & more) == 0)
            return v;
    }
    fail();
    return 0;
}

std::int64_t byte_reader::signed_number()
{
    auto const u = number();
    return static_cast<std::int64_t>((u >> 1) ^ ((u & 1) != 0 ? ~std::uint64_t{0} : 0));
}

double byte_reader::real()
{
    return std::bit_cast<double>(__builtin_bswap64(number()));
}

std::size_t byte_reader::count()
{
    auto const n = number();
    if (n > rest_.size()) {
        fail();
        return 0;
    }
    return static_cast<std::size_t>(n);
}

std::string byte_reader::text()
{
    auto const n = count();
    std::string v{rest_.substr(0, n)};
    rest_.remove_prefix(n);
    return v;
}

} // namespace kilnwatt::energy
