#include "agent/settings/link_book.hpp"

#include "core/spelling.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>

namespace kilnwatt::settings {
namespace {

constexpr auto no_link = static_cast<std::size_t>(-1);

/// A port has several names (/dev/serial/by-id/...): the one behind the symbolic links, as far as it is plugged in.
std::string resolved(std::string const& path)
{
    std::error_code error;
    auto const target = std::filesystem::weakly_canonical(path, error);
    return error ? path : target.string();
}

/// "19200 baud 8E1"
std::string show(serial_format const& f)
{
    constexpr std::array drivers{"", ", rs485=kernel", ", rs485=rts_up", ", rs485=rts_down"}; // as in the enum
    return fmt::format("{} baud {}{}{}{}", f.baud, f.data_bits, f.parity, f.stop_bits,
                       drivers.at(static_cast<std::size_t>(f.driver)));
}

} // namespace

void link_book::add_named(config::table& t, link_settings named)
{
    auto const name = named.name;
    by_name_.emplace(name, no_link);
    auto const url = t.text("url");
    auto const address = url ? parse(t, "url", *url) : std::nullopt;
    if (!address)
        return;
    if (auto const other = by_url_.find(address->url()); other != by_url_.end()) {
        by_name_[name] = other->second;
        t.complain("url", fmt::format("is the address of {} already", label(other->second)),
                   "one line is one link: let the devices name the same one");
        return;
    }
    if (clashes(t, "url", *address))
        return;
    named.address = *address;
    by_name_[name] = add(std::move(named));
}

void link_book::add_fallback(config::table& t, std::string const& url)
{
    auto const address = parse(t, "fallback", url);
    auto const hit = by_name_.find(t.text("name").value_or(""));
    if (!address || hit == by_name_.end() || hit->second == no_link)
        return;
    auto& l = links_[hit->second];
    if (l.address.kind == link_kind::serial)
        t.complain("fallback", "is for TCP: a serial line has one way only", "leave it out");
    else if (address->kind != l.address.kind)
        t.complain("fallback", "must be reached as the first address is", "both tcp:// or both rtu+tcp://");
    else if (auto const other = by_url_.find(address->url()); other != by_url_.end())
        t.complain("fallback", fmt::format("is the address of {} already", label(other->second)),
                   "a fall-back leads to the same devices by another way");
    else
        l.fallback = *address;
}

std::optional<std::size_t> link_book::find(config::table& device)
{
    auto const text = device.text("link");
    if (!text)
        return std::nullopt;
    if (text->find("://") == std::string::npos) {
        if (auto const hit = by_name_.find(*text); hit != by_name_.end())
            return hit->second == no_link ? std::nullopt : std::optional{hit->second};
        std::vector<std::string_view> names;
        for (auto const& [name, index] : by_name_)
            names.push_back(name);
        auto const similar = nearest(*text, names, 1);
        device.complain("link", fmt::format("there is no link '{}'", *text),
                        similar.empty() ? "name a [[link]], or write a URL such as tcp://192.0.2.7"
                                        : fmt::format("did you mean '{}'?", similar.front()));
        return std::nullopt;
    }
    auto const address = parse(device, "link", *text);
    if (!address)
        return std::nullopt;
    if (auto const hit = by_url_.find(address->url()); hit != by_url_.end())
        return hit->second;
    if (clashes(device, "link", *address))
        return std::nullopt;
    return add({.name = "", .address = *address, .fallback = {}, .timing = {}, .at = device.where("link")});
}

std::size_t link_book::add(link_settings l)
{
    auto const index = links_.size();
    by_url_[l.address.url()] = index;
    if (l.address.kind == link_kind::serial)
        by_port_[resolved(l.address.path)] = index;
    links_.push_back(std::move(l));
    return index;
}

std::optional<link_address> link_book::parse(config::table& t, std::string_view key, std::string const& url)
{
    std::string why;
    auto const address = link_address::parse(url, why);
    if (address.has_error()) {
        t.complain(key, why);
        return std::nullopt;
    }
    return *address;
}

bool link_book::clashes(config::table& t, std::string_view key, link_address const& address)
{
    if (address.kind != link_kind::serial)
        return false;
    auto const hit = by_port_.find(resolved(address.path));
    if (hit == by_port_.end())
        return false;
    auto const& other = links_[hit->second].address;
    if (address.serial != other.serial)
        t.complain(key,
                   fmt::format("uses {} at {}, but {} uses it at {}", address.path, show(address.serial),
                               label(hit->second), show(other.serial)),
                   "all devices of a line speak with the same parameters");
    else
        t.complain(key, fmt::format("is the same port as {} of {}", other.path, label(hit->second)),
                   "write the path in one way");
    return true;
}

std::string link_book::label(std::size_t index) const
{
    auto const& l = links_[index];
    return l.name.empty() ? fmt::format("the link at {}", config::to_string(l.at)) : fmt::format("link '{}'", l.name);
}

} // namespace kilnwatt::settings
