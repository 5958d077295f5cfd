#include "agent/journal/row_encoder.hpp"

#include "agent/journal/varint.hpp"

#include <algorithm>
#include <cstring>

namespace kilnwatt::journal {
namespace {

bool has_text(layout const& l)
{
    return std::any_of(l.columns.begin(), l.columns.end(), [](column const& c) { return c.kind == value_kind::text; });
}

/// One text a present text cell, in the order of the columns; a cell without its text becomes absent.
void order_texts(row& r)
{
    std::vector<std::string> ordered;
    for (std::size_t i = 0; i < r.cells.size(); ++i) {
        auto& c = r.cells[i];
        if (r.layout->columns[i].kind != value_kind::text || !c.present)
            continue;
        if (c.bits >= r.texts.size()) {
            c = absent(c.q);
            continue;
        }
        ordered.push_back(r.texts[c.bits].substr(0, text_bytes_max));
        c.bits = ordered.size() - 1;
    }
    r.texts = std::move(ordered);
}

std::size_t worst_case(row const& r)
{
    auto const cells = r.cells.size();
    auto bytes = 6 * varint_bytes_max + 2 * (cells / 8 + 1) + cells * (varint_bytes_max + 1);
    for (auto const& t : r.texts)
        bytes += t.size();
    return bytes;
}

std::uint8_t* put_text(std::uint8_t* at, std::string const& text)
{
    at = put_varint(at, text.size());
    std::memcpy(at, text.data(), text.size());
    return at + text.size();
}

void set_bit(std::uint8_t* bitmap, std::size_t i)
{
    bitmap[i / 8] = static_cast<std::uint8_t>(bitmap[i / 8] | 1u << (i % 8));
}

/// Bitmap of the cells whose mark changed, then their new marks.
std::uint8_t* put_marks(std::uint8_t* at, std::vector<cell> const& cells, std::vector<std::uint8_t>& marks)
{
    auto* const bitmap = at;
    auto const bytes = (cells.size() + 7) / 8;
    std::memset(bitmap, 0, bytes);
    at += bytes;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        auto const mark = mark_of(cells[i]);
        if (mark == marks[i])
            continue;
        set_bit(bitmap, i);
        marks[i] = mark;
        *at++ = mark;
    }
    return at;
}

} // namespace

bool fits(row const& r) noexcept
{
    return r.layout && r.cells.size() == r.layout->columns.size() && r.cells.size() <= columns_max &&
           static_cast<int>(r.layout->kind) < stream_count;
}

bool canonical(row& r)
{
    if (!fits(r))
        return false;
    for (auto& c : r.cells) {
        if (!is_known(c.q))
            c.q = quality::not_read;
        if (!c.present)
            c.bits = 0;
    }
    if (has_text(*r.layout))
        order_texts(r);
    else
        r.texts.clear();
    return true;
}

void row_encoder::reset()
{
    for (auto const& t : tracks_)
        index_of_id_[t.layout_id] = 0;
    tracks_.clear();
}

void row_encoder::begin(std::string& body)
{
    body.assign(1, static_cast<char>(row_format));
}

row_encoder::track& row_encoder::track_of(std::uint32_t layout_id, std::size_t columns, std::uint64_t& index,
                                          bool& introduced)
{
    if (layout_id >= index_of_id_.size())
        index_of_id_.resize(layout_id + std::size_t{1});
    introduced = index_of_id_[layout_id] == 0;
    if (introduced) {
        tracks_.push_back({.layout_id = layout_id});
        tracks_.back().bits.resize(columns);
        tracks_.back().marks.resize(columns, initial_mark);
        index_of_id_[layout_id] = static_cast<std::uint32_t>(tracks_.size());
    }
    index = index_of_id_[layout_id] - 1u;
    return tracks_[index];
}

void row_encoder::add(std::string& body, std::uint32_t layout_id, std::uint64_t seq, std::int64_t residual_ms,
                      row const& r)
{
    auto index = std::uint64_t{0};
    auto introduced = false;
    auto& t = track_of(layout_id, r.cells.size(), index, introduced);

    auto const marks_changed = !std::equal(r.cells.begin(), r.cells.end(), t.marks.begin(),
                                           [](cell const& c, std::uint8_t mark) { return mark_of(c) == mark; });
    auto const flags =
        static_cast<std::uint8_t>((seq != t.seq + 1 ? flag_seq : 0u) | (residual_ms != 0 ? flag_residual : 0u) |
                                  (marks_changed ? flag_qualities : 0u));
    auto const start = body.size();
    body.resize(start + worst_case(r));
    auto* const base = reinterpret_cast<std::uint8_t*>(body.data());
    auto* at = put_varint(base + start, index << 1 | (flags != 0 ? head_has_flags : 0));
    if (introduced)
        at = put_varint(at, layout_id);
    if (flags != 0)
        *at++ = flags;
    if ((flags & flag_seq) != 0)
        at = put_varint(at, seq - t.seq);

    auto const mono = r.time.mono.time_since_epoch().count();
    auto const interval = wrapping_delta(static_cast<std::uint64_t>(mono), static_cast<std::uint64_t>(t.mono));
    at = put_varint(
        at, zigzag(wrapping_delta(static_cast<std::uint64_t>(interval), static_cast<std::uint64_t>(t.interval))));
    t.seq = seq;
    t.mono = mono;
    t.interval = t.started ? interval : 0;
    t.started = true;

    if ((flags & flag_residual) != 0)
        at = put_varint(at, zigzag(residual_ms));
    if ((flags & flag_qualities) != 0)
        at = put_marks(at, r.cells, t.marks);

    auto* const bitmap = at;
    auto const bitmap_bytes = (r.cells.size() + 7) / 8;
    std::memset(bitmap, 0, bitmap_bytes);
    at += bitmap_bytes;
    for (std::size_t i = 0; i < r.cells.size(); ++i) {
        auto const& c = r.cells[i];
        if (!c.present)
            continue;
        auto const kind = r.layout->columns[i].kind;
        if (kind == value_kind::text) {
            t.texts.resize(r.cells.size());
            if (t.texts[i] == r.texts[c.bits])
                continue;
            set_bit(bitmap, i);
            t.texts[i] = r.texts[c.bits];
            at = put_text(at, t.texts[i]);
            continue;
        }
        auto const delta = wrapping_delta(c.bits, t.bits[i]);
        if (delta == 0)
            continue;
        set_bit(bitmap, i);
        t.bits[i] = c.bits;
        at = kind == value_kind::f64 ? put_trimmed(at, delta) : put_varint(at, zigzag(delta));
    }
    body.resize(static_cast<std::size_t>(at - base));
}

} // namespace kilnwatt::journal
