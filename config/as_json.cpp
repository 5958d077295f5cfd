#include "config/node.hpp"

#include <boost/json.hpp>

namespace kilnwatt::config {
namespace {

namespace json = boost::json;
using kind = table::node::kind;
using shown_secret = std::function<std::string(std::string const&)>;

json::value value_of(table::node const& n, shown_secret const& shown)
{
    switch (n.what) {
    case kind::boolean:
        return std::get<bool>(n.scalar);
    case kind::whole:
        return std::get<std::int64_t>(n.scalar);
    case kind::fraction:
        return std::get<double>(n.scalar);
    case kind::text: {
        auto const& text = std::get<std::string>(n.scalar);
        return json::string{n.hidden ? shown(text) : text};
    }
    case kind::list: {
        json::array all;
        for (auto const& item : n.children)
            all.push_back(value_of(*item, shown));
        return all;
    }
    case kind::table: {
        json::object all;
        for (auto const& entry : n.children)
            all.emplace(entry->key, value_of(*entry, shown));
        return all;
    }
    case kind::moment:
        break; // nothing reads one
    }
    return nullptr;
}

} // namespace

std::string table::as_json(shown_secret const& shown) const
{
    return json::serialize(value_of(*node_, shown));
}

} // namespace kilnwatt::config
