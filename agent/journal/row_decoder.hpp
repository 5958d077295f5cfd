#pragma once

#include "core/result.hpp"
#include "core/row.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace kilnwatt::journal {

/// A row as its bytes say it; time.utc is still unset (mono + clock entry + residual).
struct decoded_row {
    std::uint64_t seq = 0;
    std::int64_t residual_ms = 0;
    row data;
};

/// Inverse of row_encoder. Pure, and strict: bytes that no encoder writes are errc::damaged_block, after which the
/// decoder must be reset at the next block.
class row_decoder {
public:
    using layout_lookup = std::function<layout_ptr(std::uint32_t id)>; ///< null for an unknown id

    /// The next body starts a block.
    void reset();

    /// The `count` rows of one body, appended to `out`; all of the body's bytes belong to them.
    [[nodiscard]] result<void> decode(std::span<std::uint8_t const> body, std::uint64_t count,
                                      layout_lookup const& layouts, std::vector<decoded_row>& out);

private:
    class body_reader;

    struct track {
        layout_ptr layout;
        bool started = false;
        std::uint64_t seq = 0;
        std::int64_t mono = 0;
        std::int64_t interval = 0;
        std::vector<std::uint64_t> bits;
        std::vector<std::uint8_t> marks;
        std::vector<std::string> texts;
    };

    std::vector<track> tracks_;
};

} // namespace kilnwatt::journal
