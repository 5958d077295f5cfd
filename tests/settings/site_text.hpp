#pragma once

#include "agent/settings/site.hpp"

#include <cstdlib>
#include <string>
#include <vector>

namespace kilnwatt::settings {

using strings = std::vector<std::string>;

/// What is wrong with a site, as the user reads it.
inline strings lines(loaded_site const& site)
{
    strings all;
    for (auto const& d : *site.found)
        all.push_back(to_string(d));
    return all;
}

/// A variable of the environment for the length of a test.
class variable {
public:
    variable(char const* name, std::string const& value) : name_{name} { ::setenv(name, value.c_str(), 1); }
    ~variable() { ::unsetenv(name_); }
    variable(variable const&) = delete;
    variable& operator=(variable const&) = delete;

private:
    char const* name_;
};

/// The least that a site and a device need.
inline std::string const head = "schema = 1\n[site]\nname = \"Plant 2\"\n";
inline std::string const meter =
    "[[device]]\nname = \"meter\"\nlink = \"tcp://192.0.2.7\"\nprofile = \"eastron_sdm630\"\n";

} // namespace kilnwatt::settings
