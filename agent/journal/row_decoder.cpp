#include "agent/journal/row_decoder.hpp"

#include "agent/journal/error.hpp"
#include "agent/journal/row_encoder.hpp"
#include "agent/journal/varint.hpp"

#include <limits>

namespace kilnwatt::journal {
namespace {

bool bit(std::span<std::uint8_t const> bitmap, std::size_t i)
{
    return (bitmap[i / 8] >> (i % 8) & 1u) != 0;
}

/// A bitmap of `bits` bits whose spare bits are zero.
bool take_bitmap(byte_reader& in, std::size_t bits, std::span<std::uint8_t const>& out)
{
    if (!in.block((bits + 7) / 8, out))
        return false;
    return bits % 8 == 0 || (out.back() >> (bits % 8)) == 0;
}

bool take_marks(byte_reader& in, std::vector<std::uint8_t>& marks)
{
    std::span<std::uint8_t const> changed;
    if (!take_bitmap(in, marks.size(), changed))
        return false;
    for (std::size_t i = 0; i < marks.size(); ++i) {
        if (!bit(changed, i))
            continue;
        std::uint8_t mark = 0;
        if (!in.byte(mark) || mark == marks[i] || !is_known(static_cast<quality>(mark & 0x7Fu)))
            return false;
        marks[i] = mark;
    }
    return true;
}

bool take_text(byte_reader& in, std::string& out)
{
    std::uint64_t size = 0;
    std::span<std::uint8_t const> bytes;
    if (!in.varint(size) || size > text_bytes_max || !in.block(static_cast<std::size_t>(size), bytes))
        return false;
    out.assign(bytes.begin(), bytes.end());
    return true;
}

std::int64_t wrapping_sum(std::int64_t a, std::int64_t b)
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

} // namespace

/// Decodes the rows of one body, in order.
class row_decoder::body_reader {
public:
    body_reader(std::span<std::uint8_t const> body, std::vector<track>& tracks, layout_lookup const& layouts)
        : in_{body}, tracks_{tracks}, layouts_{layouts}
    {}

    bool begin()
    {
        std::uint8_t format = 0;
        return in_.byte(format) && format == row_format;
    }

    bool done() const { return in_.done(); }

    bool take(decoded_row& out)
    {
        std::uint64_t head = 0;
        if (!in_.varint(head))
            return false;
        auto* const t = track_of(head >> 1);
        if (t == nullptr)
            return false;
        std::uint8_t flags = 0;
        if ((head & head_has_flags) != 0 &&
            (!in_.byte(flags) || flags == 0 || flags > (flag_seq | flag_residual | flag_qualities)))
            return false;
        out.data.layout = t->layout;
        return take_seq(*t, flags) && take_mono(*t) && take_residual(flags, out.residual_ms) &&
               ((flags & flag_qualities) == 0 || take_marks(in_, t->marks)) && take_cells(*t, out);
    }

private:
    track* track_of(std::uint64_t index)
    {
        if (index < tracks_.size())
            return &tracks_[static_cast<std::size_t>(index)];
        std::uint64_t id = 0;
        if (index != tracks_.size() || !in_.varint(id) || id > std::numeric_limits<std::uint32_t>::max())
            return nullptr;
        auto l = layouts_(static_cast<std::uint32_t>(id));
        if (!l || l->columns.size() > columns_max)
            return nullptr;
        auto& t = tracks_.emplace_back();
        t.bits.resize(l->columns.size());
        t.marks.resize(l->columns.size(), initial_mark);
        t.layout = std::move(l);
        return &t;
    }

    bool take_seq(track& t, std::uint8_t flags)
    {
        std::uint64_t step = 1;
        if ((flags & flag_seq) != 0 && (!in_.varint(step) || step == 1))
            return false;
        t.seq += step;
        return true;
    }

    bool take_mono(track& t)
    {
        std::int64_t change = 0;
        if (!in_.signed_varint(change))
            return false;
        auto const interval = wrapping_sum(t.interval, change);
        t.mono = wrapping_sum(t.mono, interval);
        t.interval = t.started ? interval : 0;
        t.started = true;
        return true;
    }

    bool take_residual(std::uint8_t flags, std::int64_t& out)
    {
        out = 0;
        return (flags & flag_residual) == 0 || (in_.signed_varint(out) && out != 0);
    }

    bool take_cells(track& t, decoded_row& out)
    {
        std::span<std::uint8_t const> changed;
        auto const columns = t.layout->columns.size();
        if (!take_bitmap(in_, columns, changed))
            return false;
        out.seq = t.seq;
        out.data.time.mono = mono_time{milliseconds{t.mono}};
        out.data.cells.resize(columns);
        for (std::size_t i = 0; i < columns; ++i) {
            auto& c = out.data.cells[i];
            c.q = static_cast<quality>(t.marks[i] & 0x7Fu);
            c.present = (t.marks[i] & 0x80u) != 0;
            if (!c.present && bit(changed, i))
                return false;
            if (c.present && !take_value(t, i, bit(changed, i), out.data, c))
                return false;
        }
        return true;
    }

    bool take_value(track& t, std::size_t i, bool changed, row& r, cell& c)
    {
        auto const kind = t.layout->columns[i].kind;
        if (kind == value_kind::text) {
            t.texts.resize(t.layout->columns.size());
            if (changed && !take_text(in_, t.texts[i]))
                return false;
            c.bits = r.texts.size();
            r.texts.push_back(t.texts[i]);
            return true;
        }
        if (changed) {
            std::int64_t delta = 0;
            if (!(kind == value_kind::f64 ? in_.trimmed(delta) : in_.signed_varint(delta)) || delta == 0)
                return false;
            t.bits[i] += static_cast<std::uint64_t>(delta);
        }
        c.bits = t.bits[i];
        return true;
    }

    byte_reader in_;
    std::vector<track>& tracks_;
    layout_lookup const& layouts_;
};

void row_decoder::reset()
{
    tracks_.clear();
}

result<void> row_decoder::decode(std::span<std::uint8_t const> body, std::uint64_t count, layout_lookup const& layouts,
                                 std::vector<decoded_row>& out)
{
    body_reader in{body, tracks_, layouts};
    if (!in.begin())
        return make_error_code(errc::damaged_block);
    for (std::uint64_t i = 0; i < count; ++i) {
        decoded_row r;
        if (!in.take(r))
            return make_error_code(errc::damaged_block);
        out.push_back(std::move(r));
    }
    if (!in.done())
        return make_error_code(errc::damaged_block);
    return {};
}

} // namespace kilnwatt::journal
