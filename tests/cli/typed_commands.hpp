#pragma once

#include "agent/cli/commands.hpp"

#include <CLI/CLI.hpp>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace kilnwatt::cli {

/// Commands as a person types them, with what the last one printed.
class typed_commands {
public:
    using adder = void (*)(CLI::App& app, streams io, exit_code& code);

    explicit typed_commands(std::vector<adder> known) : known_{std::move(known)} {}

    exit_code run(std::string const& line)
    {
        out.str({});
        err.str({});
        auto code = exit_code::ok;
        CLI::App app;
        for (auto const add : known_)
            add(app, {out, err}, code);
        try {
            app.parse(line);
        } catch (CLI::ParseError const& e) {
            err << e.what();
            return exit_code::usage;
        }
        return code;
    }

    std::ostringstream out, err;

private:
    std::vector<adder> known_;
};

} // namespace kilnwatt::cli
