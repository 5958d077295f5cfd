#pragma once

#include "core/quality.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kilnwatt::energy {

/// Writes the parts of a snapshot one after the other: variable-length integers, so that what is empty costs a byte.
class byte_writer {
public:
    void number(std::uint64_t v);
    void signed_number(std::int64_t v);
    void real(double v); ///< all 64 bits are kept; round numbers are short
    void text(std::string_view v);
    void cause(quality q);

    std::string take() { return std::move(bytes_); }

private:
    std::string bytes_;
};

/// Reads them back. After the first thing that does not fit every answer is 0 or "" and ok() is false.
class byte_reader {
public:
    explicit byte_reader(std::string_view bytes) : rest_{bytes} {}

    std::uint64_t number();
    std::int64_t signed_number();
    double real();
    std::string text();
    quality cause(); ///< fails for a number that names none

    /// A count of things to come that each take at least one byte: never more than what is left.
    std::size_t count();

    bool ok() const { return ok_; }
    bool at_end() const { return rest_.empty(); }
    void fail();

private:
    std::string_view rest_;
    bool ok_ = true;
};

} // namespace kilnwatt::energy
