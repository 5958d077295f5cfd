#include "protocols/sparkplug/primary_host.hpp"

#include "protocols/sparkplug/topic.hpp"

#include <boost/json.hpp>

namespace kilnwatt::sparkplug {
namespace {

struct host_word {
    bool online;
    utc_time time;
};

std::optional<host_word> parse_state(std::string_view json)
{
    boost::system::error_code ec;
    auto const parsed = boost::json::parse({json.data(), json.size()}, ec);
    if (ec || !parsed.is_object())
        return std::nullopt;
    auto const* online = parsed.as_object().if_contains("online");
    auto const* time = parsed.as_object().if_contains("timestamp");
    if (!online || !online->is_bool() || !time || !time->is_int64() || time->as_int64() < 0)
        return std::nullopt;
    return host_word{online->as_bool(), utc_time{milliseconds{time->as_int64()}}};
}

} // namespace

std::string primary_host::topic() const
{
    return state_topic(id_);
}

primary_host::verdict primary_host::on_state(std::string_view json, utc_time now)
{
    auto const word = parse_state(json);
    if (id_.empty() || !word)
        return verdict::ignored;
    if (last_ && *last_ > now + ahead_max)
        last_.reset();
    if (last_ && word->time < *last_)
        return verdict::ignored;
    last_ = word->time;
    online_ = word->online;
    return online_ ? verdict::online : verdict::offline;
}

} // namespace kilnwatt::sparkplug
