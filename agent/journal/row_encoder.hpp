#pragma once

#include "core/row.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace kilnwatt::journal {

/// First byte of every body.
inline constexpr std::uint8_t row_format = 1;

/// Limits of what one row may hold; canonical() refuses or shortens what is beyond.
inline constexpr std::size_t columns_max = 4096;
inline constexpr std::size_t text_bytes_max = 65'536;

/// What a row's head says about the rest.
inline constexpr std::uint64_t head_has_flags = 1;
inline constexpr std::uint8_t flag_seq = 1;       ///< seq is not the previous one plus one
inline constexpr std::uint8_t flag_residual = 2;  ///< UTC differs from what the clock entry says
inline constexpr std::uint8_t flag_qualities = 4; ///< a quality or presence changed

/// True when the row has a layout and a cell for each of its columns.
bool fits(row const& r) noexcept;

/// Brings a row to the one form that is stored, so that what is handed out equals what is read back: absent cells hold
/// no bits, texts stand in the order of their columns. False when it does not fit.
bool canonical(row& r);

/// Quality and presence of a cell in one byte.
constexpr std::uint8_t mark_of(cell const& c) noexcept
{
    return static_cast<std::uint8_t>(static_cast<unsigned>(c.q) | (c.present ? 0x80u : 0u));
}
inline constexpr std::uint8_t initial_mark = 0x80; ///< good and present

/// Packs rows against the previous row of the same layout in the same block. Pure. docs/journal-format.md has the
/// bytes.
class row_encoder {
public:
    /// The next row starts a block: it refers to nothing before it.
    void reset();

    /// Starts the body of one batch.
    static void begin(std::string& body);

    /// Appends one canonical row. `layout_id` stands for r.layout; `residual_ms` is its UTC less its monotonic time
    /// less the clock entry's offset.
    void add(std::string& body, std::uint32_t layout_id, std::uint64_t seq, std::int64_t residual_ms, row const& r);

private:
    struct track;
    track& track_of(std::uint32_t layout_id, std::size_t columns, std::uint64_t& index, bool& introduced);

    /// The last row of one layout.
    struct track {
        std::uint32_t layout_id = 0;
        bool started = false;
        std::uint64_t seq = 0;
        std::int64_t mono = 0;
        std::int64_t interval = 0;
        std::vector<std::uint64_t> bits;
        std::vector<std::uint8_t> marks;
        std::vector<std::string> texts; ///< by column; empty for layouts without text
    };

    std::vector<track> tracks_;              ///< by index in the block
    std::vector<std::uint32_t> index_of_id_; ///< index + 1 by layout id; 0 = not in this block
};

} // namespace kilnwatt::journal
