#include "protocols/sparkplug/topic.hpp"

#include <algorithm>

namespace kilnwatt::sparkplug {
namespace {

constexpr std::string_view name_space = "spBv1.0";
constexpr std::size_t id_bytes_max = 128;

} // namespace

bool is_valid_id(std::string_view id) noexcept
{
    auto const forbidden = [](char c) {
        auto const byte = static_cast<unsigned char>(c);
        return c == '+' || c == '/' || c == '#' || byte < 0x20 || byte == 0x7F;
    };
    return !id.empty() && id.size() <= id_bytes_max && std::none_of(id.begin(), id.end(), forbidden);
}

std::string topic(identity const& who, std::string_view verb, std::string_view device)
{
    std::string t{name_space};
    for (std::string_view const level : {std::string_view{who.group}, verb, std::string_view{who.node}, device})
        if (!level.empty())
            t.append("/").append(level);
    return t;
}

std::string state_topic(std::string_view host)
{
    return std::string{name_space}.append("/STATE/").append(host);
}

std::string metric_name(std::string_view text)
{
    static constexpr std::string_view choking = R"(,\@#$%^&*()[]{}|!~:;'"<>?+)";
    std::string name{text};
    for (auto& c : name) {
        if (c == '.')
            c = '/';
        else if (static_cast<unsigned char>(c) < 0x20 || choking.find(c) != std::string_view::npos)
            c = '_';
    }
    return name;
}

} // namespace kilnwatt::sparkplug
