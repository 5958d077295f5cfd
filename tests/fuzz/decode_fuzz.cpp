#include "drivers/decode.hpp"

#include <cstdlib>
#include <cstring>

using namespace kilnwatt;
using namespace kilnwatt::drivers;

/// Any point over any registers. A number that is there survives the way back and forth; a text is printable.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    constexpr std::size_t head = 6;
    if (size < head)
        return 0;
    point p;
    p.type = static_cast<point_type>(data[0] % static_cast<int>(point_types));
    p.order = static_cast<byte_order>(data[1] % 4);
    p.registers = p.type == point_type::text ? static_cast<std::uint16_t>(1 + data[2] % text_registers_max)
                                             : registers_of(p.type);
    p.negated = (data[3] & 1) != 0;
    p.accumulator = (data[3] & 2) != 0;
    auto const is_unsigned =
        p.type == point_type::u8 || p.type == point_type::u16 || p.type == point_type::u32 || p.type == point_type::u64;
    if (is_unsigned && (data[3] & 4) != 0)
        p.mask = data[4];
    if (is_unsigned && (data[3] & 16) != 0)
        p.map = {{data[4], -3}, {data[5], 3}};
    if ((data[3] & 8) != 0)
        p.sentinels = {data[5], ~std::uint64_t{0} >> (data[5] % 64)};
    std::vector<std::uint16_t> words((size - head) / 2);
    if (!words.empty())
        std::memcpy(words.data(), data + head, words.size() * 2);

    std::vector<std::string> texts;
    auto const c = decode(p, words, texts);
    if (severity_of(c.q) == severity::bad && c.present)
        std::abort();
    if (auto const n = plain_number_of(p); n.is_plain && decode(n, words) != c)
        std::abort();
    if (is_text(p.type)) {
        for (auto const& t : texts)
            for (auto const ch : t)
                if (ch < ' ' || ch > '~')
                    std::abort();
        return 0;
    }
    if (!c.present || p.mask != 0 || !p.map.empty() || p.negated || !p.sentinels.empty() || p.type == point_type::f64)
        return 0;
    row const r{std::make_shared<layout const>(layout{.device = "d", .columns = {column_of(p)}}), {}, {c}, {}};
    auto const v = scaled_number(r, 0);
    constexpr double exact = 9007199254740992.0; // 2^53
    std::vector<std::uint16_t> out(p.registers);
    if (v > exact || v < -exact)
        return 0;
    if (!encode(p, v, 0, out))
        std::abort();
    auto const again = decode(p, out, texts);
    if (again.bits != c.bits && v != 0) // minus zero is zero
        std::abort();
    return 0;
}
