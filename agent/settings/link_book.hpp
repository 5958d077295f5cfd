#pragma once

#include "agent/settings/site.hpp"

#include <map>

namespace kilnwatt::settings {

/// The links of a site while it is read: each address once, however it was written.
class link_book {
public:
    /// A [[link]]; `named` has its name and timing. Notes a wrong URL, and an address that another link has.
    void add_named(config::table& t, link_settings named);

    /// The second address of the [[link]] last added, which has name and URL.
    void add_fallback(config::table& t, std::string const& url);

    /// What a device writes as `link`: a name, or a URL (text with "://"), which becomes a link without a name.
    /// The index, or nothing with a defect.
    std::optional<std::size_t> find(config::table& device);

    std::vector<link_settings> take() && { return std::move(links_); }
    link_settings const& at(std::size_t index) const { return links_.at(index); }

private:
    std::optional<link_address> parse(config::table& t, std::string_view key, std::string const& url);
    /// Notes that another link has this serial port, with other parameters or under another path.
    bool clashes(config::table& t, std::string_view key, link_address const& address);
    std::size_t add(link_settings l);
    std::string label(std::size_t index) const;

    std::vector<link_settings> links_;
    std::map<std::string, std::size_t> by_name_; ///< one whose URL is wrong is there too, without an index
    std::map<std::string, std::size_t> by_url_;  ///< canonical
    std::map<std::string, std::size_t> by_port_; ///< resolved path of a serial port
};

} // namespace kilnwatt::settings
