#pragma once

#include "core/row.hpp"

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace kilnwatt::publish {

/// Appends strict JSON (RFC 8259) to a string. The caller balances objects and arrays and gives each member its key.
///
/// Doubles are the shortest text that reads back to the same bits and always look like a double ("1.0"), so that a
/// consumer sees one type; NaN and infinities become null. Integers keep all 64 bits. Texts are escaped, and bytes that
/// are not UTF-8 become U+FFFD. Pure.
class json_writer {
public:
    void begin_object() { open('{'); }
    void end_object() { close('}'); }
    void begin_array() { open('['); }
    void end_array() { close(']'); }

    void key(std::string_view name);

    void value(double number);
    void value(bool truth) { item(truth ? "true" : "false"); }
    void value(std::string_view text);
    void value(char const* text) { value(std::string_view{text}); }
    void value(std::string const& text) { value(std::string_view{text}); }
    void value(utc_time t) { value(t.time_since_epoch().count()); }
    void value(kilnwatt::value const& v); ///< monostate is null
    template <class Int>
    requires std::integral<Int>
    void value(Int number)
    {
        if constexpr (std::is_signed_v<Int>)
            integer(static_cast<std::int64_t>(number));
        else
            integer(static_cast<std::uint64_t>(number));
    }
    void null() { item("null"); }

    template <class T>
    void member(std::string_view name, T const& v)
    {
        key(name);
        value(v);
    }

    std::string take() { return std::move(out_); }

private:
    void open(char bracket);
    void close(char bracket);
    void item(std::string_view text);
    void integer(std::int64_t number);
    void integer(std::uint64_t number);
    void quoted(std::string_view text);

    std::string out_;
    bool comma_ = false; ///< an element stands before the next one
};

} // namespace kilnwatt::publish
