#include "protocols/sparkplug/payload.hpp"

#include "sparkplug_b.pb.h"

#include <algorithm>

namespace kilnwatt::sparkplug {
namespace {

std::uint64_t wire_time(utc_time t)
{
    return static_cast<std::uint64_t>(t.time_since_epoch().count());
}

utc_time time_of(std::uint64_t ms)
{
    return utc_time{milliseconds{static_cast<std::int64_t>(ms)}};
}

std::size_t sequence_length(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead < 0xE0)
        return 2;
    if (lead >= 0xE0 && lead < 0xF0)
        return 3;
    return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

/// Bytes of the UTF-8 character at `at`; 0 when there is none.
std::size_t character_at(std::string_view text, std::size_t at)
{
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    auto const length = sequence_length(byte(at));
    if (length == 0 || at + length > text.size())
        return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(at + i) & 0xC0) != 0x80)
            return 0;
    if (length >= 3) { // overlong forms, surrogates and what lies beyond U+10FFFF
        auto const second = byte(at + 1);
        auto const lead = byte(at);
        if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) || (lead == 0xF0 && second < 0x90) ||
            (lead == 0xF4 && second > 0x8F))
            return 0;
    }
    return length;
}

std::string as_utf8(std::string_view text)
{
    std::string clean;
    clean.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        auto const length = character_at(text, at);
        clean += length == 0 ? std::string_view{"?"} : text.substr(at, length);
        at += std::max<std::size_t>(length, 1);
    }
    return clean;
}

void write(wire::PropertySet& set, property const& p)
{
    set.add_keys(as_utf8(p.key));
    auto& v = *set.add_values();
    if (auto const* i = std::get_if<std::int32_t>(&p.what)) {
        v.set_type(static_cast<std::uint32_t>(datatype::int32));
        v.set_int_value(static_cast<std::uint32_t>(*i));
    } else if (auto const* d = std::get_if<double>(&p.what)) {
        v.set_type(static_cast<std::uint32_t>(datatype::float64));
        v.set_double_value(*d);
    } else if (auto const* b = std::get_if<bool>(&p.what)) {
        v.set_type(static_cast<std::uint32_t>(datatype::boolean));
        v.set_boolean_value(*b);
    } else {
        v.set_type(static_cast<std::uint32_t>(datatype::string));
        v.set_string_value(as_utf8(std::get<std::string>(p.what)));
    }
}

void write(wire::Metric& out, metric const& m)
{
    if (!m.name.empty())
        out.set_name(as_utf8(m.name));
    if (m.alias)
        out.set_alias(*m.alias);
    if (m.timestamp)
        out.set_timestamp(wire_time(*m.timestamp));
    if (m.type)
        out.set_datatype(*m.type);
    if (m.historical)
        out.set_is_historical(true);
    for (auto const& p : m.properties)
        write(*out.mutable_properties(), p);
    if (auto const* b = std::get_if<bool>(&m.value))
        out.set_boolean_value(*b);
    else if (auto const* i = std::get_if<std::int64_t>(&m.value))
        out.set_long_value(static_cast<std::uint64_t>(*i));
    else if (auto const* d = std::get_if<double>(&m.value))
        out.set_double_value(*d);
    else if (auto const* s = std::get_if<std::string>(&m.value))
        out.set_string_value(as_utf8(*s));
    else
        out.set_is_null(true);
}

metric_value value_of(wire::Metric const& m)
{
    if (m.is_null())
        return {};
    switch (m.value_case()) {
    case wire::Metric::kIntValue:
        if (m.datatype() >= 1 && m.datatype() <= 3) // signed: sign-extended to 32 bits
            return std::int64_t{static_cast<std::int32_t>(m.int_value())};
        return std::int64_t{m.int_value()};
    case wire::Metric::kLongValue:
        return static_cast<std::int64_t>(m.long_value());
    case wire::Metric::kFloatValue:
        return double{m.float_value()};
    case wire::Metric::kDoubleValue:
        return m.double_value();
    case wire::Metric::kBooleanValue:
        return m.boolean_value();
    case wire::Metric::kStringValue:
        return m.string_value();
    case wire::Metric::kBytesValue:
    case wire::Metric::VALUE_NOT_SET:
        break;
    }
    return {};
}

std::optional<property> property_of(std::string const& key, wire::PropertyValue const& v)
{
    switch (v.value_case()) {
    case wire::PropertyValue::kIntValue:
        return property{key, static_cast<std::int32_t>(v.int_value())};
    case wire::PropertyValue::kDoubleValue:
        return property{key, v.double_value()};
    case wire::PropertyValue::kBooleanValue:
        return property{key, v.boolean_value()};
    case wire::PropertyValue::kStringValue:
        return property{key, v.string_value()};
    default:
        return std::nullopt;
    }
}

metric read(wire::Metric const& in)
{
    metric m;
    m.name = in.name();
    if (in.has_alias())
        m.alias = in.alias();
    if (in.has_timestamp())
        m.timestamp = time_of(in.timestamp());
    if (in.has_datatype())
        m.type = in.datatype();
    m.historical = in.is_historical();
    m.value = value_of(in);
    for (int i = 0; i < std::min(in.properties().keys_size(), in.properties().values_size()); ++i)
        if (auto p = property_of(in.properties().keys(i), in.properties().values(i)))
            m.properties.push_back(*std::move(p));
    return m;
}

} // namespace

bool is_known_datatype(std::uint32_t code) noexcept
{
    return code >= 1 && code <= 34;
}

std::string encode(payload const& p)
{
    wire::Payload out;
    if (p.timestamp)
        out.set_timestamp(wire_time(*p.timestamp));
    if (p.seq)
        out.set_seq(*p.seq);
    for (auto const& m : p.metrics)
        write(*out.add_metrics(), m);
    return out.SerializeAsString();
}

std::optional<payload> decode(std::string_view bytes)
{
    wire::Payload in;
    if (bytes.size() > payload_bytes_max || !in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
        return std::nullopt;
    payload p;
    if (in.has_timestamp())
        p.timestamp = time_of(in.timestamp());
    if (in.has_seq())
        p.seq = in.seq();
    for (auto const& m : in.metrics())
        p.metrics.push_back(read(m));
    return p;
}

} // namespace kilnwatt::sparkplug
